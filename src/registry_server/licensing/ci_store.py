"""Questions about the rules for runs in CI to the database."""

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import Connection

from packspec.identities.runs import Run
from registry_server.licensing.ci_rules import CiRule
from registry_server.licensing.tables import ci_rule

_LIVE = ci_rule.c.removed_at.is_(None)


def about(db: Connection, run: Run) -> list[CiRule]:
    """The rules about a run's repository, by its number or by its name, oldest first."""
    named = (ci_rule.c.repository_id == run.repository_id) | (ci_rule.c.repository == run.repository)
    return _rules(db, ci_rule.c.issuer == run.issuer, named)


def of_license(db: Connection, license_id: int) -> list[CiRule]:
    """The rules of a license, oldest first."""
    return _rules(db, ci_rule.c.license_id == license_id)


def add(db: Connection, new: CiRule) -> CiRule:
    """Keeps a new rule; its id is given. A second one of the same repository and ref fails on the constraint."""
    values = msgspec.structs.asdict(new)
    del values["id"]
    id = db.execute(ci_rule.insert().values(**values).returning(ci_rule.c.id)).scalar_one()
    return msgspec.structs.replace(new, id=int(id))


def bind(db: Connection, rule: CiRule, run: Run) -> None:
    """From now on the rule holds for the numbers of this run; and so do others of its license that name the same repository.

    Or whoever takes over the name would find one that has not been used yet.
    """
    numbers = {"repository_id": run.repository_id, "owner_id": run.owner_id}
    same = (ci_rule.c.license_id == rule.license_id) & (ci_rule.c.issuer == rule.issuer)
    named = (ci_rule.c.repository == rule.repository) & (ci_rule.c.repository_id == "") & (ci_rule.c.owner_id == "")
    db.execute(ci_rule.update().where(_LIVE, (ci_rule.c.id == rule.id) | (same & named)).values(**numbers))


def remove(db: Connection, rule: CiRule, now: int) -> None:
    """Ends a rule; that it was there stays known."""
    db.execute(ci_rule.update().where(ci_rule.c.id == rule.id).values(removed_at=now))


def remove_all(db: Connection, license_id: int, now: int) -> None:
    """Ends the rules of a license."""
    db.execute(ci_rule.update().where(ci_rule.c.license_id == license_id, _LIVE).values(removed_at=now))


def move(db: Connection, license_id: int, to: int) -> None:
    """The rules of a license are those of the one that takes its place."""
    db.execute(ci_rule.update().where(ci_rule.c.license_id == license_id, _LIVE).values(license_id=to))


def _rules(db: Connection, *wanted: sa.ColumnElement[bool]) -> list[CiRule]:
    rows = db.execute(sa.select(ci_rule).where(_LIVE, *wanted).order_by(ci_rule.c.id)).mappings()
    return [_rule(dict(row)) for row in rows]


def _rule(values: dict[str, Any]) -> CiRule:
    del values["removed_at"]
    return CiRule(**values)

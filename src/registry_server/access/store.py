"""Questions about tokens to the database."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from packspec.digests import Digest
from registry_server.access.rules import KeptToken
from registry_server.access.tables import token
from registry_server.db.prepared import Prepared

_BY_DIGEST = Prepared(sa.select(token).where(token.c.digest == sa.bindparam("wanted")))


def find(db: Connection, digest: Digest) -> KeptToken | None:
    """The token whose text has `digest`."""
    row = _BY_DIGEST.one(db, {"wanted": str(digest)})
    return None if row is None else _kept(row)


def find_own(db: Connection, member_id: int, token_id: int) -> KeptToken | None:
    """The member's token with that id."""
    row = db.execute(sa.select(token).where(token.c.id == token_id, token.c.member_id == member_id)).one_or_none()
    return None if row is None else _kept(row)


def add(db: Connection, kept: KeptToken, digest: Digest) -> int:
    """Keeps a new token and gives its id; that of `kept` is not looked at."""
    values = {
        "kind": "api",
        "digest": str(digest),
        "member_id": kept.member_id,
        "made_with": kept.made_with,
        "label": kept.label,
        "scopes": list(kept.scopes),
        "created_at": kept.created_at,
        "expires_at": kept.expires_at,
    }
    return int(db.execute(token.insert().values(**values).returning(token.c.id)).scalar_one())


def count_living(db: Connection, member_id: int, now: int) -> int:
    """How many valid tokens the member has at `now`."""
    living = (token.c.member_id == member_id) & token.c.revoked_at.is_(None) & (token.c.expires_at > now)
    return int(db.execute(sa.select(sa.func.count()).select_from(token).where(living)).scalar_one())


def page(db: Connection, member_id: int, now: int | None, before: int | None, limit: int) -> list[KeptToken]:
    """The member's tokens with smaller ids than `before`, newest first; with `now`, only those valid then."""
    wanted = sa.select(token).where(token.c.member_id == member_id)
    if now is not None:
        wanted = wanted.where(token.c.revoked_at.is_(None), token.c.expires_at > now)
    if before is not None:
        wanted = wanted.where(token.c.id < before)
    return [_kept(row) for row in db.execute(wanted.order_by(token.c.id.desc()).limit(limit))]


def made_with(db: Connection, token_id: int) -> list[int]:
    """Ids of the tokens that were asked for with `token_id` and are not revoked."""
    wanted = sa.select(token.c.id).where(token.c.made_with == token_id, token.c.revoked_at.is_(None))
    return list(db.scalars(wanted.order_by(token.c.id)))


def revoke(db: Connection, token_ids: Iterable[int], now: int) -> None:
    """Ends tokens; one that ended already keeps its time."""
    ending = token.c.id.in_(list(token_ids)) & token.c.revoked_at.is_(None)
    db.execute(token.update().where(ending).values(revoked_at=now))


def note_use(db: Connection, token_id: int, now: int) -> None:
    """Remembers when a token was used last."""
    db.execute(token.update().where(token.c.id == token_id).values(used_at=now))


def _kept(row: Row[tuple[object, ...]]) -> KeptToken:
    values = row._asdict()
    return KeptToken(
        id=values["id"],
        member_id=values["member_id"],
        made_with=values["made_with"],
        label=values["label"],
        scopes=tuple(values["scopes"]),
        created_at=values["created_at"],
        expires_at=values["expires_at"],
        used_at=values["used_at"],
        revoked_at=values["revoked_at"],
    )

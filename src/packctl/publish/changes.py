"""What a release changes against the one before it, as signed: files, terms, price, ages, needs. Pure."""

from collections.abc import Iterator

from msgspec import Struct

from packspec import wire
from packspec.facts import Ages, Dependency, Facts
from packspec.signing.statement import Statement
from packspec.tree import Tree
from packspec.versions import Version


class Changes(Struct, frozen=True):
    """The differences. Paths in ascending order; `facts` are lines for people, `before -> after`."""

    since: Version
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    facts: tuple[str, ...]


def compare(before: Statement, before_tree: Tree, after: Statement, after_tree: Tree) -> Changes:
    """What changed from one release to the next, by the digests of their files and by what their statements say."""
    old = {file.path: file.sha256 for file in before_tree.files}
    new = {file.path: file.sha256 for file in after_tree.files}
    return Changes(
        since=before.version,
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(path for path in old.keys() & new.keys() if old[path] != new[path])),
        facts=tuple(_facts(before, after)),
    )


def _facts(before: Statement, after: Statement) -> Iterator[str]:
    if before.license != after.license:
        yield f"terms {before.license} -> {after.license}"
    if before.paid != after.paid:
        yield f"price {_price(before)} -> {_price(after)}"
    old, new = before.facts, after.facts
    if old.ages != new.ages:
        yield f"ages {ages_text(old.ages)} -> {ages_text(new.ages)}"
    if old.dependencies != new.dependencies:
        yield f"needs {needs_text(old)} -> {needs_text(new)}"
    for field in ("kind", "conflicts", "hosts", "python", "packages", "features", "early_access", "category"):
        left, right = _text(getattr(old, field)), _text(getattr(new, field))
        if left != right:
            yield f"{field} {left} -> {right}"


def _price(statement: Statement) -> str:
    return "paid" if statement.paid else "free"


def ages_text(ages: Ages | None) -> str:
    """`3 to 6`, or `all`."""
    return "all" if ages is None else f"{ages.min} to {ages.max}"


def needs_text(facts: Facts) -> str:
    """The dependencies in one line; `nothing` where there are none."""
    return ", ".join(map(_need, facts.dependencies)) or "nothing"


def _need(one: Dependency) -> str:
    kind = "" if one.kind == "requires" else f"{one.kind} "
    return f"{kind}{one.pack} {one.range}{' (optional)' if one.optional else ''}"


def _text(value: object) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else wire.encode_sorted(value).decode()

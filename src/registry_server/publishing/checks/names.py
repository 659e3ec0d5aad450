"""The name of a new pack cannot be taken for another publisher's."""

from collections.abc import Iterable

from packspec.checks import Finding, Level
from packspec.names import look_alike
from registry_server.publishing.checks.seen import SeenPack


def check(pack: SeenPack) -> Iterable[Finding]:
    """A warning that names the other pack: a person decides. Whole names are compared, and the parts after the publisher (M13)."""
    if not pack.known.is_new:
        return
    name = pack.statement.pack
    others = {other.name: other for other in reversed(pack.known.foreign_names)}
    alike = look_alike(name, pack.known.foreign_names) or others.get(name.name)
    if alike is None and (second := look_alike(name.name, others)) is not None:
        alike = others[second]
    if alike is not None:
        text = f"the new name {name} could be taken for {alike}"
        yield Finding(code="publish.name-alike", level=Level.WARNING, text=text)

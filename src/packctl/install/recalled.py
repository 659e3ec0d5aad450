"""What a person is told whose project wants a recalled release: since when, why, what to take instead, and the command that does it."""

from packctl.install.begin import Work
from packctl.trust.registry import TrustedRegistry
from packspec.names import PackName
from packspec.project import Project
from packspec.verdict import ReleaseRecalled
from packspec.versions import Version


def tell(error: ReleaseRecalled, work: Work, project: Project, registry: TrustedRegistry) -> None:
    """Fills in what the registry and the person's files say. Nothing is decided here."""
    name, _, version = error.release.partition(" ")
    pack = PackName(name)
    error.place = work.places_of(pack)
    row = registry.index(pack).find(Version.parse(version))
    if row is None:
        return
    stops = [one for one in registry.current(row.statement, pack).recalls if one.action == "stop"]
    if stops:
        error.replacement, error.at = str(stops[-1].replacement or ""), stops[-1].day
    error.note = row.note or ""
    error.command = _command(pack, error, work, project, registry)


def _command(pack: PackName, error: ReleaseRecalled, work: Work, project: Project, registry: TrustedRegistry) -> str:
    """What gets another release where an update cannot: the project's own ranges do not allow the replacement, or any other release."""
    if error.replacement:
        versions = [Version.parse(error.replacement)]
    else:
        versions = [one.version for one in registry.index(pack).releases if one.state in ("published", "deprecated")]
    wishes = [wish for wish in project.wishes() if wish.pack == pack]
    if all(any(wish.dependency.version.allows(version) for version in versions) for wish in wishes):
        return ""
    if work.order.edit is not None and pack in work.order.named:
        return f"packctl add {pack}@{error.replacement or 'latest'}"
    return f"packctl update {pack} --to {error.replacement}" if error.replacement else f"packctl update {pack} --major"

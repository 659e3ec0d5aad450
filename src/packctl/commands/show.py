"""`packctl show`: all about a pack."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.judged import Answered, Attachment, Declared, judged, write_enclosed
from packctl.licenses.offered import Offered, offered, told
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe, safe_lines
from packctl.ui.prices import price_text
from packctl.ui.table import Column, many, write_table

if TYPE_CHECKING:
    from packctl.releases.described import Described
    from packspec.errors import PackError

EXAMPLES = (
    "packctl show acme/farm-animals",
    "packctl show acme/farm-animals@2.1.0 --trust",
    "packctl show acme/farm-animals --assets",
)


class Release(msgspec.Struct, frozen=True):
    """A release. `published` is RFC 3339 UTC; what follows `license` is about its state; digests `sha256:...`. With --offline `files` is
    0 for those that are only listed.
    """

    version: str
    state: str
    published: str
    bytes: int
    unpacked: int
    files: int
    archive: str
    license: str
    reason: str
    note: str
    use: str
    action: str = ""
    """Of a recalled one: `warn` or `stop`."""
    replacement: str = ""
    """Of a recalled one: the version to take instead."""


class Asset(msgspec.Struct, frozen=True):
    """A file of the release, with what its publisher says of it."""

    path: str
    type: str
    media_type: str
    bytes: int
    title: str
    tags: list[str]
    dimensions: str


class Shown(msgspec.Struct, frozen=True):
    """A pack as the catalog tells of it, and one release of it. `plans` are what a paid pack is sold with. `assets` is filled by --assets;
    --trust fills `trust`, `safety` (`none`, `pending`, `attested`, `certified`), `attested` and `attached`, and only what they say was
    verified on this machine.
    """

    registry: str
    name: str
    title: str
    summary: str
    kind: str
    publisher: str
    verified: bool
    version: str
    license: str
    price: str
    plans: list[Offered]
    category: str
    tags: list[str]
    languages: list[str]
    features: list[str]
    ages: list[int] | None
    links: dict[str, str]
    needs: list[str]
    readme: str
    releases: list[Release]
    assets: list[Asset]
    trust: list[Answered]
    safety: str
    attested: list[Declared]
    attached: list[Attachment]


class View(msgspec.Struct, frozen=True):
    """Which parts the person asked for."""

    versions: bool
    deps: bool
    assets: bool
    readme: bool
    trust: bool


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME[@VERSION]", help="A pack, or one release of it")],
    versions: Annotated[bool, typer.Option("--versions", help="Every release and its state")] = False,
    deps: Annotated[bool, typer.Option("--deps", help="What it needs, alone")] = False,
    assets: Annotated[bool, typer.Option("--assets", help="Its files, with type, size and title")] = False,
    readme: Annotated[bool, typer.Option("--readme", help="The long text")] = False,
    trust: Annotated[
        bool, typer.Option("--trust", help="Check signatures, approval and log of the release, here")
    ] = False,
) -> Outcome[Shown]:
    """Show everything about a pack.

    What is shown is the registry's catalog; --trust verifies the release on this machine, as an install would. With --offline all of it
    comes from signed documents that are on this machine.
    """
    from packspec.names import PackName
    from packspec.versions import Version

    before, _, after = name.partition("@")
    pack, asked = PackName.parse(before), Version.parse(after) if after else None
    source = None
    if trust or session.settings.offline:
        from packctl.releases.proven import Source

        source = Source(session, pack)
    if source is not None and session.settings.offline:
        from packctl.releases.documented import by_documents

        known = by_documents(session, source, asked)
    else:
        from packctl.releases.described import by_catalog

        known = by_catalog(session, pack, asked, with_assets=assets)
    result, faults = _shown(known, with_assets=assets), tuple["PackError", ...]()
    if trust and source is not None:
        found = judged(source.registry, pack, known.version)
        result, faults = msgspec.structs.replace(result, **found.fields), found.faults
    return Outcome(result, errors=faults, view=View(versions, deps, assets, readme, trust))


def _shown(known: "Described", *, with_assets: bool) -> Shown:
    from packspec.moments import moment

    view = known.view
    releases = [
        Release(
            str(one.version), one.state, moment(one.published_at), one.size, one.unpacked, one.files, one.archive.labelled,
            one.license, one.reason, one.note, one.use, one.action, one.replacement,
        )
        for one in view.releases
    ]  # fmt: skip
    assets = [
        Asset(one.path, one.type, one.media_type, one.size, one.title, one.tags, one.dimensions) for one in known.assets
    ]
    plans = [offered(one) for one in known.plans] if view.paid else []
    terms = next(one.license for one in view.releases if one.version == known.version)
    return Shown(
        known.origin, str(view.name), view.title, view.summary, view.kind, str(view.publisher), view.verified, str(known.version), terms,
        price_text(view.price_minor, view.currency, view.paid), plans, view.category, view.tags, view.languages, view.features,
        list(view.ages) if view.ages else None, view.links, view.needs, view.description, releases, assets if with_assets else [],
        [], "", [], [],
    )  # fmt: skip


def text(result: Shown, console: Console, view: View) -> None:
    """A few lines about the pack, then what was asked for."""
    if view.deps:
        for need in result.needs:
            console.line(safe(need))
        if not result.needs:
            console.say(f"{safe(result.name)} {safe(result.version)} needs nothing")
        return
    _head(result, console)
    if view.trust:
        for one in result.trust:
            console.line(f"  {one.question:<9} {one.answer}{f' ({safe(one.note)})' if one.note else ''}")
        write_enclosed(result.safety, result.attested, result.attached, console)
    if view.versions:
        columns = [
            Column("VERSION", whole=True),
            Column("STATE"),
            Column("PUBLISHED", whole=True),
            Column("SIZE", right=True),
            Column("NOTE"),
        ]
        write_table(columns, [_release(one) for one in result.releases], console)
    if view.assets:
        columns = [
            Column("PATH", whole=True),
            Column("TYPE"),
            Column("SIZE", right=True),
            Column("PIXELS"),
            Column("TITLE"),
        ]
        write_table(columns, [_asset(one) for one in result.assets], console)
    if view.readme:
        console.line()
        for line in safe_lines(result.readme):
            console.line(line)


def _release(one: Release) -> tuple[str, ...]:
    from packctl.ui.progress import megabytes

    said = ": ".join(part for part in (one.reason, one.note) if part)
    instead = one.use or one.replacement
    use = f"; use {instead}" if instead else ""
    return one.version, _state(one), one.published, megabytes(one.bytes), said + use


def _state(one: Release) -> str:
    return "recalled, with a warning" if one.action == "warn" else one.state


def _asset(one: Asset) -> tuple[str, ...]:
    from packctl.ui.progress import megabytes

    return one.path, one.type, megabytes(one.bytes), one.dimensions, one.title


def _head(result: Shown, console: Console) -> None:
    from packctl.ui.progress import megabytes

    release = next(one for one in result.releases if one.version == result.version)
    state = "" if release.state == "published" else f", {_state(release)}"
    mark = f" {console.sign('✓')} verified publisher" if result.verified else ""
    console.line(f"{console.style(safe(result.name), 'bold')} {safe(result.version)}{safe(state)}{mark}")
    console.line(f"  {safe(result.title)}: {safe(result.summary)}")
    console.line(f"  kind      {safe(result.kind)}, {safe(result.category)}")
    console.line(f"  terms     {safe(result.license)}, {safe(result.price)}")
    for label, plan in zip(["plans", *[""] * len(result.plans)], result.plans, strict=False):
        console.line(f"  {label:<9} {safe(plan.id)}: {safe(told(plan))}")
    console.line(
        f"  holds     {many(release.files, 'file')}, {megabytes(release.unpacked)}; {megabytes(release.bytes)} to fetch"
    )
    rows = {
        "ages": f"{result.ages[0]} to {result.ages[1]}" if result.ages else "",
        "tags": ", ".join(result.tags),
        "languages": ", ".join(result.languages),
        "features": ", ".join(result.features),
        "needs": ", ".join(result.needs),
        "links": ", ".join(f"{name} {link}" for name, link in result.links.items()),
        "reason": ": ".join(part for part in (release.reason, release.note) if part),
        "use": release.use or release.replacement,
    }
    for label, said in rows.items():
        if said:
            console.line(f"  {label:<9} {safe(said)}")
    console.line(f"  archive   {release.archive}")
    console.line(f"  published {release.published}")

"""`packctl sbom`: a bill of materials of the installed packs, for those who must tell what they ship."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from packctl.outcome import Notice, Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

if TYPE_CHECKING:
    from packctl.project.find import Place
    from packctl.project.signed import SignedPack
    from packctl.sbom.bill import Bill
    from packspec.lockfile import Lock
    from packspec.project import Project

EXAMPLES = (
    "packctl sbom --format spdx -o farm.spdx.json",
    "packctl sbom --format cyclonedx -o farm.cdx.json",
    "packctl sbom > farm.spdx.json",
)
FORMS = ("spdx", "cyclonedx")


class Written(msgspec.Struct, frozen=True):
    """A bill of materials: its format, how many packs it lists, and the file that it was written to with its digest (`sha256:...`).

    Without a file `document` holds the bill itself.
    """

    format: str
    packs: int
    file: str
    digest: str
    document: dict[str, Any] | None = None


def run(
    session: Session,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="spdx (SPDX 2.3) or cyclonedx (CycloneDX 1.6), in JSON")
    ] = "spdx",
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="Where it goes; by default to stdout")
    ] = "",
) -> Outcome[Written]:
    """Write a bill of materials of the installed packs.

    Every pack with its version, publisher, license terms, the digest of its archive and what it needs, in a format that other tools read.
    The same installation gives the same bytes, on every machine and at any time. Asks nobody.
    """
    from packctl.usage import BadValue
    from packspec.digests import Digest

    if form not in FORMS:
        raise BadValue("--format", form, ", ".join(FORMS))
    document = _document(form, _bill(session))
    data = f"{rendered(document)}\n".encode()
    packs = len(document["components"]) if form == "cyclonedx" else len(document["packages"]) - 1
    if not output:
        return Outcome(Written(form, packs, "", Digest.of(data).labelled, document))
    path = _write(session.folder / output, data)
    return Outcome(Written(form, packs, str(path), Digest.of(data).labelled))


def rendered(document: dict[str, Any]) -> str:
    """A bill as text, all of it ASCII: nothing in it can play tricks on a terminal."""
    return json.dumps(document, indent=2)


def _bill(session: Session) -> "Bill":
    from packctl.install.recovery import recovered
    from packctl.project.find import find_project
    from packctl.project.signed import signed_packs
    from packctl.sbom.bill import make_bill

    place, rules = find_project(session.folder), session.rules
    folder = str(rules.install.dir)
    recovered(session, place.folder, folder)
    lock, project = place.require_lock(), place.read_project()
    packs = list(signed_packs(place, folder, lock))
    _tell_missing(session, lock, packs)

    def address_of(alias: str) -> str:
        known = {str(name): str(one.url) for name, one in rules.registries.items()}
        default = session.settings.registry if "://" in session.settings.registry else ""
        return known.get(alias, default if alias == "default" else "").rstrip("/")

    return make_bill(_subject(place, project), packs, address_of)


def _subject(place: "Place", project: "Project") -> Any:
    """The project's own name and version, where it is a pack itself."""
    from packctl.sbom.bill import Subject
    from packspec.errors import PackError

    wishes = project.wishes()
    if project.pack is None:
        return Subject("", "", wishes)
    try:
        pack = place.read_manifest().pack
    except PackError:  # what is wrong with it is for `check` to tell
        return Subject("", "", wishes)
    return Subject(str(pack.name), str(pack.version), wishes)


def _tell_missing(session: Session, lock: "Lock", packs: "list[SignedPack]") -> None:
    here = {one.locked.name for one in packs}
    missing = [str(pack.release) for pack in lock.packs if pack.name not in here]
    if missing:
        what = f"{many(len(missing), 'release')} of pack.lock {'is' if len(missing) == 1 else 'are'} not installed, and not in the bill"
        session.warn(Notice("install.not-installed", what, {"missing": ", ".join(missing[:5])}, ["packctl install"]))


def _document(form: str, bill: "Bill") -> dict[str, Any]:
    from packctl.sbom.cyclonedx import cyclonedx
    from packctl.sbom.spdx import spdx

    return cyclonedx(bill) if form == "cyclonedx" else spdx(bill)


def _write(path: Path, data: bytes) -> Path:
    from packctl.durable import Folder
    from packctl.usage import check_folder_of

    path = path.absolute()
    check_folder_of(path)
    with Folder.open(path.parent) as folder:
        folder.replace(path.name, data)
    return path


def text(result: Written, console: Console) -> None:
    """The bill on stdout, or where it was written."""
    if result.document is not None:
        for line in rendered(result.document).split("\n"):
            console.line(line)
        return
    console.line(f"{result.digest}  {safe(result.file)}")
    console.say(f"{result.format}: {many(result.packs, 'pack')}")

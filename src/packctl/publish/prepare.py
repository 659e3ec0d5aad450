"""The first steps of everything that begins in a folder: find the pack, collect its files, look for faults."""

from pathlib import Path
from shlex import quote

from msgspec import Struct

from packctl.project.find import NoProject, Place, find_nearest
from packctl.publish.checks import Subject, run_checks
from packctl.publish.collect import Collected, collect
from packctl.session import Session
from packspec.checks import Finding, Level
from packspec.manifest import Manifest
from packspec.project import parse_project


class NoPack(NoProject):
    """There is no pack in the folder that was named, or none in the one that the command was started in and above."""

    directory: str = ""

    code = "project.not-found"

    def what(self) -> str:
        return f"no pack.toml in {self.folder}{'' if self.directory else ' or above it'}"

    def why(self) -> str:
        return "this command works on a pack, which is a folder with a pack.toml"

    def fix(self) -> list[str]:
        if self.directory:
            return [f"packctl new PUBLISHER/NAME {quote(self.directory)}"]
        return ["packctl new PUBLISHER/NAME", "or name the folder behind the command"]


class Prepared(Struct, frozen=True):
    """A pack in its folder, looked through."""

    place: Place
    manifest: Manifest
    collected: Collected
    findings: tuple[Finding, ...]

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that stop nothing."""
        return tuple(finding for finding in self.findings if finding.level is not Level.ERROR)


def find_pack(session: Session, directory: str | None) -> Place:
    """The pack in `directory`, or the one that the command was started in. Raises NoPack."""
    if directory is None:
        try:
            return find_nearest(session.folder)
        except NoProject as error:
            raise NoPack(error.folder) from None
    place = Place((session.folder / directory).absolute())
    if not place.manifest.is_file():
        raise NoPack(str(place.folder), directory)
    return place


def prepare(place: Place) -> Prepared:
    """Reads, collects and checks; findings are given, not raised. Raises ManifestFaults with all faults of pack.toml, DiskFailed."""
    data = place.manifest_bytes()
    manifest = place.read_manifest()
    install_folder = str(parse_project(data).install.dir)
    collected = collect(place.folder, manifest, install_folder)
    return Prepared(place, manifest, collected, tuple(run_checks(Subject(manifest, collected))))


def target_of(session: Session, place: Place, name: str, output: str) -> Path:
    """Where an archive goes: `output`, a file or a folder, or the pack's own folder."""
    if not output:
        return place.folder / name
    given = (session.folder / output).absolute()
    return given / name if given.is_dir() else given

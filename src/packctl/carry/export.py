"""Makes carry files: what a machine without network lacks to install releases, one file for each registry, below 4 GiB or in parts.

Everything in it was proven first, and archives have passed the strict reader. Neither clock nor chance has a part in it: equal releases and
an equal state of the registry make equal bytes. Chapter: docs/spec/carry.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from packctl.carry.earlier import Earlier
from packctl.carry.wanted import Selection
from packctl.durable import FileSource, Folder, replacing
from packctl.install.store import Store
from packctl.registry.open import open_transfers
from packctl.registry.transfer import Transfers
from packctl.releases.proven import Release, documents_of, licensed_by
from packctl.session import Session
from packctl.trust.enclosed import enclosures
from packctl.trust.proofs import Proven
from packctl.trust.registry import TrustedRegistry
from packspec import SPECIFICATION, limits, site
from packspec.archive.read import read_files, read_layout
from packspec.archive.write import SourceFile
from packspec.carry import CarriedRelease, Carry, share_out, size_of, write_carry
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.labels import Label
from packspec.registries import DEFAULT
from packspec.tree import Tree

ROOM_BYTES = limits.CARRY_BYTES - limits.CARRY_HEADER_BYTES
"""Most bytes of a file besides its header."""


class Written(Struct, frozen=True):
    """A file that was made."""

    path: Path
    carry: Carry
    bytes: int


class _Subject(Struct, frozen=True):
    """A release with its documents, and its row of the header: part 0 where an earlier file holds its archive."""

    release: Release
    tree: Tree
    files: tuple[SourceFile, ...]
    """Its tree, its pack.toml, and what it carries besides the pack."""
    row: CarriedRelease

    @property
    def bytes(self) -> int:
        """What it takes of a file."""
        archive = SourceFile(site.blob(self.row.archive), self.row.size, tuple)
        return size_of([archive, *self.files])


def targets_of(selection: Selection, target: Path) -> dict[Label, Path]:
    """The file of each registry: `target`, and for others than the default one its alias in front of the ending."""
    aliases = selection.aliases
    first = DEFAULT if DEFAULT in aliases else aliases[0]
    return {
        alias: target if alias == first else target.with_name(f"{target.stem}.{alias}{target.suffix}")
        for alias in aliases
    }


class Export:
    """The export of one registry."""

    def __init__(self, session: Session, selection: Selection, alias: Label, earlier: Earlier | None) -> None:
        self._session = session
        self._registry = selection.registries.named(alias)
        self._earlier = earlier
        self._proven = selection.of(alias)
        self._addresses = selection.registries.addresses_of(self._proven[0].claim.pack)

    def write(self, target: Path) -> list[Written]:
        """Writes the file `target`, or parts of it. Raises what fetching raises, `archive.*`, and DiskFailed."""
        earlier, registry = self._earlier, self._registry
        since = earlier.check(registry) if earlier else 0
        common = [SourceFile.of(*one) for one in sorted(registry.files_to_carry(self._proven, since).items())]
        subjects = self._subjects()
        needed = [subject.bytes for subject in subjects]
        rows = share_out([subject.row for subject in subjects], needed, ROOM_BYTES - size_of(common))
        header = self._header(registry, tuple(rows))
        with self._archives(subjects) as archives:
            return [
                self._part(
                    target, msgspec.structs.replace(header, part=part), [*common, *_own(subjects, rows, archives, part)]
                )
                for part in range(1, header.parts + 1)
            ]

    def _header(self, registry: TrustedRegistry, rows: tuple[CarriedRelease, ...]) -> Carry:
        return Carry(
            v=SPECIFICATION,
            registry=registry.opened.address,
            root=registry.lock_entry().root_version,
            as_of=registry.freshness.signed_at,
            log=registry.checkpoint.checkpoint.size,
            part=1,
            parts=max((row.part for row in rows), default=1) or 1,
            releases=rows,
            earlier=self._earlier.named if self._earlier else None,
        )

    def _subjects(self) -> list[_Subject]:
        releases = [self._release(one) for one in self._proven]
        found = []
        with Store.open(self._session.places.store) as store:
            store.enter()  # nobody takes out what is put there now
            documents = documents_of(self._session, releases)
            for one, release, said in zip(self._proven, releases, documents, strict=True):
                statement = release.statement
                is_there = self._earlier is not None and self._earlier.holds(statement.archive.sha256)
                row = CarriedRelease(
                    pack=statement.pack,
                    version=statement.version,
                    archive=statement.archive.sha256,
                    size=statement.archive.size,
                    part=0 if is_there else 1,
                )
                manifest = store.read(statement.manifest, limits.MANIFEST_BYTES)
                assert manifest is not None  # `documents_of` has just put it there
                files = {site.blob(statement.tree.sha256): said.tree.encode(), site.blob(statement.manifest): manifest}
                for enclosure in enclosures(one.verdict) if row.part else ():
                    if data := enclosure.read(self._registry):
                        files[enclosure.path] = data
                found.append(_Subject(release, said.tree, tuple(SourceFile.of(*file) for file in files.items()), row))
        return found

    @contextmanager
    def _archives(self, subjects: Sequence[_Subject]) -> Iterator[Mapping[Digest, FileSource]]:
        """Every archive that is carried, fetched and read by the strict reader; removed at the end."""
        wanted = {subject.row.archive: subject for subject in subjects if subject.row.part}
        transfers = self._session.once(open_transfers) if wanted else None
        total = sum(subject.row.size for subject in wanted.values())
        found: dict[Digest, FileSource] = {}
        with ExitStack() as closing:
            if transfers is not None:
                with self._session.progress(
                    "fetching", past="fetched", total=len(wanted), total_bytes=total
                ) as progress:
                    items = {digest: progress.item(str(one.release), one.row.size) for digest, one in wanted.items()}
                    asked = [
                        one.release.reachable(one.release.wanted(d, str(one.release), one.row.size, one.row.size))
                        for d, one in wanted.items()
                    ]
                    for ask, _ in transfers.fetch_all(asked, lambda ask, count: items[ask.file_name].advance(count)):
                        source = transfers.open(ask)
                        assert source is not None  # whole files are there, or it raises
                        closing.callback(_remove, transfers, ask.file_name)
                        found[ask.file_name] = closing.enter_context(source)
                        read_files(source, read_layout(source), signed=wanted[ask.file_name].tree)
                        items[ask.file_name].done()
            yield found

    def _release(self, one: Proven) -> Release:
        verdict = one.verdict
        assert verdict.statement and verdict.root and one.packproof  # it was proven
        licensed = licensed_by(self._session, self._registry, one)
        return Release(verdict.statement, one.packproof, self._addresses, verdict.root.root.version, licensed)

    def _part(self, target: Path, header: Carry, files: Sequence[SourceFile]) -> Written:
        path = target
        if header.parts > 1:
            path = target.with_name(f"{target.stem}.{header.part}-of-{header.parts}{target.suffix}")
        with (
            Folder.open(path.parent) as folder,
            replacing(folder, path.name) as (fresh,),
            folder.create(fresh) as file,
        ):
            write_carry(header, files, file.write)
            file.sync()
            size = file.size
        return Written(path, header, size)


def _own(
    subjects: Sequence[_Subject], rows: Sequence[CarriedRelease], archives: Mapping[Digest, FileSource], part: int
) -> list[SourceFile]:
    """All files of the releases that lie in one part; what two of them share stands there once."""
    found: dict[str, SourceFile] = {}
    for subject, row in zip(subjects, rows, strict=True):
        if row.part == part:
            archive = archives[row.archive]
            found |= {file.path: file for file in subject.files}
            found[site.blob(row.archive)] = SourceFile(site.blob(row.archive), archive.size, archive.blocks)
    return list(found.values())


def _remove(transfers: Transfers, name: str) -> None:
    with suppress(PackError):
        transfers.remove(name)

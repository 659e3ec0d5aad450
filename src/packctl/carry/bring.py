"""Takes a carry file in: I2 to I8, I11, I13 and I14 of an install, with the file as the only one who is asked (docs/spec/carry.md).

What is verified goes into the store and the caches under its digest, as in an install that fails later; what this machine believes of the
registry, its metadata and its memory, changes at the very end and in one step. So a process that dies has taken in nothing, or all of it,
and doing it again does what is left.
"""

import hashlib
from collections.abc import Sequence

from msgspec import Struct, field

from packctl.carry.faults import BoundElsewhere
from packctl.carry.given import given_file
from packctl.carry.source import CarrySource, lacking
from packctl.install.readin import fill_from_archive
from packctl.install.store import Store
from packctl.project.find import find_nearest
from packctl.registry.choose import choose_registry
from packctl.registry.failures import ArchiveChanged, BadAddress
from packctl.session import Session
from packctl.trust.adopting import brought_targets
from packctl.trust.cached import Cached
from packctl.trust.enclosed import enclosures
from packctl.trust.faults import IndexRollback
from packctl.trust.freshness import Purpose
from packctl.trust.opening import open_root
from packctl.trust.proofs import Claim, Proven
from packctl.trust.registry import TrustedRegistry
from packctl.trust.roots import plain_address
from packspec import limits, site
from packspec.carry import CarriedRelease, CarryBroken, CarryFile
from packspec.digests import Digest
from packspec.labels import Label
from packspec.lockfile import LockedRegistry
from packspec.log.checkpoint import Checkpoint
from packspec.log.tiles import BadTilePath, Tile
from packspec.registries import DEFAULT, registry_of
from packspec.signing.statement import Statement
from packspec.tree import Tree, check_digests


class Brought(Struct):
    """What came of it. `stored` are the releases of this part, `waiting` those of other parts; `files` in all trees of `stored`."""

    file: CarryFile
    registry: TrustedRegistry
    proven: Sequence[Proven]
    stored: list[CarriedRelease] = field(default_factory=list)
    waiting: list[CarriedRelease] = field(default_factory=list)
    files: int = 0


def bring_in(session: Session, named: str, *, dry_run: bool) -> Brought:
    """Takes in the carry file `named`; with `dry_run` everything is checked and the machine goes on believing what it did.

    Raises NoSuchFile, CarryBroken, CarryIncomplete, EarlierMissing, BoundElsewhere, what docs/spec/install.md lists at I1 to I8, I11, I13
    and I14, and DiskFailed.
    """
    with given_file(session, named) as file:
        with session.progress("reading", past="read", total=1, total_bytes=file.source.size) as progress:
            item = progress.item(file.name, file.source.size)
            file.check_sums(item.advance)
            item.done()
        registry = _examined(session, file)
        tiles = _tiles(registry, file)
        rows = file.carry.releases
        proven = registry.prove([Claim(row.pack, row.version) for row in rows])
        _require(proven)
        brought = Brought(file, registry, proven)
        with Store.open(session.places.store) as store:
            store.enter(lambda: session.console.say("Waiting until the store is free"))
            taking = _Taking(file, store, brought, dry_run)
            _check_earlier(taking)
            with session.progress("storing", past="checked" if dry_run else "stored", total=len(rows)) as progress:
                for row, one in zip(rows, proven, strict=True):
                    if row.part == file.carry.part:
                        item = progress.item(f"{row.pack} {row.version}", row.size)
                        _take_in(taking, row, one)
                        item.done()
        registry.log.tiles(tiles)
        if not dry_run:
            if any(one.verdict.statement is not None and one.verdict.statement.paid for one in proven):
                registry.license_keys()  # so that they are on this machine, which has no network
            try:
                registry.adopt()
            except IndexRollback as error:
                error.file = file.name
                raise
        return brought


# I1 to I5


def _examined(session: Session, file: CarryFile) -> TrustedRegistry:
    alias, address = _registry(session, file)
    _check_bounds(session, file, address)
    source = CarrySource(file)
    opened = open_root(session, alias, address, carried=source)  # I1
    try:
        targets = brought_targets(opened, source, session.clock())
        registry = TrustedRegistry(opened, session, _locked(session, address, targets.cached))
        registry.examine(targets, Purpose.LOCKED)  # I2 to I5
    except IndexRollback as error:
        error.file = file.name
        raise
    return registry


def _registry(session: Session, file: CarryFile) -> tuple[str, str]:
    """Alias and address of the registry that the file is of: its own word, unless `--registry` says another; the root decides."""
    if session.globals.registry:
        chosen = choose_registry(session)
        return chosen.alias, plain_address(chosen.address)
    try:
        address = plain_address(file.carry.registry)
    except BadAddress as error:
        raise CarryBroken(file.name, str(error)) from error
    same = (str(alias) for alias, one in session.rules.registries.items() if plain_address(str(one.url)) == address)
    return next(same, ""), address


def _check_bounds(session: Session, file: CarryFile, address: str) -> None:
    """One name, one registry: what a file brings of a publisher that is bound elsewhere is refused, though nobody would use it."""
    registries = session.rules.registries
    for row in file.carry.releases:
        bound = registry_of(registries, row.pack.publisher)
        if bound != DEFAULT and plain_address(str(registries[Label(bound)].url)) != address:
            raise BoundElsewhere(file.name, address, str(row.pack), str(bound))


def _locked(session: Session, address: str, cached: Cached) -> LockedRegistry | None:
    """What the lock of the project that one stands in knows of the registry, so that the file is held against it too.

    A lock that is newer than the file proves nothing about it: its checkpoint comes later, and the file may be the first of several.
    """
    lock = find_nearest(session.folder).read_lock() if session.project_file else None
    size, root = Checkpoint.parse(cached.note.text).size, cached.chain.root.version
    for one in lock.registries if lock else ():
        known = session.rules.registries.get(one.name)
        named = str(known.url) if known else (session.settings.registry if one.name == DEFAULT else "")
        if "://" in named and plain_address(named) == address:
            return one if one.log.size <= size and one.root_version <= root else None
    return None


# I8 to I14


def _require(proven: Sequence[Proven]) -> None:
    faults = [one.verdict.faults[0] for one in proven if one.verdict.faults]
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise ExceptionGroup("releases that cannot be trusted", faults)


class _Taking(Struct, frozen=True):
    file: CarryFile
    store: Store
    brought: Brought
    dry_run: bool


def _check_earlier(taking: _Taking) -> None:
    """What an earlier file holds must be here, or else nothing of this one is taken in, so that the earlier one still can be."""
    file, store, lacks = taking.file, taking.store, []
    for row, one in zip(file.carry.releases, taking.brought.proven, strict=True):
        if row.part == 0:
            data = store.read(_statement(one).tree.sha256, limits.TREE_BYTES)
            if data is None or store.missing(Tree.parse(data).files):
                lacks.append(f"{row.pack} {row.version}")
        elif row.part != file.carry.part:
            taking.brought.waiting.append(row)
    if lacks:
        raise lacking(file, *lacks)


def _take_in(taking: _Taking, row: CarriedRelease, one: Proven) -> None:
    release, statement = f"{row.pack} {row.version}", _statement(one)
    tree = _tree(taking, statement, release)
    _document(taking, statement.manifest, limits.MANIFEST_BYTES, f"pack.toml of {release}")
    _enclosed(taking, one, release)
    taking.store.set_aside_damaged(tree.files)
    if taking.store.missing(tree.files):
        _archive(taking, statement, tree, release)
    taking.brought.stored.append(row)
    taking.brought.files += len(tree.files)


def _statement(one: Proven) -> Statement:
    assert one.verdict.statement is not None  # it was proven
    return one.verdict.statement


def _tree(taking: _Taking, statement: Statement, release: str) -> Tree:
    """I11."""
    data = _document(taking, statement.tree.sha256, limits.TREE_BYTES, f"the tree of {release}")
    tree = Tree.parse(data)
    check_digests(tree, statement.tree.sha256, statement.content)
    return tree


def _document(taking: _Taking, digest: Digest, ceiling_bytes: int, name: str) -> bytes:
    data = taking.store.read(digest, ceiling_bytes)
    if data is not None:
        return data
    data = taking.file.read(site.blob(digest), ceiling_bytes)
    if data is None:
        raise lacking(taking.file, name)
    found = Digest.of(data)
    if not found.same(digest):
        raise ArchiveChanged(name, taking.file.name, digest, found.labelled)
    if not taking.dry_run:
        taking.store.put(digest, len(data), [data], name)
    return data


def _enclosed(taking: _Taking, one: Proven, release: str) -> None:
    """What the release carries besides the pack, which a registry may leave out; it is kept where a request would keep it."""
    for enclosure in enclosures(one.verdict):
        data = taking.file.read(enclosure.path, enclosure.ceiling_bytes)
        if data is not None and enclosure.read(taking.brought.registry) is None:
            name, found = f"a document of {release}", Digest.of(data).labelled
            raise ArchiveChanged(name, taking.file.name, enclosure.digest, found)


def _archive(taking: _Taking, statement: Statement, tree: Tree, release: str) -> None:
    """I13, I14: the digest of the whole archive, then the strict reader, which gives the store what it lacks."""
    archive = taking.file.slice(site.blob(statement.archive.sha256))
    if archive is None:
        raise lacking(taking.file, release)
    hashed = hashlib.sha256()
    for block in archive.blocks():
        hashed.update(block)
    found = Digest(hashed.hexdigest())
    if archive.size != statement.archive.size or not found.same(statement.archive.sha256):
        raise ArchiveChanged(release, taking.file.name, statement.archive.sha256, found.labelled)
    if not taking.dry_run:
        fill_from_archive(taking.store, archive, tree)


def _tiles(registry: TrustedRegistry, file: CarryFile) -> list[Tile]:
    """All tiles of hashes, which are kept, so that whatever is asked of the log later can be answered here."""
    size, tiles = registry.checkpoint.checkpoint.size, []
    for path in file.paths():
        if path.startswith("log/tile/"):
            try:
                tile = Tile.parse(path.removeprefix("log/"))
            except BadTilePath as error:
                raise CarryBroken(file.name, str(error)) from error
            if tile.level >= 0 and tile.in_log(size) == tile:
                tiles.append(tile)
    return tiles

"""`heal`: what is installed is compared with what was signed, and what is damaged or gone is put there anew.

Nothing is chosen: it is the lock's releases, proven again, and of them only the packs that need it. Files of the store are looked at as
well, and put right from a good copy in the project where there is one, which needs no network. So is what was kept for `verify`: proofs
that are gone or damaged are fetched anew, and a state that cannot be read is made anew first.
"""

import io
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packctl.durable import DiskFailed, Folder
from packctl.install.begin import Work, begin
from packctl.install.incoming import WrongContent
from packctl.install.order import Order
from packctl.install.plan import is_same
from packctl.install.rebuild import rebuild_broken_state
from packctl.install.recovery import tell_wait
from packctl.install.store import Store
from packctl.outcome import Notice
from packctl.project.files import Fault, Finding, check_files
from packctl.project.missing import NotChosen
from packctl.project.state import packproof_name, registry_prefix
from packctl.project.untouched import left_out_of
from packspec.names import PackName
from packspec.tree import Tree, TreeEntry
from packspec.versions import Version

if TYPE_CHECKING:
    from packctl.session import Session

BLOCK_BYTES = 256 * 1024


class MendedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file. `was`: changed, missing, foreign, or damaged (in the store); `now`: fetched, store, project (where it came from), or kept:
    moved to the files of yours that were kept."""

    path: str
    was: str
    now: str


class MendedPack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that was mended."""

    name: PackName
    version: Version
    files: list[MendedFile]


class Healed(msgspec.Struct, frozen=True, kw_only=True):
    """What was mended. `releases` and `files` count what was looked at; `kept` are files that were changed or foreign, as paths in the
    project."""

    packs: list[MendedPack] = []
    releases: int = 0
    files: int = 0
    proofs: int = 0
    """Proofs and other evidence for `verify` that was gone or damaged."""
    bytes_fetched: int = 0
    kept: list[str] = []
    seconds: float = 0.0


class Patient(Struct, frozen=True):
    """An installed pack as it was found. `tree` None: the list of its files is lost, too. `stored` is what the store had damaged."""

    tree: Tree | None
    left_out: frozenset[str]
    findings: tuple[Finding, ...] = ()
    stored: tuple[TreeEntry, ...] = ()

    @property
    def is_ill(self) -> bool:
        """Whether the project needs a change; damage in the store alone does not."""
        return self.tree is None or bool(self.findings)


def heal(session: "Session", names: frozenset[PackName] = frozenset()) -> Healed:
    """Mends packs (none named: all). Raises NotChosen, LockMissing, LockStale, and what proving, fetching and changing raise."""
    began = session.monotonic()
    rebuild_broken_state(session)
    while True:
        work = begin(session, Order(doing="mending packs", locked=True))
        packs = _installed(session, work, names)
        with Store.open(session.places.store) as store:
            store.enter(lambda: tell_wait(session, "the store"))
            patients = {pack: _look(work, store, pack) for pack in packs}
            for patient_pack, patient in patients.items():
                _refill(work, store, patient_pack, patient)
            in_store = _in_store(store, patients)
        ill = frozenset(pack for pack, patient in patients.items() if patient.is_ill)
        proofs = _lost_proofs(work)
        mended = _mend(session, work, ill) if ill or proofs else _Mended()
        if mended is not None:
            break
    return Healed(
        packs=_told(work, patients, in_store),
        releases=len(packs),
        files=sum(work.state.receipts[pack].files for pack in packs),
        proofs=proofs,
        bytes_fetched=mended.bytes,
        kept=list(mended.kept),
        seconds=round(session.monotonic() - began, 1),
    )


def _installed(session: "Session", work: Work, names: frozenset[PackName]) -> list[PackName]:
    """The packs that are installed as the lock says. Another release than locked is for `install`."""
    assert work.lock is not None  # a locked order has one
    found = []
    for locked in work.lock.packs:
        receipt = work.state.receipts.get(locked.name)
        if receipt is not None and is_same(receipt, locked):
            found.append(locked.name)
        elif receipt is not None or locked.name in names:
            release = f"{locked.name} {locked.version}"
            session.warn(Notice("trust.not-installed", f"{release} is not installed", fix=["packctl install"]))
            names -= {locked.name}
    for pack in sorted(names - set(found)):
        raise NotChosen(pack)
    return [pack for pack in found if not names or pack in names]


def _look(work: Work, store: Store, pack: PackName) -> Patient:
    """Compares every installed file and, where it is not the same file, what the store has under its digest."""
    receipt, tree = work.state.receipts[pack], work.state.tree(pack)
    if tree is None:
        return Patient(None, frozenset())
    try:
        with Folder.open(work.site.folder) as root, root.descend(pack.split("/")) as folder:
            left_out = left_out_of(receipt, folder, tree)
            findings = tuple(check_files(folder, tree, left_out=left_out))
            wrong = {one.path for one in findings}
            right = {
                file.sha256
                for file in tree.files
                if file.path not in wrong | left_out and _is_shared(folder, file, store)
            }
    except DiskFailed:  # the folder is gone, or something else stands there
        left_out, right = frozenset(), set()
        findings = tuple(Finding(Fault.MISSING, file.path, file.sha256) for file in tree.files)
    return Patient(tree, left_out, findings, store.set_aside_damaged(f for f in tree.files if f.sha256 not in right))


def _is_shared(folder: Folder, file: TreeEntry, store: Store) -> bool:
    """Whether the installed file and the store's are one, by a hard link."""
    *parts, name = file.path.split("/")
    with folder.descend(parts) as parent:
        there = parent.stat(name)
    return there is not None and store.is_same_file(file.sha256, there)


def _lost_proofs(work: Work) -> int:
    """How much of what an install keeps for `verify` is gone or damaged. Trees are the patients' own."""
    names = {name for name in work.state.evidence if name.startswith("registries/") or name.endswith("/packproof")}
    names |= {packproof_name(pack) for pack in work.state.receipts}
    for entry in work.lock.registries if work.lock else ():
        names |= {registry_prefix(entry.name) + name for name in ("log", "checkpoint", "tuf/timestamp.json")}
    return sum(work.state.read(name) is None for name in names)


def _refill(work: Work, store: Store, pack: PackName, patient: Patient) -> None:
    """Takes good files of the project into the store where it lacks them and something is to be mended: what is here is not fetched."""
    if patient.tree is None or not (patient.findings or patient.stored):
        return
    wrong = {one.path for one in patient.findings} | patient.left_out
    lacking = {file.sha256: file for file in patient.tree.files if file.path not in wrong and file.sha256 not in store}
    if not lacking:
        return
    with Folder.open(work.site.folder) as root, root.descend(pack.split("/")) as folder:
        for file in lacking.values():
            *parts, name = file.path.split("/")
            try:
                with folder.descend(parts) as parent, parent.reading(name) as source:
                    store.put(file.sha256, file.size, _blocks(source), file.path)
            except (DiskFailed, WrongContent):
                continue  # it changed just now; then it is fetched


def _blocks(source: io.FileIO) -> Iterator[bytes]:
    while block := source.read(BLOCK_BYTES):
        yield block


def _in_store(store: Store, patients: Mapping[PackName, Patient]) -> frozenset[str]:
    """Digests of wrong files that need no download."""
    wrong = [one.expected for patient in patients.values() for one in patient.findings if one.expected]
    return frozenset(digest for digest in wrong if digest in store)


class _Mended(Struct, frozen=True):
    bytes: int = 0
    kept: tuple[str, ...] = ()


def _mend(session: "Session", work: Work, ill: frozenset[PackName]) -> _Mended | None:
    """I2 to I15 for the packs that are ill. None: somebody else changed the project meanwhile."""
    # Late, as in the flow of an install: what is whole needs no TLS, no TUF and no cryptography.
    from packctl.install.change import Change, apply, supplied
    from packctl.install.choose import choose
    from packctl.install.cover import Licensed
    from packctl.install.prove import prove
    from packctl.install.registries import Registries

    work = replace(work, order=replace(work.order, again=ill, only=ill))
    registries = Registries(session, work)
    registries.refresh()
    proven = prove(session, work, registries, choose(session, work, registries))
    todo = Change.of(work, proven)
    licensed = Licensed.of(session, registries, todo)  # what is on this machine is put back without asking for it
    with supplied(session, registries, todo, licensed.addresses) as supply:
        supply.fetch()
        applied = apply(session, registries, todo, supply)
    return None if applied is None else _Mended(sum(supply.bytes_fetched.values()), applied.kept)


def _told(work: Work, patients: Mapping[PackName, Patient], in_store: frozenset[str]) -> list[MendedPack]:
    found = []
    for pack, patient in patients.items():
        files = [_file(one, in_store) for one in patient.findings]
        told = {one.path for one in patient.findings}
        files += [
            MendedFile(path=one.path, was="damaged", now="project") for one in patient.stored if one.path not in told
        ]
        if files or patient.tree is None:
            found.append(MendedPack(name=pack, version=work.state.receipts[pack].version, files=files))
    return found


def _file(one: Finding, in_store: frozenset[str]) -> MendedFile:
    if one.fault is Fault.UNKNOWN:
        return MendedFile(path=one.path, was="foreign", now="kept")
    return MendedFile(path=one.path, was=one.fault.value, now="store" if one.expected in in_store else "fetched")

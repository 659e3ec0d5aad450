"""Puts in force what the offline keys have signed: files first, then the log, then the static side (docs/spec/ceremony.md)."""

from collections.abc import Callable, Mapping

from packspec import site
from packspec.digests import Digest
from packspec.errors import Conflict, Untrusted
from packspec.log.leaf import PublishLeaf, TrustLeaf, TufRootLeaf, parse_leaf
from packspec.signing.dsse import Envelope
from packspec.trustfiles import LogTrust, ResetRow, Resets, Reviewers
from registry_server.actor import TERMINAL
from registry_server.audit import actions as audit
from registry_server.call import Call, call_of
from registry_server.index.actions import check_clock, current_trust, publish_pending, tree_of, trust_for_next
from registry_server.index.offline.checking import check_parts
from registry_server.index.offline.document import ROLES, BadCeremony, CeremonyDocument, trust_of
from registry_server.index.offline.preparing import file_in_force, show_waiting_trust, trust_waits
from registry_server.index.offline.signing import missing
from registry_server.index.repository import Repository
from registry_server.index.resigning import resign
from registry_server.index.settled import listed_trust, online_keys
from registry_server.index.witnesses import cosigned
from registry_server.log import actions as log
from registry_server.signer import KeyUnreadable
from registry_server.world import World


class CeremonyIncomplete(Untrusted):
    """Too few offline keys have signed."""

    needs: tuple[str, ...]

    code = "ceremony.incomplete"

    def what(self) -> str:
        return "too few offline keys have signed this"

    def facts(self) -> dict[str, str]:
        return {"signed": "; ".join(self.needs)}

    def why(self) -> str:
        return "clients follow a new root only if the keys of the root before and its own have signed it"

    def fix(self) -> list[str]:
        return ["registry-server keys sign FILE --keys DIR", "on another machine with an offline key"]


class OtherRegistry(Conflict):
    """A document was made for another registry."""

    found: str
    expected: str

    code = "ceremony.other-registry"

    def what(self) -> str:
        return f"this document is of {self.found}, and this registry is {self.expected}"

    def fix(self) -> list[str]:
        return ["name the data folder of the other registry with --data, or another document"]


class CeremonySuperseded(Conflict):
    """What was in force when the document was made is not in force any more."""

    role: str
    version: int

    code = "ceremony.superseded"

    def what(self) -> str:
        return f"the registry's {self.role} is not the one that this was made from"

    def facts(self) -> dict[str, str]:
        return {"in force": f"{self.role} {self.version}"}

    def why(self) -> str:
        return "of two ceremonies that were begun from one state only the first follows it"

    def fix(self) -> list[str]:
        return ["registry-server keys ceremony --output FILE", "and have the new document signed"]


class ReleaseBetween(Conflict):
    """A release was published after a list of reviewers was prepared, and would be judged by it."""

    start: int
    index: int

    code = "ceremony.release-between"

    def what(self) -> str:
        return "a release was published since this list of reviewers was prepared"

    def facts(self) -> dict[str, str]:
        return {"list from entry": str(self.start), "release at entry": str(self.index)}

    def why(self) -> str:
        return "the list would judge it in hindsight, and reviewers who are not on it any more have approved it"

    def fix(self) -> list[str]:
        return ["prepare the change again, and have it signed sooner"]


class LogTooLong(Conflict):
    """The log grew past the size up to which its old key counts, before the new one was in force."""

    size: int
    until: int

    code = "ceremony.log-too-long"

    def what(self) -> str:
        return "the log has grown too far since this was made"

    def facts(self) -> dict[str, str]:
        return {"needed": f"at most {self.until} entries", "found": f"{self.size} entries"}

    def why(self) -> str:
        return "checkpoints that the old key has signed since would count no more"

    def fix(self) -> list[str]:
        return ["registry-server keys rotate log --output FILE", "and have the new document signed"]


Announce = Callable[[Call, ResetRow, Envelope], None]
"""Logs a reset that the offline keys now list; the room that knows publishers' owners does."""


def _nobody(call: Call, row: ResetRow, envelope: Envelope) -> None:
    raise BadCeremony(str(row.publisher), "it resets a publisher's keys")


def enter(
    world: World, document: CeremonyDocument, path: str = "the document", announce: Announce = _nobody
) -> list[str]:
    """Puts the document in force and says what is: `root 2`, `targets 3`. Doing it again changes nothing and says nothing.

    Raises BadCeremony, CeremonyIncomplete, CeremonySuperseded, LogTooLong, KeyUnreadable for an online key that is not here, and what
    publishing raises.
    """
    check_parts(document, path)
    if needs := missing(document):
        raise CeremonyIncomplete(tuple(map(str, needs)))
    check_clock(world)
    show_waiting_trust(world)
    repository = Repository.load(world.public)
    if all(
        file_in_force(repository, role).decode() == document.after[role] for role in ROLES if role in document.after
    ):
        return []
    _check_here(world, repository, document)
    _check_witnesses(world, repository, document)
    _write(world, repository, document)
    with call_of(world, TERMINAL).writing() as call:
        is_first = not trust_waits(call, repository.checkpoint.size)
        if is_first:
            _append(call, document, announce)
    if not is_first:
        return enter(world, document, path, announce)  # it is in force then, or superseded
    publish_pending(world)
    resign(world)  # where the log says nothing new, as for a later end
    return [f"{role} {document.changed(role).signed.version}" for role in ROLES if role in document.after]


def _check_here(world: World, repository: Repository, document: CeremonyDocument) -> None:
    if document.registry != repository.checkpoint.origin.removesuffix("/log"):
        raise OtherRegistry(document.registry, repository.checkpoint.origin.removesuffix("/log"))
    for role in ROLES:
        if file_in_force(repository, role).decode() != document.before[role]:
            there = repository.root(repository.newest_root) if role == "root" else repository.role(role)
            raise CeremonySuperseded(role, there.version)
        if role in ("targets", "index") and role in document.after:
            path = site.tuf_metadata(role, document.changed(role).signed.version)
            if world.public.read(path) not in (None, document.after[role].encode()):
                raise CeremonySuperseded(role, document.held(role).signed.version)
    _check_online(world, document)


def _check_online(world: World, document: CeremonyDocument) -> None:
    """Every key that the server signs with from then on is here: otherwise it would sign nothing that anybody believes."""
    trust = trust_of(document)
    log_trust = LogTrust.parse(trust[site.LOG_TARGET]) if site.LOG_TARGET in trust else current_trust(world).log
    for role, ids in online_keys(document.root, document.coming("index").signed, log_trust).items():
        if not any(str(key.public.key_id) in ids for key in world.online.at_hand(role)):
            raise KeyUnreadable(f"{role}.key", "it is not the key that the document names")


def _check_witnesses(world: World, repository: Repository, document: CeremonyDocument) -> None:
    """The witnesses that shall count sign the checkpoint of now: else nothing could be published from then on. Raises QuorumMissing."""
    trust = trust_of(document)
    if site.LOG_TARGET in trust:
        cosigned(world, LogTrust.parse(trust[site.LOG_TARGET]), tree_of(world), repository.note)


def _write(world: World, repository: Repository, document: CeremonyDocument) -> None:
    """Files that nothing refers to yet. The root is seen by its name alone, so it lies among the private blobs until its moment."""
    for name, data in trust_of(document).items():
        world.public.write(site.target(name, Digest.of(data)), data)
    for role in ("targets", "index"):
        if role in document.after:
            version = document.changed(role).signed.version
            world.public.write(site.tuf_metadata(role, version), document.after[role].encode())
    if "root" in document.after:
        data = document.after["root"].encode()
        world.blobs.put([data], len(data), Digest.of(data))


def _append(call: Call, document: CeremonyDocument, announce: Announce) -> None:
    """The commit point: what is in the log is in force, and everything else follows from it."""
    trust = trust_of(document)
    if site.LOG_TARGET in trust:
        size = log.size(call) + len(trust) + 1
        counting = {row.key for row in trust_for_next(call).log.keys if row.until is None}
        for row in LogTrust.parse(trust[site.LOG_TARGET]).keys:
            if row.key in counting and row.until is not None and size > row.until:
                raise LogTooLong(size, row.until)
    if site.REVIEWERS_TARGET in trust:
        _check_reviewers(call, Reviewers.parse(trust[site.REVIEWERS_TARGET]))
    facts = {"ceremony": str(document.digest)}
    if "root" in document.after:
        place, data = log.take_place(call), document.after["root"].encode()
        version = document.root.version
        log.append(call, place, TufRootLeaf(v=1, at=place.at, version=version, sha256=Digest.of(data)))
        facts["root"] = str(Digest.of(data))
    repository = Repository.load(call.world.public)
    listed, known = listed_trust(repository), set(trust_for_next(call).resets.resets)
    for name, data in sorted(trust.items()):
        if not listed[name].same(Digest.of(data)):
            place = log.take_place(call)
            log.append(call, place, TrustLeaf(v=1, at=place.at, file=name, sha256=Digest.of(data)))
            facts[name] = str(Digest.of(data))
    if site.RESETS_TARGET in trust:
        roots = {envelope.digest: envelope for envelope in (Envelope.parse(text.encode()) for text in document.roots)}
        for reset in Resets.parse(trust[site.RESETS_TARGET]).resets:
            if reset not in known:
                announce(call, reset, _root_of(reset, roots))
    audit.record(call, "trust.ceremony", "registry", facts)


def _check_reviewers(call: Call, reviewers: Reviewers) -> None:
    """No release stands where the new row holds already. Raises ReleaseBetween."""
    start = reviewers.sets[-1].start if reviewers.sets else 0
    for index, entry in enumerate(log.entries(call, start, log.size(call)), start):
        if isinstance(parse_leaf(entry), PublishLeaf):
            raise ReleaseBetween(start, index)


def _root_of(row: ResetRow, roots: Mapping[Digest, Envelope]) -> Envelope:
    if row.new.sha256 not in roots:
        raise BadCeremony("the document", f"it lacks root {row.new.version} of {row.publisher}")
    return roots[row.new.sha256]

"""On a machine with an offline key: what a ceremony document would change, in sentences, and a signature. No data folder, no network.

The sentences are made from the bytes that are signed. What is called the state before comes from the same file; it is believed where a key
at hand has signed it, and otherwise the person is told to compare digests.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tuf.api.metadata import Root, Targets

from packspec import site
from packspec.digests import Digest
from packspec.errors import Conflict
from packspec.licenses.jwk import KeySet
from packspec.signing.keys import PublicKey, Signer
from packspec.trustfiles import LogTrust, Resets, ReviewerRow, Reviewers, TrustPolicy
from registry_server.index import metadata
from registry_server.index.offline.checking import check_parts
from registry_server.index.offline.document import ROLES, CeremonyDocument, Role, key_ids, threshold, trust_of


class NothingToSign(Conflict):
    """None of the keys at hand is asked for."""

    folder: str
    wanted: tuple[str, ...]

    code = "ceremony.nothing-to-sign"

    def what(self) -> str:
        return f"no key in {self.folder} is one that signs this"

    def facts(self) -> dict[str, str]:
        return {"wanted": ", ".join(self.wanted)}

    def fix(self) -> list[str]:
        return ["name the folder of an offline key of this registry with --keys"]


@dataclass(frozen=True)
class Missing:
    """Whose signatures a role lacks: `have` of `need` keys of the root before (`by` "before"), or of those it names itself."""

    role: Role
    by: str
    have: int
    need: int

    def __str__(self) -> str:
        return f"{self.role}: {self.have} of {self.need} keys{' of the root before' if self.by == 'before' else ''}"


def missing(document: CeremonyDocument) -> list[Missing]:
    """Which signatures are still to come; empty: it can be put in force."""
    found = []
    for role in (role for role in ROLES if role in document.after):
        changed = document.changed(role)
        for number, delegator in enumerate(document.delegators(role)):
            result = delegator.get_verification_result(role, changed.signed_bytes, changed.signatures)
            if not result:
                by = "before" if role == "root" and number == 0 else "now"
                found.append(Missing(role, by, len(result.signed), result.threshold))
    return found


def sign(document: CeremonyDocument, keys: Sequence[Signer], folder: str) -> CeremonyDocument:
    """The document with the signatures of these keys. Raises NothingToSign, and BadCeremony for parts that do not fit together."""
    check_parts(document, folder)
    signed, used = document.signed_by(keys)
    if not used:
        keys_named = {*_publics(document.root_before, "root"), *_publics(document.root, "root")}
        raise NothingToSign(folder, tuple(sorted(key.fingerprint for key in keys_named)))
    return signed


def is_known(document: CeremonyDocument, keys: Sequence[Signer]) -> bool:
    """Whether a key at hand has signed the root that the document calls the one in force."""
    root = document.held("root")
    mine = {str(key.public.key_id) for key in keys}
    ids = set(key_ids(document.root_before, "root"))
    result = document.root_before.get_verification_result("root", root.signed_bytes, root.signatures)
    return bool(result) and bool(mine & ids & set(result.signed))


# What it says


def sentences(document: CeremonyDocument) -> list[str]:
    """What would change, a sentence each, with what does not change last."""
    return [*_root(document), *_index(document), *_trust(document), *_ends(document)]


def _root(document: CeremonyDocument) -> Iterator[str]:
    before, after = document.root_before, document.root
    old, new = _publics(before, "root"), _publics(after, "root")
    for key in old:
        if key not in new:
            yield f"offline key {key.fingerprint} goes"
    for key in new:
        if key not in old:
            yield f"offline key {key.fingerprint} comes"
    counts = [f"{threshold(root, 'root')} of {len(keys)}" for root, keys in ((before, old), (after, new))]
    if counts[0] != counts[1]:
        yield f"{counts[1]} offline keys sign instead of {counts[0]}"
    for role in ("timestamp", "snapshot"):
        (was,), (now,) = _publics(before, role), _publics(after, role)
        if was != now:
            yield f"{role} key {now.fingerprint} takes the place of {was.fingerprint}"


def _publics(root: Root, role: str) -> list[PublicKey]:
    return [metadata.public_key(root.keys[key_id]) for key_id in root.roles[role].keyids]


def _index(document: CeremonyDocument) -> Iterator[str]:
    before, after = document.held("index").signed, document.coming("index").signed
    assert isinstance(before, Targets) and isinstance(after, Targets)
    was, now = metadata.key_of_bins(before), metadata.key_of_bins(after)
    names = f"{metadata.prefix_of(after)}-*"
    if was != now:
        yield f"bins key {now.fingerprint} takes the place of {was.fingerprint}; bins are called {names}"
    counts = len(metadata.bins_in(before)), len(metadata.bins_in(after))
    if counts[0] != counts[1]:
        yield f"{counts[1]} bins list what is listed instead of {counts[0]}: {names}"


def _trust(document: CeremonyDocument) -> Iterator[str]:
    for name, data in sorted(trust_of(document).items()):
        if name == site.LOG_TARGET:
            yield from _log(LogTrust.parse(data))
        elif name == site.LICENSE_KEYS_TARGET:
            for key in KeySet.parse(data).keys:
                yield f"license key {key.public.fingerprint}"
        elif name == site.REVIEWERS_TARGET:
            yield from _reviewers(Reviewers.parse(data))
        elif name == site.RESETS_TARGET:
            for row in Resets.parse(data).resets:
                yield (
                    f"{row.publisher}: root {row.new.version} ({row.new.sha256.labelled}) follows root {row.old.version} "
                    f"without its owners: {row.reason}"
                )
        elif name == site.POLICY_TARGET:
            yield from _policy(TrustPolicy.parse(data))
        else:
            yield f"{name} is {Digest.of(data).labelled}"


def _log(trust: LogTrust) -> Iterator[str]:
    for row in trust.keys:
        yield f"log key {row.key}" + (f" up to {row.until} entries" if row.until is not None else "")
    for key in trust.witnesses:
        yield f"witness {key}"
    yield f"{trust.quorum} of {len(trust.witnesses)} witnesses must sign each checkpoint"


def _policy(trust: TrustPolicy) -> Iterator[str]:
    for row in trust.cooldowns:
        yield f"new keys of publishers wait {row.seconds} seconds, from log entry {row.start} on"
    yield f"a reset of a publisher's keys waits {trust.reset_delay} seconds, and an index may be {trust.max_age} seconds old"
    yield f"clients are packctl {trust.min_client} or newer"


def _reviewers(trust: Reviewers) -> Iterator[str]:
    """Every row, those before the last one too: a list that begins later than the log has entries would hide the one in force."""
    *earlier, last = trust.sets or (None,)
    for row in earlier:
        assert row is not None
        yield f"earlier, from log entry {row.start} on, {_needs(row)}: {', '.join(_named(row))}"
    if last is not None:
        for named in _named(last):
            yield f"reviewer {named}"
        yield f"{_needs(last)} must approve, from log entry {last.start} on"
    for stolen in trust.compromised:
        yield f"the reviewer's key {stolen.key[:16]} counts for nothing from log entry {stolen.since} on"


def _needs(row: ReviewerRow) -> str:
    return f"{row.threshold} of {len(row.keys)} reviewers"


def _named(row: ReviewerRow) -> list[str]:
    return [f"{one.name} {one.key.fingerprint}" for one in row.keys]


def _ends(document: CeremonyDocument) -> Iterator[str]:
    for role in (role for role in ROLES if role in document.after):
        signed = document.changed(role).signed
        yield f"{role} {signed.version} ends {signed.expires:%Y-%m-%d}"

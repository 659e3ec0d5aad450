"""On a machine with an offline key: what a ceremony document would change, in sentences, and a signature. No data folder, no network.

The sentences are made from the bytes that are signed. What is called the state before comes from the same file; it is believed where a key
at hand has signed it, and otherwise the person is told to compare digests.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Root, Targets

from packspec import site
from packspec.digests import Digest
from packspec.errors import Conflict, PackError
from packspec.licenses.jwk import KeySet
from packspec.signing.keys import PrivateKey, PublicKey
from packspec.trustfiles import LogTrust, Resets, Reviewers
from registry_server.index import metadata
from registry_server.index.offline.document import (
    ROLES,
    BadCeremony,
    CeremonyDocument,
    Role,
    key_ids,
    threshold,
    trust_of,
)


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


def sign(document: CeremonyDocument, keys: Sequence[PrivateKey], folder: str) -> CeremonyDocument:
    """The document with the signatures of these keys. Raises NothingToSign, and BadCeremony for parts that do not fit together."""
    check_parts(document, folder)
    signed, used = document.signed_by(keys)
    if not used:
        keys_named = {*_publics(document.root_before, "root"), *_publics(document.root, "root")}
        raise NothingToSign(folder, tuple(sorted(key.fingerprint for key in keys_named)))
    return signed


def check_parts(document: CeremonyDocument, path: str) -> None:
    """Refuses a document whose parts do not belong together: versions, trust files that are not those listed, keys that stand twice.

    Raises BadCeremony.
    """
    try:
        _check_parts(document)
    except (PackError, RepositoryError, ValueError, LookupError) as error:
        raise BadCeremony(path, str(error)[:200]) from error


def _check_parts(document: CeremonyDocument) -> None:
    for role in (role for role in ROLES if role in document.after):
        old, new = document.held(role).signed, document.changed(role).signed
        if new.version <= old.version or (role == "root" and new.version != old.version + 1):
            raise ValueError(f"{role} {new.version} does not follow {role} {old.version}")
    before, after = _trust_rows(document, "before"), _trust_rows(document, "after")
    changed = {name for name in after if after[name] != before.get(name)}
    given = {name: Digest.of(data) for name, data in trust_of(document).items()}
    if set(before) != set(after) or changed != set(given) or any(after[name] != given[name] for name in changed):
        raise ValueError("the trust files are not those that targets lists")
    online = [document.root.keys[document.root.roles[role].keyids[0]] for role in ("timestamp", "snapshot")]
    offline = [document.root.keys[key_id] for key_id in document.root.roles["root"].keyids]
    keys = [metadata.public_key(key) for key in (*offline, *online)]
    if len(set(keys)) != len(keys):
        raise ValueError("a key stands twice in the root")
    expected = set(document.root.roles["root"].keyids)
    for role in ("targets", "index"):
        for delegator in document.delegators(role):
            if set(key_ids(delegator, role)) != expected:
                raise ValueError(f"{role} is signed by other keys than the root")


def _trust_rows(document: CeremonyDocument, when: str) -> dict[str, str]:
    signed = (document.held if when == "before" else document.coming)("targets").signed
    assert isinstance(signed, Targets)
    return {name: file.hashes["sha256"] for name, file in signed.targets.items()}


def is_known(document: CeremonyDocument, keys: Sequence[PrivateKey]) -> bool:
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
        else:
            yield f"{name} is {Digest.of(data).labelled}"


def _log(trust: LogTrust) -> Iterator[str]:
    for row in trust.keys:
        yield f"log key {row.key}" + (f" up to {row.until} entries" if row.until is not None else "")
    for key in trust.witnesses:
        yield f"witness {key}"
    yield f"{trust.quorum} of {len(trust.witnesses)} witnesses must sign each checkpoint"


def _reviewers(trust: Reviewers) -> Iterator[str]:
    for row in trust.sets[-1:]:
        for one in row.keys:
            yield f"reviewer {one.name} {one.key.fingerprint}"
        yield f"{row.threshold} of {len(row.keys)} reviewers must approve, from log entry {row.start} on"
    for stolen in trust.compromised:
        yield f"the reviewer's key {stolen.key[:16]} counts for nothing from log entry {stolen.since} on"


def _ends(document: CeremonyDocument) -> Iterator[str]:
    for role in (role for role in ROLES if role in document.after):
        signed = document.changed(role).signed
        yield f"{role} {signed.version} ends {signed.expires:%Y-%m-%d}"

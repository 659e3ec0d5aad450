"""Says, after a release was proven, that its publisher put other keys in force: since the last install here, or since the lock was made."""

from typing import TYPE_CHECKING

from packctl.install.begin import Work
from packctl.install.prove import ProvenChoice
from packctl.outcome import Notice
from packctl.trust.evidence import RegistryEvidence
from packctl.trust.newkeys import changed_keys, root_as_of, seen_root
from packspec.lockfile import Lock
from packspec.log.checkpoint import Checkpoint
from packspec.names import PublisherName
from packspec.signing.publisher import Chain, PublisherRoot

if TYPE_CHECKING:
    from packctl.session import Session


def tell_new_keys(session: "Session", work: Work, proven: ProvenChoice) -> None:
    """A warning for each publisher that the project knew with other keys. Once: what is installed now knows the new ones."""
    lock = work.lock
    if lock is None:
        return
    told: set[PublisherName] = set()
    for pack, one in sorted(proven.proven.items()):
        known = lock.find(pack)
        if known is None or one.chain is None or pack.publisher in told:
            continue
        told.add(pack.publisher)
        before, moment = _before(work, lock, known.registry, one.chain)
        found = changed_keys(before, one.chain.newest.root, pack) if before is not None else None
        if found is not None:
            found.moment = moment
            session.warn(Notice(found.code, found.what(), found.facts(), found.fix()[:1]))


def _before(work: Work, lock: Lock, alias: str, chain: Chain) -> tuple[PublisherRoot | None, str]:
    """The root that this project knew: by its last install, else as of the log that its lock names."""
    seen = seen_root(RegistryEvidence.load(work.state, alias), chain.publisher)
    if seen is not None:
        return seen, "at the last install"
    entry = lock.registry(alias)
    size = Checkpoint.parse_line(entry.log).size if entry is not None else 0
    return root_as_of(chain, size), "when pack.lock was made"

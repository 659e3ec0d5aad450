"""Whether a publisher put other keys in force since this project looked: told by `audit`, and by an install, which then takes note of them.

Nothing here is doubted: the owners of the keys before signed the change. Whether it was expected only a person can tell.
"""

from collections.abc import Mapping

from packctl.trust.evidence import RegistryEvidence
from packspec.errors import PackError, Untrusted
from packspec.names import PackName, PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import Chain, PublisherRoot


class PublisherKeysChanged(Untrusted):
    """A publisher's newest root is another one than at the last install, or than when pack.lock was made; its owners signed it."""

    publisher: str
    before: int
    after: int
    gone: tuple[str, ...] = ()
    come: tuple[str, ...] = ()
    threshold: str = ""
    pack: str = ""
    """A pack of the publisher that is installed."""
    moment: str = "at the last install"

    code = "trust.publisher-keys-changed"

    def what(self) -> str:
        return f"{self.publisher} has other keys than {self.moment}: root {self.before} -> root {self.after}"

    def facts(self) -> dict[str, str]:
        facts = {"new keys": ", ".join(self.come), "gone": ", ".join(self.gone), "threshold": self.threshold}
        return {label: text for label, text in facts.items() if text} or {"release keys": "the same"}

    def why(self) -> str:
        return "the owners of the keys before signed the change; whether you expected it only you can tell"

    def fix(self) -> list[str]:
        return [
            f"packctl publisher show {self.publisher}",
            f"if that is what it announces: packctl install --reinstall {self.pack}",
        ]


def changed_keys(before: PublisherRoot, after: PublisherRoot, pack: PackName) -> PublisherKeysChanged | None:
    """What became of a publisher's owner and release keys; None for the same document."""
    if before.version == after.version:
        return None
    old, new = _keys(before), _keys(after)
    moved = before.release.threshold != after.release.threshold
    return PublisherKeysChanged(
        str(after.publisher),
        before.version,
        after.version,
        gone=tuple(sorted(old[key] for key in old.keys() - new.keys())),
        come=tuple(sorted(new[key] for key in new.keys() - old.keys())),
        threshold=f"{before.release.threshold} -> {after.release.threshold}" if moved else "",
        pack=str(pack),
    )


def _keys(root: PublisherRoot) -> Mapping[PublicKey, str]:
    owners = {entry.key: f"owner {entry}" for entry in root.owners.keys}
    return owners | {entry.key: str(entry) for entry in root.release.keys}


def seen_root(kept: RegistryEvidence, publisher: PublisherName) -> PublisherRoot | None:
    """The newest root that the install state keeps. It was verified when it was kept; here it is only compared with."""
    try:
        document = kept.publisher_document(publisher)
        data = kept.publisher_root(publisher, document.roots[-1].version) if document and document.roots else None
        return PublisherRoot.parse(Envelope.parse(data).payload) if data is not None else None
    except PackError:
        return None


def root_as_of(chain: Chain, size: int) -> PublisherRoot | None:
    """The newest root that was in the log when it had `size` entries."""
    rooted = chain.in_force(size - 1) if size else None
    return None if rooted is None else rooted.root

"""Keys with a threshold, as publisher roots and reviewer lists hold them: P-256, no key twice, a threshold that can be reached.

Thresholds count distinct public keys (docs/spec/keys.md). A list with one key under two names would let one person meet a threshold of
two, so every document with keys is checked here when it is read.
"""

from collections.abc import Iterable, Sequence

from packspec.canonical import Malformed
from packspec.errors import Untrusted
from packspec.signing.keys import BadKey, PublicKey


class DuplicateKey(Untrusted):
    """A document lists one public key twice."""

    document: str
    fingerprint: str

    code = "trust.duplicate-key"

    def what(self) -> str:
        return f"{self.document} lists one key twice"

    def facts(self) -> dict[str, str]:
        return {"key": self.fingerprint}

    def why(self) -> str:
        return "one person with that key could then meet a threshold of two"

    def fix(self) -> list[str]:
        return ["its owner must list every key once, either as owner key or as release key"]


def check_people_keys(document: str, keys: Iterable[PublicKey]) -> None:
    """Refuses keys of other kinds than P-256 (BadKey) and a key that occurs twice (DuplicateKey)."""
    seen: set[PublicKey] = set()
    for key in keys:
        if key.kind != "p256":
            raise BadKey(f"{document} lists a key of kind {key.kind} where P-256 belongs")
        if key in seen:
            raise DuplicateKey(document, key.fingerprint)
        seen.add(key)


def check_threshold(document: str, threshold: int, keys: Sequence[object]) -> None:
    """Refuses a threshold below 1 or above the number of `keys`, which must be distinct. Raises Malformed."""
    if not 1 <= threshold <= len(keys):
        raise Malformed(document, f"threshold {threshold} with {len(keys)} keys")

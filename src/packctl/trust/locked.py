"""What pack.lock knows, as `Claim` takes it: the lines of a pack, and a publisher."""

from collections.abc import Mapping

from packspec.lockfile import Lock
from packspec.names import PackName, PublisherName
from packspec.signing.publisher import Locked

_LINES = (
    "archive", "size", "tree", "statement", "publisher-root-version", "publisher-root", "publisher-anchor", "log-index", "license", "paid",
)  # fmt: skip


def lines_of(lock: Lock, pack: PackName) -> Mapping[str, int]:
    """The line of each key of a pack's entry in the lock, for `Claim.lines`."""
    return {key: line for key in _LINES if (line := lock.line_of(pack, key))}


def locked_publisher(lock: Lock, publisher: PublisherName) -> Locked | None:
    """What a lock knows of a publisher, by its release with the newest root; None if it holds none of its releases."""
    own = [pack for pack in lock.packs if pack.name.publisher == publisher]
    newest = max(own, key=lambda pack: pack.publisher_root_version, default=None)
    if newest is None:
        return None
    return Locked(newest.publisher_anchor, newest.publisher_root_version, newest.publisher_root)

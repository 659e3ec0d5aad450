"""Publisher roots: who may sign for a publisher, as a chain in which each root is signed by the owners before it.

`root` is one document, `chain` says whether root n+1 may follow root n and what a lock demands, `counting` says which release keys count
for one leaf. Chapter: docs/spec/publisher-root.md.
"""

from packspec.signing.publisher.chain import (
    Chain,
    Downgraded,
    Locked,
    LoggedRoot,
    PublisherChanged,
    PublisherReset,
    Reset,
    Rooted,
    check_downgrade,
    check_lock,
    follow,
)
from packspec.signing.publisher.counting import (
    Authentic,
    Cooldown,
    CountingKeys,
    Excluded,
    KeyCompromised,
    KeyTooYoung,
    judge_signatures,
    keys_that_count,
)
from packspec.signing.publisher.root import PAYLOAD_TYPE, Compromised, KeyRole, PublisherRoot, RootKey

__all__ = [
    "PAYLOAD_TYPE",
    "Authentic",
    "Chain",
    "Compromised",
    "Cooldown",
    "CountingKeys",
    "Downgraded",
    "Excluded",
    "KeyCompromised",
    "KeyRole",
    "KeyTooYoung",
    "Locked",
    "LoggedRoot",
    "PublisherChanged",
    "PublisherReset",
    "PublisherRoot",
    "Reset",
    "RootKey",
    "Rooted",
    "check_downgrade",
    "check_lock",
    "follow",
    "judge_signatures",
    "keys_that_count",
]

"""Publisher roots: who may sign for a publisher, as a chain in which each root is signed by the owners before it.

`root` is one document, `chain` says whether root n+1 may follow root n and what a lock demands, `counting` says which release keys count
for one leaf, `change` makes the next root and says in words what it changes. Chapter: docs/spec/publisher-root.md.
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
from packspec.signing.publisher.change import (
    Consent,
    Proposal,
    consent_of,
    next_of,
    read_proposal,
    told,
    with_key,
    without_key,
)
from packspec.signing.publisher.counting import (
    Authentic,
    Cooldown,
    CountingKeys,
    Excluded,
    KeyCompromised,
    KeyTooYoung,
    Standing,
    Why,
    judge_signatures,
    keys_that_count,
    standing_keys,
)
from packspec.signing.publisher.root import PAYLOAD_TYPE, Compromised, KeyRole, PublisherRoot, RootKey

__all__ = [
    "PAYLOAD_TYPE",
    "Authentic",
    "Chain",
    "Compromised",
    "Consent",
    "Cooldown",
    "CountingKeys",
    "Downgraded",
    "Excluded",
    "KeyCompromised",
    "KeyRole",
    "KeyTooYoung",
    "Locked",
    "LoggedRoot",
    "Proposal",
    "PublisherChanged",
    "PublisherReset",
    "PublisherRoot",
    "Reset",
    "RootKey",
    "Rooted",
    "Standing",
    "Why",
    "check_downgrade",
    "check_lock",
    "consent_of",
    "follow",
    "judge_signatures",
    "keys_that_count",
    "next_of",
    "read_proposal",
    "standing_keys",
    "told",
    "with_key",
    "without_key",
]

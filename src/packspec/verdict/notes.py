"""What stands in parentheses behind a yes: whose root, how many reviewers, as of when, before which witnesses (docs/spec/verdict.md)."""

from packspec.log.checkpoint import OpenedCheckpoint
from packspec.moments import moment
from packspec.signing.approval import Approved
from packspec.signing.publisher import Rooted
from packspec.verdict.evidence import Current, Evidence


def authentic_note(evidence: Evidence, root: Rooted) -> str:
    """The publisher, and its root where a lock knows it: `acme, root 2`, else `acme, first seen`."""
    is_known = evidence.lock is not None or evidence.known is not None
    return (
        f"{evidence.pack.publisher}, root {root.root.version}" if is_known else f"{evidence.pack.publisher}, first seen"
    )


def approved_note(approved_by: Approved) -> str:
    """Reviewers who approved, of those that are needed: `2/2`."""
    return f"{len(approved_by.signers)}/{approved_by.threshold}"


def current_note(current: Current) -> str:
    """When the index was signed: `as of 2026-11-20T12:00:00Z`."""
    return f"as of {moment(current.as_of)}"


def logged_note(checkpoint: OpenedCheckpoint) -> str:
    """How many witnesses saw the checkpoint: `2 witnesses`."""
    match len(checkpoint.witnesses):
        case 0:
            return "no witness"
        case 1:
            return "1 witness"
        case several:
            return f"{several} witnesses"

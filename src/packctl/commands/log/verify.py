"""`packctl log verify`: reads a registry's whole log, and checks that it is one history."""

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

EXAMPLES = ("packctl log verify", "packctl log verify --registry corp --json")


class LogVerified(msgspec.Struct, frozen=True):
    """The log as it is now.

    `types` counts its entries by type; `checkpoints` are those known to this machine, `witnesses` who vouch for the newest. `locked`: the
    pack.lock of the project was compared too. Times are RFC 3339 UTC.
    """

    registry: str
    origin: str
    size: int
    root: str
    as_of: str
    types: dict[str, int]
    checkpoints: int
    witnesses: list[str]
    locked: bool


def run(session: Session) -> Outcome[LogVerified]:
    """Check that the registry's public log is one history.

    Every entry is fetched, compared with the tree of the newest checkpoint and read; times must not run backwards. The checkpoint must
    extend each one that this machine has seen, and the one in pack.lock. What the registry lists is compared with its log by
    `packctl audit --full`.
    """
    from packctl.trust.history import check_seen, entries, open_here
    from packspec.index.logged import LogContradiction
    from packspec.moments import moment

    chosen, registry = open_here(session)
    s = registry.checkpoint
    types: dict[str, int] = {}
    at = 0
    with session.progress("reading", past="read") as progress:
        item = progress.item(f"{s.checkpoint.size} entries of {s.checkpoint.origin}")
        for entry in entries(registry):
            if entry.leaf.at < at:
                raise LogContradiction(entry.index, f"its time {entry.leaf.at} is before {at}")
            at = entry.leaf.at
            types[entry.leaf.type_name] = types.get(entry.leaf.type_name, 0) + 1
        item.done()
    return Outcome(
        LogVerified(
            chosen.origin, s.checkpoint.origin, s.checkpoint.size, f"sha256:{s.checkpoint.root.hex()}",
            moment(registry.freshness.signed_at), dict(sorted(types.items())), check_seen(registry),
            [witness.name for witness in s.witnesses], registry.is_locked,
        )
    )  # fmt: skip


def text(result: LogVerified, console: Console) -> None:
    """Size and root, what is in it, and what it was compared with."""
    console.line(f"{safe(result.origin)}: {result.size} entries, one history")
    console.line(f"  root       {result.root}")
    console.line(f"  as of      {result.as_of}")
    console.line(f"  holds      {', '.join(f'{count} {name}' for name, count in result.types.items())}")
    lock = ", pack.lock among them" if result.locked else ""
    console.line(f"  extends    {many(result.checkpoints, 'checkpoint')} that this machine knows{lock}")
    console.line(f"  witnesses  {', '.join(map(safe, result.witnesses)) or 'none'}")

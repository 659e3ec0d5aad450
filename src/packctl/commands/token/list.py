"""`packctl token list`: one's tokens at a registry."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

if TYPE_CHECKING:
    from packspec.protocol.access import TokenView


class One(msgspec.Struct, frozen=True):
    """A token. Times are RFC 3339 UTC, empty where there is none; `state` is `valid`, `expired` or `revoked`."""

    id: str
    label: str
    scopes: list[str]
    state: str
    created: str
    expires: str
    used: str
    made_with: str


class Listing(msgspec.Struct, frozen=True):
    """The tokens, newest first."""

    registry: str
    tokens: list[One]


def run(
    session: Session,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that expired or were revoked")] = False,
) -> Outcome[Listing]:
    """Show your tokens.

    Their texts are not among it: a token is shown once, when it is made.
    """
    from packctl.registry.choose import chosen_client
    from packspec.protocol.access import LIST, ListTokens

    chosen, client = chosen_client(session)
    now = session.clock()
    tokens: list[One] = []
    cursor = ""
    while True:
        page = client.call(LIST, ListTokens(ended=ended, cursor=cursor))
        tokens += [_one(view, now) for view in page.tokens]
        cursor = page.cursor
        if not cursor or not page.tokens:
            return Outcome(Listing(chosen.origin, tokens))


def _one(view: "TokenView", now: int) -> One:
    from packspec.moments import moment

    state = "revoked" if view.revoked_at is not None else "expired" if view.expires_at <= now else "valid"
    used = "" if view.used_at is None else moment(view.used_at)
    return One(
        view.id,
        view.label,
        view.scopes,
        state,
        moment(view.created_at),
        moment(view.expires_at),
        used,
        view.made_with or "",
    )


def text(result: Listing, console: Console) -> None:
    """A table; a word where there are none."""
    columns = [Column("TOKEN", whole=True), Column("LABEL"), Column("MAY"), Column("STATE"), Column("ENDS", whole=True)]
    columns.append(Column("LAST USED", whole=True))
    rows = [
        (one.id, one.label or "-", " ".join(one.scopes), one.state, one.expires, one.used or "never")
        for one in result.tokens
    ]
    write_table(columns, rows, console)
    if not rows:
        console.say("no tokens")


def plain(result: Listing) -> Iterator[tuple[str, ...]]:
    """Id, label, scopes, state, end, last use."""
    for one in result.tokens:
        yield one.id, one.label, " ".join(one.scopes), one.state, one.expires, one.used

"""`packctl trust remove`: forgets a registry."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl trust remove https://registry.example",)


class Done(msgspec.Struct, frozen=True):
    """The registry that is not pinned any more, and the root that was."""

    address: str
    root: str


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="ALIAS or URL", help="The registry, as trust list shows it")],
) -> Outcome[Done]:
    """Forget a registry.

    Its root is not pinned any more, so it is met for the first time again. What was remembered of it (checkpoints and recalls) stays, and
    counts as soon as the same root is pinned again.
    """
    from packctl.trust.roots import NotPinned, Pins
    from packctl.trust.shown import address_named

    address = address_named(session, name)
    pins = Pins(session.places.registries)
    before = pins.find(address)
    if before is None:
        raise NotPinned(name)
    session.ask.must_confirm(f"Forget the root of {address}?")
    pins.forget(address)
    return Outcome(Done(address, before.root.labelled))


def text(result: Done, console: Console) -> None:
    """What was forgotten."""
    console.line(f"Forgot {safe(result.address)} ({result.root})")

"""`packctl license import`: takes a license file, or hands in a receipt."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.licenses.standing import Standing
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packctl.licenses.desk import Desk

EXAMPLES = ("packctl license import answer.license", "packctl license import farm.receipt")


class Imported(msgspec.Struct, frozen=True):
    """What the file was: a license for this machine, or a receipt that freed a place (`freed`: its activation). `new` is false where that
    was known, or this machine has something newer.
    """

    license: Standing | None = None
    freed: str = ""
    new: bool = True


def run(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A license file, or a receipt")],
) -> Outcome[Imported]:
    """Take a license file for this machine, or hand in a receipt.

    A license file answers a request of this very machine and is checked like a token, without network. A receipt comes from a machine
    that gave its place back without network: handing it in frees the place.
    """
    from packctl.licenses.getting import take_file
    from packctl.licenses.opening import desk_for
    from packctl.licenses.paper import read_text
    from packctl.licenses.state import judge
    from packspec.licenses.files import LicenseFile

    text = read_text(session.folder / file, "FILE")
    _, desk = desk_for(session)
    if not text.startswith("{"):
        return Outcome(_hand_in(desk, text))
    holding, is_new = take_file(desk, LicenseFile.read(text.encode()))
    desk.remember()
    judged = judge(desk, holding)
    return Outcome(Imported(judged.standing, new=is_new), errors=() if judged.refused is None else (judged.refused,))


def _hand_in(desk: "Desk", text: str) -> Imported:
    from packspec.licenses.files import Receipt
    from packspec.protocol.activations import HAND_IN_RECEIPT, HandInReceipt

    Receipt.read(text)  # what is wrong with it is told here, in the same words
    done = desk.client.call(HAND_IN_RECEIPT, HandInReceipt(receipt=text))
    return Imported(freed=done.activation.id, new=done.is_new)


def text(result: Imported, console: Console) -> None:
    """One line, on stderr."""
    one = result.license
    if one is not None and one.usable:
        known = "" if result.new else "; what is here is as new as the file"
        console.say(
            f"{safe(one.pack)} can be installed on this machine until {one.lease_ends} (license {one.license}){known}"
        )
    elif one is None:
        console.say(f"{safe(result.freed)} is free{'' if result.new else ' already'}")

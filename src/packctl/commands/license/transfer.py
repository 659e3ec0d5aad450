"""`packctl license transfer`: gives a license to another account."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl license transfer acme/farm-animals-pro --to ada",)


class Transferred(msgspec.Struct, frozen=True):
    """The license, who holds it now, and its new key, which is shown this once."""

    license: str
    pack: str
    holder: str
    key: str


def run(
    session: Session,
    name: LicenseName,
    to: Annotated[str, typer.Option("--to", metavar="ACCOUNT", help="Who holds it from now on")],
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="ACCOUNT", help="The account once more, where nobody can be asked")
    ] = "",
) -> Outcome[Transferred]:
    """Give a license to another account, if its plan allows that.

    The license gets a new key, and every machine and person loses their place; what is installed stays.
    """
    from packctl.licenses.named import asked_license
    from packspec.protocol.licenses import TRANSFER, TransferLicense

    client, license = asked_license(session, name)
    if confirm != to:
        session.ask.typed(f"Type the account that gets {license}", to, option=f"--confirm {to}")
    done = client.call(TRANSFER, TransferLicense(id=license, to=to))
    return Outcome(Transferred(done.license.id, done.license.pack, done.license.holder, done.key))


def text(result: Transferred, console: Console) -> None:
    """The new key on stdout, the rest on stderr."""
    console.say(
        f"{safe(result.pack)} ({result.license}) belongs to {safe(result.holder)} now; its machines lost their places"
    )
    if result.key:
        console.say("Its new key, shown this once:")
        console.line(result.key)

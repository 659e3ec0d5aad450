"""`packctl license request`: asks for a license file, for a machine without network."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import Domain, MachineLabel
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl license request acme/farm-animals-pro -o farm.request",)


class Requested(msgspec.Struct, frozen=True):
    """The file, and the thumbprint of this machine's key, which whoever answers can compare."""

    pack: str
    file: str
    machine: str
    label: str


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A pack")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where the request is written")],
    label: MachineLabel = "",
    domain: Domain = "",
) -> Outcome[Requested]:
    """Ask for a license file, for a machine without network.

    Writes a small file that is signed by the key of this machine and holds no secret. Carry it to whoever holds the license; what comes
    back is for this machine alone: packctl license import.
    """
    import socket

    from packctl.licenses.opening import desk_for
    from packctl.licenses.paper import write_text
    from packspec.licenses.files import Request
    from packspec.names import PackName
    from packspec.signing.encoding import to_base64url

    pack = PackName.parse(name)
    _, desk = desk_for(session, pack.publisher)
    ask = Request(
        id=to_base64url(session.random_bytes(12)),
        iss=desk.name,
        iat=session.clock(),
        pack=pack,
        label=label,
        host_hash=desk.device.host_hash(socket.gethostname()),
        domain=domain,
    )
    path = write_text(session.folder / output, ask.sign(desk.device.key))
    return Outcome(Requested(str(pack), str(path), desk.device.name, label))


def text(result: Requested, console: Console) -> None:
    """What to do with the file, on stderr."""
    from shlex import quote

    console.say(f"Wrote {safe(result.file)} for {safe(result.label) or f'machine {result.machine[:8]}'}")
    console.say(f"  Where there is network: packctl admin license sign {safe(quote(result.file))} -o answer.license")
    console.say("  Then here:              packctl license import answer.license")

"""`packctl admin license sign`: answers the request of a machine without network."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl admin license sign farm.request -o farm.license",)


class Signed(msgspec.Struct, frozen=True):
    """The license file, for which machine, and until when it counts (RFC 3339 UTC)."""

    license: str
    pack: str
    machine: str
    label: str
    file: str
    until: str
    new: bool


def run(
    session: Session,
    request: Annotated[str, typer.Argument(metavar="REQUEST", help="The file that packctl license request wrote")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where the license file is written")],
    license: Annotated[
        str, typer.Option("--license", metavar="LICENSE", help="Which license, such as L-12; by default your own")
    ] = "",
) -> Outcome[Signed]:
    """Answer the request of a machine without network.

    The machine takes a place of the license. The file is for that machine alone, and the same request always gets the same place.
    """
    from packctl.licenses.named import Named, own_license
    from packctl.licenses.paper import read_text, write_text
    from packctl.registry.choose import chosen_client
    from packspec.licenses.files import Request
    from packspec.moments import moment
    from packspec.protocol.activations import SIGN_FILE, SignRequest

    text = read_text(session.folder / request, "REQUEST")
    ask, device = Request.read(text)
    _, client = chosen_client(session, ask.pack.publisher)
    named = Named.parse(license or ask.license or str(ask.pack))
    got = client.call(SIGN_FILE, SignRequest(id=own_license(client, named), request=text))
    path = write_text(session.folder / output, got.file)
    place = got.activation
    return Outcome(
        Signed(
            place.license,
            str(ask.pack),
            device.thumbprint,
            place.label,
            str(path),
            moment(place.expires_at),
            got.is_new,
        )
    )


def text(result: Signed, console: Console) -> None:
    """What to do with the file, on stderr."""
    from shlex import quote

    label = safe(result.label) if result.label else f"machine {result.machine[:8]}"
    console.say(f"Wrote {safe(result.file)}: {safe(result.pack)} on {label} until {result.until} ({result.license})")
    console.say(f"  On that machine: packctl license import {safe(quote(result.file))}")

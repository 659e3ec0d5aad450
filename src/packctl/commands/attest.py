"""`packctl attest`: what the publisher declares about the safety of a release, before its approval."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import Key
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    'packctl attest acme/farm-animals@2.1.0 --claim "no-tracking=Nothing is sent anywhere."',
    "packctl attest acme/farm-animals@2.1.0 --key tom-2026",
)


class Claim(msgspec.Struct, frozen=True):
    """One declaration."""

    name: str
    text: str


class Attested(msgspec.Struct, frozen=True):
    """What is attested of a release, by which key, and how many signatures it has and needs. `attestation` is its digest: `sha256:...`."""

    registry: str
    pack: str
    version: str
    submission: str
    attestation: str
    claims: list[Claim]
    key: str
    signatures: int
    needed: int


def run(
    session: Session,
    release: Annotated[
        str, typer.Argument(metavar="NAME@VERSION", help="A release that was handed in and not decided about")
    ],
    claim: Annotated[
        list[str] | None,
        typer.Option(
            "--claim", metavar="NAME=TEXT", help="What you declare; may be repeated. None: sign what was begun"
        ),
    ] = None,
    key: Key = None,
) -> Outcome[Attested]:
    """Declare the safety of a release, signed with your release key.

    A reviewer who approves with the safety level attested cites the declaration, which everybody can read from then on. As many keys sign
    it as sign a release: another person runs the command without --claim. Declaring something else takes the place of what was declared.
    """
    from packctl.publish.attest import attest, claims_from, waiting_submission
    from packctl.registry.choose import chosen_client
    from packspec.names import ReleaseName

    name, claims = ReleaseName.parse(release), claims_from(claim) if claim else ()
    chosen, client = chosen_client(session, name.pack.publisher)
    done = attest(session, client, waiting_submission(client, name.pack, name.version), claims, key)
    view = done.view
    return Outcome(
        Attested(
            chosen.origin, str(view.pack), str(view.version), view.id, done.digest.labelled,
            [Claim(one.name, one.text) for one in done.attestation.claims], done.by,
            view.attestation_signatures, view.signatures_needed,
        )
    )  # fmt: skip


def text(result: Attested, console: Console) -> None:
    """The digest on stdout; what is still missing on stderr."""
    console.line(f"{safe(result.pack)} {safe(result.version)} is attested: {result.attestation}")
    console.say(f"Signed by {result.signatures} of {result.needed} {'key' if result.needed == 1 else 'keys'}")
    if result.signatures < result.needed:
        console.say(f"  Another person runs: packctl attest {safe(result.pack)}@{safe(result.version)}")

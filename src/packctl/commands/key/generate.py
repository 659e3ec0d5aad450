"""`packctl key generate`: a new private key on this machine."""

from enum import StrEnum
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl key generate acme-2026 --role release", "packctl key generate kim --role reviewer")


class Role(StrEnum):
    """What a key is meant for. Any P-256 key could be any of these; the word only chooses what is said."""

    OWNER = "owner"
    RELEASE = "release"
    REVIEWER = "reviewer"


class Generated(msgspec.Struct, frozen=True):
    """The new key: its name, id (64 hex digits), fingerprint, public half (base64 of the DER SubjectPublicKeyInfo) and file."""

    name: str
    role: str
    key_id: str
    fingerprint: str
    public: str
    file: str
    sealed: bool


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="How you call it: lower-case letters, digits, hyphens")],
    role: Annotated[
        Role | None, typer.Option("--role", help="What it is for; only chooses the hint at the end")
    ] = None,
    passphrase_file: Annotated[
        str, typer.Option("--passphrase-file", metavar="FILE", help="Its first line is the passphrase")
    ] = "",
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Keep the key in the open: whoever gets the file can sign")
    ] = False,
) -> Outcome[Generated]:
    """Make a key on this machine.

    It is sealed with a passphrase, in a file that only you can read. Nothing is sent anywhere: publisher register and the registry's
    operator make its public half known.
    """
    from packctl.keys import RANDOM_BYTES, Keys
    from packctl.publish.signer import new_passphrase

    keys = Keys(session.places.keys)
    keys.check_new(name)
    file = passphrase_file or session.settings.signing_passphrase_file
    passphrase = new_passphrase(session, name, file, none=no_passphrase)
    made = keys.make(name, session.random_bytes(RANDOM_BYTES), passphrase)
    public = made.public
    return Outcome(
        Generated(
            made.name,
            role.value if role else "",
            str(public.key_id),
            public.fingerprint,
            public.base64,
            str(made.path),
            made.is_sealed,
        )
    )


_OWNER = "As owner key:    packctl publisher register PUBLISHER --owner {name} --release RELEASE-KEY"
_OWNS = "                 or, where the publisher is registered: packctl owner add PUBLISHER {name}"
_RELEASE = "As release key:  packctl publisher register PUBLISHER --owner OWNER-KEY --release {name}"
_ADDED = "                 or, where the publisher is registered: packctl key add PUBLISHER {name}"
_REVIEWER = "As reviewer:     packctl key export {name} > {name}.pub"
_LISTED = "                 and the registry's operator: registry-server reviewer add NAME {name}.pub --keys DIR"
_NEXT = {
    "": (_OWNER, _RELEASE, _REVIEWER, _LISTED),
    Role.OWNER.value: (
        "Keep a copy where no network is: it alone can change the keys of your publisher",
        _OWNER,
        _OWNS,
    ),
    Role.RELEASE.value: (_RELEASE, _ADDED),
    Role.REVIEWER.value: (_REVIEWER, _LISTED),
}


def text(result: Generated, console: Console) -> None:
    """Name and fingerprint on stdout; file and what to do next on stderr."""
    console.line(f"{safe(result.name)}  {result.fingerprint}")
    sealed = "sealed with your passphrase" if result.sealed else "without a passphrase"
    console.say(f"  {safe(result.file)}, {sealed}")
    for line in _NEXT[result.role]:
        console.say(f"  {line.format(name=safe(result.name))}")

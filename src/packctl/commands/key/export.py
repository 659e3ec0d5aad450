"""`packctl key export`: a key's public half, or a copy of its sealed file."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import AgainstPolicy

EXAMPLES = (
    "packctl key export kim",
    "packctl key export agent:kim@laptop",
    "packctl key export acme-owner --sealed -o /media/usb/acme-owner.key",
)


class Exported(msgspec.Struct, frozen=True):
    """The key's public half (base64 of the DER SubjectPublicKeyInfo); with --sealed the file that was written, else empty."""

    name: str
    fingerprint: str
    public: str
    file: str


class NotSealed(AgainstPolicy):
    """A key without a passphrase is not copied."""

    name: str
    path: str
    code = "cli.key-not-sealed"

    def what(self) -> str:
        return f"{self.name} has no passphrase, so its file is not copied"

    def why(self) -> str:
        return "whoever finds the copy could sign in your name"

    def fix(self) -> list[str]:
        return [f"copy {self.path} yourself, to where nobody else can read it"]


class NotInFile(AgainstPolicy):
    """The private half of a key in an agent cannot be copied."""

    name: str
    code = "agent.not-a-file"

    def what(self) -> str:
        return f"{self.name} is in the ssh agent, which never gives it away"

    def fix(self) -> list[str]:
        return [f"packctl key export {self.name}", "copy the file that was given to ssh-add"]


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="KEY", help="Its name, or the beginning of its id")],
    sealed: Annotated[
        bool, typer.Option("--sealed", help="Copy the private half too, as it is sealed; needs -o")
    ] = False,
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where the copy goes")] = "",
) -> Outcome[Exported]:
    """Print a key's public half, on one line, as registry-server reviewer add takes it.

    With --sealed and -o its file is copied as it is, for a second machine or a safe place: it opens with the same passphrase.
    """
    from packctl.durable import PRIVATE, Folder
    from packctl.keyring import KeyRing
    from packctl.keys import KeyIsThere, StoredKey
    from packctl.usage import check_folder_of
    from packspec import limits
    from packspec.commandline import MissingArgument

    key = KeyRing(session).find(name)
    written = ""
    if sealed or output:
        if not output:
            raise MissingArgument("-o FILE", "key export --sealed")
        target = (session.folder / output).absolute()
        data = (key.public.base64 + "\n").encode()
        if sealed:
            if not isinstance(key, StoredKey):
                raise NotInFile(key.name)
            if not key.is_sealed:
                raise NotSealed(key.name, str(key.path))
            with Folder.open(key.path.parent) as folder:
                data = folder.read(key.path.name, limits.KEY_FILE_BYTES)
        check_folder_of(target)
        if target.exists():
            raise KeyIsThere(target.name, target)
        with Folder.open(target.parent) as folder:
            folder.write_once(target.name, data, PRIVATE)
        written = str(target)
    return Outcome(Exported(key.name, key.public.fingerprint, key.public.base64, written))


def text(result: Exported, console: Console) -> None:
    """The public half on stdout; where the copy is on stderr."""
    if result.file:
        console.say(f"Wrote {safe(result.file)}")
    else:
        console.line(result.public)

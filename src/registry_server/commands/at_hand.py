"""Keys that whoever types a command has at hand: offline keys in files or in an ssh agent, and public halves that others gave them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from packspec.errors import Invalid
from registry_server.commands.documents import NoSuchFile, read_named
from registry_server.commands.shell import agent

if TYPE_CHECKING:
    from packspec.signing.keys import PublicKey, Signer

KEYS_HELP = "An offline key, a folder of them, or agent:COMMENT for one that the ssh agent holds."
_LONGEST_PATH = 120
"""A public key is longer as text."""


class NobodyToAsk(Invalid):
    """A passphrase is needed, and there is no terminal to type it at."""

    name: str

    code = "ceremony.nobody-to-ask"

    def what(self) -> str:
        return f"the passphrase of {self.name} is needed, and nobody is there to type it"

    def why(self) -> str:
        return "a passphrase is asked for on a terminal and nowhere else"

    def fix(self) -> list[str]:
        return ["run the command on a terminal"]


class NotAKey(Invalid):
    """What should be a public key, or a file with one, is none."""

    asked: str
    reason: str
    made_by: tuple[str, ...]

    code = "ceremony.not-a-key"

    def what(self) -> str:
        return f"{self.asked[:40]!r} is no public key, and no file with one: {self.reason}"

    def why(self) -> str:
        return "a public key is one line of base64, and counts only as a whole"

    def fix(self) -> list[str]:
        return ["copy the whole line that one of these prints, where the key is:", *self.made_by]


def public_key(asked: str, *made_by: str) -> "PublicKey":
    """The public key that `asked` is, or that stands in the file of this name; `made_by` says who prints such a line. Raises NotAKey."""
    from packspec.signing.keys import BadKey, PublicKey

    text = asked
    if len(asked) <= _LONGEST_PATH and Path(asked).exists():
        text = read_named(Path(asked)).decode("ascii", "replace").strip()
    try:
        return PublicKey.parse(text)
    except BadKey as error:
        raise NotAKey(asked, error.reason, made_by) from error


def private_keys(asked: str) -> "list[Signer]":
    """The keys that `asked` names: a file, a folder, or those of the ssh agent. For a sealed file its passphrase is asked.

    Raises NoSuchFile, KeyUnreadable, NobodyToAsk, AgentUnreachable, AgentKeyMissing, AgentKeyKind, SeveralAgentKeys, BadSsh.
    """
    from packspec.signing.agent import AGENT
    from registry_server.signer import open_key

    if asked.startswith(AGENT):
        return [agent().find(asked)]
    path = Path(asked)
    if not (path.is_dir() or path.is_file()):
        raise NoSuchFile(asked, "it is not a file" if path.exists() else "it is not there")
    files = sorted(path.glob("*.key")) if path.is_dir() else [path]
    return [open_key(file, passphrase_for) for file in files]


def passphrase_for(name: str, *, is_new: bool = False) -> str:
    """The passphrase of a key file, as the person at the terminal types it. Raises NobodyToAsk."""
    if not sys.stdin.isatty():
        raise NobodyToAsk(name)
    return str(typer.prompt(f"Passphrase of {name}", hide_input=True, confirmation_prompt=is_new, err=True))

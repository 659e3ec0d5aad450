"""`packctl completion`: prints a script that makes a shell complete packctl. No file of the shell is touched."""

from typing import Annotated, Literal

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = (
    'eval "$(packctl completion bash)"',
    "packctl completion fish > ~/.config/fish/completions/packctl.fish",
    "packctl completion powershell | Out-String | Invoke-Expression",
)
SETTINGS = False


class Script(msgspec.Struct, frozen=True):
    """The script for one shell."""

    shell: str
    script: str


def run(
    session: Session,
    shell: Annotated[
        Literal["bash", "zsh", "fish", "powershell"],
        typer.Argument(metavar="SHELL", help="bash, zsh, fish, powershell"),
    ],
) -> Outcome[Script]:
    """Print a script that completes packctl in a shell.

    Commands, options and their words stand in the script; names of packs are those of the project, and what its registry listed when it was
    last asked. Nothing is asked over the network, and no file of the shell is changed: the first lines of the script say how to keep it.
    After an update of packctl print it anew.
    """
    from packctl.completion import bash, fish, powershell, tree

    nodes = list(tree.nodes())
    if shell == "fish":
        return Outcome(Script(shell, fish.script(nodes)))
    if shell == "powershell":
        return Outcome(Script(shell, powershell.script(nodes)))
    return Outcome(Script(shell, bash.script(nodes, shell)))


def text(result: Script, console: Console) -> None:
    """The script."""
    for line in result.script.splitlines():
        console.line(line)

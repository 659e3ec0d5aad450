"""The command line of `registry-server`: every command with one line of help, and how a run of one ends.

They run where the data is; what a person administers from afar is `packctl admin`. As in packctl, results go to stdout and everything
else to stderr.
"""

import sys
import tempfile
import traceback
from importlib import metadata
from typing import Annotated

import typer

from packspec.commandline import Unexpected
from packspec.errors import PackError, redact
from registry_server import telling, usage
from registry_server.commands import accounts, beginning, keys, licenses, publishers, reviewers, upkeep, witness
from registry_server.commands.shell import say

HELP = {"help_option_names": ["-h", "--help"]}


def group(text: str) -> typer.Typer:
    """A group of commands with its line of help."""
    return typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, context_settings=HELP, help=text
    )


app = group("The registry that packctl talks to: one process, one folder.")
account = group("People, before they can log in.")
license = group("Licenses of a closed network.")
reviewer = group("Who may approve releases; signed by the offline keys.")
keyring = group("The keys of the registry: what ends when, and ceremonies with the offline keys.")
publisher = group("Publishers whose owners lost their keys.")
app.add_typer(account, name="account")
app.add_typer(publisher, name="publisher")
app.add_typer(keyring, name="keys")
app.add_typer(reviewer, name="reviewer")
app.add_typer(license, name="license")


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
) -> None:
    """The registry that packctl talks to: one process, one folder.

    A registry is begun with `init`, people get a token with `account add`, who may approve is said with `reviewer add`, and `serve` runs
    it. Every command finds the data folder in --data, else in REGISTRY_DATA, else in registry-data below the current folder.
    """


app.command("init", short_help="Make data folder, database and keys.")(beginning.init)
app.command("serve", short_help="Serve the registry.")(beginning.serve)
app.command("witness", short_help="Witness the logs of other registries.")(witness.witness)
app.command("migrate", short_help="Bring the database to the schema of this version.")(upkeep.migrate)
app.command("resign", short_help="Sign the static side anew.")(upkeep.resign)
app.command("check-trail", short_help="Check the trail, entry by entry, against the public log.")(upkeep.check_trail)
app.command("check-settings", short_help="Show every setting, and every problem at once.")(upkeep.check_settings)
keyring.command("status", short_help="Show what ends when, and which keys sign.")(keys.status)
keyring.command("ceremony", short_help="Prepare what the offline keys shall sign.")(keys.ceremony)
keyring.command("rotate", short_help="Prepare other keys for roles.")(keys.rotate)
keyring.command("sign", short_help="Sign what was prepared, with an offline key.")(keys.sign)
keyring.command("publish", short_help="Put in force what was signed.")(keys.publish)
keyring.command("log", short_help="Print the key of the log, for its witnesses.")(keys.log_key)
keyring.command("generate", short_help="Make an offline key.")(keys.generate)
license.command("import", short_help="Take in places for this closed network.")(licenses.take)
account.command("add", short_help="Add a person and print a token for them, once.")(accounts.add)
publisher.command("reset", short_help="Prepare other owners, signed by the offline keys.")(publishers.reset)
reviewer.command("add", short_help="Put a reviewer's public key on the list.")(reviewers.add)
reviewer.command("remove", short_help="Take a reviewer off the list.")(reviewers.remove)
reviewer.command("list", short_help="Show who may approve releases.")(reviewers.show)


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and gives its exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    if given in (["--version"], ["-V"]):
        typer.echo(f"registry-server {metadata.version('packctl')}")
        return 0
    try:
        result = app(given or ["--help"], standalone_mode=False, prog_name=usage.PROGRAM)
    except typer.Exit as end:
        return end.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except Exception as error:  # noqa: BLE001  (here every exception ends: as ours, or as our fault)
        refused = error if isinstance(error, PackError) else usage.refusal(error) or _unexpected(error, given)
        say(telling.lines_of(refused, _data_given(given)))
        return refused.kind.exit_code
    return result if isinstance(result, int) else 0


def _data_given(arguments: list[str]) -> str:
    """What --data says, also where the rest could not be read."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--data" or word.startswith("--data="):
            return word.partition("=")[2] or following
    return ""


def _unexpected(error: Exception, arguments: list[str]) -> Unexpected:
    """Our fault, with a report in the temporary folder: arguments and traceback, tokens removed."""
    text = redact(f"arguments: {arguments}\n\n{''.join(traceback.format_exception(error))}")
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", errors="backslashreplace", delete=False, prefix="registry-server-", suffix=".txt"
        ) as file:
            file.write(text)
        report = file.name
    except OSError:
        report = ""
    return Unexpected(type(error).__name__, "", report, usage.PROGRAM)

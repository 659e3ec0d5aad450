"""The commands of `registry-server`, run where the data is. What a person administers from afar is `packctl admin`.

Only here and in `__main__` the environment is read, something is printed, and the process ends. As in packctl, results go to stdout and
everything else to stderr.
"""

import os
import secrets
import shlex
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import metadata
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from packspec.errors import NotFound, PackError, redact
from registry_server import telling, usage
from registry_server.actor import TERMINAL, Role
from registry_server.settings import Secret, Settings, all_settings
from registry_server.world import Surroundings, World, open_world

HELP = {"help_option_names": ["-h", "--help"]}


def group(text: str) -> typer.Typer:
    """A group of commands with its line of help."""
    return typer.Typer(
        add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, context_settings=HELP, help=text
    )


app = group("The registry that packctl talks to: one process, one folder.")
account = group("People, before they can log in.")
reviewer = group("Who may approve releases; signed by the offline keys.")
app.add_typer(account, name="account")
app.add_typer(reviewer, name="reviewer")


@app.callback()
def about(
    version: Annotated[bool, typer.Option("--version", "-V", help="Print the version and exit.")] = False,
) -> None:
    """The registry that packctl talks to: one process, one folder.

    A registry is begun with `init`, people get a token with `account add`, who may approve is said with `reviewer add`, and `serve` runs
    it. Every command finds the data folder in --data, else in REGISTRY_DATA, else in registry-data below the current folder.
    """


class NotBegun(NotFound):
    """A data folder without a registry."""

    folder: str

    code = "registry.not-begun"

    def what(self) -> str:
        return f"there is no registry in {self.folder}"

    def fix(self) -> list[str]:
        return [f"registry-server init --data {shlex.quote(self.folder)}"]


Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The data folder: REGISTRY_DATA, or registry-data.", show_default=False),
]


def say(lines: Iterable[str]) -> None:
    """What is no result, on stderr."""
    for line in lines:
        typer.echo(line, err=True)


def settings_from(data: Path | None, **http: object) -> Settings:
    """The settings of the environment, with what the command line says in their place. Raises BadSettings."""
    settings = Settings.from_env(os.environ)
    if data is not None:
        settings = msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, data=str(data)))
    given = {name: value for name, value in http.items() if value is not None}
    return msgspec.structs.replace(settings, http=msgspec.structs.replace(settings.http, **given))


@contextmanager
def opened(settings: Settings, *, alone: bool = True, begun: bool = True) -> Iterator[World]:
    """The world of the data folder; `alone` keeps other processes out. What only writes rows may run beside a server.

    Raises DataInUse, FolderUnusable, and with `begun` NotBegun where no registry is.
    """
    surroundings = Surroundings(now=lambda: int(time.time()), randomness=secrets.token_bytes, log_to=sys.stderr)
    world = open_world(settings, surroundings)
    if begun and not world.folder.public.exists():
        raise NotBegun(str(world.folder.root))
    try:
        with world.folder.hold() if alone else nullcontext():
            yield world
    finally:
        world.close()


@app.command(short_help="Make data folder, database and keys.")
def init(
    data: Data = None,
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="The registry's name, for ever: by default the host's.", show_default=False
        ),
    ] = "",
    offline_keys: Annotated[
        Path | None,
        typer.Option(
            "--offline-keys",
            metavar="DIR",
            help="Where the offline keys go: by default beside the data folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make data folder, database and keys. Doing it again completes what is missing.

    The offline keys sign the registry's root and the list of reviewers. They are written into a folder of their own, which belongs off
    this machine.
    """
    from registry_server.steps import Beginning, begin

    with opened(settings_from(data), begun=False) as world:
        made = begin(world, Beginning(name, offline_keys))
        _tell_beginning(made)
        if not made:
            say([f"nothing to do: there is a registry in {world.folder.root}"])
        elif "root" in made:
            say(telling.next_steps(data, made["offline keys"]))


def _tell_beginning(made: dict[str, str]) -> None:
    """What was made, as facts that can be cut out with grep; and the one thing that must not be missed."""
    for line in telling.facts(made, indent=0):
        typer.echo(line)
    if "offline keys" in made:
        say(telling.OFFLINE_KEYS)


@app.command("serve", short_help="Serve the registry.")
def serve_command(
    data: Data = None,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Address to listen on: 127.0.0.1.", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="PORT", min=0, max=65535, help="8787; 0 chooses a free one.", show_default=False
        ),
    ] = None,
) -> None:
    """Serve the registry until Ctrl-C or TERM. On an empty data folder, what `init` does comes first."""
    from registry_server.serve import serve
    from registry_server.steps import Beginning, begin

    with opened(settings_from(data, host=host, port=port), begun=False) as world:
        if made := begin(world, Beginning("")):
            # one stream, so that packctl serve and a log keep the order
            for line in [*telling.facts(made, indent=0), *(telling.OFFLINE_KEYS if "offline keys" in made else ())]:
                typer.echo(line)
        serve(world, lambda url: typer.echo(f"registry-server: listening on {url}"))


@account.command("add", short_help="Add a person and print a token for them, once.")
def add_account(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and inner hyphens.")],
    roles: Annotated[
        list[Role] | None,
        typer.Option("--role", metavar="ROLE", help="admin or reviewer; may be repeated.", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Add a person and print a token for them, once. For somebody who is there already: add the roles and print a new token.

    The token alone is stdout, so that it can go into a file: registry-server account add mia > mia.token
    """
    from registry_server.db.migrate import check_schema
    from registry_server.people import add_person

    with opened(settings_from(data), alone=False) as world:
        check_schema(world.database)
        added = add_person(world, TERMINAL, name, roles or [])
        typer.echo(added.token)
        say(telling.account(name, added))


OfflineFolder = Annotated[Path, typer.Option("--keys", metavar="DIR", help="The folder with the offline keys.")]


def _listed_name(text: str) -> str:
    """A name as it can stand in the public list for ever, and in a line of output."""
    if not 0 < len(text) <= 100 or not text.isprintable() or text != text.strip():
        raise typer.BadParameter(
            f"{text[:120]!r} is no name: 1 to 100 characters that can be seen, no blank around them"
        )
    return text


@reviewer.command("add", short_help="Put a reviewer's public key on the list.")
def add_reviewer_command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="The reviewer's account; the public list says it too.", callback=_listed_name
        ),
    ],
    key: Annotated[
        str, typer.Argument(metavar="PUBLIC-KEY", help="As packctl key export prints it, or a file that holds it.")
    ],
    keys: OfflineFolder,
    threshold: Annotated[
        int | None,
        typer.Option(
            "--threshold", metavar="N", min=1, help="How many reviewers must approve: as before.", show_default=False
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Put a reviewer's public key on the list. It works while the registry is being served.

    NAME is the reviewer's account: it opens the queue, and what that account publishes this key cannot approve. One is made with
    registry-server account add NAME --role reviewer
    """
    from packspec.signing.keys import PublicKey
    from registry_server.index.reviewers import add_reviewer

    text = Path(key).read_text(encoding="ascii", errors="replace").strip() if Path(key).is_file() else key
    with registry(data) as world:
        row = add_reviewer(world, keys, name, PublicKey.parse(text), threshold)
        typer.echo(f"{name} may approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


@reviewer.command("remove", short_help="Take a reviewer off the list.")
def remove_reviewer_command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name in the list.")],
    keys: OfflineFolder,
    data: Data = None,
) -> None:
    """Take a reviewer off the list. What they approved before stays approved."""
    from registry_server.index.reviewers import remove_reviewer

    with registry(data) as world:
        row = remove_reviewer(world, keys, name)
        typer.echo(f"{name} cannot approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


@reviewer.command("list", short_help="Show who may approve releases.")
def list_reviewers_command(data: Data = None) -> None:
    """Show who may approve releases: name, fingerprint and public key."""
    from registry_server.index.reviewers import reviewers

    with registry(data) as world:
        row = reviewers(world)
        for one in row.keys if row else ():
            typer.echo(f"{one.name}  {one.key.fingerprint}  {one.key.base64}")
        say([f"{row.threshold} of {len(row.keys)} must approve" if row else "nobody can approve anything yet"])


@contextmanager
def registry(data: Path | None) -> Iterator[World]:
    """A registry that exists, opened beside the server that may be serving it. Raises SchemaDiffers, KeyUnreadable."""
    from registry_server.db.migrate import check_schema
    from registry_server.steps import open_registry

    with opened(settings_from(data), alone=False) as world:
        check_schema(world.database)
        open_registry(world)
        yield world


@app.command(short_help="Bring the database to the schema of this version.")
def migrate(data: Data = None) -> None:
    """Bring the database to the schema of this version."""
    from registry_server.db.migrate import migrate as run
    from registry_server.db.migrate import newest

    with opened(settings_from(data)) as world:
        applied = run(world.database)
        typer.echo(f"applied {', '.join(applied)}" if applied else f"nothing to do: the schema is {newest()}")


@app.command(short_help="Sign the static side anew.")
def resign(
    clock_is_right: Annotated[
        bool,
        typer.Option(
            "--clock-is-right", help="Also if it was signed at a later time, because the clock was ahead then."
        ),
    ] = False,
    data: Data = None,
) -> None:
    """Sign what is near its end anew, as the server does by itself while it runs: for a registry that is served by other means.

    It works while the registry is being served. Roles of the offline keys are left as they are.
    """
    from registry_server.index import actions as index
    from registry_server.signer import OnlineKeys

    with opened(settings_from(data), alone=False) as world:
        world.signer = OnlineKeys.read(world.folder.keys)
        if clock_is_right:
            index.resign_all(world)
        written = clock_is_right or index.resign(world)
        typer.echo("signed anew" if written else "nothing to do: nothing is near its end")


@app.command("check-settings", short_help="Show every setting, and every problem at once.")
def check_settings(data: Data = None) -> None:
    """Show every setting as this process would see it, and every problem at once. Secrets are not shown."""
    settings = settings_from(data)
    for concern, known in all_settings():
        values = next(value for value in msgspec.structs.astuple(settings) if isinstance(value, concern))
        for setting in known:
            typer.echo(f"{setting.variable}={_shown(getattr(values, setting.field))}")


def _shown(value: object) -> str:
    match value:
        case Secret():
            return "(set, not shown)" if value else ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)


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


def _unexpected(error: Exception, arguments: list[str]) -> usage.Unexpected:
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
    return usage.Unexpected(type(error).__name__, usage.PROGRAM, report)

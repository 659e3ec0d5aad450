"""The commands of `registry-server`, run where the data is. What a person administers from afar is `packctl admin`.

Only here and in `__main__` the environment is read, something is printed, and the process ends.
"""

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from packspec.errors import NotFound, PackError
from registry_server.actor import TERMINAL, Role
from registry_server.settings import Settings, all_settings
from registry_server.world import Surroundings, World, open_world

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="The registry that packctl talks to: one process, one folder.",
)
account = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="People, before they can log in.")
reviewer = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Who may approve releases; signed by the offline keys."
)
app.add_typer(account, name="account")
app.add_typer(reviewer, name="reviewer")


@dataclass(eq=False)
class NotBegun(NotFound):
    """A data folder without a registry."""

    folder: str

    code = "registry.not-begun"

    def what(self) -> str:
        return f"there is no registry in {self.folder}"

    def fix(self) -> list[str]:
        return [f"registry-server init --data {self.folder}"]


Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The data folder.", show_default="registry-data")
]


def settings_from(data: Path | None, **http: object) -> Settings:
    """The settings of the environment, with what the command line says in their place. Raises BadSettings."""
    settings = Settings.from_env(os.environ)
    if data is not None:
        settings = msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, data=str(data)))
    given = {name: value for name, value in http.items() if value is not None}
    return msgspec.structs.replace(settings, http=msgspec.structs.replace(settings.http, **given))


@contextmanager
def opened(settings: Settings, *, alone: bool = True) -> Iterator[World]:
    """The world of the data folder; `alone` keeps other processes out. What only writes rows may run beside a server. Raises DataInUse."""
    surroundings = Surroundings(now=lambda: int(time.time()), randomness=secrets.token_bytes, log_to=sys.stderr)
    world = open_world(settings, surroundings)
    if not alone and not world.folder.public.exists():
        raise NotBegun(str(world.folder.root))
    try:
        with world.folder.hold() if alone else nullcontext():
            yield world
    finally:
        world.close()


@app.command()
def init(
    data: Data = None,
    name: Annotated[
        str, typer.Option("--name", help="The registry's name, for ever. By default the host's name.")
    ] = "",
    offline_keys: Annotated[
        Path | None,
        typer.Option(
            "--offline-keys", metavar="DIR", help="Where the offline keys go.", show_default="beside the data folder"
        ),
    ] = None,
) -> None:
    """Make data folder, database and keys. Doing it again completes what is missing."""
    from registry_server.steps import Beginning, begin

    with opened(settings_from(data)) as world:
        for line in begin(world, Beginning(name, offline_keys)):
            typer.echo(line)


@app.command("serve")
def serve_command(
    data: Data = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="0 chooses a free port.", show_default="8787")
    ] = None,
) -> None:
    """Serve the registry. On an empty data folder, `init` comes first."""
    from registry_server.serve import serve
    from registry_server.steps import Beginning, begin

    with opened(settings_from(data, host=host, port=port)) as world:
        for line in begin(world, Beginning("")):
            typer.echo(line)
        serve(world, lambda url: typer.echo(f"registry-server: listening on {url}"))


@account.command("add")
def add_account(
    name: Annotated[str, typer.Argument(help="Lower-case letters, digits and inner hyphens.")],
    roles: Annotated[
        list[Role] | None, typer.Option("--role", help="An office at this registry; may be repeated.")
    ] = None,
    data: Data = None,
) -> None:
    """Add a person and print their token, once. For somebody who is there already: give the offices and a new token."""
    from registry_server.db.migrate import check_schema
    from registry_server.people import add_person

    with opened(settings_from(data), alone=False) as world:
        check_schema(world.database)
        typer.echo(add_person(world, TERMINAL, name, roles or []))


OfflineFolder = Annotated[Path, typer.Option("--keys", metavar="DIR", help="The folder with the offline keys.")]


@reviewer.command("add")
def add_reviewer_command(
    name: Annotated[str, typer.Argument(help="How the reviewer is called in the public list.")],
    key: Annotated[
        str, typer.Argument(metavar="PUBLIC-KEY", help="As `packctl key export` prints it, or a file that holds it.")
    ],
    keys: OfflineFolder,
    threshold: Annotated[
        int | None, typer.Option(min=1, help="How many reviewers must approve.", show_default="as before")
    ] = None,
    data: Data = None,
) -> None:
    """Put a reviewer's public key on the list."""
    from packspec.signing.keys import PublicKey
    from registry_server.index.reviewers import add_reviewer

    text = Path(key).read_text(encoding="ascii", errors="replace").strip() if Path(key).is_file() else key
    with registry(data) as world:
        row = add_reviewer(world, keys, name, PublicKey.parse(text), threshold)
        typer.echo(f"{name} may approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


@reviewer.command("remove")
def remove_reviewer_command(
    name: Annotated[str, typer.Argument(help="The name in the list.")], keys: OfflineFolder, data: Data = None
) -> None:
    """Take a reviewer off the list. What they approved before stays approved."""
    from registry_server.index.reviewers import remove_reviewer

    with registry(data) as world:
        row = remove_reviewer(world, keys, name)
        typer.echo(f"{name} cannot approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


@reviewer.command("list")
def list_reviewers_command(data: Data = None) -> None:
    """Show who may approve releases."""
    from registry_server.index.reviewers import reviewers

    with registry(data) as world:
        row = reviewers(world)
        for one in row.keys if row else ():
            typer.echo(f"{one.name}  {one.key.fingerprint}  {one.key.base64}")
        typer.echo(
            f"{row.threshold} of {len(row.keys)} must approve" if row else "nobody can approve anything yet", err=True
        )


@contextmanager
def registry(data: Path | None) -> Iterator[World]:
    """A registry that exists, opened beside the server that may be serving it. Raises SchemaDiffers, KeyUnreadable."""
    from registry_server.db.migrate import check_schema
    from registry_server.steps import open_registry

    with opened(settings_from(data), alone=False) as world:
        check_schema(world.database)
        open_registry(world)
        yield world


@app.command()
def migrate(data: Data = None) -> None:
    """Bring the database to the schema of this version."""
    from registry_server.db.migrate import migrate as run
    from registry_server.db.migrate import newest

    with opened(settings_from(data)) as world:
        applied = run(world.database)
        typer.echo(f"applied {', '.join(applied)}" if applied else f"nothing to do: the schema is {newest()}")


@app.command("check-settings")
def check_settings(data: Data = None) -> None:
    """Show every setting as this process would see it, and every problem at once."""
    settings = settings_from(data)
    for concern, known in all_settings():
        values = next(value for value in msgspec.structs.astuple(settings) if isinstance(value, concern))
        for setting in known:
            typer.echo(f"{setting.variable}={getattr(values, setting.field)}")


def main(arguments: list[str] | None = None) -> int:
    """Runs a command and gives its exit status."""
    try:
        result = app(arguments, standalone_mode=False)
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        return 130
    except PackError as error:
        _tell(error)
        return error.kind.exit_code
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        typer.echo(f"error: {error.format_message()}", err=True)
        return 2
    return result if isinstance(result, int) else 0


def _tell(error: PackError) -> None:
    typer.echo(f"error[{error.code}]: {error.what()}", err=True)
    for label, fact in error.facts().items():
        typer.echo(f"  {label}: {fact}", err=True)
    if why := error.why():
        typer.echo(why, err=True)
    for fix in error.fix():
        typer.echo(f"  fix: {fix}", err=True)

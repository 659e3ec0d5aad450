"""The JSON document of `--json`: one per command, on success and on failure, and the JSON schema of it."""

from typing import Any, Generic, TypeVar

import msgspec

from packctl.outcome import Notice
from packspec.errors import PackError, Where
from packspec.problems import Relayed

T = TypeVar("T")


class Failure(msgspec.Struct, frozen=True):
    """An error. `fix` are commands to paste, `because` the causes, nearest first; `request_id` is the server's, or empty.

    `said_by` is `packctl`, or `registry` where all texts, `fix` too, are the words of a server, which packctl does not vouch for.
    """

    code: str
    kind: str
    exit: int
    what: str
    facts: dict[str, str]
    why: str
    fix: list[str]
    where: Where | None
    because: list[str]
    request_id: str
    said_by: str


class Document(msgspec.Struct, Generic[T], frozen=True):
    """What a command prints with `--json`. `data` is partial where `error` says that something failed."""

    schema: str
    ok: bool
    data: T | None
    warnings: list[Notice]
    error: Failure | None


def failure_of(error: PackError) -> Failure:
    """`error` as it stands in the document."""
    return Failure(
        code=error.code,
        kind=error.kind.value,
        exit=error.kind.exit_code,
        what=error.what(),
        facts=error.facts(),
        why=error.why(),
        fix=error.fix(),
        where=error.where(),
        because=error.because(),
        request_id=error.problem.request_id if isinstance(error, Relayed) else "",
        said_by="registry" if isinstance(error, Relayed) else "packctl",
    )


def encoded(document: msgspec.Struct) -> bytes:
    """JSON for whoever reads what a command prints. Halves of pairs, which stand for bytes of a file's name that is no text and which JSON
    cannot hold, are written out as they are on a terminal: `\\udcff`."""
    from packspec import wire

    try:
        return wire.encode(document)
    except UnicodeEncodeError:
        return wire.encode(_as_text(msgspec.to_builtins(document, enc_hook=wire.enc_hook)))


def _as_text(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_as_text(key): _as_text(one) for key, one in value.items()}
    return [_as_text(one) for one in value] if isinstance(value, list | tuple) else value


def schema_name(command: str) -> str:
    """The schema of a command's document: `config list` gives `packctl/config-list/1`, a line that names no command `packctl/usage/1`."""
    return f"packctl/{command.replace(' ', '-') or 'usage'}/1"


def json_schema(data: Any, command: str) -> dict[str, Any]:
    """The JSON schema (2020-12) of the document whose `data` has the type `data`."""
    from packspec.wire import schema_hook

    schema = msgspec.json.schema(Document[data], schema_hook=schema_hook)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": schema_name(command), **schema}

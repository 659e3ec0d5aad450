"""What a command gives back: its result, the errors it met on the way, and the notices it made. Nothing here shows anything."""

from typing import Generic, TypeVar

import msgspec

from packspec.errors import PackError

T = TypeVar("T")


class Notice(msgspec.Struct, frozen=True):
    """A warning: something the person should know that did not stop the command. `fix` holds commands to paste."""

    code: str
    what: str
    facts: dict[str, str] = {}
    fix: list[str] = []


class Outcome(msgspec.Struct, Generic[T], frozen=True):
    """The end of a command.

    `data` is one frozen Struct, complete or, with `errors`, partial. `errors` lists what went wrong without stopping the command; together
    they decide the exit code. `exit_code` is for commands that answer with it although nothing failed (`--exit-code`: 1 if it found
    something), and for no other use. `view` is what options such as `--tree` say about the text alone: where it is set, `text` gets it as
    its third argument, and the JSON document is the same with and without.
    """

    data: T
    errors: tuple[PackError, ...] = ()
    exit_code: int = 0
    view: object = None

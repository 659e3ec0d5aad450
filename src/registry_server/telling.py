"""What `registry-server` tells the person at its terminal: errors in the form that packctl gives them, facts, and what comes next."""

import shlex
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from packspec.errors import PackError
from packspec.moments import moment

if TYPE_CHECKING:
    from registry_server.people import Added

COLUMNS = 80
OFFLINE_KEYS = (
    "There are 3 offline keys, of which 2 sign: whoever holds two of them is this registry.",
    "Take their folder off this machine, best each key on its own medium. You need them to",
    "change the list of reviewers, and once a year to sign the root again.",
)


def lines_of(error: PackError, data: str = "") -> list[str]:
    """An error: what, then facts, why and fix, aligned; last where more is told. `data` is what --data said, which a fix must say too.

    Facts include what is for the registry's operator alone and stays out of answers over HTTP.
    """
    facts = {**error.facts(), **error.operator_facts()}
    rows = [*facts.items(), *_rows(error, data)]
    column = max([len(label) for label, _ in rows] + [8 if facts else 4]) + 2
    lines = [f"error[{error.code}]: {plain(error.what())}"]
    for label, text in rows:
        # only prose is wrapped: paths and commands are copied from the screen
        first, *others = (
            textwrap.wrap(text, COLUMNS - column - 2, break_on_hyphens=False) if label == "why" else [plain(text)]
        )
        lines += [f"  {label:<{column}}{first}", *(" " * (2 + column) + line for line in others)]
    return [*lines, f"{f'More: packctl explain {error.code}':>{COLUMNS}}"]


def plain(text: str) -> str:
    """`text` on one line that no terminal obeys: what cannot be seen is written as Python writes it."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def facts(rows: Mapping[str, str], indent: int = 2) -> list[str]:
    """Labels and values in two columns."""
    column = max(map(len, rows), default=0) + 2
    return [f"{'':{indent}}{label:<{column}}{value}" for label, value in rows.items()]


def next_steps(data: Path | None, offline_keys: str, *, serving: bool = False) -> list[str]:
    """The commands that a new registry needs, as they can be pasted where it was begun; while it is `serving`, in another terminal."""
    where = f" --data {shlex.quote(str(data))}" if data is not None else ""
    return [
        *(["Next, beside it:"] if serving else ["Next:", f"  registry-server serve{where}"]),
        f"  registry-server account add NAME --role admin{where}",
        f"  registry-server reviewer add NAME PUBLIC-KEY --keys {shlex.quote(offline_keys)}{where}",
    ]


def account(name: str, added: "Added") -> list[str]:
    """What the token is that was printed, and where it goes."""
    return [
        f"{f'Added {name}' if added.is_new else f'{name} was there already'}; roles: {', '.join(sorted(added.roles)) or 'none'}",
        f"  The token above is shown once and good until {moment(added.ends_at)}. Whose it is keeps it with:",
        "  packctl login ADDRESS --with-token < TOKEN-FILE",
    ]


def _rows(error: PackError, data: str) -> Iterator[tuple[str, str]]:
    if why := error.why():
        yield "why", why
    label = "fix"
    for fix in error.fix():
        is_elsewhere = data and fix.startswith("registry-server ") and "--data" not in fix and "--help" not in fix
        yield label, f"{fix} --data {shlex.quote(data)}" if is_elsewhere else fix
        label = ""

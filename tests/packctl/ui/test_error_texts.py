"""Every refusal as a person sees it: one golden file per room, in tests/golden/errors. `RECORD=1` writes them again.

The fields are examples (tests/support/error_samples.py); that each refusal really happens is shown where its rule is tested.
"""

import io
import os
import re
import shlex
from pathlib import Path

import pytest

from packctl.cli import listed
from packctl.ui.console import Console, Streams
from packctl.ui.failure import lines_of
from tests.architecture.test_errors import ERRORS
from tests.support.error_samples import BY_NAME, PLACES, sample

GOLDEN = Path(__file__).parents[2] / "golden" / "errors"
TOLD_AT_LENGTH = {"resolve.no-solution"}
"""Their transcripts are stories of real conflicts, in tests/packctl/resolve."""
NO_COMMAND = {"cli.missing-command", "cli.unknown-command", "registry.bad-request"}
"""What follows `packctl` in their fixes is a name of the example, or prose."""

QUOTED_BEFORE = {"trust.proof-missing"}
"""packspec quotes nothing: who raises it names the file as a shell reads it."""


def rooms():
    return sorted({error.code.partition(".")[0] for error in ERRORS})


def shown(error):
    console = Console(Streams(io.StringIO(), io.StringIO(), io.StringIO()))
    return "\n".join(lines_of(sample(error), console))


@pytest.mark.parametrize("room", rooms())
def test_every_refusal_of_a_room_reads_as_recorded(room):
    errors = [error for error in ERRORS if error.code.startswith(f"{room}.") and error.code not in TOLD_AT_LENGTH]
    texts = sorted(
        {f"{shown(error)}\n[exit {error.kind.exit_code}, HTTP {error.kind.http_status}]\n" for error in errors}
    )
    found = "\n".join(texts)
    path = GOLDEN / f"{room}.txt"
    if os.environ.get("RECORD"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert path.is_file(), f"{path.name} was never recorded: RECORD=1 writes it"
    assert found == path.read_text(encoding="utf-8")


def commands():
    """The words of every command, and of every group of commands."""
    for rows in listed().values():
        waiting = [((), row) for row in rows]
        while waiting:
            above, row = waiting.pop()
            yield (*above, row.name)
            waiting += [((*above, row.name), child) for child in row.children]


def test_every_command_that_an_error_proposes_exists():
    known, missing = set(commands()), []
    for error in ERRORS:
        if error.code in TOLD_AT_LENGTH | NO_COMMAND:
            continue
        for fix in sample(error).fix():
            words = fix.split()
            if words[:1] != ["packctl"] or len(words) < 2 or words[1].startswith(("-", ".")):
                continue
            group = next(
                (row for rows in listed().values() for row in rows if row.name == words[1] and row.children), None
            )
            called = tuple(words[1:3]) if group is not None and not group.runs else (words[1],)
            if called not in known:
                missing.append(f"{error.code}: {fix}")
    assert missing == []


def test_a_command_that_an_error_proposes_can_be_pasted_where_names_hold_blanks(monkeypatch):
    for name in PLACES:
        monkeypatch.setitem(BY_NAME, name, "my farm/cow.svg")
    refusing = [error for error in ERRORS if error.code not in TOLD_AT_LENGTH | QUOTED_BEFORE]
    found = [(error.code, fix) for error in refusing for fix in sample(error).fix() if "my farm" in fix]
    pasted = [(code, fix) for code, fix in found if re.search("(packctl|registry-server|mkdir|chmod) .*my farm", fix)]
    assert len(pasted) >= 4, "no sample has such a name any more"
    assert [one for one in pasted if not any("my farm" in word for word in shlex.split(one[1]))] == []

"""What the commands that install say at their end, on a terminal and in a log."""

import io

import pytest

from packctl.commands.changes import show_changes
from packctl.install.result import Change, Installed
from packctl.ui.console import Console, Streams
from packspec.names import PackName
from packspec.versions import Version


def said(result: Installed, progress: str) -> list[str]:
    """The lines on stderr."""
    err = io.StringIO()
    show_changes(result, Console(Streams(io.StringIO(), io.StringIO(), err), progress=progress))
    return [line for line in err.getvalue().split("\n") if line]


def change(name: str) -> Change:
    return Change(name=PackName(name), version=Version.parse("1.0.0"), registry="default", archive="sha256:00", bytes=3)


INSTALLED = Installed(added=[change("acme/a")], releases=1, folder="packs/", seconds=0.2)
REMOVED = Installed(removed=[change("acme/a"), change("acme/b")], releases=1, unchanged=1, folder="packs/", seconds=0.2)
EMPTIED = Installed(removed=[change("acme/a")], folder="packs/", seconds=0.2)
PLANNED = Installed(added=[change("acme/a")], removed=[change("acme/b")], releases=1, lock="written", dry_run=True)
NEW = Installed(lock="written", seconds=0.2)


@pytest.mark.parametrize(
    ("result", "terminal", "log"),
    [
        (INSTALLED, ["Installed into packs/ in 0.2 s"], ["installed 1, in 0.2 s"]),
        (REMOVED, ["Removed 2 packs from packs/ in 0.2 s"], ["removed 2, unchanged 1, in 0.2 s"]),
        (EMPTIED, ["Removed 1 pack from packs/ in 0.2 s"], ["removed 1, in 0.2 s"]),
        (
            PLANNED,
            ["Nothing was changed (--dry-run); nothing is to be fetched"],
            ["dry run, would install 1, would remove 1, would write pack.lock"],
        ),
        (
            NEW,
            ["Wrote pack.lock", "pack.toml names no packs yet: packctl add publisher/name"],
            ["wrote pack.lock, in 0.2 s", "pack.toml names no packs yet: packctl add publisher/name"],
        ),
    ],
)
def test_the_end_says_what_happened_and_no_more(result: Installed, terminal: list[str], log: list[str]) -> None:
    assert said(result, "live") == terminal
    assert said(result, "plain") == log

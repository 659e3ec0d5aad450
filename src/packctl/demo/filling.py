"""Filling the stage's registry with the launch library, for `demo --serve`: publishing and approving as the commands do, in one process.

Starting a process for each of 84 commands would take most of a minute. Here one session publishes and another one approves, side by side,
through the same functions that `packctl publish` and `packctl approve` are made of.
"""

import queue
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

from packctl.arguments import Globals
from packctl.demo.stage import Stage
from packctl.publish.decide import approve
from packctl.publish.flow import Wish, archive_to_publish, publish
from packctl.publish.review import inspect, open_trusted, refuse_own, reviewers_now, take
from packctl.publish.signer import find_key, open_key
from packctl.registry.choose import chosen_client
from packctl.session import Session
from packctl.ui.console import Streams, make_console
from packspec.protocol.publishing import SubmissionView

PUBLISHER, REVIEWER = "pat", "kim"
_POLL_SECONDS = 0.05


class Library:
    """The folders of the library, drawn by a process of their own while something else goes on."""

    def __init__(self, stage: Stage, *, newest: bool) -> None:
        self.folder = stage.folder / "library"
        self.folder.mkdir()
        (self.folder / "order.txt").touch()
        options = ["--newest"] if newest else []
        command = [sys.executable, "-m", "packctl.demo.library", *options, str(self.folder)]
        self._process = subprocess.Popen(command, env=stage.environment(PUBLISHER), stdin=subprocess.DEVNULL)

    def folders(self) -> Iterator[Path]:
        """Each release's folder as soon as it is whole. Raises CalledProcessError if drawing failed."""
        told = 0
        while True:
            running = self._process.poll() is None
            for name in (self.folder / "order.txt").read_text(encoding="utf-8").splitlines()[told:]:
                told += 1
                yield self.folder / name
            if not running:
                break
            self._wait()
        if self._process.returncode:
            raise subprocess.CalledProcessError(self._process.returncode, "packctl.demo.library")

    def _wait(self) -> None:
        try:
            self._process.wait(_POLL_SECONDS)
        except subprocess.TimeoutExpired:
            return

    def stop(self) -> None:
        """Ends the process, if it still draws."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def fill(stage: Stage, library: Library, say: Callable[[str], None]) -> int:
    """Publishes and approves every release of the library. How many."""
    handed_in: queue.SimpleQueue[SubmissionView | None] = queue.SimpleQueue()
    with ThreadPoolExecutor(2) as pool:
        publishing = pool.submit(_publish_all, stage, library, handed_in)
        approving = pool.submit(_approve_all, stage, handed_in, say)
        publishing.result()
        return approving.result()


def _publish_all(stage: Stage, library: Library, handed_in: "queue.SimpleQueue[SubmissionView | None]") -> None:
    try:
        with _session(stage, PUBLISHER) as session:
            chosen, client = chosen_client(session)
            for folder in library.folders():
                wish = Wish(str(folder), None)
                built = archive_to_publish(session, wish.what)
                handed_in.put(publish(session, chosen, client, built, wish))
    finally:
        handed_in.put(None)


def _approve_all(
    stage: Stage, handed_in: "queue.SimpleQueue[SubmissionView | None]", say: Callable[[str], None]
) -> int:
    count = 0
    with _session(stage, REVIEWER) as session:
        chosen, client = chosen_client(session)
        while (view := handed_in.get()) is not None:
            registry = open_trusted(session, chosen)
            stored = find_key(session, None, reviewers_now(registry, view).keys, "a reviewer's key")
            found = inspect(session, client, registry, take(client, view))
            refuse_own(found, stored.public)
            after = approve(client, found, open_key(session, stored), "", "none", session.clock())
            count += 1
            say(f"   {after.pack} {after.version}: {after.state}")
    return count


def _session(stage: Stage, who: str) -> Session:
    """The session of a person who says yes to ordinary questions and whose output nobody reads."""
    given = Globals(yes=True, quiet=2, no_config=True, project=str(stage.place(who)))
    environ = stage.environment(who)
    console = make_console(given, environ, Streams(StringIO(), StringIO(), StringIO()))
    return Session(given, environ, console)

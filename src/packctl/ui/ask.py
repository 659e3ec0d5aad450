"""Questions. They are asked on a terminal only; where nobody is there, the command fails and names the option that answers.

`-y` answers ordinary questions and never a question of trust. The safe answer is the default and stands in capitals. What cannot be undone
wants its name typed. A question may hold names from anywhere: it is made `safe` here.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import Damaged, Invalid, PackError

SECRET_CHARACTERS = 4096
"""Longest secret that is read from stdin."""


class NeedsAnswer(Invalid):
    """A question came up and nobody is there to answer it."""

    question: str
    option: str
    code = "cli.needs-answer"

    def what(self) -> str:
        return f"there is nobody to answer: {self.question}"

    def why(self) -> str:
        return "questions are asked only on a terminal, and not with CI or --no-input"

    def fix(self) -> list[str]:
        return [f"say it on the command line: {self.option}"]


class Declined(Damaged):
    """The person said no. `so_far` is what stands nevertheless, `instead` are the commands that go on from there."""

    question: str
    so_far: str = ""
    instead: tuple[str, ...] = ()
    code = "cli.declined"

    def what(self) -> str:
        return f"nothing {'more ' if self.so_far else ''}was done, because the answer was no"

    def facts(self) -> dict[str, str]:
        return {"question": self.question} | ({"so far": self.so_far} if self.so_far else {})

    def fix(self) -> list[str]:
        return list(self.instead) or ["run the command again to answer differently"]


class Ask(Struct):
    """Asks one person. `yes` is the option `-y`."""

    console: Console
    yes: bool = False

    def confirm(self, question: str, *, option: str = "--yes", default: bool = False) -> bool:
        """The answer to an ordinary question. Raises NeedsAnswer, naming `option`."""
        if self.yes:
            return True
        self._somebody(question, option)
        choices = "[Y/n]" if default else "[y/N]"
        while True:
            answer = self._line(f"{safe(question)} {choices} ", question, option).strip().lower()
            if answer in ("y", "yes", "n", "no", ""):
                return default if not answer else answer.startswith("y")

    def must_confirm(self, question: str, *, option: str = "--yes") -> None:
        """Goes on after a yes. Raises Declined after a no, NeedsAnswer where nobody is there."""
        if not self.confirm(question, option=option):
            raise Declined(question)

    def trust(self, question: str, refusal: PackError) -> bool:
        """The answer to a question of trust, which `-y` does not answer. Raises `refusal` where nobody is there."""
        if not self.console.attended:
            raise refusal
        while True:
            answer = self._line(f"{safe(question)} [y/N] ", question, "").strip().lower()
            if answer in ("y", "yes", "n", "no", ""):
                return answer.startswith("y")

    def typed(self, request: str, expected: str, *, option: str) -> None:
        """Wants `expected` typed, for what cannot be undone; `-y` does not. Raises Declined, or NeedsAnswer naming `option`."""
        self._somebody(request, option)
        if self._line(f"{safe(request)}: {safe(expected)}\n> ", request, option).strip() != expected:
            raise Declined(request)

    def text(self, question: str, *, option: str, default: str = "") -> str:
        """One line from the person, or `default` for an empty one."""
        self._somebody(question, option)
        shown = f" [{safe(default)}]" if default else ""
        return self._line(f"{safe(question)}{shown}: ", question, option).strip() or default

    def secret(self, question: str, *, option: str) -> str:
        """A secret, read without echo. `option` says where else it can come from (a file, stdin). Raises NeedsAnswer."""
        self._somebody(question, option)
        import getpass

        with self._asking():
            try:
                return getpass.getpass(f"{safe(question)}: ", stream=self.console.streams.stderr)
            except EOFError as error:
                raise NeedsAnswer(question, option) from error

    def secret_from_stdin(self, name: str, option: str) -> str:
        """A secret that was piped in: the first line of stdin, at most `SECRET_CHARACTERS`. Raises NeedsAnswer if there is none."""
        text = self.console.streams.stdin.readline(SECRET_CHARACTERS + 1).strip()
        if not text or len(text) > SECRET_CHARACTERS:
            raise NeedsAnswer(f"{name} (nothing usable on stdin)", option)
        return text

    def _somebody(self, question: str, option: str) -> None:
        if not self.console.attended:
            raise NeedsAnswer(question, option)

    def _line(self, prompt: str, question: str, option: str) -> str:
        with self._asking():
            self.console.raw_err(prompt)
            text = self.console.streams.stdin.readline()
        if not text:
            self.console.raw_err("\n")
            raise NeedsAnswer(question, option)
        return text

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What was written is seen, and nothing moves over the question."""
        self.console.asking = True
        try:
            self.console.flush()
            yield
        finally:
            self.console.asking = False

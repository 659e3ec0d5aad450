"""`packctl explain`: the long text of an error code. It reads nothing but the code's own table, so it works on a broken machine."""

import textwrap
from difflib import get_close_matches
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packspec.errors import NotFound

EXAMPLES = ("packctl explain cli.unknown-option", "packctl explain")
SETTINGS = False
_COLUMNS = 80


class Explanation(msgspec.Struct, frozen=True):
    """The text of one code, or, without a code, the list of all."""

    code: str
    text: str
    codes: list[str]


class UnknownCode(NotFound):
    """No error has this code."""

    asked: str
    nearest: tuple[str, ...] = ()
    code = "cli.unknown-code"

    def what(self) -> str:
        return f"no error has the code {self.asked!r}"

    def fix(self) -> list[str]:
        return [f"packctl explain {code}" for code in self.nearest] or ["packctl explain"]


def run(
    session: Session,
    code: Annotated[str, typer.Argument(metavar="CODE", help="As it stands in brackets after error")] = "",
) -> Outcome[Explanation]:
    """Tell all about an error code.

    Without a code: the list of all codes. Works without network and with a broken configuration.
    """
    from packspec.codes import explanations

    known = explanations()
    asked = code.removeprefix("error[").removesuffix("]")
    if not asked:
        return Outcome(Explanation("", "", list(known)))
    if asked not in known:
        raise UnknownCode(asked, tuple(get_close_matches(asked, known, n=3)))
    return Outcome(Explanation(asked, known[asked], []))


def text(result: Explanation, console: Console) -> None:
    """The code and its text in paragraphs; or one code per line."""
    if not result.code:
        for code in result.codes:
            console.line(code)
        return
    console.line(console.style(result.code, "bold"))
    for paragraph in result.text.split("\n\n"):
        console.line()
        width = min(console.width or _COLUMNS, 100)
        for line in textwrap.wrap(paragraph, width, break_on_hyphens=False, break_long_words=False):
            console.line(line)

"""Moving lines of a terminal, drawn by rich. Imported by `progress` when there is something to draw.

rich gets plain text only: no markup, no emoji codes, no highlighting. It decides nothing by itself either: whether lines may move and have
color was decided by `ui.console`, and the environment is not asked again.
"""

from collections.abc import Callable, Sequence
from typing import IO, NamedTuple, cast

from rich.console import Console as Terminal
from rich.progress import BarColumn, ProgressColumn, Task, TaskID
from rich.progress import Progress as Bars
from rich.table import Column
from rich.text import Text

from packctl.ui.console import Console

BAR_COLUMNS = 24


class Line(NamedTuple):
    """One line: what it is, how much of how much (0: not known) as its bar shows it, and the same in words."""

    name: str
    done: int
    of: int
    said: str


class Moving:
    """Lines at the end of a terminal's stderr. `show` draws them over what it drew before, `hide` removes them."""

    def __init__(self, console: Console, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._terminal = Terminal(
            file=cast(IO[str], _Drawing(console)),
            force_terminal=True,
            force_interactive=True,
            force_jupyter=False,
            color_system="standard" if console.color_err else None,
            no_color=not console.color_err,
            width=console.streams.columns or 80,
            markup=False,
            emoji=False,
            highlight=False,
        )
        self._bars: Bars | None = None
        self._rows: list[TaskID] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Draws these lines and no others."""
        bars = self._bars
        if bars is None:
            bars, self._rows = self._begin(), []
        for number, (name, done, of, said) in enumerate(lines):
            if number < len(self._rows):
                bars.update(self._rows[number], total=of or None, completed=done, visible=True, name=name, said=said)
            else:
                self._rows.append(bars.add_task("", total=of or None, completed=done, name=name, said=said))
        for row in self._rows[len(lines) :]:
            bars.update(row, visible=False)
        if self._bars is None:
            self._bars = bars
            bars.start()
        bars.refresh()

    def hide(self) -> None:
        """Leaves the terminal as it was before."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None  # one that was stopped would go up over what is written now

    def _begin(self) -> Bars:
        return Bars(
            _Words("name", Column(no_wrap=True, overflow="ellipsis")),
            BarColumn(BAR_COLUMNS),
            _Words("said", Column(no_wrap=True)),
            console=self._terminal,
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
            get_time=self._monotonic,
        )


class _Words(ProgressColumn):
    """A field of a line as plain text."""

    def __init__(self, field: str, column: Column) -> None:
        super().__init__(column)
        self._field = field

    def render(self, task: Task) -> Text:
        return Text(task.fields[self._field])


class _Drawing:
    """stderr as rich writes to it: through the console, whose rules for streams that fail hold here too."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.encoding = "utf-8" if console.unicode else "ascii"

    def write(self, text: str) -> int:
        self._console.draw(text)
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return True

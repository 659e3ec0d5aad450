"""The log for operators: one JSON object a line, escaped, without secrets.

Control characters are escaped by JSON itself, non-ASCII text too, so a line stays a line whatever a client sent.
"""

import json
import threading
import traceback
from collections.abc import Callable
from typing import TextIO

from packspec.errors import redact

LONGEST = 2_000
"""Characters of one value; longer ones are cut."""


class Log:
    """Writes lines to `stream`. Threads may share it."""

    def __init__(self, stream: TextIO, now: Callable[[], int]) -> None:
        self._stream = stream
        self._now = now
        self._lock = threading.Lock()

    def line(self, event: str, **facts: str | int | float | bool) -> None:
        """One event with its facts. Texts are redacted and cut."""
        said = {name: redact(fact)[:LONGEST] if isinstance(fact, str) else fact for name, fact in facts.items()}
        text = json.dumps({"at": self._now(), "event": event, **said}, ensure_ascii=True)
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()

    def fault(self, event: str, error: BaseException, **facts: str | int | float | bool) -> None:
        """An error of our own, with its traceback, which goes nowhere else."""
        trace = "".join(traceback.format_exception(error))
        with_trace = {**facts, "error": f"{type(error).__name__}: {error}", "trace": trace[-LONGEST:]}
        self.line(event, **with_trace)

"""The log for operators: one JSON object a line, escaped, without secrets.

Control characters are escaped by JSON itself, non-ASCII text too, so a line stays a line whatever a client sent.
"""

import json
import threading
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import TextIO

from packspec.errors import PackError, redact

LONGEST = 2_000
"""Characters of one value; longer ones are cut."""


def is_ours(error: BaseException) -> bool:
    """Whether `error` is our own fault, and so goes into the log with its traceback and out without a detail."""
    return not isinstance(error, PackError) or error.kind.http_status == HTTPStatus.INTERNAL_SERVER_ERROR


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
        """An error. One of our own with its traceback, which goes nowhere else; what others cause with its code and their reasons."""
        if isinstance(error, PackError) and not is_ours(error):
            reasons = "; ".join(f"{label}: {text}" for label, text in sorted(error.operator_facts().items()))
            said = {"error": f"{error.code}: {error}", **({"reasons": reasons} if reasons else {})}
        else:
            trace = "".join(traceback.format_exception(error))
            said = {"error": f"{type(error).__name__}: {error}", "trace": trace[-LONGEST:]}
        self.line(event, **facts, **said)

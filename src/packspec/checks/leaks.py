"""Private keys, tokens and passwords of well-known forms: whoever publishes one must be told before it is too late (docs/spec/checks.md).

The forms are those that their issuers made recognizable, so a finding is hardly ever wrong; a secret without a form is not found. Text is
searched as a stream, with an overlap, so that a secret across two pieces is seen.
"""

import re

OVERLAP_BYTES = 256
"""Longer than any form below."""

FORMS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("a private key", re.compile(rb"-----BEGIN (?:[A-Z]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----")),
    ("a key file of packctl", re.compile(rb'"(?:secret|sealed)":"[A-Za-z0-9+/=]{40}')),
    ("a token of a packctl registry", re.compile(rb"\bpkt_[a-z][A-Za-z0-9]{43}")),
    ("a token of GitHub", re.compile(rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})")),
    ("a token of GitLab", re.compile(rb"\bglpat-[A-Za-z0-9_-]{20}")),
    ("an access key of AWS", re.compile(rb"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    ("an API key of Google", re.compile(rb"\bAIza[A-Za-z0-9_-]{35}")),
    ("a token of Slack", re.compile(rb"\bxox[abeoprs]-[A-Za-z0-9-]{10,48}")),
    ("a live key of Stripe", re.compile(rb"\b[rs]k_live_[A-Za-z0-9]{24}")),
    ("a token of npm", re.compile(rb"\bnpm_[A-Za-z0-9]{36}")),
    ("a token of PyPI", re.compile(rb"\bpypi-AgE[A-Za-z0-9_-]{50}")),
)
"""What is looked for, each with the name that the finding gives it."""


class LeakSearch:
    """Searches one text, given piece by piece. How it is cut changes nothing."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._tail = b""
        self._line = 1

    @property
    def found(self) -> dict[str, int]:
        """The first place of each form that occurs: its name and its line, from 1, in the order of lines and then of `FORMS`."""
        names = [name for name, _ in FORMS if name in self._lines]
        return {name: self._lines[name] for name in sorted(names, key=self._lines.__getitem__)}

    def feed(self, piece: bytes) -> None:
        """Searches the next piece."""
        window = self._tail + piece
        # One byte before the overlap stays in sight: whether a word begins is told by what stands before it.
        start = 1 if len(self._tail) > OVERLAP_BYTES else 0
        for name, form in FORMS:
            if name not in self._lines and (match := form.search(window, start)):
                self._lines[name] = self._line + window.count(b"\n", 0, match.start())
        kept = max(0, len(window) - OVERLAP_BYTES - 1)
        self._line += window.count(b"\n", 0, kept)
        self._tail = window[kept:]

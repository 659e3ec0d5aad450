"""A person at a terminal, or a script: runs one command line in this process and gives exit code and both streams."""

import getpass
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from unittest.mock import patch

from packctl.frame import run
from packctl.ui.console import Streams
from tests.support.home import at_home


@dataclass(frozen=True)
class Ended:
    """What came of a command."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Person:
    """Somebody with a data folder, a token and a place to be."""

    here: Path
    data: Path
    environ: Mapping[str, str]

    def runs(
        self, *arguments: str, typed: str | None = None, secrets: Sequence[str] = (), attended: bool | None = None
    ) -> Ended:
        """Runs `packctl ARGUMENTS`. With `typed` they sit at a terminal and type that; `secrets` are what they type unseen.

        `attended` false: what is `typed` is piped in.
        """
        out, err = _Screen(), _Screen()
        at_terminal = typed is not None if attended is None else attended
        streams = Streams(io.StringIO(typed or ""), out, err, at_terminal, at_terminal, at_terminal, 100)
        environ = {"HOME": str(self.here), "PACKCTL_DATA_DIR": str(self.data), "NO_COLOR": "1", **self.environ}
        with _typing(secrets), at_home(str(self.data.parent)):
            code = run(["-C", str(self.here), *arguments], environ, streams)
        return Ended(code, out.getvalue(), err.getvalue())


class _Screen(io.StringIO):
    """A terminal that knows UTF-8."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"


def person_of(words: Mapping[str, str], here: Path, data: str | Path, name: str) -> Person:
    """Somebody of the registry that `words` tell of (fixture `registry`), who trusts its root; `data` is their data folder."""
    here.mkdir(exist_ok=True)
    environ = {"PACKCTL_REGISTRY": words["registry"], "PACKCTL_TOKEN": words[name], "PACKCTL_TRUST_ROOT": words["pin"]}
    return Person(here, Path(data), environ)


@contextmanager
def _typing(secrets: Sequence[str]) -> Iterator[None]:
    left = list(secrets)

    def read(prompt: str, stream: TextIO) -> str:
        stream.write(f"{prompt}\n")
        return left.pop(0)

    with patch.object(getpass, "getpass", read):
        yield

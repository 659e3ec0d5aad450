"""Tokens: one per registry, in a file that only its owner can read, and each sent to the origin it was made for and nowhere else.

A token given by the environment goes to the registry that the environment or the user's own configuration names, never to one that only a
project's pack.toml names: a cloned project must not be able to ask for it.
"""

import stat
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from packctl.durable import PRIVATE, Folder, KernelLock, read_named
from packctl.registry.network import Origin
from packspec import wire
from packspec.errors import Anonymous, Damaged
from packspec.tokens import Token

FILE = "credentials.json"
FILE_BYTES = 1 << 20


class CredentialsReadable(Anonymous):
    """Others on this machine may read or write the file with the tokens, so they count as known."""

    path: Path
    mode: int

    code = "access.credentials-readable"

    def what(self) -> str:
        return f"others may read or change {self.path}"

    def facts(self) -> dict[str, str]:
        return {"expected": "mode 0600, yours", "found": f"mode {self.mode:04o}"}

    def why(self) -> str:
        return "whoever reads a token can act in your name until it is revoked"

    def fix(self) -> list[str]:
        from shlex import quote

        return [f"chmod 600 {quote(str(self.path))}", "packctl token list"]


class CredentialsBroken(Damaged):
    """The file with the tokens cannot be read as one."""

    path: Path
    reason: str

    code = "access.credentials-broken"

    def what(self) -> str:
        return f"{self.path} is not a file of tokens: {self.reason}"

    def why(self) -> str:
        return "packctl replaces it as a whole, so another program or a person changed it"

    def fix(self) -> list[str]:
        return [f"remove {self.path}, then packctl login"]


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A token on disk, and whose it is as the registry said at login."""

    token: str
    account: str = ""

    def __repr__(self) -> str:
        return f"Stored(account={self.account!r})"


class _File(msgspec.Struct, frozen=True):
    v: int
    tokens: dict[str, Stored]


class Credentials:
    """The tokens that `login` keeps, by origin, in `credentials.json` of the data folder. Nothing is cached: a login elsewhere counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / FILE

    def find(self, origin: Origin) -> Stored | None:
        """What is kept for `origin`. Raises CredentialsReadable, CredentialsBroken, DiskFailed."""
        return self._load().get(origin)

    def origins(self) -> tuple[Origin, ...]:
        """Where one is logged in, in ascending order."""
        return tuple(Origin(name) for name in sorted(self._load()))

    def keep(self, origin: Origin, stored: Stored) -> None:
        """Keeps a token, replacing the one before."""
        self._change(origin, stored)

    def forget(self, origin: Origin) -> bool:
        """Forgets the token of `origin`. Whether there was one."""
        return self._change(origin, None) is not None

    def _change(self, origin: Origin, stored: Stored | None) -> Stored | None:
        # Locked: two logins at once must not lose one of the tokens.
        with Folder.open(self._folder, create=True) as folder, KernelLock.take(folder, f"{FILE}.lock"):
            tokens = self._read(folder)
            before = tokens.pop(origin, None)
            if stored is not None:
                tokens[origin] = stored
            if before != stored:
                document = _File(1, dict(sorted(tokens.items())))
                folder.replace(FILE, msgspec.json.format(wire.encode(document)) + b"\n", PRIVATE)
            return before

    def _load(self) -> dict[str, Stored]:
        if not self.path.exists():
            return {}
        with Folder.open(self._folder) as folder:
            return self._read(folder)

    def _read(self, folder: Folder) -> dict[str, Stored]:
        there = folder.stat(FILE)
        if there is None:
            return {}
        if sys.platform != "win32" and stat.S_IMODE(there.st_mode) & 0o077:
            raise CredentialsReadable(self.path, stat.S_IMODE(there.st_mode))
        try:
            return wire.decode(folder.read(FILE, FILE_BYTES), _File).tokens
        except msgspec.DecodeError as error:
            # The parser's own text could quote a part of a token.
            reason = "JSON of another form" if isinstance(error, msgspec.ValidationError) else "not JSON"
            raise CredentialsBroken(self.path, reason) from None


class Tokens(Struct, frozen=True):
    """Which token goes to which registry. Call it with an origin."""

    stored: Credentials
    given: str | None = None
    """The token of the environment, as `given_token` read it."""
    given_for: frozenset[Origin] = frozenset()
    """The origins of PACKCTL_REGISTRY, or else of the user's own configuration."""

    def __repr__(self) -> str:
        return f"Tokens(given_for={sorted(self.given_for)!r})"

    def __call__(self, origin: Origin) -> str | None:
        """The token for `origin`, or None. The environment's comes before the kept one, and only for its own origins."""
        if self.given and origin in self.given_for:
            return self.given
        found = self.stored.find(origin)
        return found.token if found else None


def given_token(file: str, text: str | None) -> Token | None:
    """The token that the environment gives: the one in `file`, or else `text`. Raises BadToken (without the text), NoSuchFile,
    DiskFailed."""
    if file:
        # Links are followed, because secrets are handed over as links (Kubernetes), and the person named this file.
        text = read_named(Path(file), FILE_BYTES, "PACKCTL_TOKEN_FILE").decode("utf-8", "replace")
    return Token.parse(text.strip()) if text else None

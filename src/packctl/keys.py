"""A person's private keys on this machine: made, listed, opened, exported. One file each, mode 0600, in a folder with mode 0700.

The format is `packspec.signing.keyfile`'s. A key has a name that its owner chose; commands also take its key id or the path of a file.
Seed, salt and nonce are random bytes that the caller drew, passphrases come from a function, and nothing here asks or prints.
"""

import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Protocol

from msgspec import Struct

from packctl.durable import PRIVATE, DiskFailed, Folder, NoSuchFile, folder_of, named_file
from packspec import limits
from packspec.errors import Conflict, Denied, Invalid, NotFound
from packspec.names import DEVICES
from packspec.patterns import pattern
from packspec.signing.keyfile import NONCE_BYTES, SALT_BYTES, KeyFileDamaged, open_keyfile, read_keyfile, seal
from packspec.signing.keys import SEED_BYTES, BadKey, KeyKind, PrivateKey, PublicKey, Signer

SUFFIX = ".key"
RANDOM_BYTES = SEED_BYTES + SALT_BYTES + NONCE_BYTES
"""What `make` takes: seed, salt and nonce, in this order."""
_NAME = pattern(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_ID = pattern(r"[0-9a-f]{8,64}")

AskPassphrase = Callable[[str], str | None]
"""Given a key's name: its passphrase, or None where nobody can be asked."""


class BadKeyName(Invalid, ValueError):
    """Not a name for a key."""

    name: str

    code = "cli.bad-key-name"

    def what(self) -> str:
        return f"not a name for a key: {self.name[:80]!r}"

    def why(self) -> str:
        return "lower-case letters, digits and inner hyphens, at most 64; nothing that Windows takes for a device, such as con"

    def fix(self) -> list[str]:
        return ["packctl key generate release-1"]


class NoSuchKey(NotFound):
    """No key of this machine has that name or id."""

    asked: str
    folder: Path
    others: tuple[str, ...]

    code = "cli.no-such-key"

    def what(self) -> str:
        return " ".join(
            filter(None, ("there is no key", repr(self.asked[:80]) if self.asked else "", "on this machine"))
        )

    def facts(self) -> dict[str, str]:
        return {"keys": ", ".join(self.others) or "none", "folder": str(self.folder)}

    def fix(self) -> list[str]:
        return ["packctl key list", f"packctl key generate {self.asked if _is_name(self.asked) else 'NAME'}"]


class KeyIsThere(Conflict):
    """A key of that name exists. It is never replaced: it may be the only copy."""

    name: str
    path: Path

    code = "cli.key-is-there"

    def what(self) -> str:
        return f"there is a key {self.name} already"

    def facts(self) -> dict[str, str]:
        return {"file": str(self.path)}

    def why(self) -> str:
        return "replacing it could destroy the only copy of a key that publishers or reviewers rely on"

    def fix(self) -> list[str]:
        return ["choose another name", "packctl key list"]


class SeveralKeys(Conflict):
    """No key was named, or an id's beginning fits several."""

    fitting: tuple[str, ...]

    code = "cli.several-keys"

    def what(self) -> str:
        return "several keys fit: " + ", ".join(self.fitting)

    def why(self) -> str:
        return "a signature binds whoever holds the key, so packctl does not choose one"

    def fix(self) -> list[str]:
        return [f"packctl sign --key {self.fitting[0]}"]


class KeyReadable(Denied):
    """Others on this machine may read or change a private key."""

    path: Path
    mode: int

    code = "trust.key-readable"

    def what(self) -> str:
        return f"others may read or change {self.path}"

    def facts(self) -> dict[str, str]:
        return {"expected": "mode 0600", "found": f"mode {self.mode:04o}"}

    def why(self) -> str:
        return "a key that others can read may already sign for them; decide whether it must be replaced"

    def fix(self) -> list[str]:
        return [f"chmod 600 {quote(str(self.path))}"]


class StoredKey(Struct, frozen=True):
    """A key on disk, unopened."""

    name: str
    path: Path
    public: PublicKey
    is_sealed: bool
    """Whether opening it takes a passphrase."""

    @property
    def kind(self) -> KeyKind:
        """`p256` or `ed25519`."""
        return self.public.kind

    @property
    def place(self) -> str:
        """Its file."""
        return str(self.path)

    def open(self, ask: AskPassphrase) -> PrivateKey:
        """The private key. `ask` is called only if it takes a passphrase. Raises PassphraseWrong, KeyFileDamaged, KeyReadable."""
        with Folder.open(self.path.parent) as folder:
            data = _read(folder, self.path.name)
        with _naming(self.path):
            return open_keyfile(data, ask(self.name) if self.is_sealed else None)


class HeldKey(Protocol):
    """A key that a person can sign with, wherever its private half is: in a file, in an agent; on a device, in a service."""

    @property
    def name(self) -> str:
        """What its holder calls it."""
        ...

    @property
    def public(self) -> PublicKey:
        """Its public half, known without opening it."""
        ...

    @property
    def place(self) -> str:
        """Where its private half is, for people."""
        ...

    def open(self, ask: AskPassphrase) -> Signer:
        """What signs with it. `ask` gives the passphrase, where one is needed here."""
        ...


class Keys:
    """The keys in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def check_new(self, name: str) -> None:
        """Refuses a name before anybody is asked for a passphrase. Raises BadKeyName, KeyIsThere."""
        if not _is_name(name):
            raise BadKeyName(name)
        path = self.folder / (name + SUFFIX)
        if path.exists():
            raise KeyIsThere(name, path)

    def make(self, name: str, random: bytes, passphrase: str | None, kind: KeyKind = "p256") -> StoredKey:
        """Makes a key and writes its file. `random` is RANDOM_BYTES fresh bytes; without `passphrase` the key lies in the open.

        Raises BadKeyName, KeyIsThere, PassphraseWrong (an empty passphrase), DiskFailed.
        """
        if len(random) != RANDOM_BYTES:
            raise ValueError(f"a key takes {RANDOM_BYTES} random bytes")
        seed, rest = random[:SEED_BYTES], random[SEED_BYTES:]
        private = PrivateKey.from_seed(kind, seed)
        return self.keep(name, private, passphrase, rest)

    def keep(self, name: str, private: PrivateKey, passphrase: str | None, random: bytes) -> StoredKey:
        """Writes the file of a key that is there, such as one imported. `random` is fresh salt and nonce. Raises as `make`."""
        if not _is_name(name):
            raise BadKeyName(name)
        data = seal(private, passphrase, random[:SALT_BYTES], random[SALT_BYTES:])
        file = name + SUFFIX
        with Folder.open(self.folder, create=True, mode=0o700) as folder:
            try:
                folder.write_once(file, data, PRIVATE)
            except DiskFailed as error:
                if folder.stat(file) is not None:
                    raise KeyIsThere(name, self.folder / file) from error
                raise
        return StoredKey(name, self.folder / file, private.public, passphrase is not None)

    def list(self) -> tuple[StoredKey, ...]:
        """All keys, by name. Raises KeyReadable, KeyFileDamaged."""
        if not self.folder.is_dir():
            return ()
        with Folder.open(self.folder) as folder:
            names = [name for name, _ in folder.entries() if name.endswith(SUFFIX)]
            return tuple(_describe(folder, name) for name in names)

    def find(self, asked: str | None) -> StoredKey:
        """The key that `asked` means: a name, a key id or at least 8 digits of its beginning, the path of a file; None: the only one.

        Other keys of this machine, damaged ones too, are looked at only where no name or path says which is meant. Raises NoSuchKey,
        SeveralKeys, NotAFile, KeyReadable, KeyFileDamaged, DiskFailed.
        """
        if asked and is_path(asked):
            return self._at(Path(asked).absolute(), asked)
        if asked and _NAME.fullmatch(asked) and (self.folder / (asked + SUFFIX)).exists():
            return self._at(self.folder / (asked + SUFFIX), asked)
        keys = self.list()
        digits = (asked or "").replace(" ", "").lower()
        fitting = [
            key for key in keys if asked is None or (_ID.fullmatch(digits) and key.public.key_id.startswith(digits))
        ]
        if len(fitting) > 1:
            raise SeveralKeys(tuple(key.name for key in fitting))
        if not fitting:
            raise NoSuchKey(asked or "", self.folder, tuple(key.name for key in keys))
        return fitting[0]

    def _at(self, path: Path, asked: str) -> StoredKey:
        """The key in one file. Links in the path of one that a person named are followed, and in our own folder none."""
        if path.parent == self.folder:
            with Folder.open(self.folder) as folder:
                return _describe(folder, path.name)
        try:
            path = named_file(path)
        except NoSuchFile as error:
            raise NoSuchKey(asked, path.parent, ()) from error
        with folder_of(path) as folder:
            return _describe(folder, path.name)


def _is_name(text: str) -> bool:
    """Whether a new key may have this name, on every system: people carry key files from one to another."""
    return _NAME.fullmatch(text) is not None and text not in DEVICES


def is_path(asked: str) -> bool:
    """Whether it is the path of a key file, and no name or id."""
    return asked.endswith(SUFFIX) or "/" in asked or "\\" in asked


def _describe(folder: Folder, name: str) -> StoredKey:
    data = _read(folder, name)
    with _naming(folder.path / name):
        found = read_keyfile(data)
        public = PublicKey.parse(found.public)
    return StoredKey(name.removesuffix(SUFFIX), folder.path / name, public, found.is_sealed)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Says of a damaged key file which one it is."""
    try:
        yield
    except KeyFileDamaged as error:
        error.file = str(path)
        raise
    except BadKey as error:
        raise KeyFileDamaged(str(error), str(path)) from error


def _read(folder: Folder, name: str) -> bytes:
    # reliability S19: a private key that others can read is no longer private. The mode of a link says nothing; reading says what is wrong.
    there = folder.stat(name)
    if there and stat.S_ISREG(there.st_mode) and sys.platform != "win32" and stat.S_IMODE(there.st_mode) & 0o077:
        raise KeyReadable(folder.path / name, stat.S_IMODE(there.st_mode))
    return folder.read(name, limits.KEY_FILE_BYTES)

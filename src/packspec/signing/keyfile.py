"""Private keys at rest: one JSON file, sealed with a passphrase or openly not (docs/spec/keyfile.md).

Pure: the caller draws salt and nonce, and reads and writes the file with mode 0600. Not encrypted PKCS#8, because the library at hand
writes that with 2,048 rounds of PBKDF2 only; scrypt with these parameters takes 0.4 s and 128 MiB per guess.
"""

import binascii
import hashlib
import unicodedata

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from packspec import SPECIFICATION, limits, wire
from packspec.canonical import ClientTooOld
from packspec.errors import Damaged, Invalid
from packspec.signing.documents import Format
from packspec.signing.encoding import from_base64, to_base64
from packspec.signing.keys import BadKey, KeyKind, PrivateKey
from packspec.wire import SignedDocument

SALT_BYTES = 16
NONCE_BYTES = 12

_N, _R, _P = 131_072, 8, 1
_NAME = "key file"


class KeyFileDamaged(Damaged):
    """A key file is not readable, or its parts do not belong together."""

    reason: str
    file: str = ""
    """Its path, where one is known."""

    code = "trust.key-file"

    def what(self) -> str:
        return f"the key file {self.file}".rstrip() + f" is damaged: {self.reason}"

    def why(self) -> str:
        return "it was cut off, edited, or is not a key file"

    def fix(self) -> list[str]:
        return ["restore it from a backup, or make a new key: packctl key generate NAME"]


class PassphraseWrong(Invalid):
    """The passphrase does not open the key file, or none was given."""

    given: bool

    code = "trust.key-passphrase"

    def what(self) -> str:
        return "the passphrase does not open the key file" if self.given else "the key file needs a passphrase"

    def why(self) -> str:
        return "a wrong passphrase and a changed file look alike" if self.given else ""

    def fix(self) -> list[str]:
        return ["type the passphrase again, or name a file that holds it in PACKCTL_SIGNING_PASSPHRASE_FILE"]


class Kdf(SignedDocument, frozen=True, kw_only=True):
    """How the key that seals is made from the passphrase: scrypt (RFC 7914), with `salt` in base64."""

    n: int
    r: int
    p: int
    salt: str


class _Versioned(SignedDocument, frozen=True, kw_only=True):
    v: int


class KeyFile(SignedDocument, frozen=True, kw_only=True):
    """The file. Either `kdf`, `nonce` and `sealed` stand, or `secret` alone: the private key in the open."""

    v: Format
    kind: KeyKind
    public: str
    kdf: Kdf | None = None
    nonce: str | None = None
    sealed: str | None = None
    secret: str | None = None

    @property
    def is_sealed(self) -> bool:
        """Whether it takes a passphrase to open it."""
        return self.secret is None


def seal(private: PrivateKey, passphrase: str | None, salt: bytes, nonce: bytes) -> bytes:
    """The key file of `private`: sealed with `passphrase`, or in the open if that is None; then salt and nonce are not used.

    `salt`, 16 bytes, and `nonce`, 12 bytes, are drawn at random for each file. Raises PassphraseWrong for an empty passphrase.
    """
    public = private.public
    if passphrase is None:
        return _encode(KeyFile(v=1, kind=public.kind, public=public.base64, secret=to_base64(private.pkcs8)))
    if not passphrase:
        raise PassphraseWrong(given=False)
    if len(salt) != SALT_BYTES or len(nonce) != NONCE_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes and a nonce {NONCE_BYTES}")
    kdf = Kdf(n=_N, r=_R, p=_P, salt=to_base64(salt))
    sealed = AESGCM(_stretch(passphrase, kdf, salt)).encrypt(nonce, private.pkcs8, public.der)
    return _encode(
        KeyFile(v=1, kind=public.kind, public=public.base64, kdf=kdf, nonce=to_base64(nonce), sealed=to_base64(sealed))
    )


def read_keyfile(data: bytes) -> KeyFile:
    """The parts of a key file, unopened: which key it holds, and whether it needs a passphrase. Raises KeyFileDamaged, ClientTooOld."""
    if len(data) > limits.KEY_FILE_BYTES:
        raise KeyFileDamaged(f"more than {limits.KEY_FILE_BYTES} bytes")
    try:
        version = wire.decode(data, _Versioned).v
        if version > SPECIFICATION:
            raise ClientTooOld(_NAME, version)
        found = wire.decode(data, KeyFile)
    except msgspec.DecodeError as error:
        raise KeyFileDamaged(str(error)) from error
    sealed = (found.kdf, found.nonce, found.sealed)
    if found.secret is None and None in sealed:
        raise KeyFileDamaged("kdf, nonce and sealed belong together")
    if found.secret is not None and sealed != (None, None, None):
        raise KeyFileDamaged("it holds the key both sealed and in the open")
    return found


def open_keyfile(data: bytes, passphrase: str | None) -> PrivateKey:
    """The private key in a key file. A passphrase for a file that needs none is not used.

    Raises KeyFileDamaged, PassphraseWrong (also where one is needed and `passphrase` is None or empty), ClientTooOld.
    """
    found = read_keyfile(data)
    if found.secret is not None:
        pkcs8 = _bytes(found.secret, "secret")
    elif not passphrase:
        raise PassphraseWrong(given=False)
    else:
        pkcs8 = _unseal(found, passphrase)
    try:
        private = PrivateKey.from_pkcs8(pkcs8)
    except BadKey as error:
        raise KeyFileDamaged("it holds no private key that we use") from error
    if private.public.base64 != found.public or private.public.kind != found.kind:
        raise KeyFileDamaged("its private key does not belong to its public key")
    return private


def _unseal(found: KeyFile, passphrase: str) -> bytes:
    assert found.kdf is not None and found.nonce is not None and found.sealed is not None
    kdf, salt, nonce = found.kdf, _bytes(found.kdf.salt, "salt"), _bytes(found.nonce, "nonce")
    _check_kdf(kdf)
    if len(salt) != SALT_BYTES or len(nonce) != NONCE_BYTES:
        raise KeyFileDamaged("salt or nonce has another length")
    public, sealed = _bytes(found.public, "public"), _bytes(found.sealed, "sealed")
    try:
        return AESGCM(_stretch(passphrase, kdf, salt)).decrypt(nonce, sealed, public)
    except InvalidTag as error:
        raise PassphraseWrong(given=True) from error


def _check_kdf(kdf: Kdf) -> None:
    # A file that somebody else wrote must not take the memory or the hours of the machine that opens it.
    is_power = kdf.n > 0 and kdf.n & (kdf.n - 1) == 0
    if not (is_power and 2**14 <= kdf.n <= 2**20 and kdf.r == _R and 1 <= kdf.p <= 4):
        raise KeyFileDamaged(f"scrypt with n {kdf.n}, r {kdf.r}, p {kdf.p} is out of bounds")


def _stretch(passphrase: str, kdf: Kdf, salt: bytes) -> bytes:
    # Keyboards disagree on whether an accent is a character of its own; NFC makes both the same passphrase.
    secret = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    ceiling = 128 * kdf.r * (kdf.n + kdf.p + 2)
    return hashlib.scrypt(secret, salt=salt, n=kdf.n, r=kdf.r, p=kdf.p, dklen=32, maxmem=ceiling)


def _bytes(text: str, field: str) -> bytes:
    try:
        return from_base64(text)
    except binascii.Error as error:
        raise KeyFileDamaged(f"{field} is not padded standard base64") from error


def _encode(keyfile: KeyFile) -> bytes:
    return wire.encode_sorted(keyfile) + b"\n"

"""P-256 keys and signatures in the forms of SSH, as an ssh agent lists and makes them (docs/spec/ssh.md; RFC 4251, RFC 5656).

A key of type `ecdsa-sha2-nistp256` is a P-256 key of ours in another spelling, and an agent signs the SHA-256 of the bytes it is given,
which is the ECDSA that our documents are signed with. So such a key gives the same public key and the same signatures as one in a file.
"""

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from packspec.errors import Damaged
from packspec.signing.keys import ORDER, PublicKey

KEY_TYPE = "ecdsa-sha2-nistp256"
"""The one type of SSH key that is ours."""
_CURVE = b"nistp256"
_LENGTH = 4


class BadSsh(Damaged, ValueError):
    """Bytes are not the SSH form that they should be."""

    part: str
    reason: str

    code = "agent.malformed"

    def what(self) -> str:
        return f"the ssh agent's {self.part} cannot be read: {self.reason}"

    def why(self) -> str:
        return "what answers at the agent's address is no ssh agent, or one with a fault"

    def fix(self) -> list[str]:
        return ["ssh-add -l", "sign with a key in a file: packctl key list"]


class Reader:
    """Takes one field after the other from bytes in SSH form; `name` is what errors call them."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name, self._at = data, name, 0

    def take(self, count: int) -> bytes:
        """The next `count` bytes. Raises BadSsh where there are not as many."""
        end = self._at + count
        if end > len(self._data):
            raise BadSsh(self._name, "it ends too early")
        taken, self._at = self._data[self._at : end], end
        return taken

    def number(self) -> int:
        """A uint32."""
        return int.from_bytes(self.take(_LENGTH), "big")

    def string(self) -> bytes:
        """A string: its length, then its bytes."""
        return self.take(self.number())

    def end(self) -> None:
        """Raises BadSsh where something is left."""
        if self._at < len(self._data):
            raise BadSsh(self._name, "something stands behind it")


def string(data: bytes) -> bytes:
    """`data` as a string of SSH."""
    return len(data).to_bytes(_LENGTH, "big") + data


def key_type(blob: bytes) -> str:
    """Which type of key `blob` holds, such as `ssh-ed25519`. Raises BadSsh."""
    return Reader(blob, "key").string().decode("ascii", "replace")


def read_key(blob: bytes) -> PublicKey:
    """The key in a blob of type `ecdsa-sha2-nistp256`. Raises BadSsh for another form, BadKey for a point that is none."""
    reader = Reader(blob, "key")
    kind, curve, point = reader.string(), reader.string(), reader.string()
    reader.end()
    if (kind, curve) != (KEY_TYPE.encode(), _CURVE):
        raise BadSsh("key", f"it is not of type {KEY_TYPE}")
    return PublicKey.from_p256(point)


def key_blob(key: PublicKey) -> bytes:
    """A P-256 key as SSH spells it."""
    assert key.kind == "p256"
    return string(KEY_TYPE.encode()) + string(_CURVE) + string(key.raw)


def read_signature(blob: bytes) -> bytes:
    """The signature in `blob` as our envelopes hold it: strict DER of r and s, with low S. It is not verified here. Raises BadSsh."""
    outer = Reader(blob, "signature")
    kind, body = outer.string(), outer.string()
    outer.end()
    if kind != KEY_TYPE.encode():
        raise BadSsh("signature", f"it is not of type {KEY_TYPE}")
    inner = Reader(body, "signature")
    r, s = _positive(inner.string()), _positive(inner.string())
    inner.end()
    return encode_dss_signature(r, min(s, ORDER - s))


def _positive(data: bytes) -> int:
    """An mpint between 1 and the order of the curve."""
    number = int.from_bytes(data, "big", signed=True)
    if not 0 < number < ORDER:
        raise BadSsh("signature", "a number in it is out of range")
    return number

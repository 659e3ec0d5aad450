"""An ssh agent, as one asks it and what its answers mean: its P-256 keys by name, and signatures with them (docs/spec/ssh.md).

The bytes go over sockets that the program hands in (`packctl.sshagent`, `registry_server.sshagent`), one for each question. Whatever the
agent signs is verified here, so that a broken one is noticed where it can be mended and not at the registry.
"""

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol, Self

from msgspec import Struct

from packspec import limits
from packspec.patterns import pattern
from packspec.signing.agentfaults import AgentKeyKind, AgentKeyMissing, AgentRefused, AgentUnreachable, SeveralAgentKeys
from packspec.signing.keys import BadKey, PublicKey, verify
from packspec.signing.ssh import KEY_TYPE, BadSsh, Reader, key_type, read_key, read_signature, string

AGENT = "agent:"
"""What the name of a key of the agent begins with."""
ANSWER_BYTES = 256 * limits.KIB
"""The longest answer; OpenSSH sends none that is longer."""
MOST_KEYS = 1_000
LIST_SECONDS = 10.0
SIGN_SECONDS = 120.0
"""A person may have to confirm, or to touch a device."""

_HEADER_BYTES = 4
"""What stands in front of every message: its length."""
_FAILURE = 5
_LIST, _LISTED = 11, 12
_SIGN, _SIGNED = 13, 14
_PLAIN = pattern(r"[!-~]{1,100}")
_ID = pattern(r"[0-9a-f]{8,64}")


class Identity(Struct, frozen=True):
    """A key as the agent lists it, of whatever type."""

    blob: bytes
    comment: str

    @property
    def kind(self) -> str:
        """Its type, such as `ssh-ed25519`."""
        return key_type(self.blob)

    @property
    def fingerprint(self) -> str:
        """As `ssh-add -l` shows it."""
        return "SHA256:" + base64.b64encode(hashlib.sha256(self.blob).digest()).decode().rstrip("=")


class AgentKey(Struct, frozen=True):
    """A P-256 key in the agent; a `Signer`, and a key that a person holds like one in a file."""

    name: str
    public: PublicKey
    agent: "Agent"
    blob: bytes

    @property
    def place(self) -> str:
        """Where it is."""
        return "ssh-agent"

    def open(self, ask: object) -> "AgentKey":
        """Itself: it is open as long as the agent is."""
        return self

    def sign(self, message: bytes) -> bytes:
        """A signature over `message` in DER. Raises AgentUnreachable, AgentRefused, BadSsh."""
        signature = read_signature(self.agent.sign(self.blob, message, self.name))
        if not verify(self.public, message, signature):
            raise BadSsh("signature", f"it is not one of {self.name}")
        return signature


class Line(Protocol):
    """A socket with a path, not connected yet."""

    def connect(self, address: str, /) -> None:
        """Connects it with who listens at `address`."""
        ...

    def settimeout(self, value: float, /) -> None:
        """How many seconds each call that follows may take; then TimeoutError."""
        ...

    def sendall(self, data: bytes, /) -> None:
        """Sends `data`."""
        ...

    def recv(self, count: int, /) -> bytes:
        """The next bytes, at most `count`; none: the other side has ended."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class Agent:
    """The agent that listens at `address`, the path of a socket; empty: there is none.

    `line` makes a socket for a question, or raises OSError where the system has none that have paths; `monotonic` are seconds that only
    grow. Every question raises AgentUnreachable, and BadSsh for an answer that is none.
    """

    def __init__(self, address: str, line: Callable[[], Line], monotonic: Callable[[], float]) -> None:
        self._address = address
        self._line = line
        self._monotonic = monotonic

    def identities(self) -> Sequence[Identity]:
        """All that it lists."""
        kind, reader = self._ask(bytes([_LIST]), LIST_SECONDS)
        if kind == _FAILURE:
            return ()
        if kind != _LISTED:
            raise BadSsh("answer", f"it is of type {kind}, not {_LISTED}")
        count = reader.number()
        if count > MOST_KEYS:
            raise BadSsh("answer", f"it lists {count} keys")
        found = [Identity(reader.string(), reader.string().decode("utf-8", "replace")) for _ in range(count)]
        reader.end()
        return found

    def held(self) -> tuple[AgentKey, ...]:
        """Those that can sign for us, in its order, each with a name that means it alone."""
        return self._usable(self.identities())

    def find(self, asked: str) -> AgentKey:
        """The key that `asked` means: `agent:` and its comment, fingerprint or key id or at least 8 digits of that; nothing: the only one.

        Raises AgentKeyMissing, AgentKeyKind, SeveralAgentKeys.
        """
        what = asked.removeprefix(AGENT)
        listed = self.identities()
        keys, named = self._usable(listed), [one for one in listed if what in (one.comment, one.fingerprint)]
        digits = what.lower()
        fitting = [
            key
            for key in keys
            if not what
            or key.name == asked
            or any(key.blob == one.blob for one in named)
            or (_ID.fullmatch(digits) and key.public.key_id.startswith(digits))
        ]
        if len(fitting) > 1:
            raise SeveralAgentKeys(tuple(key.name for key in fitting))
        if fitting:
            return fitting[0]
        if what and named:
            raise AgentKeyKind(named[0].comment or named[0].fingerprint, named[0].kind)
        raise AgentKeyMissing(what, tuple(key.name for key in keys))

    def _usable(self, listed: Sequence[Identity]) -> tuple[AgentKey, ...]:
        once: dict[bytes, Identity] = {}  # an agent that asks others may list a key twice
        for one in listed:
            if one.kind == KEY_TYPE:
                once.setdefault(one.blob, one)
        found = [(one, _key(one)) for one in once.values()]
        comments = [one.comment for one, _ in found]
        return tuple(
            AgentKey(AGENT + _name(one.comment, public, comments), public, self, one.blob) for one, public in found
        )

    def sign(self, blob: bytes, message: bytes, name: str) -> bytes:
        """The agent's signature over `message` with the key in `blob`, in SSH form. Raises AgentRefused."""
        flags = (0).to_bytes(4, "big")
        kind, reader = self._ask(bytes([_SIGN]) + string(blob) + string(message) + flags, SIGN_SECONDS)
        if kind == _FAILURE:
            raise AgentRefused(name)
        if kind != _SIGNED:
            raise BadSsh("answer", f"it is of type {kind}, not {_SIGNED}")
        signature = reader.string()
        reader.end()
        return signature

    def _ask(self, message: bytes, seconds: float) -> tuple[int, Reader]:
        """The type of the answer, and what follows it. All of it takes at most `seconds`: a byte now and then gains nothing."""
        if not self._address:
            raise AgentUnreachable("", "no address")
        ends = self._monotonic() + seconds
        try:
            with self._line() as line:
                line.settimeout(seconds)
                line.connect(self._address)
                answer = _answer(line, message, lambda: ends - self._monotonic())
        except TimeoutError as error:
            raise AgentUnreachable(self._address, f"no answer in {seconds:.0f} s") from error
        except OSError as error:
            raise AgentUnreachable(self._address, error.strerror or str(error)) from error
        return answer[0], Reader(answer[1:], "answer")


def _answer(line: Line, message: bytes, left: Callable[[], float]) -> bytes:
    line.settimeout(max(left(), 0.001))
    line.sendall(string(message))
    length = int.from_bytes(_received(line, _HEADER_BYTES, left), "big")
    if not 0 < length <= ANSWER_BYTES:
        raise BadSsh("answer", f"it would have {length} bytes")
    return _received(line, length, left)


def _received(line: Line, count: int, left: Callable[[], float]) -> bytes:
    found = bytearray()
    while len(found) < count:
        if (seconds := left()) <= 0:
            raise TimeoutError
        line.settimeout(seconds)
        piece = line.recv(count - len(found))
        if not piece:
            raise BadSsh("answer", "it ends too early")
        found += piece
    return bytes(found)


def _key(one: Identity) -> PublicKey:
    try:
        return read_key(one.blob)
    except BadKey as error:
        raise BadSsh("key", f"{one.fingerprint} is no point of the curve") from error


def _name(comment: str, public: PublicKey, comments: Sequence[str]) -> str:
    """The comment, where it is one word and no other key has it; else digits of the key id."""
    return comment if _PLAIN.fullmatch(comment) and comments.count(comment) == 1 else public.key_id[:16]

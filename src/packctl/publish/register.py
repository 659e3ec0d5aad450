"""The first root of a publisher: which keys stand in it, and their owners' signatures."""

from msgspec import Struct

from packctl.durable import read_named
from packctl.keyring import KeyRing
from packctl.keys import HeldKey
from packctl.publish.signer import open_key
from packctl.session import Session
from packctl.usage import BadValue
from packspec.names import PublisherName
from packspec.signing import dsse
from packspec.signing.agent import AGENT
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import PAYLOAD_TYPE, KeyRole, PublisherRoot, RootKey

PUBLIC_BYTES = 4096
"""As long as a file with a public key may be; key export writes 125 bytes."""
_LONGEST_PATH = 120
"""A public key is longer as text."""


class NamedKey(Struct, frozen=True):
    """A public key with its name; `stored` where this machine holds the private half."""

    name: str
    public: PublicKey
    stored: HeldKey | None


class RootWish(Struct, frozen=True):
    """What root 1 shall say. `created` is RFC 3339 UTC."""

    publisher: PublisherName
    owners: tuple[NamedKey, ...]
    release: tuple[NamedKey, ...]
    owner_threshold: int
    threshold: int
    contact: str
    created: str


def key_named(session: Session, text: str, *, owned: bool) -> NamedKey:
    """The key that a person names: one of theirs, `NAME=agent:KEY` to call one of the agent otherwise, or `NAME=FILE` or `NAME=PUBLIC-KEY`
    where it need not be theirs.

    Raises NoSuchKey, SeveralKeys, BadValue, BadKey, DiskFailed, and what finding a key of the agent raises.
    """
    name, sign, public = text.partition("=")
    is_agents = text.startswith(AGENT) or public.startswith(AGENT)
    if not sign or owned or is_agents:
        renamed = bool(sign) and public.startswith(AGENT)
        stored = KeyRing(session).find(public if renamed else text)
        return NamedKey(name if renamed else stored.name.removeprefix(AGENT), stored.public, stored)
    if not name:
        raise BadValue("KEY", text[:80], "NAME=FILE or NAME=PUBLIC-KEY, with a name")
    if len(public) <= _LONGEST_PATH and (file := session.folder / public).is_file():
        public = read_named(file, PUBLIC_BYTES).decode("ascii", "replace").strip()
    return NamedKey(name, PublicKey.parse(public), None)


def first_root_of(session: Session, wish: RootWish) -> Envelope:
    """Root 1, signed by every owner key.

    Raises DuplicateKey, BadKey, BadValue for a threshold above the number of keys, and what opening a key raises.
    """
    for option, threshold, keys in (
        ("--threshold", wish.threshold, wish.release),
        ("--owner-threshold", wish.owner_threshold, wish.owners),
    ):
        if threshold > len(keys):
            raise BadValue(option, str(threshold), f"at most {len(keys)}, the number of keys given")
    root = PublisherRoot(
        v=1,
        publisher=wish.publisher,
        version=1,
        owners=_role(wish.owners, wish.owner_threshold),
        release=_role(wish.release, wish.threshold),
        compromised=(),
        contact=wish.contact,
        created=wish.created,
    )
    payload = root.encode()
    signers = [open_key(session, key.stored) for key in wish.owners if key.stored is not None]
    return dsse.sign(payload, PAYLOAD_TYPE, signers)


def _role(keys: tuple[NamedKey, ...], threshold: int) -> KeyRole:
    return KeyRole(threshold=threshold, keys=tuple(RootKey(key=key.public, name=key.name) for key in keys))

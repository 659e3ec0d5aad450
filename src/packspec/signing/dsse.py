"""DSSE envelopes: exact bytes, their type, and who signed them (docs/spec/dsse.md, DSSE v1).

An envelope says nothing about trust: `valid_signers` is given the keys that may count and answers which of them signed. It counts
distinct public keys, never key ids and never signatures, and refuses another payload type before it looks at any signature.
"""

import binascii
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Self

import msgspec
from msgspec import Struct

from packspec import canonical, limits, wire
from packspec.canonical import Malformed, NotCanonical
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.signing.encoding import from_base64, to_base64
from packspec.signing.keys import PublicKey, Signer, verify


class WrongType(Untrusted):
    """A signed document of one type stands where another type belongs."""

    expected: str
    found: str

    code = "trust.wrong-type"

    def what(self) -> str:
        return "a signed document is of another type than asked for"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found[:120]}

    def why(self) -> str:
        return "a signature counts only for the kind of document that its signer saw"

    def fix(self) -> list[str]:
        return ["hand in the document that was asked for; if the registry served this one, report it to its operator"]


class NotAuthentic(Untrusted):
    """Fewer valid signatures of keys that count than the threshold asks for."""

    document: str
    have: int
    need: int
    ignored: tuple[str, ...] = ()
    """Why each other signature does not count."""

    code = "trust.not-authentic"

    def what(self) -> str:
        return f"{self.document} is not signed by its publisher: {self.have} of {self.need} signatures"

    def facts(self) -> dict[str, str]:
        numbered = {f"signature {at}": reason for at, reason in enumerate(self.ignored, start=1)}
        return {"needed": str(self.need), "found": str(self.have), **numbered}

    def why(self) -> str:
        return "somebody else made it, or it was changed after it was signed"

    def fix(self) -> list[str]:
        return ["do not use it, and report it to the registry's operator and to the publisher"]


class WireSignature(wire.SignedDocument, frozen=True, kw_only=True):
    """A signature in JSON: `keyid` as 64 hex digits, `sig` in base64."""

    keyid: str
    sig: str


class WireEnvelope(wire.SignedDocument, frozen=True, kw_only=True):
    """An envelope in JSON, for documents that hold envelopes."""

    payload: str
    payloadType: str
    signatures: tuple[WireSignature, ...]


class Signature(Struct, frozen=True):
    """One signature. `key_id` only says which key to try: it is not signed, and a wrong one makes the signature count for nobody."""

    key_id: str
    raw: bytes


class Envelope(Struct, frozen=True, dict=True):
    """A payload, its type and its signatures, none of them verified."""

    payload: bytes
    payload_type: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads an envelope: canonical JSON, at most 64 KiB, 1 to 16 signatures.

        Raises Malformed or NotCanonical, and NotAuthentic where there is no signature at all.
        """
        if len(data) > limits.ENVELOPE_BYTES:
            raise Malformed("envelope", f"more than {limits.ENVELOPE_BYTES} bytes")
        _refuse_unsigned(data)
        return cls.of(canonical.decode(data, WireEnvelope, "envelope"))

    @classmethod
    def of(cls, wired: WireEnvelope) -> Self:
        """The envelope of its JSON form. Raises Malformed, and NotAuthentic where there is no signature at all."""
        if not wired.signatures:
            raise NotAuthentic("envelope", 0, 1)
        if len(wired.signatures) > limits.ENVELOPE_SIGNATURES:
            raise Malformed("envelope", f"more than {limits.ENVELOPE_SIGNATURES} signatures")
        signatures = tuple(Signature(one.keyid, _bytes(one.sig, "sig")) for one in wired.signatures)
        return cls(_bytes(wired.payload, "payload"), wired.payloadType, signatures)

    def wire(self) -> WireEnvelope:
        """The JSON form, to stand inside another document."""
        signatures = tuple(WireSignature(keyid=one.key_id, sig=to_base64(one.raw)) for one in self.signatures)
        return WireEnvelope(payload=to_base64(self.payload), payloadType=self.payload_type, signatures=signatures)

    def encode(self) -> bytes:
        """The bytes of the envelope. Raises Malformed if they are too many, so that nobody signs what nobody may read."""
        data = canonical.encode(self.wire())
        if len(data) > limits.ENVELOPE_BYTES:
            raise Malformed("envelope", f"more than {limits.ENVELOPE_BYTES} bytes")
        return data

    @cached_property
    def digest(self) -> Digest:
        """The digest of the document: of its payload, never of the envelope, so that more keys may sign later."""
        return Digest.of(self.payload)

    @cached_property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return pae(self.payload_type, self.payload)

    def is_signed_by(self, key: PublicKey) -> bool:
        """Whether one of the signatures is valid and by `key`."""
        return any(one.key_id == key.key_id and verify(key, self.message, one.raw) for one in self.signatures)

    def signed_by(self, signer: Signer) -> Self:
        """The same with a signature of `signer`, at the end; unchanged if its key has signed already.

        Raises Malformed for a seventeenth signature.
        """
        if self.is_signed_by(signer.public):
            return self
        # A signature under this key's id that is not valid would only stand in the way.
        others = tuple(one for one in self.signatures if one.key_id != signer.public.key_id)
        if len(others) == limits.ENVELOPE_SIGNATURES:
            raise Malformed("envelope", f"more than {limits.ENVELOPE_SIGNATURES} signatures")
        mine = Signature(signer.public.key_id, signer.sign(self.message))
        return type(self)(self.payload, self.payload_type, (*others, mine))


def _refuse_unsigned(data: bytes) -> None:
    """S06: a signature that was taken away is a fault of authenticity, however its place was filled; it never switches checking off."""
    try:
        plain = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotCanonical("envelope", f"not JSON: {error}") from error
    if isinstance(plain, dict) and "payload" in plain and not plain.get("signatures"):
        raise NotAuthentic("envelope", 0, 1)


def _bytes(text: str, field: str) -> bytes:
    try:
        return from_base64(text)
    except binascii.Error as error:
        raise Malformed("envelope", f"{field} is not padded standard base64") from error


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding: `DSSEv1 LEN(type) type LEN(payload) payload`, lengths in bytes, decimal."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, payload_type: str, signers: Sequence[Signer]) -> Envelope:
    """An envelope signed by every one of `signers`, in their order; one key signs once. Raises Malformed for more than 16."""
    envelope = Envelope(payload, payload_type, ())
    for signer in signers:
        envelope = envelope.signed_by(signer)
    return envelope


def check_type(envelope: Envelope, payload_type: str) -> None:
    """Refuses an envelope of another type. Raises WrongType. First of all checks, so that no document passes for another."""
    if envelope.payload_type != payload_type:
        raise WrongType(payload_type, envelope.payload_type)


def valid_signers(envelope: Envelope, payload_type: str, keys: Iterable[PublicKey]) -> tuple[PublicKey, ...]:
    """Which of `keys` signed, each once, in the order of `keys`. Raises WrongType; other keys' signatures are passed over.

    A threshold is met if the result is at least as long: it counts distinct public keys, whatever key ids the envelope claims.
    """
    check_type(envelope, payload_type)
    return tuple(key for key in dict.fromkeys(keys) if envelope.is_signed_by(key))


def joined(envelopes: Sequence[Envelope], keys: Iterable[PublicKey]) -> Envelope:
    """Envelopes over one payload as one, with one valid signature of each of `keys` that signed; what is not valid is left out.

    The log names a document once, however many signed it; and a signature has more than one valid form, so none is compared by its bytes.
    """
    first = envelopes[0]
    signatures = []
    for key in dict.fromkeys(keys):
        mine = (one for envelope in envelopes for one in envelope.signatures if one.key_id == key.key_id)
        if valid := next((one for one in mine if verify(key, first.message, one.raw)), None):
            signatures.append(valid)
    return Envelope(first.payload, first.payload_type, tuple(signatures[: limits.ENVELOPE_SIGNATURES]))

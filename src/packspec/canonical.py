"""The one canonical JSON of documents that are signed or hashed (docs/spec/canonical.md).

UTF-8, ASCII keys in ascending order, no blanks, shortest escapes, integers below 2^53 only, no null. A reader checks the form by
encoding again and comparing bytes, which also refuses duplicate keys (msgspec keeps the last one) and odd spellings. It does so only
after the signature.
"""

from typing import TypeVar

import msgspec

from packspec import SPECIFICATION, limits, wire
from packspec.errors import AgainstPolicy, Untrusted


class NotCanonical(Untrusted):
    """A document is not written in the one form that may be signed."""

    document: str
    reason: str

    code = "trust.not-canonical"

    def what(self) -> str:
        return f"{self.document} is not in canonical form"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "a document has exactly one spelling, so that one digest means one content"

    def fix(self) -> list[str]:
        return ["ask its signer to make it again with packctl"]


class Malformed(Untrusted):
    """A document lacks a field, or a field has a value that its format does not allow."""

    document: str
    reason: str

    code = "trust.malformed"

    def what(self) -> str:
        return f"{self.document} is malformed: {self.reason}"

    def why(self) -> str:
        return "its signer made it with other software, or it is not what it claims to be"

    def fix(self) -> list[str]:
        return ["ask its signer to make it again with packctl"]


class ClientTooOld(AgainstPolicy):
    """A document was written for a later version of the specification."""

    document: str
    version: int

    code = "policy.client-too-old"

    def what(self) -> str:
        return f"{self.document} needs a newer packctl"

    def facts(self) -> dict[str, str]:
        return {"known": f"format {SPECIFICATION}", "found": f"format {self.version}"}

    def why(self) -> str:
        return "an older reader could overlook what the newer format forbids"

    def fix(self) -> list[str]:
        return ["python -m pip install --upgrade packctl"]


D = TypeVar("D", bound=msgspec.Struct)


def encode(document: object) -> bytes:
    """The canonical bytes of `document`. Its author guarantees ASCII keys and integers; `decode` checks them."""
    return wire.encode_sorted(document)


def decode(data: bytes, wanted: type[D], document: str) -> D:
    """Reads the canonical bytes of a document; `document` is its name in errors.

    Raises NotCanonical, Malformed, or ClientTooOld for a higher `v`. Call it only with bytes whose signature or digest was verified.
    """
    plain = decode_plain(data, document)
    version = plain.get("v", SPECIFICATION)
    if type(version) is int and version > SPECIFICATION:
        raise ClientTooOld(document, version)
    try:
        return wire.convert(plain, wanted)
    except msgspec.ValidationError as error:
        raise Malformed(document, str(error)) from error


def decode_plain(data: bytes, document: str) -> dict[str, object]:
    """The canonical JSON object in `data` as plain values. Raises NotCanonical."""
    try:
        plain = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise NotCanonical(document, f"not JSON: {error}") from error
    if not isinstance(plain, dict):
        raise NotCanonical(document, "not a JSON object")
    _check_values(plain, document)
    if wire.encode_sorted(plain) != data:
        raise NotCanonical(document, "encoding it again gives other bytes")
    return plain


def _check_values(plain: dict[str, object], document: str) -> None:
    # A loop and exact types, because a replay of the log comes here for every document: three times as fast as recursion with `match`.
    pending: list[tuple[dict[str, object] | list[object], int]] = [(plain, 1)]
    while pending:
        outer, level = pending.pop()
        if outer and level == limits.DOCUMENT_DEPTH:
            raise NotCanonical(document, f"nested deeper than {limits.DOCUMENT_DEPTH}")
        if isinstance(outer, dict):
            for key in outer:
                if not key.isascii():
                    raise NotCanonical(document, f"key {key[:80]!r} is not ASCII")
        for inner in outer.values() if isinstance(outer, dict) else outer:
            kind = type(inner)
            if kind is str or kind is bool:
                continue
            if isinstance(inner, dict | list):
                pending.append((inner, level + 1))
            elif inner is None:
                raise NotCanonical(document, "null occurs; what has no value is left out")
            elif kind is float:
                raise NotCanonical(document, "a number that is not an integer occurs")
            elif isinstance(inner, int) and abs(inner) > limits.INTEGER_MAX:
                raise NotCanonical(document, "an integer is 2^53 or more")

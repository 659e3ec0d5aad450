"""Messages and documents to and from JSON: the two base Structs, and the hooks for our checked types, in one place.

A checked type (PackName, Version, Range, Digest ...) is made by its class method `parse(text)` alone, and `str(value)` gives the text back.
"""

from _thread import allocate_lock  # what threading.Lock is; importing threading costs every command a millisecond
from typing import Any, ClassVar, TypeVar

import msgspec


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A request or an answer of the API. Unknown fields of requests are refused: a misspelled field must not be ignored in silence."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An answer of the API. Readers ignore unknown fields, so a server may add some."""


class SignedDocument(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A document that is signed or hashed (docs/spec/canonical.md).

    What has no value is left out, so optional fields are `X | None = None`; lists and booleans have no default and always stand. Unknown
    fields are ignored when read; a signed document is never encoded again after it was read.
    """

    __signed__: ClassVar[bool] = True


def dec_hook(wanted: type[Any], value: object) -> object:
    """Makes a checked type from its text. Raises ValueError, which msgspec turns into its own error with the path of the field."""
    parse = getattr(wanted, "parse", None)
    if parse is None:
        raise NotImplementedError(f"{wanted} has no parse")
    if not isinstance(value, str):
        raise ValueError(f"expected a string, got {type(value).__name__}")
    try:
        return parse(value)
    except Exception as error:
        raise ValueError(str(error)) from error


def enc_hook(value: object) -> object:
    """Writes a checked type as its text: one whose values come from its own `parse`."""
    if not hasattr(value, "parse"):
        raise NotImplementedError(f"{type(value)} is not a checked type")
    return str(value)


def schema_hook(wanted: type[Any]) -> dict[str, Any]:
    """A checked type in a JSON schema: a string, with the pattern and example its class names."""
    shape: dict[str, Any] = {"type": "string"}
    if pattern := getattr(wanted, "PATTERN", ""):
        shape["pattern"] = pattern
    return shape


T = TypeVar("T")
_QUOTED = 300
"""Longest text of an error, characters: what is wrong at the front, the path of the field at the end."""


def checked(kind: type[T]) -> type[T]:
    """Class decorator for a checked type that is a dataclass: keeps msgspec from writing its fields instead of its text."""
    del kind.__dataclass_fields__  # type: ignore[attr-defined]  # how msgspec knows a dataclass
    return kind


_encoder = msgspec.json.Encoder(enc_hook=enc_hook)
_encoder_sorted = msgspec.json.Encoder(enc_hook=enc_hook, order="sorted")


def encode(value: object) -> bytes:
    """JSON of a message, for the wire."""
    return _encoder.encode(value)


def encode_sorted(value: object) -> bytes:
    """JSON with sorted keys: the form that `canonical` promises for documents."""
    return _encoder_sorted.encode(value)


_decoders: dict[object, msgspec.json.Decoder[Any]] = {}
_making = allocate_lock()


def _decoder(wanted: type[T]) -> msgspec.json.Decoder[T]:
    """The one decoder for this type.

    msgspec looks at the fields of a Struct when it first meets one, and another thread that meets the same Struct in the middle of that
    ends the process (segmentation fault, msgspec 0.22). So whatever is read with a type comes by here, and one thread does the looking.
    """
    found = _decoders.get(wanted)
    if found is None:
        with _making:
            found = _decoders[wanted] = msgspec.json.Decoder(wanted, dec_hook=dec_hook)
    return found


def decode(data: bytes, wanted: type[T]) -> T:
    """Reads a message. Raises msgspec.DecodeError (msgspec.ValidationError with the field's path), and no other.

    Too deep nesting and bad UTF-8 raise other errors in msgspec; they become DecodeError here.
    """
    try:
        return _decoder(wanted).decode(data)
    except msgspec.DecodeError as error:
        raise _shortened(error) from error.__cause__
    except (RecursionError, UnicodeDecodeError) as error:
        raise msgspec.DecodeError(f"not readable: {type(error).__name__}") from error


def convert(value: object, wanted: type[T], *, strict: bool = True) -> T:
    """Makes `wanted` from plain JSON values; not strictly: from texts, as a query or a variable has them.

    Raises msgspec.ValidationError with the field's path.
    """
    _decoder(wanted)
    try:
        return msgspec.convert(value, type=wanted, strict=strict, dec_hook=dec_hook)
    except msgspec.ValidationError as error:
        raise _shortened(error) from error.__cause__


E = TypeVar("E", bound=msgspec.DecodeError)


def _shortened(error: E) -> E:
    """`error` without the middle of what it quotes: a stranger's field may be named with a megabyte."""
    text = str(error)
    return error if len(text) <= _QUOTED else type(error)(f"{text[:200]} ... {text[-80:]}")

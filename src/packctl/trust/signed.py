"""One file of TUF metadata: read below its ceiling, no key twice, signed by the keys of its role, of the digest that is listed."""

import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from tuf.api.exceptions import LengthOrHashMismatchError, RepositoryError
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp
from tuf.api.serialization import DeserializationError

from packctl.trust.faults import MetadataMalformed, MetadataMismatch, MetadataSignature, MetadataTooBig
from packctl.trust.metadata import CEILINGS
from packspec import limits
from packspec.digests import Digest
from packspec.signing.keys import BadKey, spki_of_pem
from packspec.signing.keyset import DuplicateKey

S = TypeVar("S", Root, Timestamp, Snapshot, Targets)


def load(kind: type[S], role: str, data: bytes) -> Metadata[S]:
    """Reads one file, nothing of it verified but that it lists no key twice. Raises MetadataTooBig, MetadataMalformed, DuplicateKey."""
    ceiling = CEILINGS.get(role, limits.TUF_TARGETS_BYTES)
    if len(data) > ceiling:
        raise MetadataTooBig(role, ceiling)
    check_keys(role, data)
    try:
        found: Metadata[Any] = Metadata.from_bytes(data)
    except (DeserializationError, RepositoryError, ValueError, RecursionError) as error:
        raise MetadataMalformed(role, _reason(error)) from error
    if not isinstance(found.signed, kind):
        raise MetadataMalformed(role, f"it is a {found.signed.type}")
    return cast("Metadata[S]", found)


def check_signed(delegator: Root | Targets, role: str, found: Metadata[Any]) -> None:
    """Refuses a file that the keys of its role have not signed. Raises MetadataSignature, MetadataMalformed."""
    try:
        result = delegator.get_verification_result(role, found.signed_bytes, found.signatures)
    except ValueError as error:
        raise MetadataMalformed(role, _reason(error)) from error
    if not result:
        raise MetadataSignature(role, len(result.signed), result.threshold)


def check_listed(role: str, data: bytes, meta: MetaFile) -> None:
    """Refuses a file that is not the one that the metadata before it lists. Raises MetadataMismatch."""
    try:
        meta.verify_length_and_hashes(data)
    except LengthOrHashMismatchError as error:
        expected = ", ".join(f"{name}:{digest}" for name, digest in sorted((meta.hashes or {}).items()))
        raise MetadataMismatch(role, expected or f"{meta.length} bytes", Digest.of(data).labelled) from error


def check_keys(role: str, data: bytes) -> None:
    """Refuses metadata that lists one public key under two ids, in whatever spelling (S17). Raises DuplicateKey.

    Thresholds of the library count ids. It is done before the library sees the file, so that nothing of it is used or kept. What is not
    JSON of the expected form is left to the library to refuse.
    """
    seen: set[bytes] = set()
    for key in _keys_in(data):
        identity = _identity(key)
        if identity is not None and identity in seen:
            raise DuplicateKey(f"the registry's {role}", Digest.of(identity).short)
        if identity is not None:
            seen.add(identity)


def _keys_in(data: bytes) -> Iterator[Mapping[str, Any]]:
    try:
        plain = json.loads(data)  # the library's own parser, so that both see the same
        signed = plain["signed"]
        for holder in (signed, signed.get("delegations") or {}):
            keys = holder.get("keys") or {}
            yield from (key for key in keys.values() if isinstance(key, dict))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return


def _identity(key: Mapping[str, Any]) -> bytes | None:
    """What is equal for equal keys: the DER where it can be loaded, else the text."""
    value = key.get("keyval")
    public = value.get("public") if isinstance(value, dict) else None
    if not isinstance(public, str):
        return None
    try:
        return spki_of_pem(public) if "BEGIN" in public else bytes.fromhex(public)
    except (BadKey, ValueError, binascii.Error):
        return public.strip().encode("utf-8", "surrogatepass")


def _reason(error: BaseException) -> str:
    said = str(error.__cause__ or error)[:200] or type(error).__name__
    return f"not JSON: {said}" if isinstance(error.__cause__, json.JSONDecodeError) else said

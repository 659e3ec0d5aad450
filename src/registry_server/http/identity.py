"""Finds the token of a request: in one Authorization header, never in the address or the body; and what a device shows beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from registry_server.call import NOTHING_SHOWN, Shown
from registry_server.http.problems import BadHttp


def find_token(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The text behind `Bearer`, whatever it is; None without the header. Another scheme counts as a token that is not valid.

    Raises BadHttp for two Authorization headers: which one counts would be a guess.
    """
    found = [value for name, value in headers if name == b"authorization"]
    if not found:
        return None
    if len(found) > 1:
        raise BadHttp("two Authorization headers")
    scheme, _, text = found[0].decode("latin-1").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def find_shown(scope: Mapping[str, Any], headers: Iterable[tuple[bytes, bytes]]) -> Shown:
    """The proof of a device and its license token, with the request that the proof must be for. Raises BadHttp for two of either."""
    proof, license = (_one(headers, name) for name in (b"packctl-proof", b"packctl-license"))
    if not proof and not license:
        return NOTHING_SHOWN
    path = scope.get("raw_path") or str(scope["path"]).encode()
    return Shown(proof, license, str(scope["method"]), path.partition(b"?")[0].decode("latin-1"))


def _one(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> str:
    found = [value for name, value in headers if name == wanted]
    if len(found) > 1:
        raise BadHttp(f"two {wanted.decode()} headers")
    return found[0].decode("latin-1").strip() if found else ""

"""Finds the token of a request: in one Authorization header, never in the address or the body."""

from collections.abc import Iterable

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

"""Links: addresses that open one archive for an hour, signed by the registry for itself."""

import hmac
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl

from packspec.digests import BadDigest, Digest
from packspec.errors import Anonymous, Denied, Unavailable
from packspec.signing.encoding import to_base64url

LINK_SECONDS = 3600
_PURPOSE = b"packctl download link v1"


class NothingShown(Anonymous):
    """A paid release was asked for without a license token, or without the proof of its device."""

    release: str

    code = "delivery.nothing-shown"

    def what(self) -> str:
        return f"{self.release} must be paid, and the request shows no license"

    def why(self) -> str:
        return "a license is shown by its token together with the proof of the machine that it is bound to"

    def fix(self) -> list[str]:
        pack = self.release.partition(" ")[0]
        return [f"packctl license activate {pack}", f"packctl install {pack}"]


class LinkExpired(Denied):
    """The hour of a link is over."""

    code = "delivery.link-expired"

    def what(self) -> str:
        return "this address opened a file for an hour, and the hour is over"

    def fix(self) -> list[str]:
        return ["run the same command again: it asks for a new one, and goes on where the file stopped"]


class LinkRefused(Denied):
    """An address that this registry did not make, or that was changed."""

    code = "delivery.link-refused"

    def what(self) -> str:
        return "this is not an address that the registry gave for a file"

    def why(self) -> str:
        return "each one is made for one file and one machine, and is changed by the smallest edit"

    def fix(self) -> list[str]:
        return ["run the same command again"]


class StatusListMissing(Unavailable):
    """The status list that a token names is not on the static side."""

    path: str

    code = "delivery.status-list-missing"
    retry_after_seconds = 60

    def what(self) -> str:
        return "the registry cannot tell now whether the license was revoked"

    def operator_facts(self) -> dict[str, str]:
        return {"missing": self.path}

    def fix(self) -> list[str]:
        return ["try again in a minute; if it stays, tell the registry's admin"]


def link_secret(pepper: bytes) -> bytes:
    """What links are signed with, made of a secret of this registry that every process of it has."""
    return hmac.digest(pepper, _PURPOSE, "sha256")


@dataclass(frozen=True)
class Link:
    """What an address opens: these bytes, for this activation, until then."""

    digest: Digest
    activation: str
    until: int

    def path(self, secret: bytes) -> str:
        """What follows the PREFIX in the address."""
        return f"{self.digest}?for={self.activation}&until={self.until}&signature={self._signature(secret)}"

    @classmethod
    def read(cls, path: str, query: bytes, secret: bytes, now: int) -> Self:
        """The link in an address. `path` is what follows PREFIX. Raises LinkRefused, LinkExpired."""
        try:
            said = dict(parse_qsl(query.decode("ascii"), strict_parsing=True, max_num_fields=3))
            link = cls(Digest.parse(path), said["for"], _number(said["until"]))
            shown = said["signature"].encode("ascii")
        except (KeyError, ValueError, BadDigest) as error:
            raise LinkRefused() from error
        if not hmac.compare_digest(link._signature(secret).encode(), shown):
            raise LinkRefused()
        if now >= link.until:
            raise LinkExpired()
        return link

    def _signature(self, secret: bytes) -> str:
        said = f"{self.digest}\n{self.activation}\n{self.until}".encode()
        return to_base64url(hmac.digest(secret, said, "sha256"))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise ValueError(text)
    return int(text)

"""Which license is meant: by its id, or by the pack it is for. Licenses of the account are asked for at the registry."""

from typing import TYPE_CHECKING

from msgspec import Struct

from packctl.licenses.desk import Desk
from packctl.licenses.faults import NoLicense
from packctl.licenses.wallet import Place
from packctl.registry.choose import chosen_client
from packctl.registry.client import RegistryClient
from packctl.usage import BadValue
from packspec.errors import Unlicensed
from packspec.licenses.refusals import refusal
from packspec.licenses.status import Status
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Refused, covers
from packspec.names import PackName, PublisherName
from packspec.patterns import pattern
from packspec.protocol.licenses import LIST, LicenseView, ListLicenses

if TYPE_CHECKING:
    from packctl.session import Session

_ID = pattern(r"L-[1-9][0-9]{0,14}")
_MANY = pattern(r"premium|(plan|category):[a-z0-9][a-z0-9._-]{0,99}|[a-z0-9-]{1,64}/\*")
"""How a license for many packs is called, where it is shown."""
_ORDER = (
    Status.ACTIVE, Status.TRIALING, Status.PAST_DUE, Status.PENDING, Status.GRACE, Status.SUSPENDED, Status.CANCELLED, Status.EXPIRED,
    Status.REVOKED,
)  # fmt: skip
"""Of several licenses for one pack the first of these is meant."""


class Named(Struct, frozen=True):
    """What a person typed: a pack, `L-` and a number, or what a license for many packs is called."""

    text: str
    pack: PackName | None = None

    @classmethod
    def parse(cls, text: str) -> "Named":
        """Raises BadName for what is neither."""
        return cls(text) if _ID.fullmatch(text) or _MANY.fullmatch(text) else cls(text, PackName.parse(text))

    @property
    def publisher(self) -> PublisherName | None:
        """Of the pack that was named; its registry is asked."""
        return self.pack.publisher if self.pack else None

    def fits(self, desk: Desk, place: Place) -> bool:
        """Whether a place of this machine is of this license, or of one for many packs that names this pack, its publisher, or all."""
        if self.text in (place.license, place.pack):
            return True
        try:
            lic = LicenseToken.read(place.token, desk.keys).lic
        except Unlicensed:
            return False
        if self.pack is None:
            return self.text == f"plan:{lic.plan}" or self.text in lic.covers
        return covers(lic.right, self.pack, category=None)


def is_meant(desk: Desk, named: Named | None, place: Place) -> bool:
    """Whether a place is of the license that was named; of every one where none was."""
    return named is None or named.fits(desk, place)


def license_id(text: str) -> str:
    """`L-` and a number, as an admin types it. Raises BadValue."""
    if not _ID.fullmatch(text):
        raise BadValue("LICENSE", text, "an id such as L-12; see packctl license list --remote")
    return text


def place_of(desk: Desk, named: Named) -> Place:
    """The place of this machine in that license. Raises NotActivated."""
    found = next((place for place in desk.places if named.fits(desk, place)), None)
    if found is None:
        raise refusal(Refused.NOT_ACTIVATED, named.text)
    return found


def own_licenses(client: RegistryClient, pack: PackName | None = None) -> list[LicenseView]:
    """The licenses that the account has or has a seat of, newest first."""
    found: list[LicenseView] = []
    cursor = ""
    while True:
        page = client.call(LIST, ListLicenses(pack=pack, cursor=cursor))
        found += page.licenses
        cursor = page.cursor
        if not cursor or not page.licenses:
            return found


def asked_license(session: "Session", text: str) -> tuple[RegistryClient, str]:
    """A client of the registry that is asked, and the id there of the account's license that a person means. Raises as `own_license`."""
    named = Named.parse(text)
    _, client = chosen_client(session, named.publisher)
    return client, own_license(client, named)


def own_license(client: RegistryClient, named: Named) -> str:
    """The id of the account's license that is meant. Raises NoLicense, and as the registry refuses."""
    found = find_own_license(client, named)
    if found is None:
        raise NoLicense(named.text)
    return found


def find_own_license(client: RegistryClient, named: Named) -> str | None:
    """The same; None where the account has none for that pack."""
    if _ID.fullmatch(named.text):
        return named.text
    found = [one for one in own_licenses(client, named.pack) if one.status != Status.REVOKED]
    if named.pack is None:
        found = [one for one in found if named.text == one.pack or named.text in one.plan.covers]
    if not found:
        return None
    return min(found, key=lambda one: _ORDER.index(Status(one.status)) if one.status in set(Status) else len(_ORDER)).id

"""`Bill`: what a bill of materials says about the installed packs, whatever format it is written in.

All of it is in the lock and in what was signed. There is no clock: `created` is when the newest of the releases entered the registry's log,
so the same installation gives the same bytes on every machine, and a changed bill means that packs changed.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Struct

from packctl import __version__
from packctl.project.signed import SignedPack
from packspec import site
from packspec.project import Wish

NAMESPACE = uuid.UUID("0b8c1f3e-6f0a-5b62-9d2e-5a1c7f6d4e90")
"""Of the identifiers that are made of digests. Any constant does; it must never change."""


class Material(Struct, frozen=True):
    """One installed pack. `address` is where its archive lies, empty where none is known that others could reach, too."""

    name: str
    version: str
    publisher: str
    kind: str
    """`content`, `module` or `tool`; empty where pack.toml of the pack is not as it was signed."""
    title: str
    summary: str
    homepage: str
    license: str
    archive: str
    """SHA-256, in hex."""
    size: int
    address: str
    needs: tuple[str, ...]
    """References of the releases that it needs, ascending."""

    @property
    def reference(self) -> str:
        """`acme/farm-animals@2.1.0`."""
        return f"{self.name}@{self.version}"

    @property
    def purl(self) -> str:
        """Its package URL. There is no type of packs, so it is `generic` with the digest that makes it one thing."""
        version = self.version.replace("+", "%2B")
        return f"pkg:generic/{self.name}@{version}?checksum=sha256:{self.archive}"


class Bill(Struct, frozen=True):
    """The bill. `direct` are references of what the project itself asks for; `texts` are license texts by `LicenseRef-...`."""

    project: str
    version: str
    created: datetime
    materials: tuple[Material, ...]
    direct: tuple[str, ...]
    texts: Mapping[str, str]

    def identity(self, form: str) -> uuid.UUID:
        """A UUID of all that the bill says, written in the format `form` by this packctl: equal documents have equal ones."""
        return uuid.uuid5(NAMESPACE, f"{form}\n{__version__}\n{msgspec.json.encode(self).decode()}")


class Subject(Struct, frozen=True):
    """The project that the bill is about: its own name and version, empty for one that publishes nothing."""

    name: str
    version: str
    wishes: Iterable[Wish]


def make_bill(subject: Subject, packs: Iterable[SignedPack], address_of: Callable[[str], str]) -> Bill:
    """The bill of `packs`. `address_of` gives the address of a registry by its alias, or nothing."""
    found = sorted(packs, key=lambda one: one.locked.name)
    here = {str(one.locked.release) for one in found}
    wished = {str(wish.pack) for wish in subject.wishes}
    newest = max((one.published_at or 0 for one in found), default=0)
    return Bill(
        subject.name or "project",
        subject.version,
        datetime.fromtimestamp(newest, UTC),
        tuple(_material(one, here, address_of(str(one.locked.registry))) for one in found),
        tuple(str(one.locked.release) for one in found if str(one.locked.name) in wished),
        _texts(found),
    )


def _material(one: SignedPack, here: set[str], address: str) -> Material:
    locked, pack = one.locked, one.manifest.pack if one.manifest else None
    return Material(
        name=str(locked.name),
        version=str(locked.version),
        publisher=str(locked.name.publisher),
        kind=pack.kind if pack else "",
        title=(pack.title or "") if pack else "",
        summary=pack.summary if pack else "",
        homepage=next((str(link) for label, link in pack.links.items() if label == "homepage"), "") if pack else "",
        license=str(locked.license),
        archive=str(locked.archive),
        size=locked.size,
        address=f"{address}/{site.blob(locked.archive)}" if address.startswith("https://") else "",
        needs=tuple(sorted(str(need) for need in locked.needs if str(need) in here)),
    )


def _texts(packs: Iterable[SignedPack]) -> dict[str, str]:
    """The texts of own terms. Two publishers may use one `LicenseRef-...` for different texts, so each says whose it is."""
    found: dict[str, list[str]] = {}
    for one in packs:
        text = one.text_of_terms()
        for name in one.locked.license.own:
            told = (
                f"{one.locked.name} {one.locked.version}:\n{text}"
                if text
                else f"See {one.locked.name} {one.locked.version}."
            )
            found.setdefault(name, []).append(told)
    return {name: "\n\n".join(texts) for name, texts in sorted(found.items())}

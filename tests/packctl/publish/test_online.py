"""What a pack needs is asked for before anybody types a passphrase, and a circle is named."""

from collections.abc import Mapping, Sequence

import pytest

from packctl.publish.online import look_up
from packspec.digests import Digest
from packspec.errors import NotFound
from packspec.manifest import parse_manifest
from packspec.names import PackName, PublisherName
from packspec.problems import Problem, relayed
from packspec.protocol.catalog import AskPack, PackView, ReleaseView
from packspec.versions import Version

TOML = """\
[pack]
name = "acme/farm"
version = "1.0.0"
summary = "Animals"
license = "MIT"
category = "characters"

[dependencies]
"""


class Catalog:
    """A catalog of packs: name to versions and needs. Counts what it is asked."""

    def __init__(self, packs: Mapping[str, tuple[Sequence[str], Sequence[str]]]) -> None:
        self.packs, self.asked = packs, 0

    def call(self, endpoint: object, ask: AskPack) -> PackView:
        self.asked += 1
        name = f"{ask.publisher}/{ask.name}"
        if name not in self.packs:
            raise relayed(Problem(type="", title="none", status=404, code="catalog.no-such-pack", kind="not-found"))
        versions, needs = self.packs[name]
        return PackView(
            name=PackName(name), kind="content", title="", summary="", description="", license="MIT", paid=False, category="",
            verified=False, publisher=PublisherName(str(ask.publisher)), publisher_display_name="",
            latest=Version.parse(versions[0]), releases=[release(version) for version in versions], needs=list(needs),
        )  # fmt: skip


def release(version: str) -> ReleaseView:
    return ReleaseView(
        version=Version.parse(version), state="published", published_at=0, size=1, unpacked=1, files=1, archive=Digest.of(b""),
        statement=Digest.of(b""), is_latest=False, is_prerelease=False, license="MIT", paid=False,
    )  # fmt: skip


def told(catalog: Catalog, *needs: str) -> list[tuple[str, int, str]]:
    manifest = parse_manifest((TOML + "\n".join(needs)).encode(), strict=True)
    return [(one.code, one.line, one.text) for one in look_up(catalog, manifest)]  # type: ignore[arg-type]


def test_a_pack_or_version_that_is_not_here_is_told_with_its_line() -> None:
    catalog = Catalog({"packs/base": (["1.4.2", "1.0.0"], [])})
    assert told(catalog, '"packs/base" = "^1.2"', '"packs/other" = "^1"') == [
        ("publish.dependency", 10, "it needs packs/other, which is not published here")
    ]
    assert told(catalog, '"packs/base" = "^2"') == [
        ("publish.dependency", 9, "it needs packs/base ^2, and no such version is published here; the newest is 1.4.2")
    ]


def test_M16_a_circle_is_named_from_end_to_end() -> None:
    circle = {
        "a/one": (["1.0.0"], ["a/side ^1", "a/two ^1"]),
        "a/side": (["1.0.0"], []),
        "a/two": (["1.0.0"], ["acme/farm ^1", "a/one ^1"]),
    }
    assert told(Catalog(circle), '"a/one" = "^1"') == [
        (
            "publish.dependency-circle",
            9,
            "it needs itself: acme/farm needs a/one needs a/two needs acme/farm; such a circle can be installed",
        )
    ]


def test_C21_an_endless_row_of_packs_is_asked_only_so_far() -> None:
    endless = {f"a/p{number}": (["1.0.0"], [f"a/p{number + 1} ^1", "not a name"]) for number in range(1000)}
    catalog = Catalog(endless)
    assert told(catalog, '"a/p0" = "^1"') == []
    assert catalog.asked == 40


def test_another_failure_than_a_missing_pack_is_not_hidden() -> None:
    class Broken(Catalog):
        def call(self, endpoint: object, ask: AskPack) -> PackView:
            raise relayed(Problem(type="", title="no", status=403, code="access.denied", kind="denied"))

    with pytest.raises(Exception, match="no") as caught:
        told(Broken({}), '"a/one" = "^1"')
    assert not isinstance(caught.value, NotFound)

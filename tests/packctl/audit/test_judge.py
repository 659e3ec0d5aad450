"""What counts as a finding, and what an exception covers. Pure: nobody is asked."""

import datetime

import pytest

from packctl.audit.exceptions import Exceptions
from packctl.audit.judge import Found, Subject, judge_keys, newest_fix
from packctl.findings.states import RecalledWithWarning, ReleaseDeprecated, ReleaseYanked
from packctl.project.reach import Paths, paths_to
from packspec.digests import Digest
from packspec.index import PackIndex
from packspec.manifest import ManifestFaults
from packspec.names import PackName
from packspec.project import parse_project
from packspec.signing.publisher import PublisherRoot
from packspec.verdict import ReleaseRecalled
from packspec.versions import Version
from tests.support.signing import role

TODAY = datetime.date(2026, 11, 20)
NEEDS = {"acme/farm": ["acme/icons"], "acme/shop": ["acme/icons"], "acme/icons": []}


def yanked(pack: str = "acme/icons") -> Found:
    return Found(ReleaseYanked(f"{pack} 1.0.0", "broken"), "warning", release=f"{pack} 1.0.0", pack=pack, line=7)


def ignoring(text: str, starts: tuple[str, ...] = ("acme/farm", "acme/shop")) -> Exceptions:
    project = parse_project(text.encode())
    lines = [project.lines.of(("audit", "ignore", number)) for number in range(len(project.audit.ignore))]
    return Exceptions(project.audit.ignore, lines, TODAY, lambda pack: paths_to(pack, starts, NEEDS))


def exception(
    code: str = "policy.release-yanked", path: str = "", until: str = "2026-11-20", reason: str = "spring"
) -> str:
    where = f'path = "{path}"\n' if path else ""
    return f'[[audit.ignore]]\nid = "{code}"\n{where}reason = "{reason}"\nuntil = {until}\n'


def judged(exceptions: Exceptions, *found: Found) -> tuple[list[str], list[str]]:
    """Reasons by finding, and codes of what is said about the exceptions."""
    remarks, own = exceptions.judge(found)
    return [one.ignored for one in remarks], [f"{one.level} {one.remark.code} {one.remark.line}" for one in own]


def test_an_exception_covers_its_finding_through_its_last_day() -> None:
    assert judged(ignoring(exception()), yanked()) == (["spring"], [])
    assert judged(ignoring(exception(until="2026-11-19")), yanked()) == ([""], ["error policy.exception-expired 1"])


def test_an_expired_exception_fails_also_where_its_finding_is_gone() -> None:
    assert judged(ignoring("\n" + exception(until="2020-01-01")))[1] == ["error policy.exception-expired 2"]


def test_an_exception_that_covers_nothing_is_told() -> None:
    assert judged(ignoring(exception("catalog.release-deprecated")), yanked()) == (
        [""],
        ["note policy.exception-unused 1"],
    )


def test_a_path_accepts_that_way_in_and_no_other() -> None:
    one = exception(path="acme/farm > acme/icons")
    other = exception(path="acme/shop > acme/icons", reason="summer")
    assert judged(ignoring(one), yanked())[0] == [""]
    assert judged(ignoring(one, ("acme/farm",)), yanked()) == (["spring"], [])
    assert judged(ignoring(one + other), yanked()) == (["spring; summer"], [])
    assert judged(ignoring(one + other, ("acme/farm", "acme/icons")), yanked())[0] == [""]


def test_a_pack_with_too_many_ways_in_to_list_is_covered_by_no_path() -> None:
    exceptions = ignoring(exception(path="acme/farm > acme/icons"))
    endless = Exceptions(
        exceptions.ignored, exceptions.lines, TODAY, lambda pack: Paths((("acme/farm", "acme/icons"),), False)
    )
    assert judged(endless, yanked())[0] == [""]


@pytest.mark.parametrize(
    "found",
    [
        Found(ReleaseRecalled("acme/icons 1.0.0", "malware"), "error", pack="acme/icons"),
        Found(RecalledWithWarning("acme/icons 1.0.0", "legal"), "warning", pack="acme/icons"),
    ],
)
def test_no_exception_covers_a_recall_and_none_can_be_written(found: Found) -> None:
    exceptions = ignoring(exception())
    forced = [type(one)(id="policy.release-recalled", reason="no", until=one.until) for one in exceptions.ignored]
    assert judged(Exceptions(forced, [1], TODAY, exceptions.paths_to), found)[0] == [""]
    with pytest.raises(ManifestFaults):
        ignoring(exception("policy.release-recalled"))


def test_an_error_is_not_accepted() -> None:
    found = Found(ReleaseDeprecated("acme/icons 1.0.0", "broken"), "error", pack="acme/icons")
    assert judged(ignoring(exception("catalog.release-deprecated")), found)[0] == [""]


@pytest.mark.parametrize(
    "missing",
    [
        'reason = "x"\nuntil = 2030-01-01',
        'id = "policy.release-yanked"\nuntil = 2030-01-01',
        'id = "policy.release-yanked"\nreason = "x"',
    ],
)
def test_an_exception_without_code_reason_or_day_is_a_fault_of_pack_toml(missing: str) -> None:
    with pytest.raises(ManifestFaults):
        ignoring(f"[[audit.ignore]]\n{missing}\n")


# Fixes


def index(*versions: str, yanked: str = "") -> PackIndex:
    """An index of which only versions and states are looked at."""

    class Row:
        def __init__(self, version: str) -> None:
            self.version, self.state = Version.parse(version), "yanked" if version == yanked else "published"

    class Rows:
        releases = tuple(Row(one) for one in versions)

    return Rows()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("have", "there", "fix"),
    [
        ("1.2.0", ("2.0.0", "1.3.0", "1.2.9", "1.2.1", "1.2.0"), "1.2.9"),
        ("1.2.0", ("2.0.0", "1.3.0", "1.2.0"), None),
        ("1.2.0", ("1.2.1-rc.1", "1.2.0"), None),
        ("0.2.0", ("0.3.0", "0.2.1", "0.2.0"), "0.2.1"),
        ("1.2.0-beta.1", ("1.2.0", "1.2.0-beta.1"), "1.2.0"),
        ("1.2.0", (), None),
    ],
)  # fmt: skip
def test_a_fix_differs_in_the_last_number_only(have: str, there: tuple[str, ...], fix: str | None) -> None:
    subject = Subject(PackName("acme/icons"), Version.parse(have), index=index(*there))
    assert newest_fix(subject) == (Version.parse(fix) if fix else None)


def test_a_yanked_release_is_no_fix() -> None:
    subject = Subject(
        PackName("acme/icons"), Version.parse("1.2.0"), index=index("1.2.2", "1.2.1", "1.2.0", yanked="1.2.2")
    )
    assert newest_fix(subject) == Version.parse("1.2.1")


# Keys


def root(version: int, keys: tuple[str, ...], threshold: int = 1) -> PublisherRoot:
    previous = None if version == 1 else Digest.of(b"the root before")
    return PublisherRoot(**{**fields(version, keys, threshold), "previous": previous})  # type: ignore[arg-type]


def fields(version: int, keys: tuple[str, ...], threshold: int) -> dict[str, object]:
    return {
        "v": 1, "publisher": PackName("acme/icons").publisher, "version": version, "owners": role(["owner"]),
        "release": role(list(keys), threshold), "compromised": (), "contact": "keys@acme.example",
        "created": "2027-01-15T08:00:00Z",
    }  # fmt: skip


def test_keys_that_came_and_went_are_named_and_the_threshold_too() -> None:
    pack = PackName("acme/icons")
    assert judge_keys(root(1, ("a",)), root(1, ("a",)), pack) is None
    found = judge_keys(root(1, ("a", "b")), root(3, ("b", "c"), 2), pack)
    assert found is not None
    assert found.remark.what == "acme has other keys than at the last install: root 1 -> root 3"
    facts = found.error.facts()
    assert (facts["new keys"].split()[0], facts["gone"].split()[0], facts["threshold"]) == ("c", "a", "1 -> 2")
    same = judge_keys(root(1, ("a",)), root(2, ("a",)), pack)
    assert same is not None
    assert same.error.facts() == {"release keys": "the same"}

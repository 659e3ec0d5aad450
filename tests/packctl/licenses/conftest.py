"""A registry that sells packs, and people with machines of their own."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from packspec.digests import Digest
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.licenses import (
    ISSUE,
    REVOKE,
    SHOW,
    SUSPEND,
    UNSUSPEND,
    AskLicense,
    ChangeLicense,
    Issued,
    IssueLicense,
    LicenseDetail,
)
from tests.support.faults import KILLED, Fault, run_in_child
from tests.support.person import Ended, Person
from tests.support.registry import Registry, registry_at
from tests.support.shop import sell


@dataclass
class Store:
    """A registry with packs for sale (tests.support.shop.sell)."""

    registry: Registry
    folder: Path
    pin: str
    admin: str
    people: list[str] = field(default_factory=list)
    sold: int = 0
    holders: dict[str, str] = field(default_factory=dict)
    """The token of who holds a license, by its id."""

    def person(self, name: str, token: str = "", **environ: str) -> Person:
        """Somebody on a machine that has never been here, in an empty project."""
        self.people.append(name)
        here = self.folder / f"{len(self.people)}-{name}"
        here.mkdir()
        (here / "pack.toml").write_text("")
        known = {"PACKCTL_REGISTRY": self.registry.url, "PACKCTL_TRUST_ROOT": self.pin, "PACKCTL_CONCURRENCY": "1"}
        return Person(
            here, here / "machine" / "data", {**known, **({"PACKCTL_TOKEN": token} if token else {}), **environ}
        )

    def issue(self, pack: str = "acme/pro", terms: Plan | None = None) -> Issued:
        """A license of somebody new: of the pack's own plan, or of these terms."""
        self.sold += 1
        holder = f"holder-{self.sold}"
        token = self.registry.account(holder)
        ask = IssueLicense(holder=holder, pack=None if terms and terms.covers else PackName(pack), terms=terms)
        issued = self.registry.call(ISSUE, ask, self.admin)
        self.holders[issued.license.id] = token
        return issued

    def activated(
        self, pack: str = "acme/pro", label: str = "studio-01", terms: Plan | None = None
    ) -> tuple[Person, Issued]:
        """A machine with a place in a license of its own."""
        issued, person = self.issue(pack, terms), self.person(label)
        self.activate(person, issued, label).assert_ok()
        return person, issued

    def activate(self, person: Person, issued: Issued, label: str = "") -> "Done":
        """`license activate`, with the key from a file."""
        (person.here / "key.txt").write_text(f"{issued.key}\n")
        named = ["--label", label] if label else []
        pack = issued.license.id if issued.license.plan.covers else issued.license.pack
        return Done(person.runs("license", "activate", pack, "--key-file", "key.txt", *named))

    def revoke(self, issued: Issued) -> None:
        """Ends a license for ever."""
        self.registry.call(REVOKE, ChangeLicense(id=issued.license.id, note="test"), self.admin)

    def detail(self, issued: Issued) -> LicenseDetail:
        """A license as an admin sees it now."""
        return self.registry.call(SHOW, AskLicense(id=issued.license.id), self.admin)

    def suspend(self, issued: Issued) -> None:
        """Stops a license."""
        self.registry.call(SUSPEND, ChangeLicense(id=issued.license.id), self.admin)

    def go_on(self, issued: Issued) -> None:
        """Lets it go on."""
        self.registry.call(UNSUSPEND, ChangeLicense(id=issued.license.id), self.admin)


@dataclass(frozen=True)
class Done:
    """What came of a command."""

    ended: Ended

    def assert_ok(self) -> None:
        """It went well."""
        assert self.ended.code == 0, self.ended.err


def well(person: Person, *words: str) -> None:
    """`packctl WORDS`, which must go well."""
    ended = person.runs(*words)
    assert ended.code == 0, ended.err


def deaths(person: Person, *words: str, where: str = "") -> Iterator[int]:
    """`packctl WORDS`, killed before its n-th change, for each n, until one lives."""
    for at in range(1, 60):
        code = run_in_child(partial(well, person, *words), Fault(at, where=where))
        yield at
        if code != KILLED:
            assert code == 0
            return
    raise AssertionError(f"{words} never ends")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One registry for a whole module: each test brings its own people and licenses."""
    folder = tmp_path_factory.mktemp("store")
    with registry_at(folder / "registry", now=int(time.time()), prepare=sell) as opened:
        pin = Digest.of(opened.world.public.read("tuf/1.root.json") or b"").labelled
        yield Store(opened, folder, pin, opened.account("boss", ["admin"]))

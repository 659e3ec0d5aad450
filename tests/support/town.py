"""A registry and people with homes who live by its clock: publishers with owners and release keys, made and changed by commands."""

import datetime
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tuf.ngclient._internal import trusted_metadata_set

from packctl import session
from packspec import wire
from packspec.digests import Digest
from packspec.signing.keys import PublicKey
from registry_server.index.resigning import resign
from registry_server.index.reviewers import add_reviewer
from tests.support.person import Ended, Person, person_of
from tests.support.registry import Registry


def live_by(clock: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Lets every command in this process read this clock, in place of the module `time`, which is given."""

    class Now(datetime.datetime):
        """The library's own clock, which it reads itself."""

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Now":
            return cls.fromtimestamp(clock(), tz)

    names = {name: getattr(datetime, name) for name in ("timezone", "timedelta", "date")}
    monkeypatch.setattr(trusted_metadata_set, "datetime", SimpleNamespace(datetime=Now, **names))
    given = SimpleNamespace(time=clock, monotonic=time.monotonic, sleep=time.sleep)
    monkeypatch.setattr(session, "time", given)
    return given


def said(ended: Ended, code: int = 0) -> Any:
    assert ended.code == code, ended.out + ended.err
    return wire.decode(ended.out.encode(), dict)["data"]


@dataclass
class Town:
    """A registry, and people with homes; they live by its clock."""

    registry: Registry
    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def person(self, name: str, home: str = "") -> Person:
        """`name`, at `home` or their own."""
        if name not in self.tokens:
            roles = {"kim": ["reviewer"], "ada": ["admin"]}.get(name, [])
            self.tokens[name] = self.registry.account(name, roles)
        pin = Digest.of(self.registry.world.public.read("tuf/1.root.json") or b"").labelled
        words = {"registry": self.registry.url, "pin": pin, name: self.tokens[name]}
        return person_of(words, self.folder / (home or name), self.folder / f"{home or name}-data", name)

    def later(self, **more: int) -> None:
        """Time goes on, and the registry has signed its index anew meanwhile."""
        self.registry.clock.advance(**more)
        resign(self.registry.world)

    def keys(self, name: str, *keys: str) -> dict[str, str]:
        """Makes keys at a person's home; gives `NAME=PUBLIC` of each, as others take it."""
        person = self.person(name)
        for one in keys:
            assert person.runs("key", "generate", one, "--no-passphrase").code == 0
        return {one: f"{one}={person.runs('key', 'export', one).out.strip()}" for one in keys}

    def acme(self) -> Person:
        """mia, whose publisher acme has one owner key and one release key, of hers."""
        self.keys("mia", "mia-owner", "mia-release")
        mia = self.person("mia")
        register = ("publisher", "register", "acme", "--owner", "mia-owner", "--release", "mia-release", "--json")
        root = said(mia.runs(*register))["root"]
        assert self.person("ada").runs("admin", "publisher", "accept", "acme", "--root", root).code == 0
        return mia

    def kim(self) -> Person:
        """A reviewer on the list, with the key at home."""
        kim = self.person("kim")
        text = self.keys("kim", "review-kim")["review-kim"].partition("=")[2]
        add_reviewer(self.registry.world, self.registry.offline_keys, "kim", PublicKey.parse(text))
        return kim

    def pack(self, name: str, version: str, text: str = "moo") -> str:
        """A folder with a pack, in every home."""
        folder = self.folder / f"{name.replace('/', '-')}-{version}"
        folder.mkdir()
        toml = f'[pack]\nname = "{name}"\nversion = "{version}"\nsummary = "Moo"\nlicense = "CC-BY-4.0"\ncategory = "characters"\n'
        (folder / "pack.toml").write_text(toml)
        (folder / "cow.md").write_text(f"# {text}\n")
        return str(folder)

    def approve(self, submission: Mapping[str, Any]) -> Ended:
        """kim approves."""
        return self.person("kim").runs("approve", submission["id"], "-y", "--digest", submission["archive"])

    def publish(self, person: Person, name: str, version: str, text: str = "moo") -> Mapping[str, Any]:
        """Hands in a release. The submission."""
        data = said(person.runs("publish", self.pack(name, version, text), "-y", "--json"))
        return {"archive": data["archive"], **data["submission"]}

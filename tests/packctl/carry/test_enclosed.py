"""What a release carries besides the pack crosses the gap with it: what its publisher attests, and provenance."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from packspec import site
from packspec.digests import Digest
from packspec.provenance import SLSA
from tests.support.gap import opened, rewritten
from tests.support.person import Ended
from tests.support.registry import registry_at
from tests.support.town import Town, live_by, said

BUILDER, BUILD = "https://ci.example/builder", "https://ci.example/build/v1"
CLAIM = {"name": "no-tracking", "text": "Nothing is sent anywhere."}
WANTS = '[dependencies]\n"acme/farm" = "^1"\n\n[policy]\nmin-safety = "attested"\n'


def provenance(archive: str) -> bytes:
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "farm.pack", "digest": {"sha256": archive.removeprefix("sha256:")}}],
        "predicateType": SLSA,
        "predicate": {"buildDefinition": {"buildType": BUILD}, "runDetails": {"builder": {"id": BUILDER}}},
    }
    return json.dumps(statement).encode()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """acme/farm 1.0.0 is attested, and has provenance; tom's project is locked to it, and lies in the file farm.carry."""
    folder = tmp_path_factory.mktemp("town")
    with registry_at(folder / "registry") as registry, pytest.MonkeyPatch.context() as patched:
        live_by(registry.clock, patched)
        town = Town(registry, folder)
        mia, kim, tom = town.acme(), town.kim(), town.person("tom")
        assert mia.runs("build", town.pack("acme/farm", "1.0.0"), "-o", "farm.pack").code == 0
        archive = Digest.of((mia.here / "farm.pack").read_bytes()).labelled
        (mia.here / "provenance.json").write_bytes(provenance(archive))
        sent = said(mia.runs("publish", "farm.pack", "--attach", "provenance.json", "-y", "--json"))["submission"]
        claim = f"{CLAIM['name']}={CLAIM['text']}"
        assert mia.runs("attest", "acme/farm@1.0.0", "--claim", claim, "-y").code == 0
        ended = kim.runs("approve", sent["id"], "-y", "--digest", archive, "--safety", "attested")
        assert ended.code == 0, ended.err
        (tom.here / "pack.toml").write_text(WANTS)
        for words in ("lock", "carry export -o farm.carry"):
            ended = tom.runs(*words.split())
            assert ended.code == 0, ended.err
        yield town


class Closed:
    """A machine without network that has taken a file in, or was refused."""

    def __init__(self, town: Town, name: str, file: Path) -> None:
        person = town.person("tom", name)  # all homes of a town share one cache
        self.person = replace(person, environ={**person.environ, "PACKCTL_CACHE_DIR": str(person.data / "cache")})
        for one in ("pack.toml", "pack.lock"):
            shutil.copy(town.person("tom").here / one, self.person.here)
        self.took = self.runs("carry", "import", str(file))

    def runs(self, *words: str) -> Ended:
        return self.person.runs(*words, "--offline")


def test_the_other_side_judges_safety_and_reads_attestation_and_provenance_as_online(town: Town) -> None:
    tom = town.person("tom")
    there = Closed(town, "there", tom.here / "farm.carry")
    assert there.took.code == 0, there.took.err
    assert there.runs("install", "--locked").code == 0
    assert there.runs("verify").code == 0
    online = said(tom.runs("show", "acme/farm", "--trust", "--json"))
    shown = said(there.runs("show", "acme/farm", "--trust", "--json"))
    for key in (
        "trust",
        "safety",
        "attested",
        "attached",
        "title",
        "summary",
        "license",
        "kind",
        "category",
        "version",
    ):
        assert shown[key] == online[key], key
    assert (shown["safety"], shown["attested"]) == ("attested", [CLAIM])
    assert [(one["builder"], one["build_type"]) for one in shown["attached"]] == [(BUILDER, BUILD)]
    (release,), (known,) = shown["releases"], online["releases"]
    assert release == known
    listed = there.runs("show", "acme/farm", "--assets", "--readme", "--versions")
    assert (listed.code, "cow.md" in listed.out) == (0, True), listed.err
    toml = there.person.here / "pack.toml"
    toml.write_text(WANTS.replace("attested", "certified"))
    strict = there.runs("verify")
    assert (strict.code, "policy.safety-too-low" in strict.err) == (10, True), strict.err


def test_a_file_without_them_is_taken_in_and_one_with_others_is_not(town: Town) -> None:
    """A registry may leave them out, too; nobody can alter them."""
    file = town.person("tom").here / "farm.carry"
    _, files = opened(file)
    (attestation,) = (path for path in files if path.startswith("documents/"))
    attached = site.blob(Digest.of(next(data for data in files.values() if BUILDER.encode() in data)))
    bare = Closed(town, "bare", rewritten(file, {attestation: None, attached: None}))
    assert bare.took.code == 0, bare.took.err
    shown = said(bare.runs("show", "acme/farm", "--trust", "--json"))
    assert (shown["safety"], shown["attested"], shown["attached"][0]["builder"]) == ("attested", [], "")
    for name, path in (("first", attestation), ("second", attached)):
        there = Closed(town, name, rewritten(file, {path: files[path][:40] + b"x" + files[path][41:]}))
        assert (there.took.code, "error[trust.archive-changed]" in there.took.err) == (6, True), there.took.err


def test_what_a_later_file_continues_is_not_carried_again(town: Town) -> None:
    tom = town.person("tom")
    ended = tom.runs("carry", "export", "--since", "farm.carry", "-o", "more.carry")
    assert ended.code == 0, ended.err
    _, files = opened(tom.here / "more.carry")
    assert not [path for path in files if path.startswith(("blobs/", "documents/"))]

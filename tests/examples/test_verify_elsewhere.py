"""examples/verify-elsewhere: somebody else's program, written from docs/spec, comes to the same answers about real releases."""

import ast
import base64
import hashlib
import json
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.registry import Registry, registry_at

PROGRAM = Path(__file__).parents[2] / "examples" / "verify-elsewhere" / "verify.py"
RELEASE = "acme/icons@1.1.0"
GOOD = """\
LOGGED     yes (entry {entry}, witnesses 0)
AUTHENTIC  yes (acme, root {root})
APPROVED   yes (1/1)
FILES      yes ({files} of {files})
"""


@dataclass
class Evidence:
    """The files that a person fetched, and the answer about them."""

    folder: Path
    release: str = RELEASE

    def fetch(self, registry: Registry) -> None:
        """What a registry serves about the release, under the names that README.md gives them."""
        public = registry.world.public
        pack, _, version = self.release.partition("@")
        publisher = pack.partition("/")[0]
        (self.folder / "trust").mkdir(exist_ok=True)
        (self.folder / "roots").mkdir(exist_ok=True)
        proof = public.read(f"proofs/{pack}/{version}.packproof")
        assert proof is not None
        (self.folder / "release.packproof").write_bytes(proof)
        for name in ("log", "reviewers", "policy"):
            self._newest(registry, f"tuf/targets/trust/.{name}.json", f"trust/{name}.json")
        self._newest(registry, f"tuf/targets/index/.{publisher}.json", "roots/publisher.json")
        for path in public.paths(f"publishers/{publisher}/"):
            data = public.read(path)
            assert data is not None
            (self.folder / "roots" / path.rpartition("/")[2]).write_bytes(data)

    def _newest(self, registry: Registry, pattern: str, name: str) -> None:
        """The target that came last: it holds everything that the ones before held, so it is the longest."""
        folder, _, ending = pattern.rpartition("/")
        found = [
            registry.world.public.read(path)
            for path in registry.world.public.paths(f"{folder}/")
            if path.endswith(ending)
        ]
        (self.folder / name).write_bytes(max((data for data in found if data), key=len))

    def answer(self) -> "subprocess.CompletedProcess[str]":
        names = ("release.pack", "release.packproof", "trust", "roots")
        command = [sys.executable, "-I", str(PROGRAM), self.release, *(str(self.folder / name) for name in names)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)

    def change(self, name: str, old: bytes, new: bytes) -> None:
        file = self.folder / name
        data = file.read_bytes()
        assert data.count(old) >= 1, f"{name} does not hold {old!r}"
        file.write_bytes(data.replace(old, new, 1))


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three releases of acme/icons were published; what a person fetched about the second one."""
    found = Evidence(tmp_path_factory.mktemp("evidence"))
    with registry_at(tmp_path_factory.mktemp("registry")) as registry:
        for version in ("1.0.0", "1.1.0", "1.2.0"):
            files = {"cow.md": b"# Cow\n" * 200, f"{version}.md": b"hello\n"}
            view = registry.publish("acme/icons", version, files=files)
            if version == "1.1.0":
                archive = registry.world.public.read(f"blobs/sha256/{view.archive[:2]}/{view.archive}")
                assert archive is not None
                (found.folder / "release.pack").write_bytes(archive)
        found.fetch(registry)
    return found.folder


@pytest.fixture
def evidence(fetched: Path, tmp_path: Path) -> Evidence:
    """A copy of that, to be changed."""
    shutil.copytree(fetched, tmp_path / "evidence")
    return Evidence(tmp_path / "evidence")


def test_it_is_one_short_file_that_imports_nothing_of_ours() -> None:
    text = PROGRAM.read_text()
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    imported |= {
        (node.module or "").split(".")[0] for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)
    }
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}
    assert len(text.splitlines()) < 200


def test_a_real_release_is_authentic_approved_logged_and_whole(evidence: Evidence) -> None:
    answer = evidence.answer()
    assert answer.stderr == ""
    assert answer.stdout == GOOD.format(entry=9, root=1, files=3)
    assert answer.returncode == 0


def test_the_worked_example_of_the_specification_is_judged_as_it_says(tmp_path: Path) -> None:
    (case,) = json.loads((PROGRAM.parents[2] / "tests/vectors/verdict/release.json").read_text())["cases"]
    found = Evidence(tmp_path, "acme/farm-animals@1.2.0")
    (tmp_path / "release.pack").write_bytes(b"archive")
    (tmp_path / "release.packproof").write_text(case["packproof"], encoding="utf-8")
    for folder in ("trust", "roots"):
        (tmp_path / folder).mkdir()
    for name, text in case["trust"].items():
        (tmp_path / "trust" / f"{name}.json").write_text(text, encoding="utf-8")
    (tmp_path / "roots" / "publisher.json").write_text(case["publisher_document"], encoding="utf-8")
    (tmp_path / "roots" / "1.root.json").write_text(case["roots"][0]["envelope"], encoding="utf-8")
    answer = found.answer()
    assert (
        answer.stdout == "LOGGED     yes (entry 1, witnesses 1)\nAUTHENTIC  yes (acme, root 1)\nAPPROVED   yes (1/1)\n"
    )
    assert answer.stderr == "no: File is not a zip file\n"  # the example's archive is seven bytes that stand for one


def flip(name: str, at: int) -> Callable[[Evidence], None]:
    def change(evidence: Evidence) -> None:
        data = bytearray((evidence.folder / name).read_bytes())
        data[at] ^= 1
        (evidence.folder / name).write_bytes(data)

    return change


def swap(name: str, old: bytes, new: bytes) -> Callable[[Evidence], None]:
    return lambda evidence: evidence.change(name, old, new)


def in_proof(change: Callable[[dict[str, Any]], None]) -> Callable[[Evidence], None]:
    def done(evidence: Evidence) -> None:
        file = evidence.folder / "release.packproof"
        proof = json.loads(file.read_bytes())
        change(proof)
        file.write_text(json.dumps(proof, sort_keys=True, separators=(",", ":"), ensure_ascii=False), encoding="utf-8")

    return done


def no_signature(of: str) -> Callable[[dict[str, Any]], None]:
    return lambda proof: (proof["approvals"][0] if of == "approval" else proof["statement"]).update(signatures=[])


def other_entry(proof: dict[str, Any]) -> None:
    proof["proof"] = proof["proof"].replace("index 9\n", "index 8\n")


def another_key(evidence: Evidence) -> None:
    """The list of reviewers names a key that did not sign."""
    file = evidence.folder / "trust" / "reviewers.json"
    said = json.loads(file.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    said["sets"][-1]["keys"][0]["key"] = base64.b64encode(der).decode()
    file.write_text(json.dumps(said, sort_keys=True, separators=(",", ":")))


@pytest.mark.parametrize(
    ("change", "reason", "answered"),
    [
        (flip("release.pack", 300), "another archive", 3),
        (swap("release.packproof", b"acme/icons", b"acme/lions"), "the entry is not in the log", 0),
        (in_proof(other_entry), "the entry is not in the log", 0),
        (in_proof(lambda proof: proof["approvals"].clear()), "the entry is about something else", 0),
        (in_proof(no_signature("statement")), "0 of 1 signatures of acme", 1),
        (in_proof(no_signature("approval")), "0 of 1 reviewers", 2),
        (another_key, "0 of 1 reviewers", 2),
        (swap("trust/log.json", b'"quorum":0', b'"quorum":1'), "too few witnesses", 0),
        (swap("trust/log.json", b'"v":1', b'"v":2'), "JSON that is not canonical, or a newer kind of document", 0),
        (swap("trust/policy.json", b":", b": "), "JSON that is not canonical, or a newer kind of document", 0),
        (swap("roots/1.root.json", b'"sig":"M', b'"sig":"N'), "root 1 is not signed by enough owners", 1),
        (swap("roots/publisher.json", b'\\"version\\":1', b'\\"version\\":2'), "root 1 is not the logged one", 1),
    ],
)  # fmt: skip
def test_what_was_changed_on_the_way_is_refused(
    evidence: Evidence, change: Callable[[Evidence], None], reason: str, answered: int
) -> None:
    change(evidence)
    answer = evidence.answer()
    assert answer.stderr == f"no: {reason}\n"
    assert answer.returncode == 1
    assert len(answer.stdout.splitlines()) == answered


def test_a_release_that_was_not_asked_for_is_no_answer(evidence: Evidence) -> None:
    evidence.release = "acme/icons@1.2.0"
    assert evidence.answer().stderr == "no: the entry is about something else\n"


MONDAY = 1_800_000_000
DAY = 86_400


@pytest.mark.parametrize(
    ("index", "day", "counting"),
    [(15, 1, "A"), (25, 3.5, "A"), (35, 4.5, ""), (45, 6, "B"), (55, 7, "B")],
)
def test_keys_count_as_in_the_example_of_the_specification(index: int, day: float, counting: str) -> None:
    """publisher-root.md, Example of times: wait 72 hours; root 1 has key A, root 2 A and B, root 3 B."""
    program = runpy.run_path(str(PROGRAM))
    ids = {name: hashlib.sha256(name.encode()).hexdigest() for name in "AB"}
    rows = {name: {"key": base64.b64encode(name.encode()).decode(), "name": name} for name in "AB"}
    roots = [
        {
            "root": {"release": {"threshold": 1, "keys": [rows[name] for name in names]}, "compromised": []},
            "index": entry,
            "counts": MONDAY + at * DAY + 259_200,
            "keys": {ids[name]: name for name in names},
        }
        for names, entry, at in (("A", 10, 0), ("AB", 20, 3), ("B", 30, 4))
    ]
    keys, threshold, _ = program["release_keys"](roots, index, MONDAY + day * DAY, "icons")
    assert ("".join(sorted(keys.values())), threshold) == (counting, 1)

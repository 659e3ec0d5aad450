"""Which files go into a pack: plain ones that the rules name, and a finding for everything that cannot."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from packctl.durable import LinkInTheWay
from packctl.publish.build import build
from packctl.publish.checks import Subject, run_checks
from packctl.publish.collect import Collected, collect
from packspec.archive.write import SourceChanged
from packspec.manifest import parse_manifest

TOML = """\
[pack]
name = "acme/farm"
version = "1.0.0"
summary = "Animals"
license = "MIT"
category = "characters"
"""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'


def pack(folder: Path, more: str = "", files: Mapping[str, bytes] | None = None) -> Collected:
    """A pack in `folder` with these files, collected."""
    data = (TOML + more).encode()
    (folder / "pack.toml").write_bytes(data)
    for name, content in (files or {}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return collect(folder, parse_manifest(data, strict=True), "packs")


def told(collected: Collected) -> list[tuple[str, str]]:
    return [(finding.code, finding.path) for finding in collected.findings]


def test_hidden_files_installed_packs_and_what_packctl_made_stay_out(tmp_path: Path) -> None:
    for path in (
        ".git/config",
        ".env",
        "packs/acme/x/a.svg",
        "farm-1.0.0.pack",
        "farm-1.0.0.pack.statement",
        "pack.lock",
        "a/b.svg",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(SVG)
    found = pack(tmp_path)
    assert found.paths == ("a/b.svg", "pack.toml")
    assert {one.path: one.why for one in found.left_out} == {
        ".env": "a name begins with a dot",
        ".git/": "a name begins with a dot",
        "farm-1.0.0.pack": "packctl made it",
        "farm-1.0.0.pack.statement": "packctl made it",
        "pack.lock": "packctl made it",
        "packs/": "installed packs",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_A47_links_and_odd_files_are_findings_and_are_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("not for anybody")
    folder = tmp_path / "farm"
    folder.mkdir()
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "nowhere.svg").symlink_to("missing.svg")
    os.mkfifo(folder / "pipe.txt")
    found = pack(folder)
    assert found.paths == ("pack.toml",)
    assert told(found) == [("publish.not-a-file", path) for path in ("file.txt", "folder", "nowhere.svg", "pipe.txt")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_is_left_out_anyway_is_nobodys_business(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(tmp_path)
    assert told(pack(tmp_path, 'exclude = ["node_modules"]\n')) == []
    assert told(pack(tmp_path, 'include = ["assets/**"]\n')) == []
    assert told(pack(tmp_path, 'include = ["node_modules/**"]\n')) == [("publish.not-a-file", "node_modules")]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_file_that_became_a_link_after_it_was_collected_is_not_followed(tmp_path: Path) -> None:
    found = pack(tmp_path, files={"a/b": b"x" * 50})
    (tmp_path / "a" / "b").unlink()
    (tmp_path / "a" / "b").symlink_to("/etc/hostname")
    file = next(file for file in found.files if file.path == "a/b")
    with pytest.raises(LinkInTheWay):
        list(file.open())


def test_a_file_that_grows_while_it_is_packed_ends_the_build_and_leaves_the_old_archive(tmp_path: Path) -> None:
    target = tmp_path / "farm-1.0.0.pack"
    target.write_bytes(b"the old one")
    found = pack(tmp_path, files={"a": b"x" * 50})
    (tmp_path / "a").write_bytes(b"x" * 51)
    with pytest.raises(SourceChanged):
        build(found, target)
    assert target.read_bytes() == b"the old one"
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file system has one file of such a name")
def test_A08_every_pair_of_names_that_are_one_elsewhere_is_told(tmp_path: Path) -> None:
    found = pack(tmp_path, files={"cow.svg": SVG, "Cow.svg": SVG, "COW.svg": SVG, "a": b"", "A/b": b""})
    assert told(found) == [("archive.path-clash", path) for path in ("Cow.svg", "a", "cow.svg")]


def test_names_that_no_system_or_not_every_system_can_have_are_told_before_anything_is_written(tmp_path: Path) -> None:
    found = pack(tmp_path, files={"con.svg": SVG, "end.": b"", "a\u202eb.txt": b"", ".packctl-x": b""})
    assert told(found) == [("archive.path", "a\\u{202e}b.txt"), ("archive.path", "con.svg"), ("archive.path", "end.")]


@pytest.mark.skipif(sys.platform != "linux", reason="names there are text")
def test_C31_a_name_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"")
    assert [code for code, _ in told(pack(tmp_path))] == ["archive.path"]


def test_what_is_always_in_comes_even_out_of_a_hidden_folder_and_against_exclude(tmp_path: Path) -> None:
    more = 'readme = ".docs/README.md"\npreview = ["shots/a.svg"]\nexclude = ["**"]\n'
    found = pack(tmp_path, more, {".docs/README.md": b"# Farm\n", "shots/a.svg": SVG, "other.svg": SVG})
    assert found.paths == (".docs/README.md", "pack.toml", "shots/a.svg")


def test_S19_a_private_key_in_a_file_is_found_with_its_line(tmp_path: Path) -> None:
    key = b"notes\n\n-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n"
    found = pack(tmp_path, files={"notes.txt": key})
    manifest = parse_manifest(TOML.encode(), strict=True)
    findings = run_checks(Subject(manifest, found))
    assert [(one.code, one.path, one.line) for one in findings] == [("publish.secret", "notes.txt", 3)]


@pytest.mark.parametrize("name", ["acme/nul", "acme/com1", "admin/farm"])
def test_M14_a_name_that_no_registry_takes_is_an_error_with_its_line(tmp_path: Path, name: str) -> None:
    found = pack(tmp_path, files={"a/b": b""})
    manifest = parse_manifest(TOML.replace("acme/farm", name).encode(), strict=True)
    findings = run_checks(Subject(manifest, found))
    assert ("publish.name-reserved", "error", 2) in [(one.code, str(one.level), one.line) for one in findings]


def test_M12_a_title_that_mixes_scripts_is_marked_with_its_line(tmp_path: Path) -> None:
    more = 'title = "F\u0430rm animals"\n'
    found = pack(tmp_path, more, {"a/b": b""})
    findings = run_checks(Subject(parse_manifest((TOML + more).encode(), strict=True), found))
    assert ("publish.mixed-scripts", "warning", 7) in [(one.code, str(one.level), one.line) for one in findings]


def test_a_listing_is_read_as_strictly_as_pack_toml(tmp_path: Path) -> None:
    found = pack(tmp_path, files={"listing.de.toml": b'title = "Hof"\ncolour = "rot"\n', "a.svg": SVG})
    findings = run_checks(Subject(parse_manifest(TOML.encode(), strict=True), found))
    assert [(one.code, one.path, one.line) for one in findings] == [("project.manifest", "listing.de.toml", 2)]


def test_a_pack_of_nothing_but_its_description_is_a_warning(tmp_path: Path) -> None:
    found = pack(tmp_path)
    findings = run_checks(Subject(parse_manifest(TOML.encode(), strict=True), found))
    assert [(one.code, str(one.level)) for one in findings] == [("publish.empty", "warning")]

"""What docs/spec and docs/reference say about pack.toml and pack.lock is what the code does."""

import re
from pathlib import Path

import pytest

from packspec import canonical
from packspec.assets import resolve_assets
from packspec.digests import Digest
from packspec.lockfile import inputs_digest, parse_lock
from packspec.manifest import Manifest, ManifestFaults, parse_manifest, schema
from packspec.manifest.listing import Listing
from packspec.media import MEDIA_TYPES
from packspec.policy import Policy
from packspec.project import Audit, Host, Ignore, Install, Workspace, parse_project
from packspec.registries import Registry
from packspec.submissions import MOVES
from packspec.tightening import tighter
from packspec.toml import Table
from packspec.tree import TreeEntry

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "pack-toml.md").read_text("utf-8")


def chapter(name: str) -> str:
    return (DOCS / "spec" / f"{name}.md").read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_manifests_worked_example_gives_its_facts_and_its_faults() -> None:
    text = chapter("manifest")
    (example,), (facts,) = blocks(text, "toml"), blocks(text, "json")
    assert canonical.encode(parse_manifest(example.encode(), strict=True).facts()).decode() == facts.strip()
    wrong = (
        example.replace("max = 6", "max = 2")
        .replace('"1.0.0"', '"1.0"')
        .replace('category = "pictures"', 'titel = "Farm"')
    )
    with pytest.raises(ManifestFaults) as caught:
        parse_manifest(wrong.encode(), strict=True)
    told = "".join(f"line {fault.line}   {fault.path} {fault.text}\n" for fault in caught.value.faults)
    assert told in blocks(text, "")


def test_the_assets_worked_example_gives_its_table() -> None:
    text = chapter("assets")
    pack = '[pack]\nname = "a/b"\nversion = "1.0.0"\nsummary = "x"\nlicense = "MIT"\ncategory = "x"\n\n'
    manifest: Manifest = parse_manifest((pack + blocks(text, "toml")[0]).encode(), strict=True)
    rows = re.findall(r"^\| `(assets/\S+)` \| (\w+) \| (\w*) ?\| (\w*) ?\| (?:`(\S+)` )?\|$", text, re.MULTILINE)
    files = [TreeEntry(path=row[0], sha256=Digest.of(b""), size=0, packed=0, offset=0) for row in rows]
    found = {asset.path: asset for asset in resolve_assets(manifest, files)}
    assert len(rows) == 4
    for path, kind, title, tag, main in rows:
        asset = found[path]
        assert (asset.type, asset.title, asset.tags, asset.variant_of) == (kind, title, (tag,) if tag else (), main)


def test_every_media_type_and_ending_stands_in_its_chapter() -> None:
    text = chapter("assets")
    for row in MEDIA_TYPES:
        assert f"`{row.name}`" in text
        assert all(ending in text for ending in row.endings)


def test_the_policys_worked_example_gives_its_result() -> None:
    user, project, both = (parse_project(block.encode()).policy for block in blocks(chapter("policy"), "toml"))
    assert tighter(user, project) == both


def test_the_projects_worked_example_has_its_wishes() -> None:
    (example,) = blocks(chapter("project"), "toml")
    wishes = parse_project(example.encode()).wishes()
    assert [(wish.pack, str(wish.dependency.version), wish.group, wish.line) for wish in wishes] == [
        ("acme/farm-animals", "^2", "", 2),
        ("acme/farm-animals", ">=2.1", "lessons", 5),
        ("edu/counting", "^1", "lessons", 5),
    ]


def test_the_lock_files_worked_example_has_its_inputs_and_its_form() -> None:
    text = chapter("lockfile")
    project, lock = blocks(text, "toml")
    (document,) = blocks(text, "json")
    digest = inputs_digest(parse_project(project.encode()))
    assert f'inputs = "{digest.labelled}"' in text
    assert Digest.of(document.strip().encode()) == digest
    assert parse_lock(lock.encode()).encode() == lock.encode()


def test_the_table_of_moves_stands_in_its_chapter() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([a-z-]+) \| `(\w+)` \|", chapter("submissions"), re.MULTILINE)
    assert rows == [(move.source, move.event, move.target) for move in MOVES]


TABLES: list[tuple[str, type[Table]]] = [
    ("`[pack]`", schema.Pack),
    ("`[pack.education]`", schema.Education),
    ("`[dependencies]`", schema.Dependency),
    ("`[[assets]]`", schema.AssetEntry),
    ("`[[plans]]`", schema.Plan),
    ("`[[contents]]`", schema.Content),
    ("`[tool]`", schema.Tool),
    ("`listing.LANGUAGE.toml`", Listing),
    ("`[registries]`", Registry),
    ("`[host]`", Host),
    ("`[policy]`", Policy),
    ("`[install]`", Install),
    ("`[workspace]`", Workspace),
    ("`[[audit.ignore]]`", Ignore),
]


@pytest.mark.parametrize(("heading", "table"), TABLES, ids=[heading for heading, _table in TABLES])
def test_every_key_has_its_line_in_the_reference_and_no_other(heading: str, table: type[Table]) -> None:
    section = REFERENCE.split(f"### {heading}\n", 1)[1].split("\n### ")[0].split("\n## ")[0]
    keys = set(table.__struct_encode_fields__) - ({"education"} if table is schema.Pack else set())
    if heading.startswith("`listing"):
        told = set(re.findall(r"`([a-z-]+)`", section))
    else:
        told = {
            key
            for row in re.findall(r"^\| (`[^|]*?) \|", section, re.MULTILINE)
            for key in re.findall(r"`([a-z-]+)`", row)
        }
    assert told == keys


def test_the_reference_has_a_section_for_every_table() -> None:
    known = set(schema.PackFile.__struct_encode_fields__)
    told = set(re.findall(r"^### `\[+([a-z]+)", REFERENCE, re.MULTILINE))
    assert told == known
    assert Audit.__struct_encode_fields__ == ("ignore",)


def test_examples_of_the_reference_are_read() -> None:
    for block in blocks(REFERENCE, "toml"):
        parse_project(block.encode())

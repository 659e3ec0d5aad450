import pytest

from packctl.project.scaffold import BARE_PROJECT, PROJECT, TEMPLATES, Template, new_pack
from packspec.assets import asset_faults
from packspec.manifest import parse_manifest
from packspec.media import kind_fault, magic_fault
from packspec.names import PackName
from packspec.project import parse_project


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_pack_has_no_faults_and_version_1_0_0(template: Template) -> None:
    files = new_pack(PackName("acme/my-first"), template)
    manifest = parse_manifest(files["pack.toml"], strict=True)
    assert (manifest.pack.name, str(manifest.pack.version), manifest.title) == ("acme/my-first", "1.0.0", "My First")
    assert asset_faults(manifest, files) == ()
    assert [
        path for path, data in files.items() if kind_fault(path, manifest.pack.kind) or magic_fault(path, data)
    ] == []


def test_templates_are_of_the_kind_they_are_named_after() -> None:
    kinds = {
        template: parse_manifest(new_pack(PackName("a/b"), template)["pack.toml"], strict=True).pack.kind
        for template in TEMPLATES
    }
    assert kinds == {"assets": "content", "lessons": "content", "audio": "content", "module": "module", "tool": "tool"}


def test_a_new_project_wants_nothing_yet() -> None:
    assert parse_project(PROJECT.encode()).wishes() == parse_project(BARE_PROJECT.encode()).wishes() == ()

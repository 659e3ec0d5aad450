"""Names that some file system would take for others: refused where a pack is made and where it is installed, with the same code."""

import sys
from pathlib import Path

import pytest

from packctl.install.fetch import Part, Release, Supply
from packctl.install.readin import fill_from_archive
from packctl.install.store import Store
from packspec.archive import BytesSource
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.names import PackName
from packspec.signing.documents import BlobRef
from packspec.tree import Tree, TreeEntry
from packspec.versions import Version
from tests.support.invariants import clean_refusal, listing
from tests.support.machine import Machine
from tests.support.raw_zip import MANIFEST, Raw, raw_zip

PATH, CLASH = "archive.path", "archive.path-clash"
NAMES = [
    pytest.param(["A.png", "a.png"], CLASH, id="capitals"),
    pytest.param(["Straße.txt", "strasse.txt"], CLASH, id="sharp s"),
    pytest.param(["fi.txt", "ﬁ.txt"], CLASH, id="ligature"),
    pytest.param(["K.txt", "k.txt"], CLASH, id="capital k"),
    pytest.param(["A/b.txt", "a"], CLASH, id="folder and file, in capitals"),
    pytest.param(["cafe\u0301.txt"], PATH, id="not composed"),
    pytest.param(["cafe\u0301.txt", "café.txt"], PATH, id="composed and not"),
    pytest.param(["con"], PATH, id="device"),
    pytest.param(["a/NUL.txt"], PATH, id="device with an ending"),
    pytest.param(["com1.tar.gz"], PATH, id="port"),
    pytest.param(["CONIN$"], PATH, id="console"),
    pytest.param(["aux /x.txt"], PATH, id="device with a blank"),
    pytest.param(["end."], PATH, id="dot at the end"),
    pytest.param(["end /x.txt"], PATH, id="blank at the end of a folder"),
    pytest.param(["a:b.txt"], PATH, id="stream"),
    pytest.param(["a\\b.txt"], PATH, id="backslash"),
    pytest.param(["what?.txt"], PATH, id="question mark"),
    pytest.param(["a\u202etxt.exe"], PATH, id="turned text"),
    pytest.param(["a\u200bb.txt"], PATH, id="no width"),
    pytest.param(["/".join(["long" * 12] * 5)], PATH, id="long path"),
    pytest.param(["/".join("abcdefghijklmnopqrstuvwxyzabcdefg")], PATH, id="33 parts"),
]


@pytest.mark.skipif(
    sys.platform != "linux", reason="other systems cannot make these files, which is why they are refused"
)
@pytest.mark.parametrize(("paths", "code"), NAMES)
def test_C24_C25_A06_A08_A09_A31_names_are_refused_where_a_pack_is_made(
    machine: Machine, paths: list[str], code: str
) -> None:
    folder = machine.project / "farm"
    folder.mkdir()
    (folder / "pack.toml").write_bytes(MANIFEST)
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"x")
    for command in ("check", "build"):
        ended = machine.packctl(command, str(folder), "--json")
        assert ended.code == 2
        assert code in ended.out, ended.out
    assert list(folder.rglob("*.pack")) == []


def signed(paths: list[str]) -> tuple[bytes, Tree]:
    """An archive with files of these paths, and its tree, as a publisher could sign them who does not use packctl."""
    named = [("pack.toml", MANIFEST), *[(path, b"x") for path in sorted(paths, key=str.encode)]]
    entries, end = [], 0
    for path, data in named:
        start = end + 30 + len(path.encode())  # behind the local header
        end = start + len(data)
        entries.append(TreeEntry(path, Digest.of(data), len(data), len(data), start))
    return raw_zip(*[Raw(path, data) for path, data in named[1:]]), Tree(tuple(entries))


@pytest.mark.parametrize(("paths", "code"), NAMES)
def test_C24_C25_A06_A08_A09_A31_names_are_refused_where_a_pack_is_installed(
    tmp_path: Path, paths: list[str], code: str
) -> None:
    """Although they are signed: by the tree, before anything is fetched, and by the archive, before anything enters the store."""
    archive, tree = signed(paths)
    with Store.open(tmp_path / "store") as store:
        document = tree.encode()
        store.put(Digest.of(document), len(document), [document], "the tree")
        before = listing(tmp_path / "store/files")
        ref = BlobRef(sha256=Digest.of(document), size=len(document))
        farm, address = PackName("acme/farm"), ("https://registry.example",)
        release = Release(farm, Version.parse("1.0.0"), address, ref, ref, Digest.of(b""), Digest.of(MANIFEST))

        def asked(*_: object) -> None:
            raise AssertionError("nothing may be fetched")

        supply = Supply(store, [release], asked, asked)  # type: ignore[arg-type]
        with pytest.raises(PackError) as refused:
            supply.read_trees({}, Part())
        assert refused.value.code == code
        clean_refusal(refused.value)
        with pytest.raises(PackError) as refused:
            fill_from_archive(store, BytesSource(archive), tree)
        assert refused.value.code == code
        assert listing(tmp_path / "store/files") == before

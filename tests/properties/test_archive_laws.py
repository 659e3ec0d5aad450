"""Laws of archives and trees: what is written is read back, twice written is the same, and any bytes are refused by code or understood."""

import io
import zipfile
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from packspec import paths
from packspec.archive import BytesSource
from packspec.archive.read import read_files, read_layout
from packspec.archive.write import SourceFile, write_archive
from packspec.errors import PackError
from packspec.tree import Tree, ranges
from tests.support.raw_zip import MANIFEST, Raw, deflated, raw_zip

words = st.text("aBcß é.-_ 0１🐄", min_size=1, max_size=6)
some_paths = st.lists(words, min_size=1, max_size=4).map("/".join)
contents = st.binary(max_size=300) | st.builds(
    lambda data, n: data * n, st.binary(min_size=1, max_size=20), st.integers(1, 400)
)


@st.composite
def folders(draw: st.DrawFn) -> dict[str, bytes]:
    """Files that may stand together in a pack, pack.toml among them."""
    kept: dict[str, bytes] = {"pack.toml": draw(contents)}
    for path, content in draw(st.dictionaries(some_paths, contents, max_size=8)).items():
        if paths.path_fault(path) is None and paths.path_clash([*kept, path]) is None:
            kept[path] = content
    return kept


def written(folder: dict[str, bytes]) -> tuple[bytes, Tree]:
    out = bytearray()
    tree = write_archive([SourceFile.of(path, content) for path, content in folder.items()], out.extend)
    return bytes(out), tree


@given(folders())
def test_A46_what_is_written_is_read_back_and_written_the_same_again(folder: dict[str, bytes]) -> None:
    data, tree = written(folder)
    reversed_folder = dict(reversed(folder.items()))
    assert written(reversed_folder) == (data, tree)
    read: dict[str, bytes] = {}
    source = BytesSource(data)

    def open_sink(entry: object) -> object:
        path = entry.path  # type: ignore[attr-defined]
        read[path] = b""
        return lambda chunk: read.update({path: read[path] + chunk})

    assert read_files(source, read_layout(source), open_sink, signed=tree) == tree  # type: ignore[arg-type]
    assert read == folder


@given(folders())
def test_another_reader_finds_the_same_files(folder: dict[str, bytes]) -> None:
    data, _ = written(folder)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == folder


@given(folders())
def test_a_tree_is_read_back_as_it_was_written(folder: dict[str, bytes]) -> None:
    _, tree = written(folder)
    again = Tree.parse(tree.encode())
    assert (again, again.digest, again.content) == (tree, tree.digest, tree.content)


@given(folders(), st.data())
def test_ranges_hold_the_data_of_the_wanted_files_and_do_not_touch(
    folder: dict[str, bytes], data: st.DataObject
) -> None:
    archive, tree = written(folder)
    wanted = data.draw(st.lists(st.sampled_from(tree.files), unique_by=lambda file: file.path))
    gap = data.draw(st.integers(0, 200))
    spans = ranges(wanted, gap)
    inside = {file.path for span in spans for file in span.files if span.start <= file.offset and file.end <= span.end}
    assert inside == {file.path for file in wanted if file.packed}
    assert all(before.end + max(gap, 1) <= after.start for before, after in pairwise(spans))
    assert all(0 < span.start < span.end <= len(archive) for span in spans)


TREE = written({"pack.toml": MANIFEST, "a/b": b"x" * 100})[1].encode()
SEEDS = [
    raw_zip(),
    raw_zip(Raw("a.txt", b"alpha\n"), deflated("b.txt", b"the same line again and again\n" * 20)),
    raw_zip(Raw("a/b/c", b""), Raw("é", b"x")),
]


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """An archive after a few cuts, changed bytes and pieces put elsewhere."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        piece = draw(
            st.binary(max_size=6) | st.sampled_from([b"PK\3\4", b"PK\1\2", b"PK\5\6", b"\xff\xff\xff\xff", b"\0\0"])
        )
        cut = draw(st.integers(0, 8) | st.just(len(piece)))
        data[at : at + cut] = piece
    return bytes(data)


def assert_clean(error: PackError) -> None:
    """A refusal has a code of this room and texts that a terminal can show."""
    assert error.code.startswith("archive.")
    assert error.what() and error.fix()
    assert all(text.isprintable() for text in (error.what(), *error.facts().values()))


@settings(max_examples=400)
@given(mangled() | st.binary(max_size=300))
def test_A49_any_bytes_are_refused_by_code_or_read_as_they_stand(data: bytes) -> None:
    source = BytesSource(data)
    try:
        tree = read_files(source, read_layout(source))
    except PackError as error:
        assert_clean(error)
        return
    assert Tree.parse(tree.encode()) == tree
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [info.filename for info in archive.infolist()] == [file.path for file in tree.files]
        assert archive.testzip() is None


@settings(max_examples=200)
@given(st.binary(max_size=200) | st.builds(lambda cut: TREE[:cut], st.integers(0, 300)))
def test_A49_any_bytes_are_a_tree_or_refused_by_code(data: bytes) -> None:
    try:
        assert Tree.parse(data).encode() == data
    except PackError as error:
        assert_clean(error)


@given(st.text(max_size=20) | some_paths)
def test_A08_A09_the_quick_verdict_on_a_path_is_the_slow_one(path: str) -> None:
    fault = paths.path_fault(path)
    if fault is None:
        assert paths._fault(path) is None
        assert paths.path_clash([path, path]) == (path, path)
        assert paths.fold(paths.fold(path)) == paths.fold(path)
    else:
        assert paths._PLAIN.fullmatch(path) is None or len(path) > 240


@given(st.lists(some_paths, max_size=8))
def test_A08_A17_without_a_clash_all_files_fit_into_one_folding_file_system(names: list[str]) -> None:
    disk: dict[str, str] = {}
    fits = True
    for name in names:
        folded = paths.fold(name)
        folders_of = {folded[:at] for at, character in enumerate(folded) if character == "/" and at}
        others = {other for other in disk if other.startswith(folded + "/")}
        fits = fits and folded not in disk and not others and not folders_of & disk.keys()
        disk[folded] = name
    assert (paths.path_clash(names) is None) is fits

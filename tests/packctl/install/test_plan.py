"""The plan of an install: pure, from a lock and receipts."""

import msgspec
import pytest

from packctl.install.plan import Action, Move, Way, need_of, plan_install
from packspec.names import PackName
from tests.support.packs import build, locked, receipt

SMALL = build({"a.txt": b"a"})[1]
BIG_ARCHIVE, BIG = build(
    {f"{number:02}.bin": bytes([number]) * 70_000 + bytes(range(256)) * 280 for number in range(20)}
)


def test_every_pack_is_added_changed_kept_or_removed_in_order_of_name() -> None:
    present = {
        PackName("acme/changed"): receipt("acme/changed", "1.0.0", SMALL),
        PackName("acme/gone"): receipt("acme/gone", "1.0.0", SMALL),
        PackName("acme/kept"): receipt("acme/kept", "1.0.0", SMALL),
    }
    lock = [
        locked("zed/new", "1.0.0", SMALL.digest, 500),
        locked("acme/kept", "1.0.0", SMALL.digest, 600),
        locked("acme/changed", "2.0.0", SMALL.digest, 700),
    ]
    plan = plan_install(lock, present)
    assert [(action.pack, action.move) for action in plan.actions] == [
        ("acme/changed", Move.CHANGE),
        ("acme/gone", Move.REMOVE),
        ("acme/kept", Move.KEEP),
        ("zed/new", Move.ADD),
    ]
    assert plan.archive_bytes == 1200
    assert not plan.changes_nothing


def test_what_is_installed_as_locked_changes_nothing() -> None:
    plan = plan_install([locked("a/b", "1.0.0", SMALL.digest)], {PackName("a/b"): receipt("a/b", "1.0.0", SMALL)})
    assert plan.changes_nothing
    assert plan.archive_bytes == 0


def test_a_pack_asked_for_again_is_changed_although_it_is_the_same() -> None:
    name = PackName("a/b")
    plan = plan_install([locked("a/b", "1.0.0", SMALL.digest)], {name: receipt("a/b", "1.0.0", SMALL)}, {name})
    assert plan.of(Move.CHANGE) == plan.actions


@pytest.mark.parametrize("part", [{"features": ("sticker_book",)}, {"essential": True}])
def test_another_part_of_the_same_release_is_a_change(part: dict[str, object]) -> None:
    lock = msgspec.structs.replace(locked("a/b", "1.0.0", SMALL.digest), **part)
    plan = plan_install([lock], {PackName("a/b"): receipt("a/b", "1.0.0", SMALL)})
    assert plan.actions[0].move is Move.CHANGE


def test_the_same_version_with_another_statement_is_a_change() -> None:
    other = msgspec.structs.replace(receipt("a/b", "1.0.0", SMALL), statement=SMALL.digest)
    assert plan_install([locked("a/b", "1.0.0", SMALL.digest)], {PackName("a/b"): other}).actions == (
        Action(Move.CHANGE, PackName("a/b"), other, locked("a/b", "1.0.0", SMALL.digest)),
    )


def test_I12_one_changed_file_of_many_is_fetched_as_a_range() -> None:
    lacks = BIG.files[7]
    need = need_of(BIG, len(BIG_ARCHIVE), {entry.sha256 for entry in BIG.files if entry is not lacks})
    assert need.way is Way.RANGES
    assert [(span.start, span.end) for span in need.spans] == [(lacks.offset, lacks.offset + lacks.packed)]
    assert need.fetch_bytes == lacks.packed
    assert need.disk_bytes == lacks.size


def test_I12_an_empty_store_takes_the_whole_archive() -> None:
    need = need_of(BIG, len(BIG_ARCHIVE), frozenset())
    assert (need.way, need.fetch_bytes, need.spans) == (Way.WHOLE, len(BIG_ARCHIVE), ())


def test_a_full_store_needs_nothing() -> None:
    need = need_of(BIG, len(BIG_ARCHIVE), {entry.sha256 for entry in BIG.files})
    assert (need.way, need.fetch_bytes, need.disk_bytes) == (Way.NOTHING, 0, 0)


def test_files_that_a_part_install_leaves_out_are_not_needed() -> None:
    left_out = {entry.path for entry in BIG.files[2:]}
    need = need_of(BIG, len(BIG_ARCHIVE), frozenset(), left_out)
    assert [entry.path for entry in need.missing] == [BIG.files[0].path, BIG.files[1].path]
    assert need.way is Way.RANGES

"""The audit trail."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry_server.actor import SYSTEM
from registry_server.audit.actions import entries, heads, record, verify_chain
from registry_server.audit.rules import ChainBroken
from registry_server.call import Call, call_of
from tests.support.kill import sweep
from tests.support.registry import Clock, Registry, make_world


@pytest.fixture
def call(registry: Registry) -> Call:
    return call_of(registry.world, SYSTEM)


STREAM = "thing/x"
"""A stream of its own: the registry's holds what its beginning wrote."""


def tell(call: Call, *abouts: str, stream: str = STREAM) -> None:
    with call.writing() as inside:
        for about in abouts:
            record(inside, "pack.rename", about, {"to": "x"}, reason="typing error", stream=stream)


@pytest.fixture
def tampering(call: Call) -> Iterator[Connection]:
    """The database as somebody sees it who can write to it and knows about the triggers."""
    tell(call, "a", "b", "c")
    with call.world.database.writing() as db:
        if db.dialect.name == "postgresql":
            db.exec_driver_sql("DROP TRIGGER audit_entry_append_only ON audit_entry")
        else:
            for verb in ("update", "delete"):
                db.exec_driver_sql(f"DROP TRIGGER audit_entry_no_{verb}")
        yield db


def test_entries_follow_each_other_in_their_stream(call: Call) -> None:
    tell(call, "a", "b")
    tell(call, "z", stream="publisher/acme")
    tell(call, "c")
    with call.reading() as inside:
        lengths = {head.stream: head.length for head in verify_chain(inside.db)}
        assert (lengths["publisher/acme"], lengths[STREAM]) == (1, 3)
        assert [entry.about for entry in entries(inside.db, actor="system", limit=4)] == ["c", "z", "b", "a"]
        assert entries(inside.db, about="b")[0].previous != "0" * 64


def test_R41_the_database_refuses_to_change_an_entry(call: Call) -> None:
    tell(call, "a")
    for statement in ("UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry"):
        with pytest.raises(sa.exc.IntegrityError, match="append-only"), call.world.database.writing() as db:
            db.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        (
            "UPDATE audit_entry SET document = replace(document, 'typing', 'TYPING') WHERE stream = 'thing/x' AND number = 2",
            2,
        ),
        (
            "UPDATE audit_entry SET digest = replace(digest, substr(digest, 1, 4), '0000') WHERE stream = 'thing/x' AND number = 2",
            2,
        ),
        ("DELETE FROM audit_entry WHERE stream = 'thing/x' AND number = 2", 2),
        ("DELETE FROM audit_entry WHERE stream = 'thing/x' AND number = 1", 1),
        ("DELETE FROM audit_entry WHERE stream = 'thing/x' AND number = 3", 3),
        ("UPDATE audit_entry SET number = 4 - number WHERE stream = 'thing/x' AND number <> 2", 1),
        ("UPDATE audit_stream SET length = 2 WHERE name = 'thing/x'", 4),
        (
            "UPDATE audit_stream SET head = digest FROM audit_entry WHERE name = 'thing/x' AND stream = name AND number = 2",
            4,
        ),
    ],
)
def test_R41_a_changed_trail_is_noticed(tampering: Connection, statement: str, number: int) -> None:
    if "4 - number" in statement:
        tampering.exec_driver_sql(
            "UPDATE audit_entry SET number = number + 10 WHERE stream = 'thing/x' AND number <> 2"
        )
        statement = "UPDATE audit_entry SET number = 14 - number WHERE stream = 'thing/x' AND number <> 2"
    tampering.exec_driver_sql(statement)
    with pytest.raises(ChainBroken) as caught:
        verify_chain(tampering)
    assert caught.value.number == number


def test_R41_an_entry_rewritten_with_its_digest_breaks_the_next(tampering: Connection) -> None:
    from packspec.digests import Digest

    document = tampering.exec_driver_sql(
        "SELECT document FROM audit_entry WHERE stream = 'thing/x' AND number = 1"
    ).scalar_one()
    forged = document.replace("typing", "TYPING")
    values = {"document": forged, "digest": str(Digest.of(forged.encode()))}
    tampering.execute(
        sa.text(
            "UPDATE audit_entry SET document = :document, digest = :digest WHERE stream = 'thing/x' AND number = 1"
        ),
        values,
    )
    with pytest.raises(ChainBroken, match="entry 2"):
        verify_chain(tampering)


def test_an_entry_is_stored_with_what_it_tells_or_not_at_all(call: Call) -> None:
    with pytest.raises(KeyError), call.writing() as inside:
        record(inside, "pack.rename", "a", stream=STREAM)
        raise KeyError
    with call.reading() as inside:
        assert STREAM not in [head.stream for head in heads(inside.db)]


def test_sixteen_writers_make_one_chain(call: Call) -> None:
    start = threading.Barrier(16)

    def write(number: int) -> None:
        start.wait()
        tell(replace(call, request_id=f"r{number}"), f"thing:{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with call.reading() as inside:
        assert [head.length for head in verify_chain(inside.db) if head.stream == STREAM] == [16]


def tell_twice(folder: Path, watch: object) -> None:
    import io

    world = make_world(folder, Clock(), io.StringIO(), watch)  # type: ignore[arg-type]
    for about in ("a", "b"):
        tell(call_of(world, SYSTEM), about)
        print(about)
    world.close()


def test_V01_the_chain_holds_and_keeps_what_was_acknowledged_wherever_the_process_dies(tmp_path: Path) -> None:
    import io

    for folder, death in sweep("tests.registry_server.test_trail", "tell_twice", tmp_path):
        world = make_world(folder, Clock(), io.StringIO())
        with world.database.reading() as db:
            verify_chain(db)
            told = [entry.about for entry in reversed(entries(db)) if entry.stream == STREAM]
        world.close()
        assert told in (["a", "b"][: len(death.said.split())], ["a", "b"][: len(death.said.split()) + 1])

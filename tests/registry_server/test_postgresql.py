"""PostgreSQL behind the doors: what SQLite's file gives by itself, held here by locks and by what sessions are told."""

import io
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from packspec.digests import Digest
from packspec.errors import Unavailable
from packspec.log.leaf import TrustLeaf, parse_leaf
from packspec.names import PublisherName
from packspec.protocol.catalog import SEARCH, SearchPacks
from packspec.protocol.publishing import YANK, YankRelease
from packspec.verdict import Answer, check_release
from packspec.versions import Version
from registry_server.actor import SYSTEM
from registry_server.audit.actions import verify_chain
from registry_server.call import call_of
from registry_server.db.engine import STATIC_SIDE, Database
from registry_server.db.faults import DatabaseBusy, DatabaseGone, WrongEncoding
from registry_server.db.meta import metadata
from registry_server.db.migrate import check_schema, migrate, newest
from registry_server.durable import NoSpace
from registry_server.log import actions as log
from registry_server.settings import DatabaseSettings, Settings
from registry_server.world import Surroundings, World, open_world
from tests.support import postgres
from tests.support.evidence import Site
from tests.support.registry import Clock, Registry, make_world, registry_at

QUICK = DatabaseSettings(wait_seconds=1)
PATIENT = Settings(database=DatabaseSettings(wait_seconds=30))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with postgres.migrated() as address:
        yield address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, QUICK)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with postgres.migrated() as address, registry_at(tmp_path_factory.mktemp("shop"), url=address) as opened:
        yield opened


def test_from_empty_the_migrations_make_what_the_tables_say(database: Database) -> None:
    check_schema(database)
    with database.reading() as db:
        options = {
            "version_table": "schema_version",
            "compare_type": True,
            "include_name": lambda name, kind, parents: name not in ("pack_text", "ix_pack_text_everything"),
        }
        assert compare_metadata(MigrationContext.configure(db, opts=options), metadata) == []


def test_what_a_system_library_thinks_of_languages_breaks_no_index(database: Database) -> None:
    others = sa.text(
        "SELECT table_name || '.' || column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'text' AND coalesce(collation_name, '') <> 'C'"
    )
    with database.reading() as db:
        assert db.scalars(others).all() == []


def test_V17_two_processes_that_migrate_at_once_do_it_one_after_the_other() -> None:
    with postgres.empty() as address:
        both = [Database(address, DatabaseSettings(wait_seconds=30)) for _ in range(2)]
        applied: list[list[str]] = []
        threads = [threading.Thread(target=lambda one=one: applied.append(migrate(one))) for one in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(map(len, applied)) == [0, int(newest())]
        for one in both:
            check_schema(one)
            one.close()


def test_a_database_that_cannot_hold_every_text_is_refused_before_anything_is_written() -> None:
    with postgres.empty("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0") as address:
        latin = Database(address, QUICK)
        with pytest.raises(WrongEncoding, match="LATIN1"):
            migrate(latin)
        with latin.reading() as db:
            assert sa.inspect(db).get_table_names() == []
        latin.close()


@pytest.mark.parametrize("table", ["log_entry", "log_root", "audit_entry", "submission_move"])
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "TRUNCATE {}"])
def test_R41_what_is_append_only_stays_so_whatever_program_asks(url: str, table: str, verb: str) -> None:
    with psycopg.connect(url) as anybody, pytest.raises(psycopg.errors.IntegrityError, match="is append-only"):
        anybody.execute(verb.format(table).encode())


def test_V03_an_answered_write_is_on_the_disk_also_where_the_server_is_set_to_be_careless(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as operator:
        operator.execute("ALTER ROLE postgres SET synchronous_commit = off")
        careful = Database(url, QUICK)
        with careful.writing() as db:
            assert db.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"
        careful.close()
        operator.execute("ALTER ROLE postgres RESET synchronous_commit")


def test_a_snapshot_sees_one_moment_locks_nothing_and_changes_nothing(registry: Registry) -> None:
    database = registry.world.database
    registry.account("ida")
    count = sa.text("SELECT count(*) FROM account")
    row = sa.select(metadata.tables["account"].c.name).with_for_update()
    with database.reading() as db:
        before = db.scalar(count)
        assert "ida" in db.scalars(row).all()
        registry.account("ina")
        assert db.scalar(count) == before
    with pytest.raises(sa.exc.InternalError, match="read-only"), database.reading() as db:
        db.execute(sa.text("DELETE FROM token"))


def test_V04_V06_a_write_waits_for_another_process_and_then_says_busy(url: str, database: Database) -> None:
    other = Database(url, QUICK)
    with other.writing(), pytest.raises(DatabaseBusy) as caught, database.writing():
        raise AssertionError("two writers at once")
    assert (caught.value.waited_seconds, caught.value.retry_after_seconds) == (1, 2)
    with other.writing(), database.reading() as db:
        assert db.exec_driver_sql("SELECT 1").scalar_one() == 1
    other.close()


def test_V06_a_row_that_somebody_else_has_locked_is_waited_for_within_bounds(url: str, database: Database) -> None:
    with psycopg.connect(url) as somebody:
        somebody.execute("LOCK TABLE token")
        with pytest.raises(DatabaseBusy), database.writing() as db:
            db.exec_driver_sql("UPDATE token SET used_at = 1")


def test_V05_a_lost_connection_is_told_and_the_next_call_has_a_new_one(database: Database) -> None:
    def cut(which: str) -> None:
        ending = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'registry-server'"
        postgres.execute(f"{ending} AND datname = '{which}'")

    with database.reading() as db:
        name = str(db.exec_driver_sql("SELECT current_database()").scalar_one())
    cut(name)
    with database.reading() as db:
        assert db.exec_driver_sql("SELECT 1").scalar_one() == 1
    with pytest.raises(DatabaseGone) as caught, database.writing() as db:
        db.exec_driver_sql("SELECT 1")
        cut(name)
        db.exec_driver_sql("SELECT 1")
    assert "administrator command" in caught.value.reason or "closed" in caught.value.reason
    with database.writing() as db:
        assert db.exec_driver_sql("SELECT 1").scalar_one() == 1


def test_V05_a_database_that_is_not_there_is_told_without_the_password(url: str) -> None:
    nowhere = Database("postgresql://me:hush@127.0.0.1:1/packs", QUICK)
    with pytest.raises(DatabaseGone) as caught, nowhere.reading() as db:
        db.exec_driver_sql("SELECT 1")
    assert "hush" not in f"{caught.value} {caught.value.reason} {caught.value.operator_facts()}"
    missing = Database(postgres.url("no_such_database"), QUICK)
    with pytest.raises(DatabaseGone, match="cannot use its database"), missing.writing():
        raise AssertionError("there is no such database")


def test_V07_V08_a_database_that_takes_no_writes_says_so_and_is_read(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as operator:
        operator.execute("ALTER ROLE postgres SET default_transaction_read_only = on")
        try:
            standby = Database(url, QUICK)
            with pytest.raises(NoSpace, match="read-only"), standby.writing() as db:
                db.exec_driver_sql("DELETE FROM token")
            with standby.reading() as db:
                assert db.exec_driver_sql("SELECT count(*) FROM token").scalar_one() == 0
            standby.close()
        finally:
            operator.execute("ALTER ROLE postgres RESET default_transaction_read_only")


def test_L08_V12_the_time_of_a_transaction_is_the_database_s(url: str, tmp_path: Path) -> None:
    settings = Settings.from_env({"REGISTRY_DATA": str(tmp_path), "REGISTRY_DATABASE_URL": url})
    wrong = Surroundings(now=lambda: 1, randomness=os.urandom, log_to=io.StringIO(), goes_by_database=True)
    world = open_world(settings, wrong)
    with call_of(world, SYSTEM).reading() as call:
        (theirs,) = call.db.execute(sa.text("SELECT extract(epoch FROM now())")).one()
    assert abs(call.now - int(theirs)) <= 1
    world.close()


def test_V04_no_entry_of_the_log_is_lost_or_doubled_between_two_servers(url: str, tmp_path: Path) -> None:
    """Each of eight threads reads the end of the log and writes behind it, four on each server."""
    worlds = [make_world(tmp_path / name, Clock(), io.StringIO(), settings=PATIENT, url=url) for name in ("one", "two")]
    start = threading.Barrier(8)

    def grow(world: World, number: int) -> None:
        start.wait()
        for turn in range(4):
            with call_of(world, SYSTEM).writing() as call:
                place = log.take_place(call)
                sha256 = Digest.of(f"{number} {turn}".encode())
                log.append(call, place, TrustLeaf(v=1, at=place.at, file="trust/policy.json", sha256=sha256))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(grow, worlds * 4, range(8)))
    with call_of(worlds[0], SYSTEM).reading() as call:
        leaves = [parse_leaf(entry) for entry in log.entries(call, 0, 100)]
    for world in worlds:
        world.close()
    expected = {str(Digest.of(f"{number} {turn}".encode())) for number in range(8) for turn in range(4)}
    assert len(leaves) == 32
    assert {str(leaf.sha256) for leaf in leaves if isinstance(leaf, TrustLeaf)} == expected


def test_one_server_at_a_time_brings_the_static_side_up_to_date(url: str) -> None:
    first, second = Database(url, QUICK), Database(url, QUICK)
    with first.turn(STATIC_SIDE), first.writing(), pytest.raises(DatabaseBusy), second.turn(STATIC_SIDE):
        raise AssertionError("two at once")
    with second.turn(STATIC_SIDE):
        pass
    first.close()
    second.close()


def test_the_signed_path_is_the_same(registry: Registry) -> None:
    registry.publish("acme/icons", "1.0.0", manifest={"title": "Icônes of a Café", "tags": ["line-art", "outdoor"]})
    registry.publish("acme/iris", "1.0.0", manifest={"title": "Iris", "summary": "Flowers, no icons"})
    registry.publish("acme/icons", "1.1.0", manifest={"title": "Icônes of a Café", "tags": ["line-art", "outdoor"]})
    static = Site(registry.world.public.read)
    verdict = check_release(static.evidence("acme/icons", "1.1.0"))
    assert [verdict.authentic.answer, verdict.approved.answer, verdict.logged.answer] == [Answer.YES] * 3

    def found(text: str) -> list[str]:
        return [str(hit.name) for hit in registry.call(SEARCH, SearchPacks(q=text)).packs]

    assert found("icons") == ["acme/icons", "acme/iris"]  # the name weighs more than the summary
    assert found("CAFE icone") == ["acme/icons"]
    assert found("line-art out") == ["acme/icons"]
    assert found("café NOT iris") == []
    assert found("'; | & ! ( :* <-> \\") == []
    [hit] = registry.call(SEARCH, SearchPacks(q="outdoor", why=True)).packs
    assert (hit.name, hit.version, hit.matched) == ("acme/icons", Version.parse("1.1.0"), ["tags"])

    token = registry.publisher("acme").token
    asked = YankRelease(publisher=PublisherName("acme"), name="iris", version=Version.parse("1.0.0"), reason="broken")
    assert registry.call(YANK, asked, token).state == "yanked"
    assert found("iris") == []
    with registry.world.database.reading() as db:
        assert [head.stream for head in verify_chain(db)] == ["registry"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("disk_full", NoSpace),
        ("serialization_failure", DatabaseBusy),
        ("deadlock_detected", DatabaseBusy),
        ("query_canceled", DatabaseBusy),
        ("too_many_connections", DatabaseBusy),
        ("admin_shutdown", DatabaseGone),
        ("out_of_memory", DatabaseGone),
    ],
)
def test_V05_V07_what_the_database_says_of_itself_is_a_refusal_to_come_back_after(
    database: Database, condition: str, expected: type[Unavailable]
) -> None:
    raising = f"DO $$ BEGIN RAISE EXCEPTION 'words of the server' USING ERRCODE = '{condition}'; END $$"
    with pytest.raises(expected) as caught, database.writing() as db:
        db.exec_driver_sql(raising)
    assert getattr(caught.value, "retry_after_seconds", 0) > 0
    assert "words of the server" not in f"{caught.value.what()} {caught.value.facts()}"
    with database.writing() as db:
        assert db.exec_driver_sql("SELECT 1").scalar_one() == 1

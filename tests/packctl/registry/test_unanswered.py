"""Changes whose answer never came: asked for again with the key of the first time, by whichever command asks for the same."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from packctl.registry.api import Api
from packctl.registry.client import RegistryClient
from packctl.registry.failures import Unreachable
from packctl.registry.network import Network, Pace
from packctl.registry.unanswered import Unanswered
from packspec.errors import Conflict, PackError
from packspec.protocol.endpoint import Again, Body, Effect, Endpoint
from tests.packctl.registry.test_client import ASK, GOOD, Ask, Told, cutting, problem
from tests.support.liar import Asked, Liar, answer

CHANGE = Endpoint("POST", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.WRITE, "x", status=201)
BY_ITSELF = Endpoint("POST", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.WRITE, "x", again=Again.BY_ITSELF)
LOOK = Endpoint("POST", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.READ, "x")
OWN = Endpoint("POST", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.NONE, "x")
READ = Endpoint("GET", "/api/v1/packs/{publisher}/{name}", Ask, Told, Effect.READ, "x", body=Body.QUERY)
NOON = 1_800_000_000
DAY = 86_400


class Machine:
    """One machine, its clock and what it was told; each client is another command."""

    def __init__(self, folder: Path, liar: Liar, token: str | None = "pkt_token") -> None:
        self.folder, self.liar, self.token = folder, liar, token
        self.now = NOON
        self.said: list[str] = []

    def asks(self, row: Endpoint[Ask, Told] = CHANGE, ask: Ask = ASK) -> Told:
        known = Unanswered(self.folder, os.urandom, lambda: self.now, self.said.append)
        pace = Pace(time.monotonic, lambda seconds: None, lambda: 0.5)
        with Api(Network(timeout_seconds=5), time.monotonic) as api:
            return RegistryClient(self.liar.url, api, pace, lambda origin: self.token, known).call(row, ask)

    @property
    def keys(self) -> list[str]:
        """The key of each request, in order."""
        return [one.headers.get("idempotency-key", "") for one in self.liar.asked]

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir()) if self.folder.exists() else []


def told(*answers: bytes) -> Callable[[Asked], Iterable[bytes]]:
    return lambda asked: [answers[min(asked.number, len(answers) - 1)]]


def test_a_change_is_asked_for_again_with_its_key_until_it_is_answered(tmp_path: Path) -> None:
    with Liar(cutting(3, answer(201, GOOD))) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        assert machine.asks().count == 3
    assert (len(machine.keys), len(set(machine.keys)), len(machine.keys[0])) == (4, 1, 32)
    assert (machine.files, machine.said) == ([], [])


def test_another_command_goes_on_with_the_key_and_the_next_change_has_its_own(tmp_path: Path) -> None:
    with Liar(cutting(4, answer(201, GOOD))) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        with pytest.raises(Unreachable):
            machine.asks()
        assert [path.stat().st_mode & 0o777 for path in (tmp_path / "unanswered").glob("*[!k]")] == [0o600]
        assert machine.asks().count == 3
        assert machine.said == ["asking again for what was asked before and never answered; it happens once"]
        machine.asks()
    assert len(set(machine.keys[:5])) == 1 and machine.keys[5] not in ("", machine.keys[0])
    assert machine.files == []


@pytest.mark.parametrize(
    ("first", "is_open"),
    [
        (problem(409, "conflict", "x.y"), False),
        (problem(402, "unlicensed", "x.y"), False),
        (problem(500, "bug", "registry.failed"), True),
        (answer(200, b"<html>"), True),
        (answer(502), True),
        (answer(302, Location="http://elsewhere.test"), True),
    ],
)
def test_only_who_does_not_know_what_became_of_a_change_keeps_its_key(
    tmp_path: Path, first: bytes, is_open: bool
) -> None:
    with Liar(told(first)) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        for _ in range(2):
            with pytest.raises(PackError):
                machine.asks()
    assert (len(set(machine.keys)) == 1) is is_open
    assert bool(machine.files) is is_open


def test_another_change_another_account_and_another_day_have_other_keys(tmp_path: Path) -> None:
    with Liar(told(answer(500))) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        for ask, token, now in (
            (ASK, "pkt_token", NOON),
            (Ask(publisher="acme", name="icons", page=2), "pkt_token", NOON),
            (Ask(publisher="acme", name="lamp"), "pkt_token", NOON),
            (ASK, "pkt_other", NOON),
            (ASK, "pkt_token", NOON + DAY),
        ):
            machine.token, machine.now = token, now
            with pytest.raises(PackError):
                machine.asks(ask=ask)
    assert len(set(machine.keys)) == 5


@pytest.mark.parametrize(
    ("row", "token"), [(READ, "pkt_token"), (OWN, "pkt_token"), (CHANGE, None), (BY_ITSELF, "pkt_token")]
)
def test_a_key_goes_only_with_what_takes_one(tmp_path: Path, row: Endpoint[Ask, Told], token: str | None) -> None:
    with Liar(told(answer(row.status, GOOD))) as liar:
        machine = Machine(tmp_path / "unanswered", liar, token)
        machine.asks(row)
    assert (machine.keys, machine.files) == ([""], [])


@pytest.mark.parametrize(("row", "times"), [(BY_ITSELF, 2), (LOOK, 2), (OWN, 1)])
def test_what_is_the_same_by_itself_is_sent_again_without_a_key(
    tmp_path: Path, row: Endpoint[Ask, Told], times: int
) -> None:
    with Liar(cutting(1, answer(200, GOOD))) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        if times == 1:
            with pytest.raises(Unreachable):
                machine.asks(row)
        else:
            machine.asks(row)
    assert len(liar.asked) == times


@pytest.mark.parametrize("damage", ["rubbish", "folder", "empty", "pipe", "link"])
def test_what_lies_there_damaged_keeps_no_change_from_being_asked_for(tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "unanswered"
    with Liar(told(answer(500), answer(201, GOOD))) as liar:
        machine = Machine(folder, liar)
        with pytest.raises(PackError):
            machine.asks()
        [name] = [one for one in machine.files if not one.endswith(".lock")]
        (folder / name).unlink()
        match damage:
            case "rubbish":
                (folder / name).write_bytes(b"\x00{")
            case "folder":
                (folder / name).mkdir()
            case "empty":
                (folder / name).touch()
            case "pipe":
                os.mkfifo(folder / name)
            case _:
                (folder / name).symlink_to("/etc/hostname")
        assert machine.asks().count == 3
    assert len(set(machine.keys)) == 2


def test_where_nothing_can_be_kept_a_change_is_asked_for_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "unanswered").write_text("a file where a folder belongs")
    with Liar(cutting(1, answer(201, GOOD))) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        assert machine.asks().count == 3
    assert len(set(machine.keys)) == 1


def test_the_same_at_once_by_two_commands_is_two_changes(tmp_path: Path) -> None:
    with Liar(lambda asked: [answer(201, GOOD)]) as liar:
        machine = Machine(tmp_path / "unanswered", liar)

        def answers(asked: Asked) -> Iterable[bytes]:
            if asked.number == 0:
                machine.asks()  # while the first waits for its answer
            return [answer(201, GOOD)]

        liar.answer = answers
        machine.asks()
    assert len(set(machine.keys)) == 2
    assert machine.files == []


def test_files_that_are_too_old_to_be_of_use_are_removed(tmp_path: Path) -> None:
    with Liar(told(answer(500), answer(201, GOOD))) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        with pytest.raises(PackError):
            machine.asks()
        machine.now += DAY
        machine.asks(ask=Ask(publisher="acme", name="lamp"))
    assert machine.files == []


def test_a_refusal_that_was_told_is_over(tmp_path: Path) -> None:
    with Liar(told(answer(500), problem(409, "conflict", "registry.answered-before"), answer(201, GOOD))) as liar:
        machine = Machine(tmp_path / "unanswered", liar)
        with pytest.raises(PackError):
            machine.asks()
        with pytest.raises(Conflict):
            machine.asks()
        machine.asks()
    first, second, third = machine.keys
    assert first == second != third

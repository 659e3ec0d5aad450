"""The resolver against a SAT solver, on random worlds: the same answer, solutions that hold, proofs and ways out that are true.

A few hundred worlds each time, thousands with `--long`. A failure names the number of its world.
"""

import json
import random
from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from packctl.resolve.constraint import Clash
from packctl.resolve.reasons import Asked
from packctl.resolve.refusals import NoSolution
from packctl.resolve.run import Resolution, Resolver, resolve
from packctl.resolve.scenario import Scenario, read_scenario
from packctl.resolve.wanted import Candidate, Wanted
from packctl.resolve.ways import MOST, ways_out
from packspec.errors import PackError
from packspec.names import PackName
from tests.support.sat import Oracle, Wish, wishes_of
from tests.support.worlds import world

SHORT, LONG = 250, 4_000
numbers = pytest.mark.parametrize(
    "numbers", [pytest.param(range(SHORT), id="some"), pytest.param(range(LONG), id="many", marks=pytest.mark.long)]
)


def solved(scenario: Scenario, wanted: Wanted | None = None) -> Resolution | PackError:
    try:
        return resolve(wanted or scenario.wanted, scenario)
    except PackError as error:
        return error


def read(data: Mapping[str, Any]) -> Scenario:
    return read_scenario(json.dumps(data).encode())


def required(data: Mapping[str, Any]) -> list[Wish]:
    return [wish for wish in wishes_of(data["root"]) if not wish.optional]


def versions(found: Resolution) -> dict[str, str]:
    return {str(pack): str(one.version) for pack, one in found.packs.items()}


def agree(number: int, oracle: Oracle, wishes: list[Wish], found: Resolution | PackError) -> bool:
    """Whether there is a solution. Fails if the two do not agree, or if the solution does not hold."""
    is_solved = isinstance(found, Resolution)
    assert oracle.solvable(wishes) == is_solved, f"world {number}"
    if isinstance(found, Resolution):
        assert oracle.holds(wishes, versions(found)), f"world {number}"
    return is_solved


@pytest.mark.timeout(600)
@pytest.mark.parametrize("rules", [False, True], ids=["packs", "rules"])
@numbers
def test_a_world_is_solved_if_and_only_if_it_can_be(numbers: range, rules: bool) -> None:
    both = {True: 0, False: 0}
    for number in numbers:
        data = world(number, rules=rules)
        both[agree(number, Oracle(data), required(data), solved(read(data)))] += 1
    assert min(both.values()) > len(numbers) // 6, "worlds should be a mixture"


@pytest.mark.timeout(600)
@numbers
def test_what_is_left_out_could_not_be_had(numbers: range) -> None:
    left_out = 0
    for number in numbers:
        data = world(number, rules=True)
        found = solved(read(data))
        if isinstance(found, Resolution):
            oracle = Oracle(data)
            root = {(one.pack, one.range.text) for one in found.left_out if one.by == "the root"}
            had = [wish for wish in wishes_of(data["root"]) if not wish.optional or wish[:2] not in root]
            kept = [clause for pack in found.packs for clause in _kept(oracle, pack, found)]
            assert oracle.solvable(had, kept), f"world {number}"
            for one in root:
                left_out += 1
                assert not oracle.solvable([*had, Wish(*one)], kept), f"world {number}: {one}"
    assert left_out


def _kept(oracle: Oracle, pack: PackName, found: Resolution) -> list[list[int]]:
    """An optional dependency that is had stays, and so does who asks for it, at some version that asks for it."""
    clauses = []
    chosen = found.packs[pack]
    for dependency in chosen.candidate.facts.dependencies:
        if dependency.optional and dependency.pack in chosen.needs:
            said = {"version": dependency.range.text, "optional": True}
            releases = oracle.packs[pack].items()
            asking = [version for version, release in releases if release["dependencies"].get(dependency.pack) == said]
            clauses += [[oracle.chosen(pack, version) for version in asking]]
            clauses += oracle.of(Wish(dependency.pack, dependency.range.text))
    return clauses


@pytest.mark.timeout(600)
@numbers
def test_a_proof_needs_only_the_wishes_it_names_and_ways_out_are_those_there_are(numbers: range) -> None:
    ways = 0
    for number in numbers:
        data = world(number, rules=True)
        scenario, oracle = read(data), Oracle(data)
        resolver, wishes = Resolver(scenario.wanted, scenario), scenario.wanted.wishes
        try:
            resolver.resolve(wishes)
        except NoSolution as refusal:
            named = [fact.wish for fact in refusal.proof.facts if isinstance(fact, Asked)]
            assert not oracle.solvable(Wish(one.pack, one.range.text, one.kind) for one in named), f"world {number}"
            found = ways_out(resolver, wishes, refusal, lambda: True)
            ways += len(found.found)
            for way in found.found:
                told = [replace(one, range=way.range) if one == way.wish else one for one in wishes]
                assert _solvable(oracle, told), f"world {number}: {way.wish}"
                assert oracle.holds(_required(told), versions(way.found)) or way.found.left_out != (), f"world {number}"
            helped = {way.wish for way in found.found}
            for wish in wishes if len(found.found) < MOST else ():
                if not wish.optional and wish not in helped and wish.pack not in scenario.wanted.overrides:
                    any_version = replace(wish, range=wish.range.parse("*"))
                    assert not _solvable(oracle, [any_version if one == wish else one for one in wishes]), (
                        f"world {number}: {wish}"
                    )
        except PackError:
            continue
    assert ways


def _required(wishes: Any) -> list[Wish]:
    return [Wish(one.pack, one.range.text, one.kind) for one in wishes if not one.optional]


def _solvable(oracle: Oracle, wishes: Any) -> bool:
    return oracle.solvable(_required(wishes))


@pytest.mark.timeout(600)
@numbers
def test_M21_the_same_world_in_another_order_gives_the_same_answer_in_the_same_words(numbers: range) -> None:
    def told(scenario: Scenario) -> object:
        found = solved(scenario)
        if isinstance(found, Resolution):
            return list(versions(found).items()), found.left_out, found.attempts
        return found.code, found.why(), getattr(found, "derivation", ())

    for number in numbers:
        data = world(number, rules=True)
        assert told(read(_shuffled(data, random.Random(number)))) == told(read(data)), f"world {number}"


def _shuffled(value: Any, chance: random.Random) -> Any:
    if not isinstance(value, dict):
        return value
    items = list(value.items())
    chance.shuffle(items)
    return {key: _shuffled(one, chance) for key, one in items}


@pytest.mark.timeout(600)
@numbers
def test_constraints_from_outside_have_the_same_say(numbers: range) -> None:
    """Every seventh release is forbidden, and at most so many packs may be at version 2 or higher."""
    both = {True: 0, False: 0}
    for number in numbers:
        data = world(number, rules=number % 2 == 0)
        most = number % 4

        def forbidden(pack: str, version: str, number: int = number) -> bool:
            return sum(map(ord, f"{pack}{version}{number}")) % 7 == 0

        def licensed(pack: PackName, release: Candidate, forbidden: Any = forbidden) -> str | None:
            return "has no license" if forbidden(str(pack), str(release.version)) else None

        scenario, oracle = read(data), Oracle(data, forbidden)
        oracle.at_most(most, _high(data))
        wanted = replace(scenario.wanted, constraints=(licensed,), limits=(partial(_few, most),))
        both[agree(number, oracle, required(data), solved(scenario, wanted))] += 1
    assert min(both.values()) > len(numbers) // 8, "worlds should be a mixture"


def _high(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(pack, version) for pack, releases in data["packs"].items() for version in releases if version[0] >= "2"]


def _is_high(release: Candidate) -> bool:
    return release.version.major >= 2


def _few(most: int, chosen: Mapping[PackName, Candidate]) -> Clash | None:
    high = sorted(pack for pack, release in chosen.items() if _is_high(release))
    return Clash(dict.fromkeys(high, _is_high), "are too many of version 2") if len(high) > most else None

"""`python -m packctl.resolve`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from packctl.resolve.__main__ import main
from packctl.resolve.scenario import BadScenario, read_scenario
from packspec.errors import PackError

EXAMPLE = {
    "root": {"dependencies": {"acme/a": "^1.0.0"}},
    "packs": {
        "acme/a": {"1.0.0": {"dependencies": {"acme/b": ">=2 <3"}, "yanked": False}},
        "acme/b": {"2.1.0": {}, "3.0.0": {}},
    },
}


def test_a_solution_is_printed_as_json(tmp_path: Path) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(EXAMPLE))
    ran = subprocess.run(
        [sys.executable, "-m", "packctl.resolve", str(file)], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == {"solution": {"acme/a": "1.0.0", "acme/b": "2.1.0"}, "attempted": 1}


def test_no_solution_is_told_on_stderr_with_exit_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(EXAMPLE | {"root": {"dependencies": {"acme/a": "^1", "acme/b": "^3"}}}))
    assert main([str(file)]) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "error[resolve.no-solution]: no set of versions satisfies the root\n"
        "\n"
        "  Because acme/a depends on acme/b >=2 <3\n"
        "  and the root asks for acme/b ^3,\n"
        "    acme/a cannot be used.\n"
        "  So, because the root asks for acme/a ^1, there is no solution.\n"
    )


@pytest.mark.parametrize(
    ("root", "code", "status"),
    [
        ({"dependencies": {"acme/zz": "*"}}, "catalog.no-such-pack", 3),
        ({"dependencies": {"acme/a": "1.5.0"}}, "catalog.no-such-release", 3),
    ],
)
def test_other_refusals_keep_their_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], root: object, code: str, status: int
) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(EXAMPLE | {"root": root}))
    assert main([str(file)]) == status
    assert capsys.readouterr().err.startswith(f"error[{code}]: ")


def test_M21_the_answer_does_not_depend_on_the_seed_of_hashes(tmp_path: Path) -> None:
    packs: dict[str, dict[str, dict[str, object]]] = {
        f"p/{letter}": {f"{v}.0.0": {} for v in range(1, 4)} for letter in "abcdef"
    }
    for letter, other in ("ab", "bc", "cd", "de", "ef"):
        packs[f"p/{letter}"]["3.0.0"] = {"dependencies": {f"p/{other}": "<3"}, "conflicts": {"p/f": "2"}}
    optional = {f"p/{letter}": {"version": "*", "optional": True} for letter in "fdb"}
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps({"root": {"dependencies": {"p/a": "*", "p/c": "*"} | optional}, "packs": packs}))
    answers = {
        subprocess.run(
            [sys.executable, "-m", "packctl.resolve", str(file)],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(answers) == 1


def test_what_is_left_out_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "scenario.json"
    root = {"dependencies": {"acme/b": "*", "acme/zz": {"version": "*", "optional": True}}}
    file.write_text(json.dumps(EXAMPLE | {"root": root}))
    assert main([str(file)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["solution"] == {"acme/b": "3.0.0"}
    assert [(one["pack"], one["range"], one["by"]) for one in answer["left_out"]] == [("acme/zz", "*", "the root")]


def test_without_a_file_the_usage_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path / "none.json")]) == 2
    assert "usage: python -m packctl.resolve SCENARIO.json" in capsys.readouterr().err


def _release(text: str) -> bytes:
    return b'{"root": {}, "packs": {"acme/a": {"1.0.0": %s}}}' % text.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"root": {}}',
        b'{"root": [], "packs": {}}',
        b'{"root": {"dependencies": {"a": "*"}}, "packs": {}}',
        b'{"root": {"dependencies": {"acme/a": ">=1,<2"}}, "packs": {}}',
        b'{"root": {"now": 1e999}, "packs": {}}',
        b'{"root": {"now": NaN}, "packs": {}}',
        b'{"root": {"now": ' + b"9" * 5000 + b'}, "packs": {}}',
        b'{"root": {}, "packs": {"acme/a": {"1.0": {}}}}',
        b'{"root": {}, "packs": {"acme/a": {"1.0.0+a": {}, "1.0.0+b": {}}}}',
        _release("null"),
        _release('{"yankd": true}'),
        _release('{"ages": {"min": 5, "max": 3}}'),
        _release('{"dependencies": {"acme/b": {"version": "*", "kind": "enhances", "optional": true}}}'),
    ],
)
def test_what_is_no_scenario_is_refused_with_one_code(data: bytes) -> None:
    with pytest.raises(PackError) as caught:
        read_scenario(data)
    assert isinstance(caught.value, BadScenario)
    assert caught.value.code == "resolve.bad-scenario" and caught.value.facts() and caught.value.fix()


def test_all_faults_of_a_scenario_are_named_with_their_places() -> None:
    with pytest.raises(BadScenario) as caught:
        read_scenario(b'{"root": {"dependencies": {"acme/a": "^^1"}, "lwest": true}, "packs": {"acme/a": {"1.0": {}}}}')
    assert sorted(caught.value.facts()) == ['packs."acme/a"."1.0"', 'root.dependencies."acme/a"', "root.lwest"]

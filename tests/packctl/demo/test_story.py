"""The story of the demo, told for real: processes, a registry over a socket, exit codes. It is the end-to-end test of everything."""

import dataclasses
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
import pytest
from msgspec.structs import replace

from packctl.demo.script import Act, Chapter, Deed, Lanes, Later, Step
from packctl.demo.stage import Stage
from packctl.demo.story import story
from packctl.demo.telling import StoryBroke, Teller, Told
from packctl.frame import run
from tests.support.terminal import screen
from tests.support.transcript import clean_environment

README = Path(__file__).parents[3] / "README.md"


def demo(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """`packctl demo` as a person runs it who has a home of their own, in a temporary folder of their own."""
    environ = {**clean_environment(folder), "TMPDIR": str(folder / "tmp")}
    return subprocess.run(
        [sys.executable, "-m", "packctl", "demo", *options],
        cwd=folder, env=environ, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a blank in its name."""
    place = tmp_path / "a folder"
    (place / "tmp").mkdir(parents=True)
    return place


def timeless(line: str) -> str:
    """A line of the story without what is different each time: moments, durations, sizes of what a zlib packed."""
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z|\d+(\.\d+)? (s|ms|[kM]?B|bytes)\b", "…", line).strip()


def readme_lines() -> list[str]:
    """What the README's transcript shows of commands' output."""
    block = README.read_text(encoding="utf-8").partition("## What it looks like")[2].split("```")[1]
    return [timeless(line) for line in block.splitlines() if line.strip() and not line.startswith("$ ")]


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


ENDS = {
    "1.1": "0", "1.2": "0", "1.3": "-", "1.4": "0", "2.1": "0", "2.2": "0", "2.3": "0", "2.4": "0", "2.5": "0", "2.6": "0, 3",
    "3.1": "0", "3.2": "0", "3.3": "6", "3.4": "4", "3.5": "0", "3.6": "0", "4.1": "0", "4.2": "0", "4.3": "0",
    "5.1": "5, 0", "5.2": "0", "6.1": "0", "6.2": "0", "6.3": "0",
    "7.1": "0", "7.2": "0, 7", "7.3": "0", "7.4": "7, 0", "7.5": "0, 7", "7.6": "0, 7", "8.1": "6", "8.2": "0",
    "9.1": "0, 3", "9.2": "0", "9.3": "0", "9.4": "6, 0",
    "10.1": "0", "10.2": "0", "10.3": "0", "10.4": "10", "10.5": "0", "10.6": "0", "11.1": "0", "11.2": "8",
    "12.1": "0", "12.2": "6",
}  # fmt: skip
"""How the commands of each step end."""
MADE = {"project/packs/acme/farm-animals/assets/cow.svg", "registry.log"}
"""Some of what the story leaves in its folder."""


@dataclasses.dataclass(frozen=True)
class Stayed:
    """A demo that was told, stayed up, and was ended with Ctrl-C."""

    story: list[str]
    pasted: "subprocess.CompletedProcess[str]"
    place: Path
    files: set[str]
    out: str
    code: int

    @property
    def ends(self) -> dict[str, str]:
        """The exit codes in the table at the end, by step."""
        rows = [re.split(r"\s{2,}", line.strip()) for line in self.out.splitlines() if re.match(r"\s*\d+\.\d+ ", line)]
        return {row[0]: row[-2] for row in rows if len(row) > 3}


def stay(folder: Path, *options: str) -> Stayed:
    """`demo --serve` with `options`: while it stays up, somebody pastes its command that approves what waits, then comes Ctrl-C."""
    environ = {**clean_environment(folder), "TMPDIR": str(folder / "tmp")}
    said: list[str] = []
    with subprocess.Popen(
        [sys.executable, "-m", "packctl", "demo", "--serve", *options],
        cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            assert process.stderr is not None
            for line in process.stderr:
                said.append(line.rstrip("\n"))
                if "Ctrl-C stops it" in line:
                    break
            assert said[-1].endswith("Ctrl-C stops it."), "\n".join(said[-30:])
            approve = next(line for line in reversed(said) if "packctl approve S-" in line)
            digest = next(line for line in said if "night-songs-1.0.0.pack" in line).rpartition(" ")[2]
            pasted = subprocess.run(
                ["sh", "-c", f"{approve.strip()} --yes --digest {digest}"],
                env=environ, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            (place,) = (folder / "tmp").glob("packctl-demo-*")
            files = everything(place)
        finally:
            os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    return Stayed(said, pasted, place, files, out, process.returncode)


def is_told(stayed: Stayed) -> None:
    """What holds for every story that was told to its end and stayed."""
    assert [line for line in readme_lines() if line not in map(timeless, stayed.story)] == []
    assert stayed.pasted.returncode == 0, stayed.pasted.stderr
    assert stayed.pasted.stdout.startswith("packs/night-songs 1.0.0: published")
    assert stayed.code == 0, stayed.out
    assert stayed.files >= MADE


@pytest.mark.early
@pytest.mark.timeout(300)
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a group of processes, which only POSIX has")
def test_the_whole_story_goes_well_the_library_is_there_and_ctrl_c_leaves_nothing_behind(folder: Path) -> None:
    before = everything(folder) | {"home"}
    stayed = stay(folder)
    is_told(stayed)
    assert stayed.ends == ENDS
    assert sum(re.search(r" releases published and approved in ", line) is not None for line in stayed.story) == 1
    assert everything(folder) == before


@pytest.mark.long
@pytest.mark.timeout(300)
def test_as_json_it_is_one_document(folder: Path) -> None:
    before = everything(folder) | {"home"}
    ended = demo(folder, "--json")
    assert ended.returncode == 0, ended.stderr
    document = msgspec.json.decode(ended.stdout)
    steps = {step["step"]: step for step in document["data"]["steps"]}
    assert {number: step["got"] for number, step in steps.items() if not step["skipped"]} == ENDS
    assert all(step["why"].startswith("comes with ") for step in steps.values() if step["skipped"])
    assert ended.stderr == ""
    assert everything(folder) == before


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C reaches a group of processes, which only POSIX has")
def test_in_a_hurry_the_story_and_the_library_are_shorter_and_what_is_kept_is_there(folder: Path) -> None:
    stayed = stay(folder, "--fast", "--keep")
    is_told(stayed)
    story = "\n".join(stayed.story)
    assert "-- 3.2 What waits\n   left out (--fast)" in story
    assert "acme-farm-animals-2.0.1" not in story
    assert "25 releases published and approved" in story
    assert f"Kept: {stayed.place.resolve()}" in stayed.out
    assert everything(stayed.place) >= MADE


def test_a_short_story_as_json_is_one_document_and_its_folder_is_gone(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole one is told as JSON with --long."""
    step = Step("A step", (explain(),))
    later = Step("Another", (Later("it is known", "packctl explain"),))
    monkeypatch.setattr("packctl.demo.story.story", lambda: [Chapter("A chapter", (step, later))])
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "tmp"))
    shown = screen()
    assert run(["demo", "--json"], {**clean_environment(folder)}, shown.console.streams) == 0, shown.err
    steps = msgspec.json.decode(shown.out)["data"]["steps"]
    assert [(one["step"], one["got"], one["skipped"], one["why"]) for one in steps] == [
        ("1.1", "0", False, ""),
        ("1.2", "-", True, "comes with packctl explain"),
    ]
    assert (shown.err, everything(folder / "tmp")) == ("", set())


def test_in_a_hurry_what_stands_aside_is_left_out_and_counted_as_skipped(stage: Stage) -> None:
    """The whole story is told in a hurry with --long."""
    aside = replace(explain(6), aside=True)
    told, lines = tell(stage, aside, fast=True)
    assert [(one.skipped, one.why) for one in told] == [(True, "left out by --fast")]
    assert lines[-2:] == ["-- 1.1 A step", "   left out (--fast)"]
    told, _ = tell(stage, explain(), aside, fast=True)
    assert [one.got for one in told] == ["0"]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage without packs."""
    made = Stage(tmp_path, os.environ, time.monotonic, packs={})
    made.set_up()
    yield made
    made.close(keep=True)


def tell(stage: Stage, *parts: Act | Deed | Lanes | Later, fast: bool = False) -> tuple[list[Told], list[str]]:
    told: list[Told] = []
    lines: list[str] = []
    Teller(stage, lines.append, fast).tell([Chapter("A chapter", (Step("A step", parts),))], told)
    return told, lines


def explain(expect: int = 0, *, keeps: Mapping[str, str] = MappingProxyType({}), says: tuple[str, ...] = ()) -> Act:
    return Act("lee", ("packctl", "explain", "trust.file-changed"), expect, keeps=keeps, says=says)


def test_a_command_that_ends_otherwise_than_it_must_breaks_the_story_and_is_named(stage: Stage) -> None:
    with pytest.raises(StoryBroke) as broke:
        tell(stage, explain(6))
    error = broke.value
    assert error.what() == "the demo broke in step 1.1: A step"
    assert error.facts() == {"command": "packctl explain trust.file-changed", "surprise": "it ended with 0, expected 6"}
    assert error.kind.exit_code == 1


def test_a_broken_step_of_the_real_story_is_told_with_the_code_that_came(stage: Stage) -> None:
    begin = story()[0].steps[0]
    broken = replace(begin, parts=(replace(begin.parts[0], expect=5),))
    told: list[Told] = []
    with pytest.raises(StoryBroke):
        Teller(stage, lambda line: None).tell([Chapter("A registry starts", (broken,))], told)
    assert [(one.step, one.expected, one.got) for one in told] == [("1.1", "5", "0")]


def test_an_output_that_lacks_what_it_must_say_breaks_the_story(stage: Stage) -> None:
    with pytest.raises(StoryBroke, match="A step") as broke:
        tell(stage, explain(says=("nobody says this",)))
    assert broke.value.reason == "its output does not hold 'nobody says this'"


def test_an_output_without_a_value_that_it_must_give_breaks_the_story(stage: Stage) -> None:
    with pytest.raises(StoryBroke) as broke:
        tell(stage, explain(keeps={"root": r"(sha256:\w{64})"}))
    assert broke.value.reason == "its output does not hold 'a value for root'"


def test_a_deed_that_fails_breaks_the_story(stage: Stage) -> None:
    with pytest.raises(StoryBroke) as broke:
        tell(stage, Deed("Two archives are compared", lambda _: "they differ"))
    assert broke.value.facts() == {"command": "Two archives are compared", "surprise": "they differ"}


def test_what_comes_later_is_counted_as_skipped_and_runs_nothing(stage: Stage) -> None:
    told, lines = tell(stage, explain(6), Later("a recall reaches everybody", "packctl recall"))
    assert [(one.step, one.skipped, one.why, one.got) for one in told] == [
        ("1.1", True, "comes with packctl recall", "-")
    ]
    assert lines[-1] == "   not yet: a recall reaches everybody; comes with packctl recall"


def test_lanes_are_told_in_order_and_stop_at_their_first_surprise(stage: Stage) -> None:
    version = Act("mia", ("packctl", "--version"))
    wrong = Act("mia", ("packctl", "nosuch"))
    with pytest.raises(StoryBroke) as broke:
        tell(stage, Lanes(((version, wrong, version), (version,))))
    assert broke.value.facts() == {"command": "packctl nosuch", "surprise": "it ended with 2, expected 0"}


def test_commands_of_the_story_see_nothing_of_the_machine_but_where_programs_are(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKCTL_TOKEN", "pkt_secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    environ = stage.environment("lee")
    assert "PACKCTL_TOKEN" not in environ
    assert "HTTPS_PROXY" not in environ
    assert all(
        str(stage.folder) in environ[name] for name in ("HOME", "TMPDIR", "PACKCTL_DATA_DIR", "PACKCTL_CACHE_DIR")
    )


def test_a_registry_that_does_not_start_is_a_surprise_that_names_its_log(stage: Stage) -> None:
    (stage.folder / "registry").write_text("a file where the folder goes")
    fault = stage.start_registry()
    assert fault.startswith("the registry ended with ")
    assert fault.endswith("registry.log")

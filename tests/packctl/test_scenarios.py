"""Every transcript below tests/scenarios, run and compared; and every command's help has one."""

from pathlib import Path

import pytest

from packctl.cli import every_command
from tests.support import transcript

TRANSCRIPTS = sorted(transcript.SCENARIOS.rglob("*.txt"))
HELP = transcript.SCENARIOS / "help"


@pytest.mark.parametrize(
    "path", TRANSCRIPTS, ids=lambda path: path.relative_to(transcript.SCENARIOS).with_suffix("").as_posix()
)
def test_a_transcript_tells_what_happens(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    variables: dict[str, str] = {}
    for name in transcript.read(path).needs:
        offered = request.getfixturevalue(name)
        variables |= offered.variables() if hasattr(offered, "variables") else offered
    transcript.check(path, tmp_path, variables, really=request.config.getoption("--long"))


def test_every_command_has_a_transcript_of_its_help() -> None:
    expected = {"-".join(words): " ".join(words) for words, _ in every_command()}
    if transcript.RECORD:
        for name, words in expected.items():
            if not (HELP / f"{name}.txt").exists():
                (HELP / f"{name}.txt").write_text(f"$ packctl {words} --help\n")
    missing = sorted(
        name for name, words in expected.items() if not _holds(HELP / f"{name}.txt", f"$ packctl {words} --help")
    )
    assert missing == []


def _holds(path: Path, line: str) -> bool:
    return path.exists() and line in path.read_text().splitlines()

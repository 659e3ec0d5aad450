"""The benchmarks themselves: a short run of a small part gives figures of every tool that is here, and writes no result file."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_part_of_the_benchmarks_runs_and_judges_its_targets_and_leaves_the_last_result_alone(tmp_path: Path) -> None:
    latest = ROOT / "benchmarks/latest.json"
    before = latest.read_bytes() if latest.exists() else None
    command = [
        sys.executable,
        "-m",
        "benchmarks",
        "start",
        "--rounds",
        "1",
        "--folder",
        str(tmp_path),
        "--cache",
        str(tmp_path / "cache"),
    ]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    rows = [line for line in ended.stdout.splitlines() if line.startswith(("--version", "list", "peak memory"))]
    assert [row.split("  ")[0] for row in rows if row.endswith(("held", "MISSED"))] == [
        "--version / bare Python", "list / bare Python", "peak memory of any command, MB",
    ]  # fmt: skip
    assert (latest.read_bytes() if latest.exists() else None) == before

"""What is remembered of a registry: whole after every crash, never behind what was seen."""

import os
import signal
import subprocess
import sys

import pytest

from packctl.trust.memory import Memory, MemoryBroken, Seen
from packctl.trust.recalls import NONE
from packspec.log.checkpoint import Checkpoint, sign_checkpoint
from packspec.log.proofs import leaf_hash, node_hash
from tests.support.signing import log_key

ROOTS = [leaf_hash(b"0"), node_hash(leaf_hash(b"0"), leaf_hash(b"1"))]


def note(size):
    return sign_checkpoint(Checkpoint("registry.test/log", size, ROOTS[size - 1]), log_key("log"))


def test_what_was_kept_is_read_back(tmp_path):
    memory = Memory(tmp_path)
    assert memory.seen() == Seen()
    seen = Seen(1_800_000_000, note(2), NONE, {1: ROOTS[0]})
    memory.keep(seen)
    assert Memory(tmp_path).seen() == seen
    assert (tmp_path / "seen.json").stat().st_mode & 0o777 == 0o600


def test_it_moves_forward_only(tmp_path):
    memory = Memory(tmp_path)
    memory.keep(Seen(1_800_000_000, note(2), NONE))
    memory.keep(Seen(1_700_000_000, note(1), None))
    found = memory.seen()
    assert (found.signed_at, found.checkpoint.size, found.recalls) == (1_800_000_000, 2, NONE)


def test_a_beginning_that_was_proven_is_known(tmp_path):
    memory = Memory(tmp_path)
    memory.keep(Seen(1, note(2), None, {1: ROOTS[0]}))
    assert memory.seen().knows(Checkpoint("registry.test/log", 1, ROOTS[0]))
    assert memory.seen().knows(Checkpoint("registry.test/log", 2, ROOTS[1]))
    assert not memory.seen().knows(Checkpoint("registry.test/log", 1, ROOTS[1]))


@pytest.mark.parametrize("data", [b"", b"{", b'{"v":2}', b'{"v":1,"checkpoint":"x"}', b'{"v":1,"proven":["x"]}'])
def test_what_cannot_be_read_is_told_and_not_taken_for_nothing(tmp_path, data):
    (tmp_path / "seen.json").write_bytes(data)
    with pytest.raises(MemoryBroken):
        Memory(tmp_path).seen()
    with pytest.raises(MemoryBroken):
        Memory(tmp_path).keep(Seen(1))
    assert (tmp_path / "seen.json").read_bytes() == data


KEEPER = """
import os, sys
from pathlib import Path
from packctl.trust.memory import Memory, Seen
left = int(sys.argv[2])
def hook(event, given):
    global left
    if event == "packctl.durable":
        if left == 0:
            os.kill(os.getpid(), 9)
        left -= 1
sys.addaudithook(hook)
Memory(Path(sys.argv[1])).keep(Seen(2))
"""


def test_C01_a_process_that_dies_at_any_step_leaves_what_was_seen_before_or_after(tmp_path):
    codes = []
    for step in range(20):
        folder = tmp_path / str(step)
        Memory(folder).keep(Seen(1))
        ended = subprocess.run(
            [sys.executable, "-c", KEEPER, str(folder), str(step)], env={**os.environ, "PYTHONPATH": "src"}, check=False
        )
        codes.append(ended.returncode)
        assert Memory(folder).seen().signed_at in (1, 2)
        Memory(folder).keep(Seen(3))
        assert Memory(folder).seen().signed_at == 3
        if ended.returncode == 0:
            break
    assert codes[-1] == 0
    assert len(codes) > 5
    assert set(codes[:-1]) == {-signal.SIGKILL}

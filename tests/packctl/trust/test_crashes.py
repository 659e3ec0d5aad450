"""A refresh that is killed anywhere: nothing that was accepted before is lost, and the next refresh goes through."""

import os
import subprocess
import sys

import pytest

from tests.support.hostile import Client

PROGRAM = """
import os, sys
left = int(sys.argv[1])
def hook(event, given):
    global left
    name = str(given[0]) if given else ""
    writes = event == "open" and isinstance(given[1], str) and set(given[1]) & set("wxa+")
    if (event in ("os.rename", "os.remove", "os.symlink", "os.mkdir", "packctl.durable") or writes) and armed:
        if left == 0:
            os._exit(137)
        left -= 1
armed = False
sys.addaudithook(hook)
from pathlib import Path
from tests.support.hostile import Client
from packspec.digests import Digest
client = Client(Path(sys.argv[2]), sys.argv[3], Digest(sys.argv[4]))
with client.registry() as trusted:
    armed = True
    trusted.refresh()
    armed = False
"""


@pytest.mark.parametrize("begun", [False, True], ids=["first", "later"])
def test_C01_a_refresh_may_die_before_any_change_of_the_disk(registry, tmp_path, begun):
    codes = []
    for step in range(0, 200, 4):
        client = Client(tmp_path / str(step), registry.url, registry.root)
        seen = 0
        if begun:
            with client.registry() as trusted:
                trusted.refresh()
                seen = trusted.log.checkpoint.size
            registry.publication.publish("acme/icons", f"2.{step}.0")
        ended = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(step), str(client.folder), registry.url, registry.root],
            env={**os.environ, "PYTHONPATH": f"src{os.pathsep}."},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        codes.append(ended.returncode)
        assert ended.returncode in (0, 137), ended.stderr
        with client.registry() as trusted:
            assert (trusted._memory.seen().checkpoint.size if trusted._memory.seen().note else 0) >= seen
            trusted.refresh()
            assert trusted.log.checkpoint.size > seen
        if ended.returncode == 0:
            break
    assert codes[-1] == 0
    assert codes.count(137) >= 3

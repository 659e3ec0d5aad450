"""Every command's module can be the first of ours to be imported after the frame: no order of imports is needed that a real start lacks."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import importlib, os, sys
import packctl.frame, typer
from packctl.cli import every_command, module_of
failed = []
for words, _ in every_command():
    child = os.fork()
    if child == 0:
        try:
            importlib.import_module(module_of(tuple(words)))
        except ImportError as error:
            sys.stderr.write(f"{' '.join(words)}: {error}\\n")
            os._exit(1)
        os._exit(0)
    failed += [words] if os.waitpid(child, 0)[1] else []
print(len(failed))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, which this system cannot do")
def test_every_command_can_be_imported_first() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert (ended.stdout, ended.stderr) == ("0\n", "")

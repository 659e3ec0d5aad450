"""The registry's own scanner: its findings stand in the report that the approval names, and whatever is wrong with it, too."""

import os
import shlex
import sys
import time

import msgspec
import pytest

from packspec.checkreport import CheckReport
from packspec.digests import Digest
from packspec.problems import Relayed
from packspec.scanner import ANSWER_BYTES
from registry_server.settings import PublishLimits
from tests.support import publishing as do

READS = "import json, sys, hashlib, os\nask = json.load(sys.stdin)\n"
ANSWERS = "print(json.dumps({'v': 1, 'scanner': 'sniffer 1.2', 'findings': findings}))\n"
LOOKS = (
    READS
    + """data = open(ask['archive']['path'], 'rb').read()
assert hashlib.sha256(data).hexdigest() == ask['archive']['sha256'] and len(data) == ask['archive']['size']
assert set(os.environ) <= {'PATH', 'LANG', 'HOME', 'TMPDIR', 'LC_CTYPE'}, os.environ
assert (ask['v'], ask['pack'], ask['version'], ask['kind']) == (1, 'acme/icons', '1.2.0', 'content')
open(ask['archive']['path'], 'wb').write(b'altered')
findings = [{'level': 'LEVEL', 'text': 'it barks', 'path': 'icons/cow.svg', 'line': 1}]
"""
    + ANSWERS
)


def scanned_by(registry, program, seconds=20):
    """The registry has this scanner from now on."""
    command = f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}" if "\n" in program else program
    limits = PublishLimits(scanner=command, scan_seconds=seconds)
    object.__setattr__(registry.world, "settings", msgspec.structs.replace(registry.world.settings, publish=limits))


@pytest.fixture
def scanning(registry):
    before = registry.world.settings
    yield registry
    object.__setattr__(registry.world, "settings", before)


def rows(view):
    return [(one.code, str(one.level), one.text) for one in view.findings if one.code.startswith("publish.scan")]


def test_what_a_scanner_finds_stands_in_the_report_that_the_approval_names(scanning):
    registry = scanning
    scanned_by(registry, LOOKS.replace("LEVEL", "warning"))
    view, kim = registry.submit("acme/icons", "1.2.0"), registry.reviewer()
    assert rows(view) == [
        ("publish.scan", "warning", "it barks"),
        ("publish.scanned", "note", "looked at by sniffer 1.2: 1 finding"),
    ]
    assert view.checks == CheckReport(v=1, archive=view.archive, findings=tuple(view.findings)).digest
    do.take(registry, kim, view.id)
    assert do.approve(registry, kim, view.id).state == "published"
    with registry.world.blobs.open(view.archive) as kept:  # the scanner wrote into its copy
        assert Digest.of(kept.read_at(0, kept.size)) == view.archive


def test_an_error_of_the_scanner_refuses_the_hand_in(scanning):
    scanned_by(scanning, LOOKS.replace("LEVEL", "error"))
    with pytest.raises(Relayed) as caught:
        scanning.submit("acme/icons", "1.2.0")
    assert caught.value.code == "publishing.checks-failed"
    assert "it barks" in str(caught.value.facts())


FAILING = (
    ("/nowhere/scanner", "does not start"),
    ("'", "does not start"),
    ("import sys\nsys.exit(3)\n", "ended with 3"),
    ("import os\nos.kill(os.getpid(), 9)\n", "ended with -9"),
    ("\nprint('clean')\n", "gave an answer that is none"),
    ('\nprint(\'{"v":1,"scanner":"x"}\')\n', "gave an answer that is none"),
    ('\nprint(\'{"v":2,"scanner":"x","findings":[]}\')\n', "gave an answer that is none"),
    (f"\nwhile True: print('x' * {ANSWER_BYTES})\n", "wrote more than"),
)


def test_a_scanner_that_fails_is_a_finding_and_never_a_pass(scanning):
    for number, (program, said) in enumerate(FAILING):
        scanned_by(scanning, program)
        ((code, level, text),) = rows(scanning.submit("acme/icons", f"1.{number}.0"))
        assert (code, level) == ("publish.scan-failed", "warning")
        assert said in text, program


def test_a_scanner_that_does_not_end_is_ended_with_all_that_it_started(scanning, tmp_path):
    note = tmp_path / "pid"
    # a shell has begun when a Python is still loading
    program = f"sleep 600 & echo $! > {shlex.quote(str(note))}; sleep 600"
    scanned_by(scanning, f"sh -c {shlex.quote(program)}", seconds=2)
    ((code, _, text),) = rows(scanning.submit("acme/icons", "1.2.0"))
    assert (code, "did not end in 2 s" in text) == ("publish.scan-failed", True)
    for _ in range(100):
        if not _runs(int(note.read_text())):
            return
        time.sleep(0.05)
    pytest.fail("what the scanner started runs on")


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return not os.path.isdir("/proc/self")

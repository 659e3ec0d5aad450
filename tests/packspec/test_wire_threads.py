"""What nobody read before may be read by many threads at once: the first requests of a server, the first answers of an install."""

import subprocess
import sys

import pytest

_READ = """
import sys, threading
import msgspec
from packspec import wire
from packspec.names import PackName
sys.setswitchinterval(1e-6)
KINDS = []
for number in range(300):
    inner = msgspec.defstruct(f"Inner{number}", [(f"field{at}", PackName | None, None) for at in range(20)])
    KINDS.append(msgspec.defstruct(f"Outer{number}", [(f"field{at}", tuple[inner, ...] | None, None) for at in range(20)]))
start = threading.Barrier(8)
def read():
    for kind in KINDS:
        start.wait()
        READING
threads = [threading.Thread(target=read) for _ in range(8)]
for one in threads: one.start()
for one in threads: one.join()
print("read")
"""


@pytest.mark.parametrize(
    "reading",
    [
        'wire.decode(b\'{"field3":[{"field7":"acme/a"}]}\', kind)',
        'wire.convert({"field3": [{"field7": "acme/a"}]}, kind)',
    ],
)
def test_threads_that_meet_a_struct_for_the_first_time_all_at_once_read_it(reading: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _READ.replace("READING", reading)], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, "read\n", "")

"""The first requests of a server may come all at once, and read what nobody read before."""

import subprocess
import sys

_FIRST_REQUESTS = """
import sys, threading
import msgspec
from packspec import wire
from registry_server.app import BINDINGS, HOOKS
from registry_server.http.bind import Door
Door(lambda: None, HOOKS, None)
sys.setswitchinterval(1e-6)
THREADS = 20
start = threading.Barrier(THREADS)
def read():
    for kind in [kind for one in BINDINGS for kind in (one.endpoint.ask, one.endpoint.reply)]:
        start.wait()
        try:
            wire.convert({"id": "L-1", "terms": {"id": "a"}, "license": {"plan": {}}}, kind)
        except msgspec.ValidationError:
            pass
threads = [threading.Thread(target=read) for _ in range(THREADS)]
for one in threads: one.start()
for one in threads: one.join()
print(len(BINDINGS))
"""


def test_requests_of_a_kind_that_nobody_sent_before_may_come_all_at_once() -> None:
    told = subprocess.run([sys.executable, "-c", _FIRST_REQUESTS], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert int(told.stdout) > 50

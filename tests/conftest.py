"""What holds for all tests: the option `--long`, how hard Hypothesis tries, and that signals reach the commands of tests."""

import gc
import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from packspec.signing import keyfile

# Times say nothing about a law, and a busy machine would break a deadline. A change must not fail by chance, so what
# decides on it tries the same examples every time; a person's runs try new ones, and remember what failed.
patient = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("person", patient)
settings.register_profile("ci", patient, max_examples=100, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "person")

# What is started with `&` by a script or with nohup ignores these, and so would every command that a test starts and ends
# with one of them. A handler that does nothing is not inherited.
for name in ("SIGINT", "SIGHUP"):
    if (number := getattr(signal, name, None)) and signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, lambda *_: None)


@pytest.fixture(autouse=True)
def quick_to_seal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that tests seal take the least work that we open, an eighth of the real; those of packspec say what the real is."""
    if Path(__file__).parent / "packspec" not in request.path.parents:
        monkeypatch.setattr(keyfile, "_N", 2**14)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the tests that are marked long, too")
    parser.addoption("--postgresql", action="store_true", help="run the tests of the registry on PostgreSQL")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "early: takes tens of seconds; comes first, so that it is not the one that all wait for"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("early") is None)
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes long; ./run test --long runs it"))


def pytest_collection_finish() -> None:
    """What collecting made stays to the end, tests and modules. Looking through it for garbage again and again costs a tenth."""
    gc.collect()
    gc.freeze()


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes that nobody can read make no name; packed ones may hold the time, and all workers must collect the same names."""
    if isinstance(val, bytes) and not val.decode("latin-1").isprintable():
        return "bytes"
    return None

"""examples/licensed-pack: somebody else's program checks licenses with a JOSE library, and comes to the same answers as ours."""

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.packctl.licenses.conftest import Store, store
from tests.support.vectors import cases

__all__ = ["store"]
PROGRAM = Path(__file__).parents[2] / "examples" / "licensed-pack" / "check.py"
CHECK: Callable[..., dict[str, Any]] = runpy.run_path(str(PROGRAM))["check"]
ODD = {"no confirmation", "negative begin"}
"""What only the registry itself could have signed: a reader that checks every claim refuses it."""
NOBODY = cases("licenses", "status-lists")[0]["text"]


def found(case: dict[str, Any], status_list: str = NOBODY) -> str:
    """What the program says of a token: its plan, or why not."""
    known = KeySet.import_key_set({"keys": [row for row in case["keys"]["keys"] if row["kty"] == "EC"]})
    # The vectors' license has the place 4711, which a list of 16 places does not have: where that is found out, all else was right.
    token, now = case["token"], case["now"]
    try:
        return str(CHECK(token, status_list, known, case["registry"], "acme/farm-animals-pro", now)["plan"])
    except IndexError:
        return "every check but the list's"
    except (JoseError, ValueError, KeyError, TypeError) as error:
        return f"no: {error}"


@pytest.mark.parametrize("case", cases("licenses", "tokens"), ids=lambda case: case["name"])
def test_it_takes_the_tokens_that_count(case: dict[str, Any]) -> None:
    expected = "no: it is for something else" if case["name"] == "several packs" else "every check but the list's"
    assert found(case) == expected


@pytest.mark.parametrize(
    "case",
    [
        one
        for one in cases("licenses", "bad-tokens")
        if one["says"] != "licensing.other-device" and one["name"] not in ODD
    ],
    ids=lambda case: case["name"],
)
def test_it_refuses_the_tokens_that_do_not(case: dict[str, Any]) -> None:
    assert found(case).startswith("no: ")


def test_its_readme_is_right_about_a_license_file_of_a_real_registry(store: Store, tmp_path: Path) -> None:
    person, issued = store.activated()
    wallet = json.loads((person.data / "licenses" / "wallet.json").read_bytes())
    public = store.registry.world.public
    (keys,) = [
        path
        for path in public.paths("tuf/targets/trust/")
        if path.endswith("license-keys.json") and len(public.read(path) or b"") > 20
    ]
    (tmp_path / "license-keys.json").write_bytes(public.read(keys) or b"")
    (tmp_path / "token").write_text(wallet["places"][0]["token"])
    (tmp_path / "status-list").write_bytes(public.read("license-status/0") or b"")

    def run() -> tuple[int, str]:
        command = [sys.executable, str(PROGRAM), str(tmp_path), "registry.test/log", "acme/pro"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        return ended.returncode, ended.stdout + ended.stderr

    assert run() == (0, "yes: perpetual, no further features\n")
    store.revoke(issued)
    (tmp_path / "status-list").write_bytes(public.read("license-status/0") or b"")
    assert run() == (1, "no: it was revoked\n")

"""Commands that change a publisher's keys, killed around the moment at which the registry is told: given again, they do what is left."""

from collections.abc import Callable
from functools import partial
from unittest.mock import patch

import pytest

from packctl.publish.owners import change
from packctl.publish.owners.present import Present
from packspec.signing.dsse import Envelope
from tests.support.faults import KILLED, die, run_in_child
from tests.support.town import Town, said

HAND_OVER = change.hand_over


def before_it_is_sent(present: Present, envelope: Envelope) -> None:
    die()


def before_its_answer_is_read(present: Present, envelope: Envelope) -> None:
    HAND_OVER(present, envelope)
    die()


@pytest.mark.parametrize(
    ("moment", "state"), [(before_it_is_sent, "in force"), (before_its_answer_is_read, "unchanged")]
)
def test_a_change_of_keys_that_is_killed_and_given_again_is_made_once(
    town: Town, moment: Callable[[Present, Envelope], None], state: str
) -> None:
    mia = town.acme()
    town.keys("mia", "mia-2", "mia-3", "owner-2")
    for version, words in enumerate(
        (
            ("key", "add", "acme", "mia-2"),
            ("key", "rotate", "acme", "mia-release", "mia-3", "--at-once"),
            ("key", "revoke", "acme", "mia-2", "--confirm", "mia-2"),
            ("owner", "add", "acme", "owner-2"),
            ("owner", "remove", "acme", "mia-owner"),
        ),
        start=2,
    ):
        with patch.object(change, "hand_over", moment):
            assert run_in_child(partial(mia.runs, *words, "-y")) == KILLED
        again = said(mia.runs(*words, "-y", "--json"))
        assert (again["state"], again["version"]) == (state, version), words
    listed = said(mia.runs("owner", "list", "acme", "--json"))
    assert [(one["name"], one["here"]) for one in listed["owners"]] == [("owner-2", True)]
    assert sorted(path.stem for path in mia.data.rglob("*.key")) == [
        "mia-2", "mia-3", "mia-owner", "mia-release", "owner-2"
    ]  # fmt: skip


def test_a_key_that_is_gone_can_still_be_called_stolen(town: Town) -> None:
    mia = town.acme()
    town.keys("mia", "mia-2")
    rotate = ("key", "rotate", "acme", "mia-release", "mia-2", "--at-once", "-y", "--json")
    assert said(mia.runs(*rotate))["version"] == 2
    stolen = ("key", "revoke", "acme", "mia-release", "--compromised-since", "6", "--confirm", "mia-release")
    told = mia.runs(*stolen)
    assert (told.code, "root 3, is in force" in told.out) == (0, True), told.err
    assert "stolen" in told.err
    assert said(mia.runs(*stolen, "--json"))["state"] == "unchanged"
    ended = mia.runs("key", "add", "acme", "mia-release", "-y")
    assert (ended.code, "publish.key-is-stolen" in ended.err) == (5, True)

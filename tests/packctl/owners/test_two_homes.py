"""A publisher of two people with two homes: changes of keys, and releases that both must sign; and a thief with one key."""

from collections.abc import Callable
from typing import Any

from tests.support.town import Town, said


def test_a_second_owner_is_added_by_both_and_from_then_on_both_must_sign(town: Town) -> None:
    mia, tom = town.acme(), town.person("tom")
    theirs = town.keys("tom", "tom-owner")["tom-owner"]
    assert mia.runs("publisher", "team", "acme", "--add", "tom", "--role", "owner", "-y").code == 0

    waiting = said(mia.runs("owner", "add", "acme", theirs, "--threshold", "2", "-y", "--json"))
    assert (waiting["state"], waiting["signed"], waiting["needed"]) == ("waiting", 1, 1)
    assert (waiting["signed_new"], waiting["needed_new"]) == (1, 2)
    assert waiting["changes"][1] == "a change of keys needs 2 of 2 signatures instead of 1 of 1"

    assert "publish.proposal-not-named" in tom.runs("publisher", "sign", "acme", "-y").err
    assert tom.runs("publisher", "sign", "acme", "--root", "sha256:" + "0" * 64).code == 6
    done = said(tom.runs("publisher", "sign", "acme", "--root", waiting["root"], "--json"))
    assert (done["state"], done["version"], done["signed_new"]) == ("in force", 2, 2)

    alone = mia.runs("owner", "remove", "acme", "tom-owner", "--threshold", "1", "-y")
    assert (alone.code, "1 of 2 owners" in alone.out) == (0, True)
    shown = tom.runs("publisher", "show", "acme")
    assert "A change of keys waits for signatures of more owners" in shown.out
    assert tom.runs("publisher", "sign", "acme", "--discard", "-y").code == 0
    assert said(tom.runs("owner", "list", "acme", "--json"))["threshold"] == 2


def test_a_release_of_which_two_keys_sign_waits_for_the_second_person(town: Town) -> None:
    mia, tom, lee = town.acme(), town.person("tom"), town.person("lee")
    town.kim()
    town.keys("mia", "spare-release")
    theirs = town.keys("tom", "tom-release")["tom-release"]
    assert mia.runs("publisher", "team", "acme", "--add", "tom", "-y").code == 0
    assert mia.runs("key", "add", "acme", "spare-release", "-y").code == 0
    added = mia.runs("key", "add", "acme", theirs, "--threshold", "2", "-y")
    assert "nothing can be published" in added.err and "in 3 d" in added.err
    assert "counts from 2026-09-24T14:13:20Z" in mia.runs("publisher", "show", "acme").out

    early = mia.runs("publish", town.pack("acme/farm", "0.9.0"), "--key", "tom-release", "-y")
    assert early.code == 3  # tom's key is not here
    first = said(mia.runs("publish", town.pack("acme/farm", "0.9.1"), "--key", "mia-release", "-y", "--json"))
    young = tom.runs("sign", first["submission"]["id"], "-y")
    assert "warning[trust.key-too-young]: tom-release" in young.err and "2026-09-24T14:13:20Z" in young.err
    assert "S-1 is draft" in young.out and "1 of 2 keys" in young.err
    town.later(hours=72)
    old = tom.runs("sign", first["submission"]["id"], "-y")
    assert ("S-1 is pending_review" in old.out, "warning" in old.err) == (True, False), old.err

    draft = mia.runs("publish", town.pack("acme/farm", "1.0.0"), "--key", "mia-release", "-y", "--json")
    submission = said(draft)["submission"]
    assert (submission["state"], submission["signatures"], submission["signatures_needed"]) == ("draft", 1, 2)
    again = said(mia.runs("sign", submission["id"], "--key", "mia-release", "-y", "--json"))
    assert (again["signatures"], again["state"]) == (1, "draft")
    signed = said(tom.runs("sign", submission["id"], "-y", "--json"))
    assert (signed["signatures"], signed["needed"], signed["state"]) == (2, 2, "pending_review")

    assert town.approve({**submission, "archive": said(draft)["archive"]}).code == 0
    assert lee.runs("init").code == 0
    ended = lee.runs("add", "acme/farm")
    assert ended.code == 0, ended.err
    assert lee.runs("verify").code == 0


def test_a_young_key_is_refused_with_the_time_from_which_it_counts(town: Town) -> None:
    mia = town.acme()
    town.later(days=30)
    town.keys("mia", "mia-2")
    assert mia.runs("key", "add", "acme", "mia-2", "-y").code == 0
    ended = mia.runs("publish", town.pack("acme/farm", "1.0.0"), "--key", "mia-2", "-y")
    assert (ended.code, "trust.key-too-young" in ended.err) == (6, True), ended.err
    assert "2026-10-24T14:13:20Z" in ended.err


def test_rotating_a_key_takes_two_steps_and_no_pause(town: Town) -> None:
    mia = town.acme()
    town.keys("mia", "mia-2")
    rotate: Callable[[], Any] = lambda: said(mia.runs("key", "rotate", "acme", "mia-release", "mia-2", "-y", "--json"))  # noqa: E731
    assert rotate()["state"] == "in force"
    assert mia.runs("publish", town.pack("acme/farm", "1.0.0"), "-y", "--key", "mia-release").code == 0
    waits = rotate()
    assert waits["state"] == "unchanged" and waits["waits"][0].endswith("then give this command again")
    town.later(hours=72)
    assert rotate()["changes"][0].startswith("release key mia-release") and rotate()["state"] == "unchanged"
    assert mia.runs("publish", town.pack("acme/farm", "1.0.1"), "-y").code == 0  # the only key here that counts


def test_a_thief_with_the_release_key_makes_nothing_that_anybody_installs(town: Town) -> None:
    mia, lee = town.acme(), town.person("lee")
    town.kim()
    good = town.publish(mia, "acme/farm", "1.0.0")
    assert town.approve(good).code == 0
    assert lee.runs("init").code == 0 and lee.runs("add", "acme/farm").code == 0

    # The thief has a copy of the key and mia's token, and the reviewer is fooled once.
    thief = town.person("mia", home="cellar")
    (town.folder / "cellar-data" / "keys").mkdir(parents=True, mode=0o700)
    stolen = town.folder / "cellar-data" / "keys" / "got.key"
    stolen.write_bytes((town.folder / "mia-data" / "keys" / "mia-release.key").read_bytes())
    stolen.chmod(0o600)
    forged = town.publish(thief, "acme/farm", "1.0.1", text="poison")
    waits = town.publish(thief, "acme/farm", "1.0.2", text="more poison")
    assert town.approve(forged).code == 0
    early = town.person("zoe")
    assert early.runs("init").code == 0 and early.runs("add", "acme/farm@=1.0.1").code == 0

    since = said(lee.runs("show", "acme/farm@1.0.1", "--json"))
    town.keys("mia", "mia-2")
    revoke = ("key", "revoke", "acme", "mia-release", "--replacement", "mia-2", "--compromised-since")
    index = next(value for name, value in since.items() if name == "log_index") if "log_index" in since else 9
    assert mia.runs(*revoke, "900").code == 2
    assert "cli.needs-answer" in mia.runs(*revoke, str(index), "-y").err
    done = mia.runs(*revoke, str(index), "--confirm", "mia-release")
    assert done.code == 0, done.err
    assert f"counts for nothing from log entry {index} on" in done.err

    refused = town.approve(waits)
    assert (refused.code, "trust.key-compromised" in refused.err) == (6, True)
    for person in (lee, early):
        ended = person.runs("install", "acme/farm@=1.0.1")
        assert (ended.code, "trust.key-compromised" in ended.err) == (6, True), ended.err
    assert lee.runs("install", "acme/farm@=1.0.0").code == 0  # signed before
    assert lee.runs("ci").code == 0
    offline = lee.runs("verify")  # with a lock from before the change, and a list of keys from after it
    assert offline.code == 0, offline.err
    assert lee.runs("verify", "--online").code == 0
    ended = early.runs("verify", "--online")
    assert (ended.code, "mia-release" in ended.err) == (6, True), ended.out + ended.err
    assert mia.runs("publisher", "show", "acme").out.count("counts from") == 1

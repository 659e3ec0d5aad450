"""Changes of keys that are refused before anything is signed, and teams."""

from tests.support.town import Town


def test_what_cannot_be_is_refused_before_anything_is_signed(town: Town) -> None:
    mia = town.acme()
    other = town.keys("mia", "mia-2")["mia-2"]

    def refused(*words: str) -> tuple[int, str]:
        ended = mia.runs(*words, "-y")
        return ended.code, ended.err.partition("error[")[2].partition("]")[0]

    assert refused("key", "revoke", "acme", "nobody") == (3, "publish.key-not-listed")
    assert refused("key", "revoke", "acme", "mia-release") == (2, "publish.too-few-keys")
    assert refused("owner", "remove", "acme", "mia-owner") == (2, "publish.too-few-keys")
    assert refused("key", "add", "acme", "mia-2", "--threshold", "3") == (2, "publish.too-few-keys")
    assert refused("key", "add", "acme", "mia-owner") == (5, "publish.other-role")
    assert refused("owner", "add", "acme", "mia-release") == (5, "publish.other-role")
    late = ("key", "revoke", "acme", "mia-release", "--replacement", other, "--compromised-since", "900")
    assert refused(*late) == (2, "publish.not-in-log")
    assert refused("publisher", "sign", "acme") == (3, "publishers.no-root-waiting")
    assert "root 1 " in mia.runs("publisher", "show", "acme").out


def test_a_key_that_was_called_stolen_never_comes_back(town: Town) -> None:
    mia = town.acme()
    town.keys("mia", "mia-2")
    revoke = ("key", "revoke", "acme", "mia-release", "--replacement", "mia-2", "--compromised-since", "7")
    assert mia.runs(*revoke, "--confirm", "mia-release").code == 0
    ended = mia.runs("key", "add", "acme", "mia-release", "-y")
    assert (ended.code, "publish.key-is-stolen" in ended.err) == (5, True)


def test_a_machine_without_owner_keys_changes_nothing(town: Town) -> None:
    mia = town.acme()
    theirs = town.keys("tom", "tom-release")["tom-release"]
    assert mia.runs("publisher", "team", "acme", "--add", "tom", "--role", "owner", "-y").code == 0
    ended = town.person("tom").runs("key", "add", "acme", theirs, "-y")
    assert (ended.code, "publish.no-fitting-key" in ended.err) == (4, True), ended.err


def test_only_owners_change_the_team_and_one_of_them_stays(town: Town) -> None:
    mia, tom, _ = town.acme(), town.person("tom"), town.person("lee")
    team = ("publisher", "team", "acme")
    assert "publishers.not-yours" in tom.runs(*team).err
    assert "publishers.no-such-account" in mia.runs(*team, "--add", "nobody", "-y").err
    assert mia.runs(*team, "--add", "tom", "-y").code == 0
    assert tom.runs(*team, "--plain").out == "mia\towner\ntom\tmaintainer\n"
    assert "publishers.not-yours" in tom.runs(*team, "--add", "lee", "-y").err
    assert "publishers.last-owner" in mia.runs(*team, "--remove", "mia", "-y").err
    assert mia.runs(*team, "--add", "tom", "--role", "owner", "-y").code == 0
    assert tom.runs(*team, "--remove", "mia", "-y").code == 0
    assert mia.runs(*team).code == 4

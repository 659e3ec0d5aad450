"""A person's keys on disk: made once, never replaced, private, found by name or id."""

import stat
from pathlib import Path

import pytest

from packctl.durable import LinkInTheWay, NotAFile, TooLarge
from packctl.keys import (
    RANDOM_BYTES,
    BadKeyName,
    KeyIsThere,
    KeyReadable,
    Keys,
    NoSuchKey,
    SeveralKeys,
)
from packctl.publish.signer import passphrase_from
from packspec.signing.keyfile import KeyFileDamaged, PassphraseWrong
from packspec.signing.keys import verify
from tests.support.faults import Fault, count_changes, run_in_child
from tests.support.invariants import clean_refusal
from tests.support.person import Person

RANDOM = bytes(range(RANDOM_BYTES))


def nobody(name: str) -> str | None:
    return None


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


def test_a_key_is_made_from_the_given_randomness_kept_privately_and_signs(keys: Keys) -> None:
    made = keys.make("release-1", RANDOM, None)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    assert keys.list() == (made,)
    assert not made.is_sealed
    private = made.open(nobody)
    assert verify(made.public, b"message", private.sign(b"message"))
    assert Keys(keys.folder.parent / "others").make("same", RANDOM, None).public == made.public


def test_a_sealed_key_opens_with_its_passphrase_alone(keys: Keys, tmp_path: Path) -> None:
    made = keys.make("release-1", RANDOM, "correct horse", "ed25519")
    assert (made.kind, made.is_sealed) == ("ed25519", True)
    (tmp_path / "passphrase").write_text("correct horse\nsecond line\n")
    assert made.open(passphrase_from(tmp_path / "passphrase", nobody)).public == made.public
    asked: list[str] = []

    def wrong(name: str) -> str:
        asked.append(name)
        return "wrong"

    for ask in (wrong, nobody):
        with pytest.raises(PassphraseWrong) as refused:
            made.open(ask)
        clean_refusal(refused.value)
    assert asked == ["release-1"]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_S19_a_key_that_others_can_read_or_change_is_refused(keys: Keys, mode: int) -> None:
    made = keys.make("release-1", RANDOM, None)
    made.path.chmod(mode)
    for use in (keys.list, lambda: keys.find("release-1"), lambda: made.open(nobody)):
        with pytest.raises(KeyReadable) as refused:
            use()
        clean_refusal(refused.value)


@pytest.mark.parametrize("data", [b"", b"{", b'{"v":1}', b"\xff\xfe", b"x" * 1_000_000])
def test_S20_a_damaged_key_file_is_one_of_our_errors(keys: Keys, data: bytes) -> None:
    made = keys.make("release-1", RANDOM, None)
    made.path.write_bytes(data)
    with pytest.raises((KeyFileDamaged, TooLarge)) as refused:
        keys.list()
    assert str(made.path) in refused.value.what()
    clean_refusal(refused.value)
    keys.make("release-2", RANDOM[::-1], None)
    assert keys.find("release-2").open(nobody)  # one that is damaged keeps nobody from using another by its name


def test_a_link_in_the_folder_of_keys_is_told_as_one_and_not_by_its_mode(keys: Keys) -> None:
    made = keys.make("release-1", RANDOM, None)
    (keys.folder / "other.key").symlink_to(made.path)
    for use in (keys.list, lambda: keys.find("other")):
        with pytest.raises(LinkInTheWay) as refused:
            use()
        clean_refusal(refused.value)
    assert keys.find("release-1") == made


def test_a_key_is_never_replaced(keys: Keys) -> None:
    made = keys.make("release-1", RANDOM, None)
    before = made.path.read_bytes()
    with pytest.raises(KeyIsThere) as refused:
        keys.make("release-1", bytes(RANDOM_BYTES - 1) + b"x", None)
    clean_refusal(refused.value)
    assert made.path.read_bytes() == before
    assert [path.name for path in keys.folder.iterdir()] == ["release-1.key"]


@pytest.mark.parametrize("name", ["", "Release", "a b", "../x", "x.key", "-a", "a" * 65, "a\n", "con", "com1"])
def test_odd_names_are_refused(keys: Keys, name: str) -> None:
    with pytest.raises(BadKeyName) as refused:
        keys.make(name, RANDOM, None)
    clean_refusal(refused.value)


def test_a_key_is_found_by_name_id_beginning_of_the_id_and_path(keys: Keys, tmp_path: Path) -> None:
    one = keys.make("one", RANDOM, None)
    assert keys.find(None) == one
    two = keys.make("two", RANDOM[::-1], None)
    for asked in (
        "two",
        two.public.key_id,
        two.public.key_id[:8],
        two.public.fingerprint,
        two.public.key_id[:12].upper(),
    ):
        assert keys.find(asked) == two
    (tmp_path / "link").symlink_to(one.path)
    assert keys.find(str(one.path)).public == one.public
    assert keys.find(f"{tmp_path}/link").public == one.public
    for missing in ("three", two.public.key_id[:7], "0" * 64, "./nothing.key"):
        with pytest.raises(NoSuchKey) as refused:
            keys.find(missing)
        clean_refusal(refused.value)
    for folder in ("/", f"{tmp_path}/", "./"):
        with pytest.raises(NotAFile):
            keys.find(folder)
    with pytest.raises(SeveralKeys) as several:
        keys.find(None)
    clean_refusal(several.value)


def test_no_folder_means_no_keys(keys: Keys) -> None:
    assert keys.list() == ()
    with pytest.raises(NoSuchKey):
        keys.find(None)
    assert not keys.folder.exists()


def test_C01_a_kill_while_a_key_is_made_leaves_a_whole_key_or_none(tmp_path: Path) -> None:
    def make(folder: Path) -> object:
        return Keys(folder).make("release-1", RANDOM, None)

    count = count_changes(lambda: make(tmp_path / "count"))
    for at in range(1, count + 1):
        keys = Keys(tmp_path / str(at))

        def work(folder: Path = keys.folder) -> object:
            return make(folder)

        run_in_child(work, Fault(at))
        if not keys.list():
            work()
        assert [key.name for key in keys.list()] == ["release-1"]


def test_files_of_keys_and_passphrases_are_sought_where_the_command_works(tmp_path: Path) -> None:
    """As if started there: -C holds for them, too."""
    here = tmp_path / "here"
    person = Person(here, tmp_path / "data", {})
    here.mkdir()
    (here / "words.txt").write_text("correct horse\n")
    made = person.runs("key", "generate", "release-1", "--passphrase-file", "words.txt")
    assert made.code == 0, made.err
    (tmp_path / "data" / "keys" / "release-1.key").rename(here / "moved.key")
    shown = person.runs("key", "export", "./moved.key")
    assert (shown.code, shown.out != "") == (0, True), shown.err
    (here / "words.txt").write_text("\n")
    for line, code in (
        ("key generate other --passphrase-file words.txt", "cli.bad-value"),
        ("key generate other --passphrase-file .", "cli.not-a-file"),
        ("key export ./moved.key -o nowhere/copy", "cli.no-folder"),
        ("key export ./moved.key -o moved.key/copy", "cli.no-folder"),
        ("key export /", "cli.not-a-file"),
    ):
        refused = person.runs(*line.split())
        assert f"error[{code}]" in refused.err, (line, refused.err)

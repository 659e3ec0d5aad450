"""A publish that was cut off anywhere goes on where it was, and what is typed reaches nothing but the key."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from packctl.publish import anchor
from packctl.registry.api import Api
from packctl.registry.exchange import Exchange, Request
from packctl.registry.failures import Unreachable
from packspec.digests import Digest
from packspec.protocol.publishing import LIST, ListSubmissions, SubmissionView
from packspec.signing.dsse import Envelope
from packspec.signing.statement import read_statement
from tests.packctl.conftest import Offered
from tests.support.person import Person, person_of


@pytest.fixture
def mia(registry: Offered, acme: Mapping[str, str], tmp_path: Path) -> Person:
    mia = person_of(registry.variables(), tmp_path / "mia", acme["acme_keys"], "mia")
    assert mia.runs("new", "acme/farm").code == 0
    return mia


def submissions(registry: Offered) -> list[SubmissionView]:
    return registry.registry.call(LIST, ListSubmissions(), registry.words["kim"]).submissions


class Dropping:
    """Loses the answer of request number `at`, and of all after it, once the registry has acted on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.at, self.count = at, 0
        real = Api.send

        @contextmanager
        def send(api: Api, request: Request) -> Iterator[Exchange]:
            self.count += 1
            with real(api, request) as exchange:
                if self.count >= self.at:
                    exchange.read(1 << 20)
                    raise Unreachable(exchange.origin, "the answer was lost")
                yield exchange

        monkeypatch.setattr(Api, "send", send)


def test_R21_after_any_lost_answer_the_same_command_ends_with_one_submission(
    registry: Offered, acme: Mapping[str, str], tmp_path: Path
) -> None:
    for at in range(1, 20):
        name = f"acme/farm-{at}"
        mia = person_of(registry.variables(), tmp_path / str(at), acme["acme_keys"], "mia")
        assert mia.runs("new", name).code == 0
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("packctl.registry.client.pause_seconds", lambda *more: 0.0)
            patch.setattr("packctl.registry.upload.pause_seconds", lambda *more: 0.0)
            dropping = Dropping(patch, at)
            first = mia.runs("publish", f"farm-{at}", "--yes")
        if first.code == 0:
            assert dropping.count < at
            break
        assert first.code == 8, first.err
        again = mia.runs("publish", f"farm-{at}", "--yes")
        assert again.code == 0, again.err
        mine = [one for one in submissions(registry) if one.pack == name]
        assert [(one.state, one.signatures) for one in mine] == [("pending_review", 1)]
        beside = Envelope.parse((mia.here / f"farm-{at}" / f"farm-{at}-1.0.0.pack.statement").read_bytes())
        assert mine[0].statement_digest == beside.digest
    assert at > 6, "a publish takes more requests than that"


def test_an_older_build_s_statement_is_made_anew_and_a_fitting_one_is_kept(mia: Person) -> None:
    archive = mia.here / "farm" / "farm-1.0.0.pack"
    statement = archive.with_name("farm-1.0.0.pack.statement")
    assert mia.runs("build", "farm").code == 0
    assert mia.runs("sign", str(archive)).code == 0
    first = statement.read_bytes()
    assert mia.runs("sign", str(archive)).code == 0
    assert statement.read_bytes() == first
    (mia.here / "farm" / "README.md").write_text("# Other\n")
    assert mia.runs("build", "farm").code == 0
    assert mia.runs("sign", str(archive)).code == 0
    assert Envelope.parse(statement.read_bytes()).digest != Envelope.parse(first).digest
    statement.write_bytes(b"not a statement")
    assert mia.runs("sign", str(archive)).code == 0
    assert Envelope.parse(statement.read_bytes()).digest != Envelope.parse(first).digest


def sealed(mia: Person, registry: Offered) -> None:
    """Gives mia a publisher whose release key takes a passphrase."""
    secrets = ["open sesame", "open sesame"]
    assert mia.runs("key", "generate", "seal-owner", "--no-passphrase").code == 0
    assert mia.runs("key", "generate", "seal", typed="", secrets=secrets).code == 0
    made = mia.runs("publisher", "register", "seals", "--owner", "seal-owner", "--release", "seal", "--json")
    root = made.out.partition('"root":"')[2][:71]
    ada = person_of(registry.variables(), mia.here, mia.data, "ada")
    assert ada.runs("admin", "publisher", "accept", "seals", "--root", root).code == 0
    assert mia.runs("new", "seals/farm", "sealed").code == 0


def test_S20_a_wrong_passphrase_may_be_typed_again_and_no_attempt_is_shown(mia: Person, registry: Offered) -> None:
    sealed(mia, registry)
    ended = mia.runs("publish", "sealed", typed="y\n", secrets=["wrong one", "open sesame"])
    assert ended.code == 0, ended.err
    assert ended.err.count("That is not the passphrase") == 1
    assert "sesame" not in ended.out + ended.err
    assert "wrong one" not in ended.out + ended.err


def test_S20_three_wrong_passphrases_are_one_line_and_nothing_was_sent(mia: Person, registry: Offered) -> None:
    sealed(mia, registry)
    ended = mia.runs("publish", "sealed", typed="y\n", secrets=["a", "b", "c"])
    assert "error[trust.key-passphrase]" in ended.err
    assert "Traceback" not in ended.err
    assert ended.code == 2
    assert submissions(registry) == []


def test_S20_without_a_terminal_the_passphrase_comes_from_a_file(
    mia: Person, registry: Offered, tmp_path: Path
) -> None:
    sealed(mia, registry)
    ended = mia.runs("publish", "sealed", "--yes")
    assert "error[cli.needs-answer]" in ended.err
    assert "PACKCTL_SIGNING_PASSPHRASE_FILE" in ended.err
    file = tmp_path / "passphrase"
    file.write_text("open sesame\n")
    scripted = Person(mia.here, mia.data, {**mia.environ, "PACKCTL_SIGNING_PASSPHRASE_FILE": str(file)})
    assert scripted.runs("publish", "sealed", "--yes").code == 0


def test_S20_a_key_is_kept_in_the_open_only_after_a_question(mia: Person) -> None:
    no = mia.runs("key", "generate", "open-key", typed="n\n", secrets=[""])
    assert no.code == 1
    assert mia.runs("key", "list").out.count("open-key") == 0
    differ = mia.runs("key", "generate", "open-key", typed="", secrets=["one", "two"])
    assert "error[cli.passphrases-differ]" in differ.err
    yes = mia.runs("key", "generate", "open-key", typed="y\n", secrets=[""])
    assert yes.code == 0
    assert "without a passphrase" in yes.err


def test_no_at_the_question_sends_nothing(mia: Person, registry: Offered) -> None:
    ended = mia.runs("publish", "farm", typed="n\n")
    assert ended.code == 1
    assert submissions(registry) == []


def test_a_registry_that_shows_another_beginning_is_not_signed_for(
    mia: Person, registry: Offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert mia.runs("build", "farm").code == 0
    assert mia.runs("sign", "farm/farm-1.0.0.pack").code == 0
    monkeypatch.setattr(anchor, "first_root", lambda session, client, view: Digest.of(b"another first root"))
    ended = mia.runs("sign", "farm/farm-1.0.0.pack")
    assert "error[trust.publisher-changed]" in ended.err
    assert ended.code == 6


def test_offline_a_machine_signs_by_what_it_knows_and_not_without(mia: Person, tmp_path: Path) -> None:
    assert mia.runs("build", "farm").code == 0
    unknown = mia.runs("sign", "farm/farm-1.0.0.pack", "--offline", "--key", "acme-2026")
    assert "error[publish.anchor-unknown]" in unknown.err
    assert mia.runs("sign", "farm/farm-1.0.0.pack").code == 0
    known = mia.runs("sign", "farm/farm-1.0.0.pack", "--offline", "--key", "acme-2026")
    assert known.code == 0, known.err


def test_what_is_attached_is_named_in_the_statement_by_its_own_type(mia: Person, registry: Offered) -> None:
    (mia.here / "results.json").write_text(
        '{"_type": "x", "predicateType": "https://in-toto.io/attestation/test-result/v0.1"}'
    )
    (mia.here / "notes.txt").write_text("made by hand\n")
    ended = mia.runs("publish", "farm", "--yes", "--attach", "results.json", "--attach", "notes.txt")
    assert ended.code == 0, ended.err
    claim = read_statement(Envelope.parse(submissions(registry)[0].statement.encode()).payload)
    assert [one.type for one in claim.attached] == ["https://in-toto.io/attestation/test-result/v0.1", "text/plain"]


def test_what_no_registry_takes_is_refused_before_it_is_read_or_anything_is_signed(mia: Person) -> None:
    (mia.here / "empty").touch()
    os.mkfifo(mia.here / "pipe")
    with (mia.here / "huge.bin").open("wb") as file:
        file.truncate(2**40)
    for name, told in (
        ("empty", "cli.bad-value"),
        ("huge.bin", "cli.bad-value"),
        ("pipe", "cli.not-a-file"),
        ("farm", "cli.not-a-file"),
        ("/dev/zero", "cli.not-a-file"),
    ):
        ended = mia.runs("publish", "farm", "--yes", "--attach", name)
        assert (ended.code, f"error[{told}]" in ended.err, "Signing" in ended.err) == (2, True, False), ended.err


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda note: note.write_text("{"), id="cut"),
        pytest.param(lambda note: note.write_text(note.read_text().replace("acme", "evil")), id="of another publisher"),
    ],
)
def test_a_note_about_a_publisher_that_somebody_changed_signs_nothing(
    mia: Person, damage: Callable[[Path], object]
) -> None:
    assert mia.runs("publish", "farm", "--yes").code == 0
    (note,) = mia.data.glob("publishers/*/acme.json")
    signed = mia.here / "farm" / "farm-1.0.0.pack.statement"
    kept, before = note.read_text(), signed.read_bytes()
    damage(note)
    (mia.here / "farm" / "README.md").write_text("Another one.\n")

    ended = mia.runs("publish", "farm", "--yes")

    assert ended.code == 1
    assert "error[publish.note-broken]" in ended.err
    assert f"remove {note}" in " ".join(ended.err.split())
    assert signed.read_bytes() == before

    note.unlink()  # as it was told
    assert mia.runs("sign", str(mia.here / "farm" / "farm-1.0.0.pack")).code == 0
    assert note.read_text() == kept

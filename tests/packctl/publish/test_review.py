"""A reviewer's machine believes nothing: what it cannot make again, or what changed meanwhile, is never signed."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from packctl.publish import review as reviewing
from packctl.registry.client import RegistryClient
from packspec.checks import Finding, Level
from packspec.protocol.publishing import SHOW, AskSubmission, SubmissionView
from packspec.signing import dsse
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PrivateKey
from packspec.signing.statement import PAYLOAD_TYPE, make_statement, read_statement
from tests.packctl.conftest import Offered
from tests.support.person import Person, person_of


@pytest.fixture
def mia(registry: Offered, acme: Mapping[str, str], tmp_path: Path) -> Person:
    """With a new pack, handed in as S-1."""
    mia = person_of(registry.variables(), tmp_path / "mia", acme["acme_keys"], "mia")
    assert mia.runs("new", "acme/farm").code == 0
    assert mia.runs("publish", "farm", "--yes").code == 0
    return mia


@pytest.fixture
def kim(registry: Offered, reviewed: Mapping[str, str], tmp_path: Path) -> Person:
    return person_of(registry.variables(), tmp_path / "kim", reviewed["kim_keys"], "kim")


def view(registry: Offered) -> SubmissionView:
    return registry.registry.call(SHOW, AskSubmission(id="S-1"), registry.words["kim"])


def test_at_a_terminal_everything_is_shown_asked_one_by_one_and_then_signed(
    mia: Person, kim: Person, registry: Offered
) -> None:
    ended = kim.runs("approve", "S-1", typed="y\n" * 5)
    assert ended.code == 0, ended.err
    assert ended.out == "acme/farm 1.0.0: published, log entry 8 (S-1)\n"
    for line in (
        "quality: all right?",
        "ages: all right?",
        "rights: all right?",
        "safety: all right?",
        "Approve for everyone? [y/N]",
    ):
        assert line in ended.err
    assert ended.err.index("(read and hashed on this machine)") < ended.err.index("quality")


@pytest.mark.parametrize(
    "typed", ["y\ny\nn\n", "y\ny\ny\ny\nn\n", "y\ny\ny\ny\n\n"], ids=["rights", "decision", "silence"]
)
def test_a_no_to_one_question_signs_nothing(mia: Person, kim: Person, registry: Offered, typed: str) -> None:
    ended = kim.runs("approve", "S-1", typed=typed)
    assert ended.code == 1
    assert "error[cli.declined]" in ended.err
    assert view(registry).state == "in_review"
    assert view(registry).approvals == 0


def test_yes_on_the_command_line_answers_no_question_of_trust(mia: Person, kim: Person, registry: Offered) -> None:
    ended = kim.runs("approve", "S-1", "--yes", typed="n\n")
    assert ended.code == 1
    assert view(registry).approvals == 0


def test_S22_bytes_swapped_while_the_reviewer_looked_are_not_approved(
    mia: Person, kim: Person, registry: Offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    swapped = []
    real = reviewing.inspect

    def swap(*arguments: object) -> object:
        found = real(*arguments)  # type: ignore[arg-type]
        assert mia.runs("withdraw", "S-1").code == 0
        (mia.here / "farm" / "README.md").write_text("# Something else\n")
        assert mia.runs("publish", "farm", "--yes").code == 0
        swapped.append(found.view.archive)
        return found

    monkeypatch.setattr(reviewing, "inspect", swap)
    ended = kim.runs("approve", "S-1", typed="y\n" * 5)
    assert ended.code == 5, ended.err
    now = view(registry)
    assert (now.state, now.approvals) == ("pending_review", 0)
    assert [now.archive] != swapped


def answered(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """From here on the registry lies about submissions, by these fields."""
    real = RegistryClient.call

    def call(self: RegistryClient, endpoint: object, ask: object, **more: object) -> object:
        answer: object = real(self, endpoint, ask, **more)  # type: ignore[arg-type]
        return msgspec.structs.replace(answer, **changes) if isinstance(answer, SubmissionView) else answer

    monkeypatch.setattr(RegistryClient, "call", call)


def refused(kim: Person, code: str) -> None:
    ended = kim.runs("approve", "S-1", typed="y\n" * 5)
    assert f"error[{code}]" in ended.err
    assert ended.code == 6
    assert "Approve for everyone?" not in ended.err


def test_findings_that_are_not_those_of_the_report_are_noticed(
    mia: Person, kim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = [Finding(code="publish.image-large", level=Level.NOTE, text="all is well", path="a.png")]
    answered(monkeypatch, findings=shown)
    refused(kim, "publishing.report-differs")


def test_S05_a_statement_signed_by_a_key_of_nobody_is_not_the_publishers(
    mia: Person, kim: Person, registry: Offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    envelope = Envelope.parse(view(registry).statement.encode())
    forged = dsse.sign(envelope.payload, PAYLOAD_TYPE, [PrivateKey.from_seed("p256", bytes(range(48)))])
    answered(monkeypatch, statement=forged.encode().decode())
    refused(kim, "trust.not-authentic")


def test_a_statement_that_says_more_than_the_archive_holds_is_refused_though_its_publisher_signed_it(
    mia: Person, kim: Person, registry: Offered, acme: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from packctl.keys import Keys

    claim = read_statement(Envelope.parse(view(registry).statement.encode()).payload)
    other = make_statement(msgspec.structs.replace(claim, license="CC0-1.0"))
    keys = Keys(Path(acme["acme_keys"]) / "keys")
    signed = dsse.sign(other, PAYLOAD_TYPE, [keys.find("acme-2026").open(lambda name: None)])
    answered(monkeypatch, statement=signed.encode().decode())
    refused(kim, "trust.statement-mismatch")


def test_C11_an_archive_of_other_bytes_is_noticed_before_it_is_read(
    mia: Person, kim: Person, registry: Offered, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = view(registry)
    answered(monkeypatch, archive=now.checks)
    refused(kim, "trust.archive-changed")


def test_a_key_of_the_publisher_is_no_reviewers_key(
    mia: Person, kim: Person, registry: Offered, acme: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a registry let such a key on the list, which it refuses."""
    from packctl.keys import Keys
    from registry_server.index.reviewers import add_reviewer

    monkeypatch.setattr("registry_server.index.reviewers._check_no_publisher", lambda call, entry: None)
    key = Keys(Path(acme["acme_keys"]) / "keys").find("acme-2026")
    world = registry.registry.world
    add_reviewer(world, Path(world.folder.root).parent / "offline-keys", "mia", key.public)
    shutil.copy(key.path, kim.data / "keys" / "acme-2026.key")
    ended = kim.runs("approve", "S-1", "--key", "acme-2026", typed="y\n" * 5)
    assert "error[trust.self-approved]" in ended.err
    assert ended.code == 6

"""`registry-server keys`, as operators use it: the guide, and what is refused."""

import io
import os
import shutil
from pathlib import Path

import pytest

from packspec.signing.keys import PrivateKey
from registry_server.index.ceremony import OfflineKeys
from tests.support import guide
from tests.support.person import Ended, Person
from tests.support.sshagent import ED25519, small_agent

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "renew-registry-keys.md"


@pytest.fixture
def operators(tmp_path: Path) -> dict[str, Person]:
    """The server, and two people with a medium each; a third offline key is lost."""
    people = {}
    for name in ("", "ada", "ben", "eve", "fay"):
        here = tmp_path / (name or "server")
        (here / "medium").mkdir(parents=True)
        people[name] = Person(here, here, {"REGISTRY_DATA": str(here / "data")})
    begun = guide.operate(
        people[""], ["init", "--name", "registry.example", "--offline-keys", str(tmp_path / "offline")]
    )
    assert begun.code == 0, begun.err
    for name, number in (("ada", 1), ("ben", 2)):
        shutil.move(tmp_path / "offline" / f"root-{number}.key", people[name].here / "medium" / f"{name}.key")
    return people


def server(people: dict[str, Person], *words: str) -> Ended:
    return guide.operate(people[""], words)


def test_the_guide_on_the_keys_of_a_registry_does_what_it_says(operators: dict[str, Person], tmp_path: Path) -> None:
    (lost,) = OfflineKeys.read(tmp_path / "offline").keys
    page = tmp_path / "page.md"
    page.write_text(GUIDE.read_text("utf-8").replace("<lost>", lost.public.fingerprint.replace(" ", "")), "utf-8")

    def carry(step: guide.Step) -> None:
        """People copy documents to media and back."""
        for document in operators[step.who].here.glob("*.json"):
            if not step.who and "-" not in document.stem:
                for other in ("ada", "ben"):
                    if not (operators[other].here / document.name).exists():
                        shutil.copy(document, operators[other].here)
            elif step.who:
                shutil.copy(document, operators[""].here / f"{document.stem}-{step.who}.json")
        for public in operators[step.who].here.glob("*.pub") if step.who else ():
            shutil.copy(public, operators[""].here)
        if step.command.endswith("fay.json"):  # everybody signs, as above, and a year later Fay is one of them
            for name in ("ada", "ben"):
                signing = ["keys", "sign", "fay.json", "--keys", str(operators[name].here / "medium")]
                assert guide.operate(operators[""], signing, "y\n").code == 0
            assert server(operators, "keys", "publish", "fay.json").out == "in force: root 4, targets 4, index 4\n"
            assert server(operators, "keys", "ceremony", "-o", "another-year.json").code == 0
            shutil.copy(operators[""].here / "another-year.json", operators["fay"].here)

    with small_agent() as agent:
        agent.keys = {"fay@token": PrivateKey.from_seed("p256", bytes(48))}
        operators["fay"].environ["SSH_AUTH_SOCK"] = str(agent.address)
        guide.run(page, operators, "https://nobody.example", after=carry)
    found = server(operators, "keys", "status")
    assert found.code == 0
    assert [line.split()[:5] for line in found.out.splitlines()[:3]] == [
        ["ok", "root", "version", "4", "ends"],
        ["ok", "targets", "version", "4", "ends"],
        ["ok", "index", "version", "4", "ends"],
    ]


def test_what_nobody_looked_at_is_not_signed_and_nothing_is_written_over(operators: dict[str, Person]) -> None:
    here, ada = operators[""].here, str(operators["ada"].here / "medium" / "ada.key")
    assert server(operators, "keys", "ceremony", "-o", "a.json").code == 0
    before = (here / "a.json").read_bytes()
    again = server(operators, "keys", "ceremony", "-o", "a.json")
    assert (again.code, again.err.splitlines()[0]) == (5, "error[ceremony.file-there]: a.json is there already")
    said_no = guide.operate(operators[""], ["keys", "sign", "a.json", "--keys", ada], "n\n")
    assert said_no.code == 2
    assert "error[ceremony.unconfirmed]" in said_no.err
    other = server(operators, "keys", "sign", "a.json", "--keys", ada, "--digest", f"sha256:{'0' * 64}")
    assert other.code == 2
    assert (here / "a.json").read_bytes() == before
    digest = said_no.out.splitlines()[0].rpartition(" ")[2]
    assert server(operators, "keys", "sign", "a.json", "--keys", ada, "--digest", digest).code == 0
    early = server(operators, "keys", "publish", "a.json")
    assert (early.code, early.err.splitlines()[0]) == (
        6,
        "error[ceremony.incomplete]: too few offline keys have signed this",
    )
    nowhere = server(operators, "keys", "publish", "b.json")
    assert (nowhere.code, nowhere.err.splitlines()[0]) == (
        3,
        "error[ceremony.no-such-file]: cannot read b.json: No such file or directory",
    )


def test_a_sealed_offline_key_signs_for_who_knows_its_passphrase(operators: dict[str, Person]) -> None:
    eve = operators["eve"]
    made = guide.operate(eve, ["keys", "generate", "medium/eve.key"], "correct horse\ncorrect horse\n")
    assert made.code == 0, made.err
    assert os.stat(eve.here / "medium" / "eve.key").st_mode & 0o777 == 0o600
    ceremony = server(operators, "keys", "rotate", "offline", "--add", made.out.strip(), "-o", "eve.json")
    assert ceremony.code == 0, ceremony.err
    shutil.copy(operators[""].here / "eve.json", eve.here)
    wrong = guide.operate(eve, ["keys", "sign", "eve.json", "--keys", "medium"], "hush\n")
    assert "error[registry.key-unreadable]" in wrong.err
    signed = guide.operate(eve, ["keys", "sign", "eve.json", "--keys", "medium"], "correct horse\ny\n")
    assert signed.code == 0, signed.err
    assert "None of these keys has signed root 1" in signed.err
    assert guide.operate(eve, ["keys", "generate", "medium/eve.key"]).code == 5


def test_offline_keys_in_an_agent_sign_and_what_it_does_not_sign_is_told(
    operators: dict[str, Person], tmp_path: Path
) -> None:
    ada, ben = (OfflineKeys.read(operators[name].here / "medium").keys[0] for name in ("ada", "ben"))
    assert isinstance(ada, PrivateKey) and isinstance(ben, PrivateKey)
    here, sign = operators[""].here, ["keys", "sign", "a.json", "--keys"]
    assert server(operators, "keys", "ceremony", "-o", "a.json").code == 0
    before = (here / "a.json").read_bytes()
    operators[""].environ["SSH_AUTH_SOCK"] = ""
    gone = guide.operate(operators[""], [*sign, "agent:ada"], "y\n")
    assert (gone.code, "error[agent.unreachable]" in gone.err) == (8, True)
    with small_agent() as agent:
        operators[""].environ["SSH_AUTH_SOCK"] = str(agent.address)
        agent.keys = {"ada": ada, "ben": ben, "other": PrivateKey.from_seed("p256", bytes(48))}
        agent.others = {"web": ED25519}
        for named, code, told in (
            ("agent:", 5, "agent.several-keys]: several keys of the ssh agent fit: agent:ada, agent:ben, agent:other"),
            ("agent:eve", 3, "agent.no-such-key]: the ssh agent holds no key 'eve'"),
            ("agent:web", 2, "agent.wrong-kind]: web is a key of type ssh-ed25519, which cannot sign here"),
            ("agent:other", 5, "ceremony.nothing-to-sign]: no key in agent:other is one that signs this"),
        ):
            refused = guide.operate(operators[""], [*sign, named], "y\n")
            assert (refused.code, refused.err.partition("error[")[2].splitlines()[0]) == (code, told)
        agent.refuses = True
        refused = guide.operate(operators[""], [*sign, "agent:ada"], "y\n")
        assert (refused.code, "error[agent.refused]" in refused.err) == (4, True)
        assert (here / "a.json").read_bytes() == before
        agent.refuses = False
        for name in ("ada", "ben"):
            signed = guide.operate(operators[""], [*sign, f"agent:{name}"], "y\n")
            assert (signed.code, "None of these keys has signed" in signed.err) == (0, False), signed.err
    assert server(operators, "keys", "publish", "a.json").out == "in force: root 2, targets 2, index 2\n"


def test_a_reviewer_is_listed_by_offline_keys_at_hand_or_elsewhere(
    operators: dict[str, Person], tmp_path: Path
) -> None:
    kim = OfflineKeys.read(tmp_path / "offline").keys[0].public.base64  # any P-256 key
    neither = server(operators, "reviewer", "add", "kim", kim)
    assert (neither.code, "either --keys or --output" in neither.err) == (2, True)
    planned = server(operators, "reviewer", "add", "kim", kim, "-o", "kim.json")
    assert planned.code == 0, planned.err
    assert "1 of 1 reviewers must approve, from log entry 6 on" in planned.out
    for name in ("ada", "ben"):
        medium = str(operators[name].here / "medium")
        signed = guide.operate(operators[""], ["keys", "sign", "kim.json", "--keys", medium], "y\n")
        assert signed.code == 0, signed.err
    assert server(operators, "keys", "publish", "kim.json").out == "in force: targets 2\n"
    assert server(operators, "reviewer", "list").out.startswith("kim  ")
    gone = server(operators, "reviewer", "remove", "kim", "--keys", str(operators["ada"].here / "medium"))
    assert "registry.too-few-reviewers" in gone.err


def test_what_cannot_be_done_is_told_and_nothing_is_left(
    operators: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = operators[""].here
    os.mkfifo(here / "pipe")
    (here / "file").write_text("not a folder")
    log = server(operators, "keys", "log").out.strip()
    before = sorted(here.iterdir())
    monkeypatch.setattr(guide, "_Terminal", io.StringIO)  # nobody sits there
    for words, code, told in (
        (["ceremony", "-o", "file/a.json"], 2, "ceremony.cannot-write]: cannot write file/a.json: Not a directory"),
        (["generate", "file/a.key", "--no-passphrase"], 2, "ceremony.cannot-write]: cannot write file/a.key: "),
        (["generate", "a.key"], 2, "ceremony.nobody-to-ask]: the passphrase of a.key is needed"),
        (["rotate", "offline", "--add", "x" * 300], 2, "ceremony.not-a-key]: 'xxxx"),
        (["rotate", "offline", "--add", "pipe"], 3, "ceremony.no-such-file]: cannot read pipe: it is not a file"),
        (["rotate", "offline", "--add", "file"], 2, "ceremony.not-a-key]: 'file' is no public key, and no file with"),
        (["ceremony", "--quorum", "3"], 2, "ceremony.too-few-to-sign]: 3 witnesses cannot sign where there are 0"),
        (["rotate", "offline", "--threshold", "9"], 2, "ceremony.too-few-to-sign]: 9 offline keys cannot sign where "),
        (["ceremony", "--witness", "x\x1b[2J"], 2, r"ceremony.not-a-witness]: 'x\x1b[2J' is not the key of a witness"),
        (["ceremony", "--witness", log], 2, "ceremony.not-a-witness]: 'registry.example/log+"),
        (["sign", "pipe", "--keys", "medium"], 3, "ceremony.no-such-file]: cannot read pipe: it is not a file"),
        (["sign", "file", "--keys", "medium"], 2, "ceremony.malformed]: file is not a ceremony document"),
        (["publish", "/dev/zero"], 3, "ceremony.no-such-file]: cannot read /dev/zero: it is not a file"),
    ):
        output = ["-o", "a.json"] if words[0] in ("ceremony", "rotate") and "-o" not in words else []
        ended = server(operators, "keys", *words, *output)
        assert (ended.code, ended.err[: 6 + len(told)]) == (code, f"error[{told}")
        assert sorted(here.iterdir()) == before


def test_a_document_of_another_registry_is_put_in_force_nowhere_else(operators: dict[str, Person]) -> None:
    there, here = operators[""].here, operators["eve"].here
    assert guide.operate(operators["eve"], ["init", "--name", "eve.example"]).code == 0
    made = guide.operate(operators["eve"], ["keys", "ceremony", "-o", "a.json"])
    digest = made.out.splitlines()[0].rpartition(" ")[2]
    signing = ["keys", "sign", "a.json", "--keys", "data-offline-keys", "--digest", digest]
    assert guide.operate(operators["eve"], signing).code == 0
    shutil.copy(here / "a.json", there)
    refused = server(operators, "keys", "publish", "a.json")
    told = "error[ceremony.other-registry]: this document is of eve.example, and this registry is registry.example"
    assert (refused.code, refused.err.splitlines()[0]) == (5, told)


def test_a_document_from_a_server_in_wrong_hands_writes_no_line_of_its_own(operators: dict[str, Person]) -> None:
    here, ada = operators[""].here, str(operators["ada"].here / "medium" / "ada.key")
    assert server(operators, "keys", "ceremony", "-o", "a.json").code == 0
    text = (here / "a.json").read_text().replace('"registry.example"', '"registry.example\\u001b[8m\\n  witness w1"')
    (here / "a.json").write_text(text)
    ended = guide.operate(operators[""], ["keys", "sign", "a.json", "--keys", ada], "n\n")
    assert ended.out.startswith(r"registry.example\x1b[8m\n  witness w1: sha256:")
    assert "\x1b" not in ended.out + ended.err

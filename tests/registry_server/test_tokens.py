"""Tokens over the API: who is asking, what a token may do, and how it ends."""

import threading
import zlib

import httpx
import pytest

from packspec.errors import Conflict, Denied, Invalid, NotFound, PackError
from packspec.protocol import access
from packspec.protocol.access import CreateToken, ListTokens, RevokeToken
from packspec.protocol.accounts import WHOAMI
from packspec.protocol.endpoint import Nothing
from packspec.tokens import Token, TokenKind
from registry_server.access.tables import token as token_table
from registry_server.accounts.tables import account
from registry_server.audit.actions import entries
from registry_server.settings import Settings, TokenSettings
from tests.support.registry import Registry

STRANGER = Token.make(TokenKind.API, b"\x07" * 32)


def whoami(registry: Registry, token: str) -> httpx.Response:
    return registry.ask(WHOAMI, Nothing(), token)


def test_a_token_says_who_one_is(registry: Registry) -> None:
    me = registry.call(WHOAMI, Nothing(), registry.account("mia", ["reviewer"]))
    assert (me.account, me.roles, me.token) == ("mia", ["reviewer"], "T-1")
    assert me.scopes == ["approve", "license", "publish", "read", "stats"]
    assert me.token_expires_at == 1_790_000_000 + 90 * 86_400


def test_R01_every_wrong_token_is_answered_alike(registry: Registry) -> None:
    revoked, expired = registry.account("ann"), registry.account("bob")
    registry.call(access.REVOKE, RevokeToken(id="T-1"), revoked)
    registry.clock.advance(days=90)
    good = registry.account("cleo")
    body = good[:-6]
    wrong = {
        "revoked": revoked,
        "expired": expired,
        "unknown": STRANGER,
        "malformed": "pkt_short",
        "checksum": body + f"{zlib.crc32(b'x'):06d}"[:6],
        "a word more": "a b",
        "not ASCII": "pkt_é",
        "endless": "x" * 8000,
    }
    answers = {}
    for name, token in wrong.items():
        answer = registry.client.get("/api/v1/whoami", headers={"authorization": f"Bearer {token}".encode()})
        assert answer.status_code == 401, name
        assert answer.headers["www-authenticate"] == 'Bearer realm="registry"'
        answers[name] = {key: value for key, value in answer.json().items() if key != "request_id"}
    assert len({str(answer) for answer in answers.values()}) == 1
    assert answers["revoked"]["code"] == "access.token-rejected"
    assert whoami(registry, good).status_code == 200


def test_R01_no_token_has_a_code_of_its_own(registry: Registry) -> None:
    answer = whoami(registry, "")
    assert (answer.status_code, answer.json()["code"]) == (401, "access.not-logged-in")
    assert answer.headers["www-authenticate"] == 'Bearer realm="registry"'


@pytest.mark.parametrize("header", ["Basic bWlhOng=", "Bearer", "Token x", ""])
def test_R01_another_scheme_is_a_token_that_does_not_count(registry: Registry, header: str) -> None:
    answer = registry.client.get("/api/v1/whoami", headers={"authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token-rejected")


def test_two_authorization_headers_are_refused(registry: Registry) -> None:
    token = registry.account("mia")
    headers = [("authorization", f"Bearer {token}"), ("authorization", f"Bearer {STRANGER}")]
    assert registry.client.get("/api/v1/whoami", headers=headers).status_code == 400


def test_R05_a_token_in_the_address_does_not_count_and_is_not_logged(registry: Registry) -> None:
    registry.world.settings = Settings()
    token = registry.account("mia")
    for place in (f"?token={token}", f"?access_token={token}"):
        assert registry.client.get(f"/api/v1/whoami{place}").status_code == 401
    assert registry.client.get(f"/api/v1/{token}").status_code == 404
    assert token not in registry.client.get(f"/api/v1/{token}").text
    assert token[5:] not in registry.log.getvalue()


def test_R05_tokens_are_kept_as_digests_only(registry: Registry) -> None:
    token = registry.account("mia")
    if registry.database_url.startswith("sqlite"):
        assert token.encode() not in registry.world.folder.database.read_bytes()
    with registry.world.database.reading() as db:
        assert Token.parse(token).digest in {row.digest for row in db.execute(token_table.select())}
        assert token not in str([entry.document for entry in entries(db)])


def test_R06_a_token_ends_in_the_very_second_it_names(registry: Registry) -> None:
    token = registry.account("mia")
    registry.clock.advance(days=90, seconds=-1)
    assert whoami(registry, token).status_code == 200
    registry.clock.advance(seconds=1)
    assert whoami(registry, token).status_code == 401


def test_R06_a_clock_set_back_does_not_bring_a_revoked_token_back(registry: Registry) -> None:
    token = registry.account("mia")
    registry.call(access.REVOKE, RevokeToken(id="T-1"), token)
    registry.clock.advance(days=-3000)
    assert whoami(registry, token).status_code == 401


def test_R06_last_use_is_noted_to_within_five_minutes(registry: Registry) -> None:
    token = registry.account("mia")
    whoami(registry, token)
    registry.clock.advance(seconds=299)
    [kept] = registry.call(access.LIST, ListTokens(), token).tokens
    assert kept.used_at == 1_790_000_000
    registry.clock.advance(seconds=1)
    whoami(registry, token)
    [kept] = registry.call(access.LIST, ListTokens(), token).tokens
    assert kept.used_at == 1_790_000_300


def test_a_suspended_account_has_no_valid_token(registry: Registry) -> None:
    token = registry.account("mia")
    with registry.world.database.writing() as db:
        db.execute(account.update().values(state="suspended"))
    assert whoami(registry, token).json()["code"] == "access.token-rejected"


def test_a_made_token_is_shown_once_and_works(registry: Registry) -> None:
    mine = registry.account("mia")
    made = registry.call(access.CREATE, CreateToken(scopes=["publish:acme", "read"], label="CI"), mine)
    assert registry.call(WHOAMI, Nothing(), made.token).scopes == ["publish:acme", "read"]
    assert (made.view.label, made.view.made_with) == ("CI", "T-1")
    answer = registry.ask(access.LIST, ListTokens(), mine)
    assert made.token not in answer.text
    assert "pkt_" not in answer.text


@pytest.mark.parametrize(
    ("scopes", "error"),
    [
        (["admin"], Denied),
        (["read", "approve"], Denied),
        (["everything"], Invalid),
        (["read:acme"], Invalid),
        (["publish:"], Invalid),
        (["publish:Acme"], Invalid),
        (["publish:acme/icons/x"], Invalid),
        ([], Invalid),
        (["read"] * 33, Invalid),
    ],
)
def test_a_token_makes_none_with_other_or_wider_scopes(
    registry: Registry, scopes: list[str], error: type[PackError]
) -> None:
    mine = registry.account("mia")
    with pytest.raises(error):
        registry.call(access.CREATE, CreateToken(scopes=scopes), mine)
    assert len(registry.call(access.LIST, ListTokens(), mine).tokens) == 1


def test_a_token_for_one_publisher_makes_none_for_all(registry: Registry) -> None:
    from registry_server.access.rules import ScopeTooWide, check_not_wider

    held = frozenset({"publish:acme"})
    check_not_wider(["publish:acme", "publish:acme/icons"], held)
    for scope in ("publish", "publish:zoo", "publish:zoo/acme", "publish:acm"):
        with pytest.raises(ScopeTooWide):
            check_not_wider([scope], held)


def test_a_made_token_makes_no_tokens(registry: Registry) -> None:
    made = registry.call(access.CREATE, CreateToken(scopes=["read"]), registry.account("mia"))
    with pytest.raises(Denied, match="makes no tokens"):
        registry.call(access.CREATE, CreateToken(scopes=["read"]), made.token)


def test_revoking_a_token_ends_all_that_were_made_with_it(registry: Registry) -> None:
    mine, other = registry.account("mia"), registry.account("bob")
    made = [registry.call(access.CREATE, CreateToken(scopes=["read"]), mine).token for _ in range(2)]
    revoked = registry.call(access.REVOKE, RevokeToken(id="T-1"), mine)
    assert revoked.ids == ["T-1", "T-3", "T-4"]
    assert [whoami(registry, token).status_code for token in (mine, *made, other)] == [401, 401, 401, 200]


def test_R02_another_s_token_is_answered_as_one_that_is_not_there(registry: Registry) -> None:
    registry.account("mia")
    bob = registry.account("bob")
    answers = [registry.ask(access.REVOKE, RevokeToken(id=token), bob) for token in ("T-1", "T-999")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["title"] == "you have no token T-1"
    with pytest.raises(NotFound):
        registry.call(access.REVOKE, RevokeToken(id="T-1"), bob)


@pytest.mark.parametrize("token", ["1", "T-0", "T-01", "T--1", "T-1\n", "T-99999999999999999999", "T-1%20"])
def test_R11_a_strange_id_is_refused(registry: Registry, token: str) -> None:
    mine = registry.account("mia")
    answer = registry.client.delete(
        f"/api/v1/tokens/{token}".replace("\n", "%0A"), headers={"authorization": f"Bearer {mine}"}
    )
    assert answer.status_code in (404, 422)


def test_the_list_comes_in_pages_newest_first(registry: Registry) -> None:
    mine = registry.account("mia")
    for _ in range(4):
        registry.call(access.CREATE, CreateToken(scopes=["read"]), mine)
    seen: list[str] = []
    cursor = ""
    while True:
        page = registry.call(access.LIST, ListTokens(limit=2, cursor=cursor), mine)
        seen += [token.id for token in page.tokens]
        cursor = page.cursor
        if not cursor:
            break
    assert seen == ["T-5", "T-4", "T-3", "T-2", "T-1"]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=-1", "limit=x", "cursor=%25%25", "cursor=W1syXV0", "page=2"]
)
def test_R33_pages_that_make_no_sense_are_refused(registry: Registry, query: str) -> None:
    mine = registry.account("mia")
    answer = registry.client.get(f"/api/v1/tokens?{query}", headers={"authorization": f"Bearer {mine}"})
    assert answer.status_code == 422


def test_a_life_longer_than_the_registry_gives_is_refused(registry: Registry) -> None:
    mine = registry.account("mia")
    long = CreateToken(scopes=["read"], expires_in_seconds=366 * 86_400)
    with pytest.raises(Invalid, match="365 days at most"):
        registry.call(access.CREATE, long, mine)


def test_R19_many_requests_at_once_make_no_token_too_many(registry: Registry) -> None:
    registry.world.settings = Settings(tokens=TokenSettings(per_member=5))
    mine = registry.account("mia")
    start = threading.Barrier(12)
    outcomes: list[str] = []

    def create() -> None:
        start.wait()
        try:
            registry.call(access.CREATE, CreateToken(scopes=["read"]), mine)
            outcomes.append("made")
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=create) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["access.too-many-tokens"] * 8 + ["made"] * 4


def test_R06_after_revoking_no_request_succeeds_that_begins_later(registry: Registry) -> None:
    mine = registry.account("mia")
    stop = threading.Event()
    late: list[int] = []

    def keep_asking() -> None:
        with httpx.Client(base_url=registry.url, trust_env=False) as client:
            while True:
                after = stop.is_set()
                status = client.get("/api/v1/whoami", headers={"authorization": f"Bearer {mine}"}).status_code
                if after:
                    late.append(status)
                    return

    threads = [threading.Thread(target=keep_asking) for _ in range(6)]
    for thread in threads:
        thread.start()
    registry.call(access.REVOKE, RevokeToken(id="T-1"), mine)
    stop.set()
    for thread in threads:
        thread.join()
    assert late == [401] * 6


def test_R41_making_and_revoking_leave_entries_without_names(registry: Registry) -> None:
    mine = registry.account("mia", ["admin"])
    registry.call(access.CREATE, CreateToken(scopes=["read"]), mine)
    registry.call(access.REVOKE, RevokeToken(id="T-2"), mine)
    with registry.world.database.reading() as db:
        found = [(entry.actor, entry.action, entry.about) for entry in reversed(entries(db, limit=5))]
        assert "mia" not in str([entry.document for entry in entries(db)])
    assert found == [
        ("terminal", "account.add", "member:1"),
        ("terminal", "role.give", "member:1"),
        ("terminal", "token.create", "token:1"),
        ("member:1", "token.create", "token:2"),
        ("member:1", "token.revoke", "token:2"),
    ]


def test_R41_a_known_actor_s_refusal_is_remembered(registry: Registry) -> None:
    mine = registry.account("mia")
    made = registry.call(access.CREATE, CreateToken(scopes=["read"]), mine).token
    with pytest.raises(Denied):
        registry.call(access.CREATE, CreateToken(scopes=["read"]), made)
    with registry.world.database.reading() as db:
        newest = entries(db, actor="member:1", limit=1)[0]
    assert (newest.action, newest.about, newest.facts["code"]) == (
        "refused",
        "action:token.manage",
        "access.cannot-make-tokens",
    )

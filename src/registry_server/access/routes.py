"""Answers about tokens, and who one is."""

from packspec.protocol.access import (
    CREATE,
    LIST,
    REVOKE,
    CreateToken,
    ListTokens,
    NewToken,
    Revoked,
    RevokeToken,
    TokenList,
)
from packspec.protocol.accounts import WHOAMI, WhoAmI
from packspec.protocol.endpoint import Nothing
from registry_server.access import actions, roles, rules, store
from registry_server.actor import Actor
from registry_server.call import Call
from registry_server.db.paging import read_cursor, write_cursor
from registry_server.http.bind import bind


def whoami(call: Call, ask: Nothing) -> WhoAmI:
    """The asker, by the token shown."""
    _, token = _known(call.actor)
    return WhoAmI(
        account=call.actor.name,
        display_name=call.actor.display_name,
        roles=sorted(call.actor.roles),
        scopes=sorted(call.actor.scopes),
        token=f"T-{token}",
        token_expires_at=call.actor.token_ends_at or 0,
    )


def create(call: Call, ask: CreateToken) -> NewToken:
    """A token that does no more than the one it is asked with."""
    me, token = _known(call.actor)
    mine = store.find_own(call.db, me, token)
    if mine is None or mine.made_with is not None:
        raise rules.CannotMake()
    scopes = rules.check_scopes(ask.scopes)
    rules.check_not_wider(scopes, call.actor.scopes)
    life = call.world.settings.tokens
    seconds = rules.life_seconds(ask.expires_in_seconds, life.default_days, life.max_days)
    text, kept = actions.make(call, actions.Wish(me, scopes, seconds, ask.label, made_with=token))
    return NewToken(token=text, view=actions.view(kept))


def list_tokens(call: Call, ask: ListTokens) -> TokenList:
    """The asker's tokens, newest first."""
    me, _ = _known(call.actor)
    key = read_cursor(ask.cursor, tuple[int])
    found = store.page(call.db, me, None if ask.ended else call.now, None if key is None else key[0], ask.limit + 1)
    shown = found[: ask.limit]
    more = write_cursor((shown[-1].id,)) if len(found) > ask.limit else ""
    return TokenList(tokens=[actions.view(kept) for kept in shown], cursor=more)


def revoke(call: Call, ask: RevokeToken) -> Revoked:
    """Ends a token of the asker and those made with it."""
    me, _ = _known(call.actor)
    return Revoked(ids=[f"T-{token}" for token in actions.revoke(call, me, int(ask.id[2:]))])


def _known(actor: Actor) -> tuple[int, int]:
    if actor.member is None or actor.token is None:
        raise roles.NotLoggedIn()
    return actor.member, actor.token


BINDINGS = (bind(WHOAMI, whoami), bind(CREATE, create), bind(LIST, list_tokens), bind(REVOKE, revoke))

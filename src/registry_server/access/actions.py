"""Making, ending and recognizing tokens, inside the caller's transaction."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from packspec.digests import Digest
from packspec.protocol.access import TokenView
from packspec.tokens import SECRET_BYTES, BadToken, Token, TokenKind
from registry_server.access import store
from registry_server.access.rules import USE_NOTED_SECONDS, KeptToken, NoToken, TokenRejected, TooManyTokens
from registry_server.accounts.actions import find_member
from registry_server.actor import VISITOR, Actor
from registry_server.audit.actions import record
from registry_server.call import Call
from registry_server.db.faults import DatabaseBusy
from registry_server.durable import NoSpace
from registry_server.world import World


@dataclass(frozen=True)
class Wish:
    """A token to be made: for whom, what it may do, how long, and with which one it was asked for."""

    member_id: int
    scopes: tuple[str, ...]
    seconds: int
    label: str = ""
    made_with: int | None = None


def make(call: Call, wish: Wish) -> tuple[Token, KeptToken]:
    """A new token: its text, which nobody gets to see again, and what is kept. Raises TooManyTokens."""
    most = call.world.settings.tokens.per_member
    if store.count_living(call.db, wish.member_id, call.now) >= most:
        raise TooManyTokens(most)
    text = Token.make(TokenKind.API, call.world.randomness(SECRET_BYTES))
    ends_at = call.now + wish.seconds
    kept = KeptToken(
        id=0,
        member_id=wish.member_id,
        made_with=wish.made_with,
        label=wish.label,
        scopes=wish.scopes,
        created_at=call.now,
        expires_at=ends_at,
        used_at=None,
        revoked_at=None,
    )
    kept = msgspec.structs.replace(kept, id=store.add(call.db, kept, text.digest))
    record(call, "token.create", f"token:{kept.id}", {"scopes": " ".join(kept.scopes), "expires_at": str(ends_at)})
    return text, kept


def revoke(call: Call, member_id: int, token_id: int) -> list[int]:
    """Ends a member's token and all that were made with it; gives their ids. Raises NoToken."""
    if store.find_own(call.db, member_id, token_id) is None:
        raise NoToken(f"T-{token_id}")
    ending = [token_id, *store.made_with(call.db, token_id)]
    store.revoke(call.db, ending, call.now)
    for one in ending:
        record(call, "token.revoke", f"token:{one}")
    return ending


def identify(db: Connection, text: str | None, now: int) -> Actor:
    """Who shows the token `text`; None is a visitor. Raises TokenRejected, alike for every reason and with the same work done."""
    if text is None:
        return VISITOR
    try:
        digest = Token.parse(text).digest
    except BadToken:
        digest = Digest.of(text.encode("utf-8", "replace"))
    kept = store.find(db, digest)
    owner = find_member(db, kept.member_id if kept is not None else 0)
    if kept is None or owner is None or not kept.is_valid(now) or not owner.is_active:
        raise TokenRejected()
    return Actor(
        member=owner.id,
        name=owner.account,
        display_name=owner.display_name,
        scopes=frozenset(kept.scopes),
        roles=owner.roles,
        token=kept.id,
        token_ends_at=kept.expires_at,
        token_used_at=kept.used_at,
    )


def note_use(world: World, actor: Actor, now: int) -> None:
    """Remembers that the actor's token was used, at most every five minutes and only where the database has a moment."""
    if actor.token is None or (actor.token_used_at is not None and now - actor.token_used_at < USE_NOTED_SECONDS):
        return
    try:
        with world.database.writing() as db:
            store.note_use(db, actor.token, now)
    except (DatabaseBusy, NoSpace):
        return


def view(kept: KeptToken) -> TokenView:
    """What its owner may see of a token."""
    return TokenView(
        id=f"T-{kept.id}",
        label=kept.label,
        scopes=list(kept.scopes),
        created_at=kept.created_at,
        expires_at=kept.expires_at,
        used_at=kept.used_at,
        revoked_at=kept.revoked_at,
        made_with=None if kept.made_with is None else f"T-{kept.made_with}",
    )

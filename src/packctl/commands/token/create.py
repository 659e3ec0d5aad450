"""`packctl token create`: a token for a script, shown once."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl token create --scope publish --pack acme/icons --expires 30d --label ci > token.txt",
    "packctl token create --scope read --json",
)


class Made(msgspec.Struct, frozen=True):
    """The token, which is shown this once, and what is known of it. `expires` is RFC 3339 UTC."""

    registry: str
    token: str
    id: str
    label: str
    scopes: list[str]
    expires: str


def run(
    session: Session,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope",
            metavar="SCOPE",
            help="read, publish, publish:PUBLISHER, approve, license, stats or admin; may be repeated",
        ),
    ] = None,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="DURATION", help="Until when, such as 90d or 12h")
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option("--pack", metavar="NAME", help="Narrows publish to this pack; may be repeated"),
    ] = None,
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What it is for, in your words")] = "",
) -> Outcome[Made]:
    """Make a token and print it, once.

    A token may do no more than the one you are logged in with, and ends with it at the latest. Without --scope it may read.
    """
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue, read_duration
    from packspec.limits import DAY_SECONDS
    from packspec.moments import moment
    from packspec.names import PackName
    from packspec.protocol.access import CREATE, LONGEST_SECONDS, SHORTEST_SECONDS, CreateToken

    scopes = list(scope or ["read"])
    packs = [PackName.parse(name) for name in pack or ()]
    if packs:
        if "publish" not in scopes:
            raise BadValue("--pack", str(packs[0]), "--scope publish beside it, which it narrows")
        scopes = [one for one in scopes if one != "publish"] + [f"publish:{name}" for name in packs]
    seconds = None
    if expires is not None:
        seconds = read_duration("--expires", expires, "90d, 12h or 30m")
        if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
            raise BadValue("--expires", expires, f"at least 1m and at most {LONGEST_SECONDS // DAY_SECONDS}d")
    chosen, client = chosen_client(session)
    made = client.call(CREATE, CreateToken(scopes=scopes, label=label, expires_in_seconds=seconds))
    view = made.view
    return Outcome(Made(chosen.origin, made.token, view.id, view.label, view.scopes, moment(view.expires_at)))


def text(result: Made, console: Console) -> None:
    """The token alone on stdout, so that it can be piped into a secret store; what it is on stderr."""
    console.line(safe(result.token))
    console.say(f"Token {safe(result.id)} may {', '.join(map(safe, result.scopes))}; it ends {result.expires}")
    console.say("  It is not shown again. End it: packctl token revoke " + safe(result.id))

"""Rows about recalls: by a publisher, by the registry itself, whom one would hit, and the end of one.

Two rows for the same act, because a token that may publish must not reach what only the registry's own people may do.
"""

from typing import Annotated, Literal

import msgspec

from packspec import limits
from packspec.names import PackName
from packspec.protocol.catalog import AskPack
from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.protocol.publishers import Envelope
from packspec.protocol.publishing import LoggedAct
from packspec.versions import Version
from packspec.wire import Answer


class RecallRelease(AskPack, frozen=True):
    """Calls a release back: `warn` tells its users, `stop` keeps it from being installed. `replacement` is a version of this pack."""

    version: Version
    action: Literal["warn", "stop"]
    reason: str
    note: Annotated[str, msgspec.Meta(max_length=limits.NOTE_CHARACTERS)] = ""
    replacement: Version | None = None


class LiftRecall(AskPack, frozen=True):
    """Lifts all recalls of a release. The restore document is signed by the reviewers, up to their threshold."""

    version: Version
    restore: Envelope


class HitPack(Answer, frozen=True):
    """A pack that needs what would be recalled, by its highest release that may use it.

    `is_stuck`: its range allows no other release that may be chosen, so it could not be installed until it is changed.
    """

    pack: PackName
    version: Version
    range: str
    is_stuck: bool


class RecallRehearsal(Answer, frozen=True):
    """What a recall would do. `total` counts the packs that need the release; `hits` are the first of them, by name.

    How many people have it installed, a registry that counts no downloads does not know.
    """

    pack: PackName
    version: Version
    state: str
    """The state it has now."""
    newest: Version | None
    """What would be chosen anew from then on; absent: nothing."""
    hits: list[HitPack]
    total: int


_RELEASE = "packs/{publisher}/{name}/releases/{version}"

RECALL = Endpoint(
    "POST", f"/api/v1/{_RELEASE}/recall", RecallRelease, LoggedAct, Effect.WRITE,
    action="release.recall", scope="publish", summary="Recall a release of one's own",
)  # fmt: skip
REHEARSE = Endpoint(
    "GET", f"/api/v1/{_RELEASE}/recall", RecallRelease, RecallRehearsal, Effect.READ,
    action="release.recall", scope="publish", body=Body.QUERY, summary="Whom a recall would hit",
)  # fmt: skip
STOP = Endpoint(
    "POST", f"/api/v1/admin/{_RELEASE}/recall", RecallRelease, LoggedAct, Effect.WRITE,
    action="release.stop", scope="admin", summary="Recall any release, by the registry itself",
)  # fmt: skip
REHEARSE_STOP = Endpoint(
    "GET", f"/api/v1/admin/{_RELEASE}/recall", RecallRelease, RecallRehearsal, Effect.READ,
    action="release.stop", scope="admin", body=Body.QUERY, summary="Whom a recall by the registry would hit",
)  # fmt: skip
LIFT = Endpoint(
    "POST", f"/api/v1/admin/{_RELEASE}/restore", LiftRecall, LoggedAct, Effect.WRITE,
    action="recall.lift", scope="approve", summary="Lift a recall with the reviewers' signatures",
)  # fmt: skip

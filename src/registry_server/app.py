"""The only module that knows every room: gathers their tables and builds the application.

What exists stands here, to be read from top to bottom: BINDINGS (the API), TIMERS (what comes again), and the hooks by which the door asks
the rooms above it.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, NoReturn

from litestar import Litestar, Request
from litestar.exceptions import HTTPException

from packspec.errors import PackError
from packspec.protocol.endpoint import Endpoint
from registry_server.access import actions as access
from registry_server.access import routes as access_routes
from registry_server.access.roles import ACTIONS, authorize
from registry_server.audit.actions import record
from registry_server.call import Call
from registry_server.catalog import routes as catalog_routes
from registry_server.delivery import routes as delivery_routes
from registry_server.delivery import status_lists
from registry_server.http import again, openapi, uploads
from registry_server.http.bind import Binding, Door, Hooks
from registry_server.http.files import StaticFiles
from registry_server.http.frame import Frame
from registry_server.http.health import Told
from registry_server.http.links import LinkedFiles
from registry_server.http.metrics import Gauge
from registry_server.http.problems import BadHttp, NoSuchPath, WrongMethod
from registry_server.index import actions as index
from registry_server.index import resigning
from registry_server.index.offline import ends
from registry_server.index.readable import readable
from registry_server.licensing import routes as licensing_routes
from registry_server.log import anchoring
from registry_server.owners import resets
from registry_server.owners import routes as owners_routes
from registry_server.publishing import actions as publishing
from registry_server.publishing import releases
from registry_server.publishing import routes as publishing_routes
from registry_server.timers import Timer
from registry_server.world import World

BINDINGS: tuple[Binding[Any, Any], ...] = (
    *access_routes.BINDINGS,
    *owners_routes.BINDINGS,
    *catalog_routes.BINDINGS,
    *publishing_routes.BINDINGS,
    *releases.BINDINGS,
    *licensing_routes.BINDINGS,
    *uploads.BINDINGS,
    *delivery_routes.BINDINGS,
)


def _expire_uploads(world: World) -> None:
    if removed := world.staging.expire(world.now()):
        world.log.line("uploads-expired", removed=removed)


def _forget_answers(world: World) -> None:
    with world.database.writing() as db:
        again.forget(db, world.time_in(db))


def settle(world: World) -> None:
    """Brings the static side up to date with the database; called after a commit that it must follow, and every minute."""
    try:
        resets.finish_resets(world)
        index.publish_pending(world)
        publishing.finish_published(world)
    finally:  # a revocation is told, whatever keeps the log back
        status_lists.publish(world)


def _resign(world: World) -> None:
    if resigning.resign(world):
        world.log.line("resigned")
    if resigning.gather_late(world):
        world.log.line("witnessed")


def _anchor(world: World) -> None:
    if (entry := anchoring.anchor(world)) is not None:
        world.log.line("anchored", entry=entry)
        settle(world)


def _tell_ends(world: World) -> None:
    for name, text in warnings(world).items():
        world.log.line("ends", name=name, text=text)


def warnings(world: World) -> dict[str, str]:
    """What somebody must see to: roles of the offline keys that end soon, and what the server should have signed again and has not."""
    return {one.name: f"{one.state}: {one.text}" for one in ends.ending(world) if one.state != "ok"}


def gauges(world: World) -> list[Gauge]:
    """Numbers of the static side: when each role ends, whether somebody must see to it, and how long the log is that readers see."""
    found = ends.ending(world)
    states = {one.name: ends.STATES.index(one.state) for one in found}
    return [
        Gauge(
            "packctl_role_end_timestamp_seconds",
            "When what a role signed ends, in seconds since 1970.",
            {one.name: one.ends_at for one in found},
            "role",
        ),
        Gauge("packctl_role_state", "0: nothing to do, 1: see to it soon, 2: see to it now.", states, "role"),
        Gauge("packctl_log_entries", "Entries of the public log that readers see.", {"": readable(world).size}),
    ]


TIMERS: tuple[Timer, ...] = (
    Timer("settle", 60, settle),
    Timer("resign", 600, _resign),
    Timer("expire-uploads", 3600, _expire_uploads),
    Timer("forget-answers", 3600, _forget_answers),
    Timer("anchor", 3600, _anchor),
    Timer("ends", 86_400, _tell_ends),
)


def remember(call: Call, endpoint: Endpoint[Any, Any], error: PackError) -> None:
    """A refusal that matters, as an entry of the trail. Visitors leave none: anybody could fill the trail."""
    if not call.actor.is_visitor:
        record(call, "refused", f"action:{endpoint.action}", {"code": error.code, "what": str(error)[:300]})


HOOKS = Hooks(
    identify=access.identify,
    authorize=authorize,
    note_use=access.note_use,
    remember=remember,
    settle=settle,
)


def build(world: Callable[[], World], pool: Executor) -> Frame:
    """The application. `world` is asked for every request; handlers run in `pool`."""
    without_row = [binding.endpoint.name for binding in BINDINGS if binding.endpoint.action not in ACTIONS]
    assert not without_row, f"actions without a row in the table of roles: {without_row}"
    door = Door(world, HOOKS, pool)
    description = openapi.route(openapi.describe([binding.endpoint for binding in BINDINGS]))
    api = Litestar(
        [*door.routes(BINDINGS), description],
        exception_handlers={Exception: _hand_on},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=None,  # the door has ceilings of its own, one per kind of body
    )
    linked = LinkedFiles(world, pool, delivery_routes.opens)
    return Frame(world, api, [StaticFiles(world, pool), linked], Told(warnings, gauges))


def _hand_on(request: Request[Any, Any, Any], error: Exception) -> NoReturn:
    """Gives every error to the frame, Litestar's own as ours."""
    if not isinstance(error, HTTPException):
        raise error
    match error.status_code:
        case 404:
            raise NoSuchPath(request.scope["path"]) from error
        case 405:
            allowed = (error.headers or {}).get("allow", "").split(", ")
            raise WrongMethod(request.scope["method"], sorted(set(allowed) - {"OPTIONS", ""})) from error
        case status if status < 500:
            raise BadHttp(error.detail) from error
        case _:
            raise error

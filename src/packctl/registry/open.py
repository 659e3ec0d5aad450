"""What a command opens to reach registries, once per session: the two transports, and clients and transfers on top of them."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from threading import Lock

from packctl import __version__
from packctl.durable import Folder
from packctl.registry.client import RegistryClient
from packctl.registry.credentials import Credentials, Tokens, given_token
from packctl.registry.exchange import Exchange, Request, Transport
from packctl.registry.http import Http
from packctl.registry.network import Network, Origin, Pace, network_from
from packctl.registry.reachable import Reachable
from packctl.registry.transfer import Transfers
from packctl.registry.unanswered import Unanswered
from packctl.session import Session
from packctl.settings import Layer

DOWNLOADS = "downloads"
"""The folder, in the cache, of downloads under way."""
UNANSWERED = "unanswered"
"""The folder, beside what must not be lost, of changes whose answer never came."""


def pace_of(session: Session) -> Pace:
    """Time and chance of a session, for whatever waits."""
    return Pace(session.monotonic, time.sleep, lambda: int.from_bytes(session.random_bytes(6), "big") / 2**48)


@contextmanager
def open_http(session: Session) -> Iterator[Transport]:
    """The transport of bulk: `session.once(open_http)`. With `--offline` every request is refused before a socket is opened."""
    with Http(network_of(session), session.monotonic) as http:
        yield _told(session, http)


@contextmanager
def open_api(session: Session) -> Iterator[Transport]:
    """The transport of API calls: `session.once(open_api)`. httpx, 100 ms to import, is loaded by the first call."""
    network = network_of(session)
    with ExitStack() as closing:

        def make() -> Transport:
            from packctl.registry.api import Api

            return closing.enter_context(Api(network, session.monotonic))

        yield _told(session, _Late(make))


def _told(session: Session, transport: Transport) -> Transport:
    """`transport`, which tells its requests where somebody wants to read them."""
    console = session.console
    if console.verbose < 2 and console.log is None:
        return transport
    from packctl.registry.traced import Traced
    from packctl.ui.escape import safe

    return Traced(transport, lambda line: console.trace(safe(line)), session.monotonic)


class _Late:
    """A transport that is made by its first request."""

    def __init__(self, make: Callable[[], Transport]) -> None:
        self._make = make
        self._made: Transport | None = None
        self._lock = Lock()

    def send(self, request: Request) -> AbstractContextManager[Exchange]:
        """Sends `request`, as `Transport.send` says."""
        with self._lock:
            self._made = self._made or self._make()
        return self._made.send(request)


def network_of(session: Session) -> Network:
    """How this machine reaches others, by its settings and its environment."""
    settings = session.settings
    agent = f"packctl/{__version__}{' (auto-update)' if session.is_automatic else ''}"
    base = Network(settings.timeout, settings.concurrency, agent, is_offline=settings.offline)
    return network_from(session.environ, base)


def open_client(session: Session, address: str) -> RegistryClient:
    """A client of the registry at `address`, with the token that may go there, if there is one. Raises BadAddress, BadToken."""
    known = Unanswered(session.places.data / UNANSWERED, session.random_bytes, session.clock, session.console.say)
    unanswered = None if session.settings.offline else known  # then nothing is asked
    return RegistryClient(address, session.once(open_api), pace_of(session), tokens_of(session), unanswered)


@contextmanager
def open_reachable(session: Session) -> Iterator[Reachable]:
    """Which addresses of registries and mirrors answer, for all that this command asks: `session.once(open_reachable)`."""
    yield Reachable()


@contextmanager
def open_transfers(session: Session) -> Iterator[Transfers]:
    """Downloads into the cache folder: `session.once(open_transfers)`."""
    with Folder.open(session.places.cache / DOWNLOADS, create=True, mode=0o700) as folder:
        yield Transfers(
            session.once(open_http),
            folder,
            pace_of(session),
            session.settings.concurrency,
            session.once(open_reachable),
        )


def tokens_of(session: Session) -> Tokens:
    """Which token goes where. Raises BadToken for a given one that cannot be one."""
    settings = session.settings
    file = str(session.folder / settings.token_file) if settings.token_file else ""
    given = given_token(file, settings.token.reveal() if settings.token else None)
    return Tokens(Credentials(session.places.credentials.parent), given, own_origins(session) if given else frozenset())


def own_origins(session: Session) -> frozenset[Origin]:
    """The origins that PACKCTL_REGISTRY or the user's and system's configuration name: where the environment's token may go.

    What only a project's pack.toml names is left out, also under an alias: a cloned project must not be able to ask for the token.
    """
    addresses: dict[str, str] = {}
    named = [session.environ.get("PACKCTL_REGISTRY", "")]
    for layer, file in session.config_files:
        if layer is not Layer.PROJECT:
            addresses = dict(_addresses(file.tables)) | addresses
            default = file.tables.get("registry", {})
            named.append(str(default.get("default", "")) if isinstance(default, dict) else "")
    wanted = named[:1] if named[0] else [*named, *addresses.values()]
    return frozenset(_origins(addresses.get(name, name) for name in wanted if name))


def _addresses(tables: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    registries = tables.get("registries", {})
    for alias, value in registries.items() if isinstance(registries, dict) else ():
        url = value.get("url") if isinstance(value, dict) else value
        if isinstance(url, str):
            yield alias, url


def _origins(addresses: Iterable[str]) -> Iterator[Origin]:
    for address in addresses:
        if "://" in address:
            yield Origin.parse(address)

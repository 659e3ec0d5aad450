"""What a command opens to reach registries: connections once per session (`session.once(open_http)`), clients and transfers on top."""

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from packctl import __version__
from packctl.durable import Folder
from packctl.registry.client import RegistryClient
from packctl.registry.credentials import Credentials, Tokens, given_token
from packctl.registry.http import Http
from packctl.registry.network import Network, Origin, Pace, network_from
from packctl.registry.transfer import Transfers
from packctl.session import Session
from packctl.settings import Layer

DOWNLOADS = "downloads"
"""The folder, in the cache, of downloads under way."""


def pace_of(session: Session) -> Pace:
    """Time and chance of a session, for whatever waits."""
    return Pace(session.monotonic, time.sleep, lambda: int.from_bytes(session.random_bytes(6), "big") / 2**48)


@contextmanager
def open_http(session: Session) -> Iterator[Http]:
    """The connections of a command. With `--offline` every request is refused before a socket is opened."""
    settings = session.settings
    base = Network(settings.timeout, settings.concurrency, f"packctl/{__version__}", is_offline=settings.offline)
    network = network_from(session.environ, base)
    with Http(network, session.monotonic) as http:
        yield http


def open_client(session: Session, address: str) -> RegistryClient:
    """A client of the registry at `address`, with the token that may go there, if there is one. Raises BadAddress, BadToken."""
    return RegistryClient(address, session.once(open_http), pace_of(session), tokens_of(session))


@contextmanager
def open_transfers(session: Session) -> Iterator[Transfers]:
    """Downloads into the cache folder: `session.once(open_transfers)`."""
    with Folder.open(session.places.cache / DOWNLOADS, create=True, mode=0o700) as folder:
        yield Transfers(session.once(open_http), folder, pace_of(session), session.settings.concurrency)


def tokens_of(session: Session) -> Tokens:
    """Which token goes where. Raises BadToken for a given one that cannot be one."""
    settings = session.settings
    given = given_token(settings.token_file, settings.token.reveal() if settings.token else None)
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

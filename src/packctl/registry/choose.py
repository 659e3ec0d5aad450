"""Which registry a command speaks to: the one named, the one that is bound to a publisher, or the default."""

import msgspec
from msgspec import Struct

from packctl.registry.client import RegistryClient
from packctl.registry.network import Origin
from packctl.registry.open import open_client
from packctl.session import Session
from packctl.settings import load_settings
from packspec.errors import Invalid
from packspec.labels import Label
from packspec.names import PublisherName
from packspec.registries import DEFAULT, registry_of


class NoRegistry(Invalid):
    """Nothing says which registry is meant, or an alias names none."""

    alias: str = ""

    code = "registry.none-chosen"

    def what(self) -> str:
        if self.alias:
            return f"no registry has the alias {self.alias[:80]!r}"
        return "no registry is set"

    def why(self) -> str:
        return "packctl has no registry of its own: an option, a variable, pack.toml or your config.toml names it"

    def fix(self) -> list[str]:
        if self.alias:
            return ["packctl trust list", "or say its whole address, such as https://registry.example"]
        return ["packctl config set registry.default https://registry.example"]


class Chosen(Struct, frozen=True):
    """A registry as a command means it."""

    alias: str
    """Its alias in the configuration; empty for one that was named by its address."""
    address: str

    @property
    def origin(self) -> Origin:
        """Scheme, host and port."""
        return Origin.parse(self.address)

    @property
    def name(self) -> str:
        """Its host, with the port where that is not the scheme's own: how it is called in texts."""
        return self.origin.partition("://")[2]


def choose_registry(session: Session, publisher: PublisherName | None = None) -> Chosen:
    """The registry of this command. Strongest first: `--registry`; the one that is bound to `publisher`; variable, project and user.

    Raises NoRegistry, BadAddress, and what reading the configuration raises.
    """
    registries = session.rules.registries
    named = session.globals.registry or ""
    if not named and publisher is not None and (alias := registry_of(registries, publisher)) != DEFAULT:
        named = alias
    return _named(session, named or session.settings.registry)


def default_registry(session: Session) -> Chosen:
    """The default registry, whatever `--registry` names. Raises as `choose_registry`."""
    given = {**msgspec.structs.asdict(session.globals), "registry": None}
    return _named(session, load_settings(given, session.environ, session.config_files).registry)


def registry_called(session: Session, alias: str) -> Chosen:
    """The registry that a lock file calls so; `--registry` stands in for it. Raises as `choose_registry`."""
    if session.globals.registry:
        return choose_registry(session)
    return default_registry(session) if alias == DEFAULT else _named(session, alias)


def registry_at(session: Session, address: str) -> Chosen:
    """The registry at an address, under its alias if it has one. Raises BadAddress, and what reading the configuration raises."""
    return _named(session, address)


def _named(session: Session, named: str) -> Chosen:
    registries = session.rules.registries
    if "://" in named:
        return _checked(Chosen(_alias_of(session, named), named.rstrip("/")))
    found = registries.get(Label(named or DEFAULT))
    if found is None:
        raise NoRegistry(named)
    return _checked(Chosen(named or DEFAULT, str(found.url).rstrip("/")))


def chosen_client(session: Session, publisher: PublisherName | None = None) -> tuple[Chosen, RegistryClient]:
    """The registry of this command, and a client of it. Raises as `choose_registry` and `open_client`."""
    chosen = choose_registry(session, publisher)
    return chosen, open_client(session, chosen.address)


def _alias_of(session: Session, address: str) -> str:
    same = (alias for alias, one in session.rules.registries.items() if str(one.url).rstrip("/") == address.rstrip("/"))
    return next(same, "")


def _checked(chosen: Chosen) -> Chosen:
    Origin.parse(chosen.address)
    return chosen

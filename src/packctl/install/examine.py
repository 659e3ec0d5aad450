"""What `doctor` looks at: each check by itself, so that one that fails keeps no other from being made. Changes nothing.

A check gives what it found; what it raises becomes a finding with the error's own words and remedies.
"""

import os
import shlex
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from packctl.trust.freshness import Purpose
from packctl.ui.moments import roughly
from packspec import site
from packspec.errors import PackError
from packspec.limits import DAY_SECONDS
from packspec.moments import moment

if TYPE_CHECKING:
    from packctl.registry.choose import Chosen
    from packctl.session import Session
    from packctl.trust.registry import TrustedRegistry

CLOCK_SECONDS = 5 * 60
"""A clock that is off by more is told."""
ROOT_SECONDS = 60 * DAY_SECONDS
"""What the registry's offline keys signed is told if it ends sooner,"""
ROOT_FAULT_SECONDS = 14 * DAY_SECONDS
"""and is a fault if it ends sooner than this: people with keys must come together."""
OFFLINE = ("root", "targets", "index")
"""The roles that the registry's offline keys sign."""
INDEX_SECONDS = 7 * DAY_SECONDS
"""An index that is older is told."""


class State(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"
    UNCHECKED = "unchecked"


class Found(Struct, frozen=True):
    """One finding."""

    name: str
    state: State
    text: str
    code: str = ""
    fix: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, error: PackError) -> "Found":
        """An error as a finding."""
        return cls(
            name, State.FAULT, error.what(), error.code, tuple(fix for fix in error.fix() if fix != "packctl doctor")
        )


def examine(session: "Session") -> Iterator[Found]:
    """Every check, in order."""
    for name, check in (
        ("folders", _folders),
        ("store", _store),
        ("keys", _keys),
        ("tokens", _tokens),
        ("project", _project),
        ("packages", _packages),
        ("proxy", _proxy),
        ("tls", _tls),
    ):
        yield _tried(name, partial(check, session, name))
    yield from _Registry(session).findings()


def _tried(name: str, check: Callable[[], Found]) -> Found:
    try:
        return check()
    except PackError as error:
        return Found.of(name, error)


def _folders(session: "Session", name: str) -> Found:
    for folder in (session.places.data, session.places.cache):
        there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
        if not os.access(there, os.W_OK | os.X_OK):
            return Found(name, State.FAULT, f"{folder} cannot be written", fix=(f"ls -ld {shlex.quote(str(there))}",))
    return Found(name, State.OK, str(session.places.data))


def _store(session: "Session", name: str) -> Found:
    if not session.places.store.exists():
        return Found(name, State.OK, "empty")
    from packctl.install.housekeeping import size_of
    from packctl.install.store import Store
    from packctl.ui.progress import megabytes

    with Store.open(session.places.store) as store:
        size = size_of(store)
    text = f"{size.files} files, {megabytes(size.bytes)}"
    if size.damaged:
        return Found(
            name, State.WARNING, f"{text}; {size.damaged} damaged ones were set aside", fix=("look at the disk",)
        )
    return Found(name, State.OK, text)


def _keys(session: "Session", name: str) -> Found:
    folder = session.places.keys
    return _private(name, [folder, *sorted(folder.glob("*.key"))] if folder.exists() else [], "no keys on this machine")


def _tokens(session: "Session", name: str) -> Found:
    path = session.places.credentials
    return _private(name, [path] if path.exists() else [], "no tokens on this machine")


def _private(name: str, paths: list[Path], nothing: str) -> Found:
    """Whether nobody else of this machine can read what lies there."""
    if not paths:
        return Found(name, State.OK, nothing)
    if sys.platform == "win32":
        return Found(name, State.UNCHECKED, "Windows keeps other rights than modes")
    for path in paths:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            return Found(
                name,
                State.FAULT,
                f"{path} can be read by others (mode {mode:04o})",
                fix=(f"chmod go-rwx {shlex.quote(str(path))}",),
            )
    return Found(name, State.OK, f"{paths[0]}, for you alone")


def _project(session: "Session", name: str) -> Found:
    if session.project_file is None:
        return Found(name, State.OK, "none here")
    from packctl.install.apply import CHANGE
    from packctl.project.find import Place
    from packctl.project.state import OWN, InstallState

    place = Place(session.project_file.parent)
    project = place.read_project()
    place.read_lock()
    packs = place.folder / str(project.install.dir)
    if (packs / OWN / CHANGE).exists():
        return Found(name, State.WARNING, "a command was interrupted here", fix=("packctl install",))
    state = InstallState.load(packs)
    return Found(name, State.OK, f"{place.manifest}, packs installed: {len(state.receipts)}")


def _proxy(session: "Session", name: str) -> Found:
    from packctl.registry.network import Network, network_from
    from packspec.errors import redact

    network = network_from(session.environ, Network())
    used = [redact(one) for one in (network.https_proxy, network.http_proxy) if one]
    return Found(name, State.OK, ", ".join(used) or "none")


def _packages(session: "Session", name: str) -> Found:
    from packctl.install.surroundings import packages_of_python, unmet_packages

    if session.project_file is None:
        return Found(name, State.OK, "no project here")
    unmet, asked = unmet_packages(session.project_file.parent, packages_of_python)
    if not unmet:
        return Found(name, State.OK, f"Python packages that packs ask for: {asked or 'none'}")
    said = "; ".join(f"{one.pack} asks for {one.wanted}, {one.found}" for one in unmet)
    return Found(name, State.WARNING, said, fix=(f"python -m pip install {quoted(one.wanted for one in unmet)}",))


def quoted(words: Iterable[str]) -> str:
    """Words as a shell takes them, each once."""
    return " ".join(shlex.quote(word) for word in dict.fromkeys(words))


def _tls(session: "Session", name: str) -> Found:
    from packctl.registry.network import tls_context
    from packctl.registry.open import network_of

    network = network_of(session)
    tls_context(network)
    return Found(name, State.OK, f"authorities: {network.ca_file or network.ca_folder or 'those of this system'}")


class _Registry:
    """The checks of the default registry, each after the one that it needs."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._now = session.clock()

    def findings(self) -> Iterator[Found]:
        """Whether it is set, answers, keeps the time, is pinned and current."""
        from packctl.registry.choose import choose_registry

        try:
            chosen = choose_registry(self._session)
        except PackError as error:
            yield Found.of("registry", error)
            return
        if self._session.settings.offline:
            yield Found("registry", State.UNCHECKED, f"{chosen.address} (--offline)")
        else:
            answers = list(self._answers(chosen))
            yield from answers
            if any(one.state is State.FAULT for one in answers):
                yield Found("trust root", State.UNCHECKED, "the registry does not answer")
                return
        yield from self._trusted(chosen)

    def _answers(self, chosen: "Chosen") -> Iterator[Found]:
        from packctl.registry.exchange import Request
        from packctl.registry.open import open_http

        try:
            with self._session.once(open_http).send(Request("GET", f"{chosen.address}/{site.TIMESTAMP}")) as exchange:
                status, date = exchange.status, exchange.header("Date")
        except PackError as error:
            yield Found.of("registry", error)
            yield Found("clock", State.UNCHECKED, "the registry does not answer")
            return
        if status == 200:
            yield Found("registry", State.OK, f"{chosen.address} answers")
        else:
            yield Found(
                "registry", State.FAULT, f"{chosen.address} answers with status {status}", fix=("look at the address",)
            )
        yield self._clock(date)

    def _clock(self, date: str) -> Found:
        try:
            theirs = int(parsedate_to_datetime(date).timestamp())
        except (ValueError, TypeError, OverflowError):
            return Found("clock", State.UNCHECKED, "the registry does not tell the time")
        off = self._now - theirs
        if abs(off) <= CLOCK_SECONDS:
            return Found("clock", State.OK, "agrees with the registry's")
        word = "ahead of" if off > 0 else "behind"
        return Found("clock", State.WARNING, f"{roughly(abs(off))} {word} the registry's", fix=("set the clock",))

    def _trusted(self, chosen: "Chosen") -> Iterator[Found]:
        from packctl.trust.registry import TrustedRegistry

        self._session.console.attended = False  # to be pinned is a decision that doctor does not ask for
        try:
            registry = TrustedRegistry.open(self._session, chosen.alias, chosen.address)
            registry.refresh(Purpose.VERIFY)
        except PackError as error:
            yield Found.of("trust root", error)
            return
        yield self._root(registry)
        yield self._index(registry)

    def _root(self, registry: "TrustedRegistry") -> Found:
        """The root that is trusted, and the role of the offline keys that ends first: none of them can a server renew by itself."""
        newest, ends = max(registry.opened.metadata.roots()), registry.ends
        named = registry.opened.named[0].by
        text = f"root {newest}, ends {moment(ends['root'])}; {named} names {registry.opened.pinned.labelled}"
        first = min((role for role in OFFLINE if role in ends), key=lambda role: ends[role])
        left = ends[first] - self._now
        if left >= ROOT_SECONDS:
            return Found("trust root", State.OK, text)
        if first != "root":
            text = f"its {first} ends {moment(ends[first])}; {text}"
        state = State.FAULT if left < ROOT_FAULT_SECONDS else State.WARNING
        return Found("trust root", state, text, fix=("tell the registry's operator: registry-server keys status",))

    def _index(self, registry: "TrustedRegistry") -> Found:
        fresh = registry.freshness
        text = f"as of {moment(fresh.signed_at)}, {roughly(fresh.age(self._now))} old"
        if fresh.is_expired(self._now):
            return Found(
                "index",
                State.FAULT,
                f"{text}; its {fresh.role} has expired",
                "trust.index-expired",
                ("look at the clock",),
            )
        if fresh.age(self._now) > INDEX_SECONDS:
            return Found("index", State.WARNING, text, fix=("ask the registry's operator whether it is running",))
        return Found("index", State.OK, text)

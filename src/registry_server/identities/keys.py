"""The keys of issuers as this process knows them: fetched when they are first wanted, kept for an hour, and for a day where none are had.

A key that is not among them may be new, so the issuer is asked again; but once a minute at most, or tokens that anybody can make up would
make us ask without end. One thread asks; others wait for the first answer, and are told to come again while a later one is waited for.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from packspec.identities.faults import UnknownIssuerKey
from packspec.identities.issuers import Issuer
from packspec.identities.keyset import SET_BYTES, IssuerKey, IssuerKeys
from packspec.identities.tokens import IdentityToken
from registry_server.identities.faults import IssuerUnreachable
from registry_server.identities.fetching import NoKeys, fetch
from registry_server.world import World

FRESH_SECONDS = 3600
STALE_SECONDS = 24 * 3600
AGAIN_SECONDS = 60


class KeyRing:
    """The keys of all issuers, for all threads of a process. `fetch` is what asks one."""

    def __init__(self, seconds: float, log: Callable[[Issuer, str], None]) -> None:
        self._seconds = seconds
        self._log = log
        self._making = threading.Lock()
        self._issuers: dict[str, _Known] = {}

    def find(self, issuer: Issuer, token: IdentityToken, now: int) -> IssuerKey:
        """The key that a token names. Raises UnknownIssuerKey, IssuerUnreachable."""
        if issuer.keys_file:
            found = _read(issuer).find(token.key, issuer.algorithm)
        else:
            with self._making:
                known = self._issuers.setdefault(issuer.address, _Known())
            found = known.find(issuer, token.key, now) or self._ask(known, issuer, token.key, now)
        if found is None:
            raise UnknownIssuerKey(issuer.address, token.key)
        return found

    def _ask(self, known: "_Known", issuer: Issuer, name: str, now: int) -> IssuerKey | None:
        # Where there are keys, tokens with made-up ones must not fill the pool with threads that wait.
        if not known.asking.acquire(timeout=0 if known.keys else self._seconds):
            if (found := known.find(issuer, name, now, STALE_SECONDS)) is not None:
                return found
            raise IssuerUnreachable(issuer.address, "it is being asked at this moment")
        try:
            if (found := known.find(issuer, name, now)) is not None:  # somebody else asked meanwhile
                return found
            if known.may_ask(now):
                known.asked_at = now
                try:
                    known.keys, known.fetched_at, known.reason = fetch(issuer, self._seconds), now, ""
                except NoKeys as error:
                    known.reason = str(error)
                    self._log(issuer, known.reason)
            if (found := known.find(issuer, name, now, STALE_SECONDS)) is None and known.reason:
                raise IssuerUnreachable(issuer.address, known.reason)
            return found
        finally:
            known.asking.release()


class _Known:
    """What is known of one issuer. `reason` is why the last time that it was asked brought nothing."""

    def __init__(self) -> None:
        self.asking = threading.Lock()
        self.keys: IssuerKeys | None = None
        self.fetched_at = 0
        self.asked_at: int | None = None
        self.reason = ""

    def find(self, issuer: Issuer, name: str, now: int, age: int = FRESH_SECONDS) -> IssuerKey | None:
        if self.keys is None or not 0 <= now - self.fetched_at < age:
            return None
        return self.keys.find(name, issuer.algorithm)

    def may_ask(self, now: int) -> bool:
        return self.asked_at is None or not 0 <= now - self.asked_at < AGAIN_SECONDS


def _read(issuer: Issuer) -> IssuerKeys:
    """The keys in an operator's file, as it is now: who replaces it need not start anything again."""
    try:
        with Path(issuer.keys_file).open("rb") as file:
            return IssuerKeys.parse(file.read(SET_BYTES + 1))
    except (OSError, ValueError) as error:
        raise IssuerUnreachable(issuer.address, f"{issuer.keys_file}: {error}") from error


def ring(world: World) -> KeyRing:
    """The one of this process."""

    def say(issuer: Issuer, reason: str) -> None:
        world.log.line("issuer-unreachable", issuer=issuer.address, reason=reason)

    return world.memory.get(KeyRing) or world.memory.keep(KeyRing(world.settings.oidc.seconds, say))

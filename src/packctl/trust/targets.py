"""The registry's targets: found in verified metadata, read by their digest, kept. Online the courier brings metadata, else it is at hand.

Three ways lead to the same `Cached`: fetched and current; fetched and expired, for those who may still use it; from this machine alone.
"""

from typing import TYPE_CHECKING

from packctl.registry.failures import BadAnswer, Unreachable
from packctl.trust.cached import Cached, Listed, MetadataMissing, read_cached
from packctl.trust.faults import IndexExpired, MetadataMismatch
from packctl.trust.freshness import Purpose
from packctl.trust.kept import KeptFiles
from packctl.trust.opening import Opened
from packspec import site
from packspec.digests import Digest

if TYPE_CHECKING:
    from packctl.trust.tuf import Courier


class Targets:
    """The targets of one registry in one state. Made by `open_targets`."""

    def __init__(self, opened: Opened, cached: Cached, courier: "Courier | None", now: int) -> None:
        self._opened = opened
        self._courier = courier
        self._now = now
        self.cached = cached
        self._lasting = KeptFiles(opened.state)
        self._passing = KeptFiles(opened.cache)

    def find(self, name: str) -> Listed | None:
        """The target called `name`, or None. Raises what refreshing raises; offline Unreachable for a part that is not on this machine."""
        if self._courier is None:
            return self.cached.look_up(name)
        # Both under one lock: another process may bring a newer state between the two.
        with self._courier.held(self._now):
            self._courier.look_up(name)
            return self.cached.look_up(name)

    def read(self, listed: Listed) -> bytes:
        """The bytes of a target, of the digest and size that are listed. Raises MetadataMismatch, BadAnswer, Unreachable and its kin."""
        # Trust files and recalls are what offline use stands on; the rest can be fetched again.
        kept = self._lasting if listed.name in (*site.TRUST_TARGETS, site.RECALLS_TARGET) else self._passing
        place = f"targets/{listed.sha256}"
        data = kept.read(place, listed.size)
        if data is not None and Digest.of(data).same(listed.sha256):
            return data
        data = self._fetch(listed)
        kept.write({place: data})
        return data

    def _fetch(self, listed: Listed) -> bytes:
        path = site.target(listed.name, listed.sha256)
        if self._opened.source is None:
            raise Unreachable(self._opened.address, f"--offline, and {listed.name} is not on this machine")
        data = self._opened.source.read(path, listed.size)
        if data is None:
            raise BadAnswer(self._opened.address, f"GET /{path}", "it is not there, though signed metadata lists it")
        found = Digest.of(data)
        if len(data) != listed.size or not found.same(listed.sha256):
            shown = found.labelled if len(data) <= listed.size else f"more than {listed.size} bytes"
            raise MetadataMismatch(listed.name, listed.sha256.labelled, shown)
        return data


def open_targets(opened: Opened, purpose: Purpose, now: int) -> Targets:
    """I2: the registry's newest state; offline the newest on this machine.

    Raises MetadataSignature, IndexRollback, IndexExpired, MetadataMismatch, MetadataMalformed, MetadataTooBig, DuplicateKey, Unreachable
    and its kin. Expired metadata is refused here only for Purpose.CHOOSE; for the others `freshness.judge` decides.
    """
    if opened.source is None:
        try:
            return Targets(opened, read_cached(opened.metadata, opened.pinned, opened.address), None, now)
        except MetadataMissing as error:
            raise Unreachable(opened.address, f"--offline, and {error.reason}") from error
    from packctl.trust.tuf import Courier

    courier = Courier(opened.metadata.path, opened.source, opened.address, opened.root)
    try:
        with courier.held(now):
            courier.refresh()
            cached = read_cached(opened.metadata, opened.pinned, opened.address)
            cached.look_up("")  # so that the targets role is read while the lock is held
        return Targets(opened, cached, courier, now)
    except IndexExpired:
        if purpose is Purpose.CHOOSE:
            raise
    return Targets(opened, courier.asleep(opened.pinned), None, now)

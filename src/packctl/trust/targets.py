"""The registry's targets: found in verified metadata, read by their digest, kept. Online the courier brings metadata, else it is at hand.

Three ways lead to the same `Cached`: fetched and current; fetched and expired, for those who may still use it; from this machine alone.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packctl.registry.failures import BadAnswer, Unreachable
from packctl.trust.cached import Cached, Listed, MetadataMissing, read_cached
from packctl.trust.faults import IndexExpired, MetadataMismatch
from packctl.trust.freshness import Purpose
from packctl.trust.kept import KeptFiles
from packctl.trust.opening import Opened
from packctl.trust.reading import Wish
from packspec import site
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.trustfiles import LogTrust, Resets, Reviewers, TrustFiles, TrustPolicy

if TYPE_CHECKING:
    from packctl.trust.tuf import Courier


class Targets:
    """The targets of one registry in one state. Made by `open_targets`."""

    def __init__(self, opened: Opened, cached: Cached, courier: "Courier | None", now: int) -> None:
        self._opened = opened
        self._courier = courier
        self._now = now
        self.cached = cached

    def find(self, name: str) -> Listed | None:
        """The target called `name`, or None. Raises what refreshing raises; offline Unreachable for a part that is not on this machine."""
        return self.find_all([name])[0]

    def find_all(self, names: Sequence[str]) -> list[Listed | None]:
        """The same of several."""
        if self._courier is None:
            return [self.cached.look_up(name) for name in names]
        if (known := self._at_hand(names)) is not None:
            return known
        # Both under one lock: another process may bring a newer state between the two. What a power cut takes away of a delegated role is
        # fetched again: its version is in the snapshot, so nothing about it need be remembered.
        with self._courier.held(self._now, is_lasting=False):
            for name in names:
                self._courier.look_up(name)
            return [self.cached.look_up(name) for name in names]

    def all(self) -> Iterator[Listed]:
        """Everything that this state lists. Raises as `find`."""
        return self.cached.all(self._courier.reader if self._courier else None)

    def _at_hand(self, names: Sequence[str]) -> list[Listed | None] | None:
        """What the metadata on this machine says, where all of it is of this state and none has expired; else the courier must go."""
        try:
            known = [self.cached.look_up(name) for name in names]
        except PackError:
            return None
        return None if self.cached.freshness.is_expired(self._now) else known

    def read(self, listed: Listed) -> bytes:
        """The bytes of a target, of the digest and size that are listed. Raises MetadataMismatch, BadAnswer, Unreachable and its kin."""
        return self.read_all([listed])[0]

    def read_all(self, wanted: Sequence[Listed]) -> list[bytes]:
        """Several targets, those that are not on this machine fetched at once."""
        found = {one: self._here(one) for one in wanted}
        missing = [one for one, data in found.items() if data is None]
        found |= zip(missing, self._fetch(missing), strict=True)
        return [data for one in wanted if (data := found[one]) is not None]

    def _folder(self, listed: Listed) -> Path:
        # Trust files and recalls are what offline use stands on; the rest can be fetched again.
        is_lasting = listed.name in (*site.TRUST_TARGETS, site.RECALLS_TARGET)
        return self._opened.state if is_lasting else self._opened.cache

    def _here(self, listed: Listed) -> bytes | None:
        return read_kept(KeptFiles(self._folder(listed)), listed)

    def _fetch(self, wanted: Sequence[Listed]) -> list[bytes]:
        source = self._opened.source
        if source is None and wanted:
            raise Unreachable(self._opened.address, f"--offline, and {wanted[0].name} is not on this machine")
        wishes = [Wish(site.target(one.name, one.sha256), one.size, one.sha256) for one in wanted]
        answers = source.read_all(wishes) if source is not None else []
        good: dict[Path, dict[str, bytes]] = {}
        try:
            return [self._checked(one, data, good) for one, data in zip(wanted, answers, strict=True)]
        finally:
            for folder, files in good.items():
                KeptFiles(folder).write(files)

    def _checked(self, listed: Listed, data: bytes | None, good: dict[Path, dict[str, bytes]]) -> bytes:
        if data is None:
            path = site.target(listed.name, listed.sha256)
            raise BadAnswer(self._opened.address, f"GET /{path}", "it is not there, though signed metadata lists it")
        found = Digest.of(data)
        if len(data) != listed.size or not found.same(listed.sha256):
            shown = found.labelled if len(data) <= listed.size else f"more than {listed.size} bytes"
            raise MetadataMismatch(listed.name, listed.sha256.labelled, shown)
        good.setdefault(self._folder(listed), {})[place_of(listed)] = data
        return data


def place_of(listed: Listed) -> str:
    """Where a target is kept: under its digest."""
    return f"targets/{listed.sha256}"


def read_kept(kept: KeptFiles, listed: Listed) -> bytes | None:
    """A kept target, if it is there and has its digest."""
    data = kept.read(place_of(listed), listed.size)
    return data if data is not None and Digest.of(data).same(listed.sha256) else None


TRUST_FILES = (site.LOG_TARGET, site.REVIEWERS_TARGET, site.POLICY_TARGET, site.RESETS_TARGET)
"""The trust files that a release check needs, in the order of `parse_trust_files`."""


def parse_trust_files(data: Sequence[bytes]) -> TrustFiles:
    """The trust files from their verified bytes. Raises Malformed, NotCanonical, ClientTooOld, BadKey, DuplicateKey."""
    log, reviewers, policy, resets = data
    return TrustFiles(LogTrust.parse(log), Reviewers.parse(reviewers), TrustPolicy.parse(policy), Resets.parse(resets))


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

"""LICENSE: whether this machine holds a license that covers an installed release now (V7). Asked of nobody, and of free packs not at all.

It is required only where somebody asks for it. What is installed is what was signed, whether or not a license for it still runs.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from packctl.session import Session
from packctl.trust.proofs import Proven
from packctl.verify.material import Material
from packctl.verify.result import Said
from packspec import site
from packspec.errors import PackError
from packspec.trustfiles import TrustFiles

if TYPE_CHECKING:
    from packctl.licenses.desk import Desk
    from packctl.trust.registry import TrustedRegistry

FREE = Said("yes", "free")


class Licenses(Struct, dict=True):
    """The licenses of this machine at one registry, by the material that is at hand."""

    session: Session
    material: Material

    def judge(self, proven: Proven, *, paid: bool) -> tuple[Said, PackError | None]:
        """The answer for one release, and the refusal behind a no."""
        if not paid:
            return FREE, None
        if self._desk is None or proven.listed is None:
            return Said("unchecked", "the license keys of its registry are not on this machine"), None
        from packctl.licenses.cover import Cover, cover_one
        from packspec.licenses.use import Release

        pack, listed = proven.claim.pack, proven.listed
        release = Release.of(pack, listed.version, listed.at, listed.facts)
        found = cover_one(release, self._desk.holdings(), self._desk.now)
        if isinstance(found, Cover):
            return Said("yes", found.by.token.sub), None
        return Said("no", code=found.code), found

    @cached_property
    def _desk(self) -> "Desk | None":
        found = self.material
        if found.registry is not None:
            return self._asked(found.registry)
        keys = found.target(site.LICENSE_KEYS_TARGET)
        if keys is None or found.home is None or found.freshness is None or not isinstance(found.trust, TrustFiles):
            return None
        from packctl.licenses.desk import Counter, Desk
        from packspec.licenses.jwk import KeySet

        at = Counter(found.trust.log.origin, found.home.address, lambda: KeySet.parse(keys), found.freshness.signed_at)
        return Desk(self.session, at)

    def _asked(self, registry: "TrustedRegistry") -> "Desk":
        from packctl.licenses.desk import Counter, Desk
        from packctl.licenses.renewal import keep_up

        desk = Desk(self.session, Counter.of(registry))
        keep_up(desk)
        return desk

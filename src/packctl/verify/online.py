"""`verify --online`: the newest index and missing proofs are fetched first. What cannot be fetched is told; the rest goes on without it."""

from collections.abc import Callable, Iterable, Sequence

from packctl.session import Session
from packctl.trust.freshness import Limits, Purpose, judge
from packctl.trust.proofs import Claim, Proven
from packctl.verify.home import address_of
from packctl.verify.material import Material
from packctl.verify.order import Asked
from packspec.errors import PackError
from packspec.lockfile import LockedRegistry


def ask_registry(
    session: Session,
    alias: str,
    locked: LockedRegistry | None,
    claims: Sequence[Claim],
    asked: Asked,
    add: Callable[[Iterable[PackError]], None],
) -> tuple[Material, list[Proven] | None]:
    """I2 to I6 and I8 with the registry itself. None instead of proofs if that failed; `add` was told why."""
    from packctl.registry.choose import NoRegistry
    from packctl.trust.registry import TrustedRegistry

    try:
        address = address_of(session, alias)
        if not address:
            raise NoRegistry(alias)
        registry = TrustedRegistry.open(session, alias, address, locked=locked)
        registry.refresh(Purpose.VERIFY)
        allowed = Limits(registry.trust.policy.max_age, asked.oldest(session.rules.policy))
        found = judge(registry.freshness, Purpose.VERIFY, asked.now, allowed, is_online=True)
        registry.too_old = found if isinstance(found, PackError) else None
        proven = registry.prove(claims)
    except PackError as error:
        add([error])
        return Material(), None
    found_there = Material(registry.trust, registry.checkpoint, fresh=registry.freshness, registry=registry)
    return found_there, proven

"""Pins a registry's root on a person's word: by its digest, or after showing the registry's own and asking."""

from packctl.session import Session
from packctl.trust.chain import check_own
from packctl.trust.faults import RootUnknown
from packctl.trust.opening import fetch_roots, first_contact, read_from
from packctl.trust.roots import BY_OPTION, NamedRoot, Pin, Pins
from packspec.digests import Digest


def pin(session: Session, address: str, named: Digest | None) -> tuple[int, Digest, bool]:
    """Pins the root `named` of the registry at `address`: its number in the chain (0 with `--offline`), its digest, and whether it is new.

    Without `named` it is the one that is pinned already, or else asked for. Nothing is pinned that the registry does not have. Raises
    RootMismatch, RootUnknown where there is nobody to ask, and what reading raises.
    """
    pins = Pins(session.places.registries)
    before = pins.find(address)
    source = read_from(session, "", address)
    version = 0
    if named is None and before is not None:
        named = before.root
    if named is None:
        if source is None:
            raise RootUnknown(address)
        named, version = first_contact(session, address, source).digest, 1
    elif source is not None:
        roots = fetch_roots(source, NamedRoot(named, BY_OPTION), address)
        version = check_own(roots[max(roots)])
    if before is not None and before.root == named:
        return version, named, False
    pins.keep(Pin(address, named, session.clock()))
    return version, named, True

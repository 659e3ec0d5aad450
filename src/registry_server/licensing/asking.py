"""Who asks about a license, and as whom: its holder, somebody with a seat, its seller, an admin, a device, whoever has the key."""

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.licenses.plans import Plan
from packspec.licenses.proof import Proof, ProofRefused
from packspec.licenses.use import Right, covers
from packspec.names import PackName
from registry_server.accounts import actions as accounts
from registry_server.actor import Role
from registry_server.call import Call
from registry_server.catalog import actions as catalog
from registry_server.licensing import places, store
from registry_server.licensing.refusals import NoSuchLicense, NotForSale
from registry_server.licensing.rules import License
from registry_server.publishers import actions as publishers


def account_of(call: Call) -> int | None:
    """The account of whoever is logged in."""
    member = None if call.actor.member is None else accounts.find_member(call.db, call.actor.member)
    return None if member is None else member.account_id


def is_admin(call: Call) -> bool:
    """Whether the asker acts as an admin of the registry now."""
    return call.actor.has_role(Role.ADMIN) and call.actor.has_scope("admin")


def is_holder(call: Call, license: License) -> bool:
    """Whether the asker is of the account that holds the license, with a token for licenses."""
    return call.actor.has_scope("license") and account_of(call) == license.holder_id


def may_activate(call: Call, license: License) -> bool:
    """Whether the asker may take a place of it by their login: its holder, or somebody with a seat."""
    if is_holder(call, license):
        return True
    member = call.actor.member
    return call.actor.has_scope("license") and member is not None and places.has_seat(call.db, license.id, member)


def number_of(id: str) -> int:
    """The number in `L-12` or `A-12`."""
    return int(id[2:])


def held(call: Call, id: str) -> License:
    """A license of the asker's account, locked. Raises NoSuchLicense, alike for one of others and one that is none."""
    found = store.lock(call.db, number_of(id))
    if found is None or not is_holder(call, found):
        raise NoSuchLicense(id)
    return found


def managed(call: Call, id: str) -> License:
    """A license that the asker's account holds, or any for an admin, locked. Raises NoSuchLicense."""
    found = store.lock(call.db, number_of(id))
    if found is None or not (is_holder(call, found) or is_admin(call)):
        raise NoSuchLicense(id)
    return found


def seen(call: Call, id: str) -> tuple[License, bool]:
    """A license that the asker may see, and whether with its machines and persons: a seller sees it without. Raises NoSuchLicense."""
    found = store.find(call.db, number_of(id))
    if found is not None and (is_holder(call, found) or is_admin(call)):
        return found, True
    if found is not None and sells(call, found.plan):
        return found, False
    raise NoSuchLicense(id)


def seen_whole(call: Call, id: str) -> License:
    """A license that the asker may see with its machines and persons. Raises NoSuchLicense."""
    found, whole = seen(call, id)
    if not whole:
        raise NoSuchLicense(id)
    return found


def sold(call: Call, id: str) -> License:
    """A license that the asker may change as its seller or an admin, locked. Raises NoSuchLicense."""
    found = store.lock(call.db, number_of(id))
    if found is None or not (is_admin(call) or sells(call, found.plan)):
        raise NoSuchLicense(id)
    return found


def check_sells(call: Call, plan: Plan) -> None:
    """Raises NotForSale unless the asker may issue licenses with this plan."""
    if not (is_admin(call) or sells(call, plan)):
        raise NotForSale(plan.pack_key)


def sells(call: Call, plan: Plan) -> bool:
    """Whether the asker acts for the publisher of the plan's pack. Plans of many packs are the registry's."""
    return plan.pack is not None and acts_for(call, plan.pack)


def acts_for(call: Call, pack: PackName) -> bool:
    """Whether the asker may publish the pack now."""
    try:
        publishers.acting_for(call, pack.publisher, pack)
    except PackError:
        return False
    return True


def to_activate(call: Call, id: str, key: str) -> License:
    """The license that the asker wants a place of, locked: by what is kept of its key, else by login. Raises NoSuchLicense."""
    if key:
        found = store.find_by_key(call.db, key)
        if found is None or found.id != number_of(id):
            raise NoSuchLicense()
        return found
    license = store.lock(call.db, number_of(id))
    if license is None or not may_activate(call, license):
        raise NoSuchLicense(id)
    return license


def category_of(call: Call, pack: PackName) -> str:
    """What licenses for a category go by: the category of the pack's newest release, empty where it has none."""
    listed = catalog.find(call, pack)
    return "" if listed is None or listed.latest is None else catalog.listing(call, listed).category


def is_for(call: Call, license: License, pack: PackName) -> bool:
    """Whether a license is for this pack."""
    return covers(Right.of(license.plan, license.facts.starts_at), pack, category_of(call, pack))


def proof_of(call: Call) -> Proof | None:
    """The proof of a device that came with this request; None if none did. Raises ProofRefused and what reading one raises."""
    shown = call.shown
    if not shown.proof:
        return None
    proof = Proof.read(shown.proof)
    proof.check(shown.method, shown.path, Digest.of(shown.body), call.now)
    return proof


def check_same_device(proof: Proof | None, device: str) -> None:
    """Raises ProofRefused for a proof by another device than the one that is named. No proof is fine here."""
    if proof is not None and proof.device != device:
        raise ProofRefused("it is by another device")

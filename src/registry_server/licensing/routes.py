"""Answers about licenses and plans. Those about machines are in `machines`, about persons in `persons`."""

from dataclasses import dataclass

from msgspec.structs import replace

from packspec.licenses.events import Event, IllegalEvent
from packspec.licenses.plans import Plan
from packspec.licenses.use import Release, Right, Use, domain_allowed, may_use
from packspec.names import PackName
from packspec.protocol.catalog import AskPack
from packspec.protocol.licenses import (
    CANCEL,
    ISSUE,
    LIST,
    RENEW,
    RESIZE,
    RESUME,
    REVOKE,
    SHOW,
    SUSPEND,
    TRANSFER,
    UNSUSPEND,
    VALIDATE,
    AskLicense,
    ChangeLicense,
    Issued,
    IssueLicense,
    LicenseDetail,
    LicenseList,
    LicenseView,
    ListLicenses,
    RenewLicense,
    ResizeLicense,
    TransferLicense,
    ValidateLicense,
    Validation,
)
from packspec.protocol.plans import DROP_PLAN, PLANS, SET_PLAN, DropPlan, Plans, SetPlan
from packspec.versions import Version
from registry_server.accounts import actions as accounts
from registry_server.call import Call
from registry_server.catalog import actions as catalog
from registry_server.db.paging import read_cursor, write_cursor
from registry_server.http.bind import bind
from registry_server.http.problems import BadRequest
from registry_server.licensing import (
    actions,
    asking,
    ci_allowing,
    closed,
    machines,
    persons,
    runs,
    selling,
    store,
    views,
)
from registry_server.licensing.actions import Order
from registry_server.licensing.place_refusals import DomainNotAllowed
from registry_server.licensing.refusals import BadTerms, NoSuchHolder, NoSuchLicense
from registry_server.licensing.rules import License
from registry_server.licensing.signing import signing
from registry_server.licensing.standing import REFUSED


def issue(call: Call, ask: IssueLicense) -> Issued:
    """A license for an account, by an admin or the pack's own publisher."""
    plan = _plan(call, ask)
    asking.check_sells(call, plan)
    order = Order(_account(call, ask.holder), plan, ask.quantity, ask.awaiting, ask.note)
    outcome = actions.issue(call, order)
    return Issued(license=views.license_view(call, outcome.license), key=outcome.key or "", outcome=outcome.outcome)


def list_licenses(call: Call, ask: ListLicenses) -> LicenseList:
    """One's own; of a pack that one sells all; and an admin's look at everybody's."""
    wanted = []
    everything = ask.everybody and asking.is_admin(call)
    selling_it = ask.everybody and ask.pack is not None and asking.acts_for(call, ask.pack)
    if not (everything or selling_it):
        wanted.append(store.of_account(asking.account_of(call) or 0, call.actor.member or 0))
    if ask.pack is not None:
        wanted.append(store.of_pack(str(ask.pack)))
    if ask.holder is not None:
        wanted.append(store.of_holder(_account(call, ask.holder)))
    key = read_cursor(ask.cursor, tuple[int])
    found = store.page(call.db, wanted, None if key is None else key[0], ask.limit + 1)
    shown = found[: ask.limit]
    more = write_cursor((shown[-1].id,)) if len(found) > ask.limit else ""
    return LicenseList(licenses=views.license_views(call, shown), cursor=more)


def show(call: Call, ask: AskLicense) -> LicenseDetail:
    """A license with its machines, persons and history."""
    license, whole = asking.seen(call, ask.id)
    return views.detail(call, license, whole=whole)


def validate(call: Call, ask: ValidateLicense) -> Validation:
    """Whether a license is good for something, by key or by id. An unknown key is an answer, not a failure."""
    if bool(ask.key) == (ask.id is not None):
        raise BadRequest("key", "exactly one of key and id is given")
    if ask.key:
        license = store.find_by_key(call.db, signing(call.world).kept(ask.key))
    else:
        license = store.find(call.db, asking.number_of(ask.id or "L-0"))
    if license is None or (ask.id is not None and not (asking.may_activate(call, license) or asking.is_admin(call))):
        return Validation(valid=False, code=NoSuchLicense.code)
    code = _why_not(call, license, ask)
    return Validation(
        valid=not code,
        id=str(license),
        pack=license.pack_key,
        status=license.status(call.now).value,
        code=code,
        ends_at=license.facts.ends_at,
        features=list(license.plan.features),
    )


def renew(call: Call, ask: RenewLicense) -> LicenseView:
    """More time, by whoever sells it. Whoever names the end that they saw may ask again without getting the time twice."""
    license = asking.sold(call, ask.id)
    if ask.ends_at is not None and ask.ends_at != license.facts.ends_at:
        if license.facts.ends_at == ask.ends_at + (license.plan.duration_s or 0) * ask.periods:
            return views.license_view(call, license)
        status = license.status(call.now).value
        raise IllegalEvent(Event.RENEW.value, status, "its end is another one than you saw")
    return _changed(call, license, Event.RENEW, ask.note, periods=ask.periods)


def resize(call: Call, ask: ResizeLicense) -> LicenseView:
    """Another quantity, by whoever sells it."""
    return _changed(call, asking.sold(call, ask.id), Event.RESIZE, ask.note, quantity=ask.quantity)


def cancel(call: Call, ask: ChangeLicense) -> LicenseView:
    """It ends when its time is over."""
    return _changed(call, asking.held(call, ask.id), Event.CANCEL, ask.note)


def resume(call: Call, ask: ChangeLicense) -> LicenseView:
    """It does not end after all."""
    return _changed(call, asking.held(call, ask.id), Event.RESUME, ask.note)


def transfer(call: Call, ask: TransferLicense) -> Issued:
    """Another holder, and another key."""
    outcome = actions.transfer(call, asking.held(call, ask.id), _account(call, ask.to), ask.note)
    return Issued(license=views.license_view(call, outcome.license), key=outcome.key or "", outcome=outcome.outcome)


def suspend(call: Call, ask: ChangeLicense) -> LicenseView:
    """An admin stops it for a while."""
    return _changed(call, actions.get_locked(call, asking.number_of(ask.id)), Event.SUSPEND, ask.note)


def unsuspend(call: Call, ask: ChangeLicense) -> LicenseView:
    """An admin lets it go on."""
    return _changed(call, actions.get_locked(call, asking.number_of(ask.id)), Event.UNSUSPEND, ask.note)


def revoke(call: Call, ask: ChangeLicense) -> LicenseView:
    """An admin ends it for ever."""
    return _changed(call, actions.get_locked(call, asking.number_of(ask.id)), Event.REVOKE, ask.note)


def plans(call: Call, ask: AskPack) -> Plans:
    """The plans that a pack is sold with."""
    return Plans(pack=ask.pack, plans=selling.plans(call, ask.pack))


def set_plan(call: Call, ask: SetPlan) -> Plans:
    """A plan as it is sold from now on."""
    if ask.terms.id != ask.plan:
        raise BadTerms(f"its id is {ask.terms.id}, not {ask.plan}")
    return Plans(pack=ask.pack, plans=selling.set_plan(call, ask.pack, ask.terms))


def drop_plan(call: Call, ask: DropPlan) -> Plans:
    """A plan that is sold no more."""
    return Plans(pack=ask.pack, plans=selling.drop_plan(call, ask.pack, ask.plan))


def _plan(call: Call, ask: IssueLicense) -> Plan:
    if ask.terms is not None:
        if ask.pack is not None and ask.terms.pack != ask.pack:
            raise BadTerms(f"it is not for {ask.pack}")
        if ask.terms.pack is not None:
            catalog.get(call, ask.terms.pack)
        return ask.terms
    if ask.pack is None:
        raise BadRequest("pack", "one of pack and terms is given")
    return selling.get(call, ask.pack, ask.plan)


def _account(call: Call, name: str) -> int:
    found = accounts.find_account(call.db, name)
    if found is None or not found.is_active:
        raise NoSuchHolder(name)
    return found.id


def _changed(
    call: Call, license: License, event: Event, note: str, *, periods: int = 1, quantity: int | None = None
) -> LicenseView:
    return views.license_view(call, actions.change(call, license, event, note, periods=periods, quantity=quantity))


def _why_not(call: Call, license: License, ask: ValidateLicense) -> str:
    """The code of what the license is not good for; empty where it is good for all that was asked."""
    refused = REFUSED.get(license.status(call.now))
    pack = ask.pack or license.plan.pack
    if refused is None and pack is not None:
        refused = _use(call, license, pack, ask.version).refused
    if refused is not None:
        return refused.code
    if ask.domain and not domain_allowed(license.plan.domains, ask.domain):
        return DomainNotAllowed.code
    return ""


@dataclass(frozen=True)
class _AnyPlace:
    """A place that is held: whether the asker has one is not asked."""

    expires_at: int
    ended_at: int | None = None


def _use(call: Call, license: License, pack: PackName, version: Version | None) -> Use:
    """What may be done with a release, or, without a version, with a pack at all."""
    found = next((one for one in catalog.releases(call, pack) if one.version == version), None)
    right = Right.of(license.plan, license.facts.starts_at)
    if version is None:
        right = replace(right, versions=None)
    release = Release(
        pack=pack,
        version=version or Version(0, 0, 0),
        at=license.facts.starts_at if found is None else found.published_at,
        category=asking.category_of(call, pack),
    )
    return may_use(right, license.facts, _AnyPlace(call.now + 1), release, call.now)


BINDINGS = (
    bind(ISSUE, issue),
    bind(LIST, list_licenses),
    bind(SHOW, show),
    bind(VALIDATE, validate),
    bind(RENEW, renew),
    bind(RESIZE, resize),
    bind(CANCEL, cancel),
    bind(RESUME, resume),
    bind(TRANSFER, transfer),
    bind(SUSPEND, suspend),
    bind(UNSUSPEND, unsuspend),
    bind(REVOKE, revoke),
    bind(PLANS, plans),
    bind(SET_PLAN, set_plan),
    bind(DROP_PLAN, drop_plan),
    *machines.BINDINGS,
    *persons.BINDINGS,
    *runs.BINDINGS,
    *ci_allowing.BINDINGS,
    *closed.BINDINGS,
)

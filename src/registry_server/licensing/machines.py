"""Answers about machines: activate, refresh, deactivate, license files and receipts."""

from dataclasses import dataclass

from packspec.licenses.events import Event
from packspec.licenses.files import LicenseFile as FileText
from packspec.licenses.files import Receipt, Request
from packspec.licenses.jwk import Jwk
from packspec.licenses.proof import Proof
from packspec.licenses.token import OtherRegistry
from packspec.protocol.activations import (
    ACTIVATE,
    DEACTIVATE,
    HAND_IN_RECEIPT,
    REFRESH,
    SIGN_FILE,
    Activate,
    Activated,
    Deactivate,
    Deactivated,
    DeviceKey,
    HandInReceipt,
    LicenseFile,
    Refresh,
    SignRequest,
)
from packspec.protocol.licenses import ActivationView, LicenseView
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.http.problems import BadRequest
from registry_server.licensing import actions, activating, asking, places, rules, store, views
from registry_server.licensing.activating import Placed, Wish
from registry_server.licensing.place_refusals import (
    DeviceCloned,
    NoProof,
    NoSuchActivation,
    NotForThisPack,
    ReceiptOutdated,
    RequestUsed,
)
from registry_server.licensing.rules import Activation, License
from registry_server.licensing.signing import Signing, signing, status_uri, token
from registry_server.licensing.standing import check_usable


def activate(call: Call, ask: Activate) -> Activated:
    """Takes a place for a device, or finds the one that it has. Others wait for that, so keys are read before it and used after it."""
    device = device_of(ask.device)
    proof = asking.proof_of(call)
    asking.check_same_device(proof, device)
    by = signing(call.world)
    key = by.kept(ask.key) if ask.key else ""
    with call.writing() as writing:
        shown = _activate(writing, ask, device, key, "" if proof is None else proof.nonce)
    return signed(by, shown)


def _activate(call: Call, ask: Activate, device: str, key: str, nonce: str) -> "Shown":
    license = asking.to_activate(call, ask.id, key)
    wish = Wish(
        instance_id=device,
        pool=license.pool,
        label=ask.label,
        host_hash=ask.host_hash,
        domain=ask.domain,
        member=call.actor.member,
        is_holder=asking.is_holder(call, license),
        nonce=nonce,
    )
    return show(call, activating.take(call, license, wish))


@dataclass(frozen=True)
class _Cloned:
    """What a refresh found that must be kept, although the request is refused."""

    license: License
    activation: Activation


def refresh(call: Call, ask: Refresh) -> Activated:
    """A new token: a refusal for a copied device is written down before it is given."""
    proof = asking.proof_of(call)
    by = signing(call.world)
    with call.writing() as writing:
        found = _refresh(writing, ask, proof)
    if isinstance(found, _Cloned):
        raise DeviceCloned(found.license.pack_key, str(found.activation))
    return signed(by, found)


def _refresh(call: Call, ask: Refresh, proof: Proof | None) -> "Shown | _Cloned":
    license, activation, is_device = _of_asker(call, ask.id, proof)
    if is_device and proof is not None and not rules.follows(activation, proof.nonce):
        _note_clone(call, license, activation)
        return _Cloned(license, activation)
    if activation.ended_at is None:
        held = activating.extend(call, license, activation, proof.nonce if is_device and proof is not None else "")
        return show(call, Placed(license, held, is_new=False))
    if activation.ended_reason != "lease":
        if license.reason != Event.TRANSFER:  # given away: whoever has it now may let this machine in again
            check_usable(license, call.now)  # a license that ended says why it took the place
        raise activating.not_activated(license)
    again = Wish(
        instance_id=activation.instance_id,
        pool=activation.pool,
        label=activation.label,
        host_hash=activation.host_hash,
        domain=activation.domain,
        member=activation.member_id,
    )
    return show(call, activating.take(call, license, again))


def deactivate(call: Call, ask: Deactivate) -> Deactivated:
    """Gives a place back."""
    license, activation, _ = _of_asker(call, ask.id, asking.proof_of(call))
    return _ended(call, license, activation, "given-back")


def sign_file(call: Call, ask: SignRequest) -> LicenseFile:
    """Answers a request file. The same request again gets the same place as long as that is held, and no other."""
    request, device = Request.read(ask.request)
    by = signing(call.world)
    if request.iss != by.origin:
        raise OtherRegistry(by.origin, request.iss)
    request.check_age(call.now)
    with call.writing() as writing:
        shown = _place_for_file(writing, ask.id, request, device.thumbprint)
    placed = shown.placed
    status_list = call.world.public.read(status_uri(placed.license.status_index))
    file = FileText(
        packctl_license=1,
        token=token(by, placed.license, placed.activation, device.thumbprint, shown.at),
        status_list="" if status_list is None else status_list.decode("ascii"),
    )
    return LicenseFile(file=file.encode().decode(), activation=shown.activation, is_new=placed.is_new)


def _place_for_file(call: Call, id: str, request: Request, device: str) -> "Shown":
    license = asking.held(call, id)
    if request.license not in ("", str(license)) or not asking.is_for(call, license, request.pack):
        raise NotForThisPack(str(license), str(request.pack))
    answered = places.by_request(call.db, license.id, request.id)
    if answered is not None and (answered.ended_at is not None or answered.instance_id != device):
        raise RequestUsed(str(request.pack))
    wish = Wish(
        instance_id=device,
        pool=license.pool,
        label=request.label,
        host_hash=request.host_hash,
        domain=request.domain,
        member=call.actor.member,
        is_holder=True,
        request_id=request.id,
        lease_s=rules.file_lease_seconds(license),
    )
    return show(call, activating.take(call, license, wish))


def hand_in_receipt(call: Call, ask: HandInReceipt) -> Deactivated:
    """Frees the place that a device gave back without network. Whoever carries the receipt needs no login: the device signed it."""
    receipt, device = Receipt.read(ask.receipt)
    origin = signing(call.world).origin
    if receipt.iss != origin:
        raise OtherRegistry(origin, receipt.iss)
    number = receipt.jti.removeprefix("A-")
    found = places.find(call.db, int(number)) if number.isascii() and number.isdecimal() and len(number) < 16 else None
    if found is None or found.instance_id != device.thumbprint:
        raise NoSuchActivation(receipt.jti[:20])
    license = actions.get_locked(call, found.license_id)
    activation = places.find(call.db, found.id) or found
    if activation.ended_at is None and receipt.iat < activation.seen_at:
        raise ReceiptOutdated(license.pack_key, str(activation))
    return _ended(call, license, activation, "receipt")


def _of_asker(call: Call, id: str, proof: Proof | None) -> tuple[License, Activation, bool]:
    """An activation with its locked license, and whether its own device asks. Raises NoSuchActivation, NoProof."""
    found = places.find(call.db, asking.number_of(id))
    if found is None:
        raise NoSuchActivation(id) if proof or not call.actor.is_visitor else NoProof(id)
    license = actions.get_locked(call, found.license_id)
    activation = places.find(call.db, found.id) or found  # as it is now that nobody else changes it
    if proof is not None and proof.device == activation.instance_id:
        return license, activation, True
    if asking.is_holder(call, license) or _is_own(call, activation):
        return license, activation, False
    raise NoSuchActivation(id) if proof or not call.actor.is_visitor else NoProof(id)


def _is_own(call: Call, activation: Activation) -> bool:
    """Whether the asker took this place by their own login."""
    return (
        call.actor.has_scope("license") and call.actor.member is not None and call.actor.member == activation.member_id
    )


def _note_clone(call: Call, license: License, activation: Activation) -> None:
    """Once an hour and machine at most, so that one that asks again and again does not fill the history."""
    lately = store.happened(call.db, license.id, rules.CLONED, call.now - 3599, call.now)
    if any(one.facts["activation"] == str(activation) for one in lately):
        return
    actions.note(call, license, rules.CLONED, {"activation": str(activation), "machine": activation.called})


def _ended(call: Call, license: License, activation: Activation, reason: str) -> Deactivated:
    was_live = activation.ended_at is None
    ended = activating.end(call, license, activation, reason)
    return Deactivated(activation=views.activation_view(call, ended), license=str(license), is_new=was_live)


@dataclass(frozen=True)
class Shown:
    """A place as it is told, while it is not stored yet: without the token, for which no transaction need be open."""

    placed: Placed
    activation: ActivationView
    license: LicenseView
    at: int


def show(call: Call, placed: Placed) -> Shown:
    """What is told of a place."""
    return Shown(
        placed,
        activation=views.activation_view(call, placed.activation),
        license=views.license_view(call, placed.license, placed.used),
        at=call.now,
    )


def signed(by: Signing, shown: Shown, device: str = "") -> Activated:
    """The place, once it is stored, with its token, which is bound to `device`: by default the one that the place is called by."""
    placed = shown.placed
    bound_to = device or placed.activation.instance_id
    return Activated(
        activation=shown.activation,
        token=token(by, placed.license, placed.activation, bound_to, shown.at),
        nonce=placed.activation.nonce,
        license=shown.license,
        is_new=placed.is_new,
    )


def device_of(key: DeviceKey) -> str:
    """The name of a device. Raises BadRequest for what is no key."""
    try:
        return Jwk(key.kty, key.crv, key.x, key.y).thumbprint
    except ValueError as error:
        raise BadRequest("device", str(error)) from error


BINDINGS = (
    bind(ACTIVATE, activate),
    bind(REFRESH, refresh),
    bind(DEACTIVATE, deactivate),
    bind(SIGN_FILE, sign_file),
    bind(HAND_IN_RECEIPT, hand_in_receipt),
)

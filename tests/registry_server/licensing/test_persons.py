"""Seats of persons over the wire, families, what somebody may use, and who used what."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from packspec.errors import Conflict, Invalid, NotFound, Unlicensed
from packspec.licenses import jose
from packspec.licenses.jwk import KeySet
from packspec.licenses.plans import Plan
from packspec.protocol.endpoint import Nothing
from packspec.protocol.licenses import AskLicense, Issued
from packspec.protocol.seats import (
    ASSIGN_SEAT,
    ENTITLEMENTS,
    IMPORT_SEATS,
    RELEASE_SEAT,
    SEATS,
    USE,
    AskUse,
    AssignSeat,
    ImportSeats,
    ReleaseSeat,
    SeatReport,
)
from registry_server.accounts.tables import account, member
from registry_server.licensing import places
from registry_server.licensing.rules import Seat
from registry_server.licensing.signing import signing
from tests.registry_server.licensing.conftest import DAY, Shop

Terms = Callable[..., Plan]


@pytest.fixture
def school(shop: Shop, terms: Terms) -> tuple[Issued, str]:
    """A license for three named persons, and the token of its holder."""
    name, token = shop.customer()
    return shop.issue(name, terms(kind="institution", unit="seat", max_users=1, max_instances=2), quantity=3), token


def assign(shop: Shop, school: tuple[Issued, str], person: str) -> list[str]:
    ask = AssignSeat(id=school[0].license.id, member=person)
    return [seat.member for seat in shop.registry.call(ASSIGN_SEAT, ask, school[1]).seats]


def imported(shop: Shop, school: tuple[Issued, str], csv: str, dry_run: bool = False) -> SeatReport:
    return shop.registry.call(IMPORT_SEATS, ImportSeats(id=school[0].license.id, csv=csv, dry_run=dry_run), school[1])


def test_only_persons_with_a_seat_activate_and_losing_it_ends_their_machines(
    shop: Shop, school: tuple[Issued, str]
) -> None:
    sold, owner = school
    name, token = shop.customer()
    device = shop.device()
    with pytest.raises(NotFound):
        device.activate(sold.license.id, token=token)
    with pytest.raises(Unlicensed) as caught:
        device.activate(sold.license.id, sold.key, token)
    assert caught.value.code == "licensing.member-not-seated"
    assert assign(shop, school, name) == [name]
    assert device.activate(sold.license.id, token=token).activation.member == name
    ask = ReleaseSeat(id=sold.license.id, member=name)
    assert shop.registry.call(RELEASE_SEAT, ask, owner).seats == []
    assert not shop.registry.call(RELEASE_SEAT, ask, owner).is_new
    with pytest.raises(Unlicensed) as gone:
        device.refresh()
    assert gone.value.code == "licensing.not-activated"


def test_nobody_takes_over_a_machine_of_somebody_with_a_seat_without_one(
    shop: Shop, school: tuple[Issued, str]
) -> None:
    sold, owner = school
    name, token = shop.customer()
    _, without = shop.customer()
    assign(shop, school, name)
    device = shop.device()
    device.activate(sold.license.id, token=token)
    with pytest.raises(Unlicensed) as caught:
        device.copy().activate(sold.license.id, sold.key, without)
    assert caught.value.code == "licensing.member-not-seated"
    assert device.activate(sold.license.id, sold.key).activation.member == name
    shop.registry.call(RELEASE_SEAT, ReleaseSeat(id=sold.license.id, member=name), owner)
    with pytest.raises(Unlicensed) as gone:
        device.refresh()
    assert gone.value.code == "licensing.not-activated"


def test_the_holder_takes_a_seat_by_activating(shop: Shop, school: tuple[Issued, str]) -> None:
    sold, owner = school
    shop.device().activate(sold.license.id, token=owner)
    assert [seat.member for seat in shop.registry.call(SEATS, AskLicense(id=sold.license.id), owner).seats] == [
        sold.license.holder
    ]


def test_the_last_seat_is_the_last_and_having_one_already_is_fine(shop: Shop, school: tuple[Issued, str]) -> None:
    people = [shop.customer()[0] for _ in range(4)]
    for person in people[:3]:
        assign(shop, school, person)
    assert assign(shop, school, people[0]) == people[:3]
    with pytest.raises(Unlicensed) as caught:
        assign(shop, school, people[3])
    assert caught.value.code == "licensing.no-seat-left"
    with pytest.raises(NotFound):
        assign(shop, school, "nobody-here")


def test_a_list_gives_seats_to_all_or_to_nobody(shop: Shop, school: tuple[Issued, str]) -> None:
    people = [shop.customer()[0] for _ in range(4)]
    assign(shop, school, people[0])
    good = f"name,member\nA,{people[0]}\n\nB,{people[1]}\nC,{people[2]}\nC again,{people[2]}\n"
    rehearsed = imported(shop, school, good, dry_run=True)
    assert (rehearsed.done, rehearsed.assigned, rehearsed.persons_used) == (False, 2, 1)
    assert [(line.line, line.outcome) for line in rehearsed.lines] == [
        (2, "had-one"),
        (4, "assigned"),
        (5, "assigned"),
        (6, "had-one"),
    ]
    bad = f"{people[1]}\nnobody-here\nM-\u0661\n"
    refused = imported(shop, school, bad)
    assert (refused.done, refused.assigned, refused.persons_used) == (False, 0, 1)
    assert [line.outcome for line in refused.lines] == [
        "assigned",
        "licensing.no-such-holder",
        "licensing.no-such-holder",
    ]
    too_many = imported(shop, school, "\n".join(people))
    assert [line.outcome for line in too_many.lines] == ["had-one", *["licensing.no-seat-left"] * 3]
    assert imported(shop, school, good) == SeatReport(
        done=True, assigned=2, lines=rehearsed.lines, persons=3, persons_used=3
    )


def test_the_seats_that_are_taken_are_looked_up_once_for_a_list(
    shop: Shop, terms: Terms, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, token = shop.customer()
    sold = shop.issue(name, terms(kind="institution", unit="seat"), quantity=50), token
    crowd = grow_family(shop, name, 50)
    looked: list[int] = []
    look = places.seats

    def looking(*words: Any) -> list[Seat]:
        looked.append(1)
        return look(*words)

    monkeypatch.setattr(places, "seats", looking)
    report = imported(shop, sold, "\n".join(f"M-{one}" for one in crowd))
    assert (report.done, report.persons_used) == (True, 50)
    assert len(looked) < 5


@pytest.mark.parametrize(("csv", "says"), [("", "it names nobody"), ('"a\nb', "unexpected end of data")])
def test_what_is_no_list_is_refused(shop: Shop, school: tuple[Issued, str], csv: str, says: str) -> None:
    with pytest.raises(Invalid) as caught:
        imported(shop, school, csv)
    assert caught.value.code == "licensing.bad-seat-list"
    assert says in caught.value.what()


def test_a_license_that_counts_machines_has_no_seats(shop: Shop) -> None:
    name, token = shop.customer()
    sold = shop.issue(name)
    with pytest.raises(Conflict) as caught:
        assign(shop, (sold, token), name)
    assert caught.value.code == "licensing.no-seats"


def test_a_family_shares_one_license_with_four_children_of_its_own(shop: Shop, terms: Terms) -> None:
    name, token = shop.customer()
    sold = shop.issue(name, terms(unit="family", max_instances=2))
    children = grow_family(shop, name, 5)
    for child in children[:4]:
        assign(shop, (sold, token), f"M-{child}")
    with pytest.raises(Unlicensed):
        assign(shop, (sold, token), f"M-{children[4]}")
    with pytest.raises(NotFound):
        assign(shop, (sold, token), shop.customer()[0])
    shop.device().activate(sold.license.id, token=token)  # adults need no seat


def grow_family(shop: Shop, name: str, children: int) -> list[int]:
    """Makes the account of a person one of a family with children; there is no call for that yet."""
    with shop.registry.world.database.writing() as db:
        (family,) = db.execute(sa.select(account.c.id).where(account.c.name == name)).scalars()
        db.execute(account.update().where(account.c.id == family).values(kind="family"))
        values = {"account_id": family, "kind": "child", "display_name": "child", "is_owner": False, "created_at": 1}
        return [
            int(db.execute(member.insert().values(**values).returning(member.c.id)).scalar_one())
            for _ in range(children)
        ]


def test_entitlements_tell_a_resolver_what_is_there(shop: Shop, school: tuple[Issued, str], terms: Terms) -> None:
    sold, owner = school
    name, token = shop.customer()
    assign(shop, school, name)
    mine = shop.issue(name, terms(updates_s=365 * DAY, features=("early-access",)))
    answer = shop.registry.call(ENTITLEMENTS, Nothing(), token)
    by_license = {one.license: one for one in answer.entitlements}
    assert by_license.keys() == {sold.license.id, mine.license.id}
    seat = by_license[sold.license.id]
    assert (seat.persons, seat.persons_free, seat.machines_free, seat.has_seat) == (3, 2, 6, True)
    own = by_license[mine.license.id]
    assert (own.features, own.updates_until) == (["early-access"], mine.license.starts_at + 365 * DAY)
    public = signing(shop.registry.world).keys.signing.public
    signed = jose.read(answer.signed, "packctl-entitlements+jwt").by(KeySet.of([public]))
    claims = json.loads(signed)
    assert (claims["iss"], claims["sub"], claims["exp"]) == ("registry.test/log", name, answer.at + DAY)
    assert [one["license"] for one in claims["entitlements"]] == [one.license for one in answer.entitlements]
    (theirs,) = shop.registry.call(ENTITLEMENTS, Nothing(), owner).entitlements
    assert not theirs.has_seat


def test_the_true_up_report_tells_who_used_what_when_and_the_most_at_once(shop: Shop) -> None:
    name, token = shop.customer()
    sold = shop.issue(name)
    start = shop.registry.clock()
    devices = [shop.device() for _ in range(3)]
    for number, device in enumerate(devices):
        device.activate(sold.license.id, sold.key, label=f"pc-{number}")
        shop.registry.clock.advance(days=1)
        if number == 0:
            device.deactivate()
    report = shop.registry.call(USE, AskUse(id=sold.license.id, since=start), token)
    assert (report.machines_most, report.ci_most, report.persons_most) == (2, 0, 0)
    assert [(one.label, one.ended_at) for one in report.activations] == [
        ("pc-0", start + DAY),
        ("pc-1", None),
        ("pc-2", None),
    ]
    earlier = shop.registry.call(USE, AskUse(id=sold.license.id, since=start, until=start + DAY - 1), token)
    assert [one.label for one in earlier.activations] == ["pc-0"]

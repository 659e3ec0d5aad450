"""What an account's licenses say of a pack that no license of the machine covers. Pure."""

from typing import Any

import pytest
from msgspec.structs import replace

from packctl.licenses.account import of_account
from packspec.protocol.seats import Entitlement, Entitlements
from tests.packctl.licenses.test_cover import DAY, release
from tests.support.signing import START

RIGHT = Entitlement(license="L-1", pack="acme/pro", status="active", machines_free=1)


def right(license: str = "L-1", **fields: object) -> Entitlement:
    return replace(RIGHT, license=license, **fields)


SEATLESS: dict[str, Any] = {"has_seat": False, "persons": 25, "persons_free": 2}
SEAT = "you have no seat of license L-1 of your account; 2 of 25 seats are free (packctl license seat add acme/pro mia)"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([], None),
        ([right()], "license L-1 of your account has 1 machine free (packctl license activate acme/pro)"),
        ([right(**SEATLESS)], SEAT),
        (
            [right(**SEATLESS | {"persons_free": 0})],
            "all seats of license L-1 of your account are taken (packctl license seat list acme/pro)",
        ),
        (
            [right(machines_free=0)],
            "all machines of license L-1 of your account are in use (packctl license use acme/pro)",
        ),
        ([right(status="past_due")], "license L-1 of your account is past due (packctl license list --remote)"),
        ([right("L-2", status="expired"), right(**SEATLESS)], SEAT),  # what is nearest is told
        ([right(pack="acme/icons")], None),
        ([right(versions="^2")], None),
        ([right(updates_until=START - 2 * DAY)], None),
        (
            [right(pack="plan:all", covers=["acme/*"])],
            "license L-1 of your account has 1 machine free (packctl license activate L-1)",
        ),
    ],
)
def test_what_is_free_in_the_licenses_of_an_account_is_told(found: list[Entitlement], told: str | None) -> None:
    answer = of_account(Entitlements(at=START, account="mia", entitlements=found), release())
    assert (None if answer is None else f"{answer.said} ({answer.command})") == told

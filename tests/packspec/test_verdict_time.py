"""The time of an entry is the server's word; how far it is believed."""

import pytest

from packspec.verdict import check_release
from tests.support.ledger import DAY, Ledger
from tests.support.signing import START


@pytest.mark.parametrize(("signed_at", "expected"), [
    (START + 13 * DAY - 601, ["trust.key-too-young"]),
    (START + 13 * DAY - 600, []),  # as far as clocks may differ
])  # fmt: skip
def test_R5_an_entry_is_not_dated_past_a_cooldown(signed_at: int, expected: list[str]) -> None:
    ledger = Ledger()
    ledger.register()
    ledger.add_root(ledger.next_root(release=("release", "fresh")), at=START + 10 * DAY)
    ledger.publish("1.3.0", signers=("fresh",), at=START + 400 * DAY)
    ledger.at = signed_at
    assert [fault.code for fault in check_release(ledger.evidence("1.3.0")).faults] == expected

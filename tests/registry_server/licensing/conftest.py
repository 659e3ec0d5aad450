"""One registry for all tests of a module; each sells to people of its own, so that they do not meet."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.licenses import ISSUE, Issued, IssueLicense
from tests.registry_server.conftest import registry_of
from tests.support.devices import Device
from tests.support.registry import Registry

PACK = PackName("acme/pro")
DAY = 86_400


class Shop:
    """A registry with one pack for sale, an admin, and customers with numbers."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        plan = [
            {"id": "perpetual", "kind": "perpetual", "amount": "12.00", "currency": "EUR", "machines": 3},
            {"id": "yearly", "kind": "subscription", "amount": "5.00", "currency": "EUR", "duration": "52w", "machines": 2},
            {"id": "trial", "kind": "trial", "duration": "14d"},
        ]  # fmt: skip
        registry.publish("acme/pro", "1.0.0", {"a.txt": b"a"}, tables={"plans": plan})
        self.number = 0
        self._admin = ("", 0)

    @property
    def admin(self) -> str:
        """The token of an admin, a new one where the test's clock has passed the end of the last."""
        token, ends_at = self._admin
        if self.registry.clock() >= ends_at:
            token = self.registry.admin()
            self._admin = (token, self.registry.clock() + 60 * DAY)
        return token

    def customer(self) -> tuple[str, str]:
        """A person nobody met before: name and token."""
        self.number += 1
        name = f"customer-{self.number}"
        return name, self.registry.account(name)

    def issue(self, holder: str, plan: str | Plan = "perpetual", **fields: object) -> Issued:
        """A license for an account, by an admin."""
        ask = IssueLicense(holder=holder)
        named = {"terms": plan} if isinstance(plan, Plan) else {"pack": PACK, "plan": plan}
        return self.registry.call(ISSUE, replace(ask, **named, **fields), self.admin)

    def device(self) -> Device:
        """A machine nobody met before."""
        return Device(self.registry)


@pytest.fixture(scope="module")
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with registry_of(request.config, tmp_path_factory.mktemp("shop")) as registry:
        yield Shop(registry)


@pytest.fixture(autouse=True)
def back_to_the_beginning(shop: Shop) -> Iterator[None]:
    """Each test moves the clock as it likes; tokens end, so the next begins where this one did."""
    began = shop.registry.clock.now
    yield
    shop.registry.clock.now = began


@pytest.fixture
def terms() -> Callable[..., Plan]:
    """Plans that differ from a perpetual one for one machine in the fields that are given."""

    def make(**fields: object) -> Plan:
        return replace(Plan(id="made", kind="perpetual", pack=PACK), **fields)

    return make

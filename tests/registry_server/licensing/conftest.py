"""One registry for all tests of a module; each sells to people of its own, so that they do not meet."""

from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace

from packspec.errors import PackError
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.activations import LEASE_CI, Activated, LeaseCi
from packspec.protocol.ci_rules import ADD_CI_RULE, CI_RULES, REMOVE_CI_RULE, AddCiRule, CiRules, RemoveCiRule
from packspec.protocol.licenses import ISSUE, AskLicense, Issued, IssueLicense
from tests.registry_server.conftest import registry_of
from tests.support.devices import Device
from tests.support.issuer import CiIssuer, ci_issuer
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


@pytest.fixture
def issuer(shop: Shop) -> Iterator[CiIssuer]:
    with ci_issuer(shop.registry.clock) as made:
        made.trusted_by(shop.registry.world, seconds=30)
        yield made


class Holder:
    """A customer with a license that runs of mia/game may use, unless it is told otherwise."""

    def __init__(self, shop: Shop, repository: str = "mia/game", **rule: object) -> None:
        self.shop = shop
        self.name, self.token = shop.customer()
        self.sold: Issued = shop.issue(self.name)
        self.id = self.sold.license.id
        if repository:
            self.allow(repository, **rule)

    def allow(self, repository: str = "mia/game", **rule: object) -> CiRules:
        ask = replace(AddCiRule(id=self.id, repository=repository), **rule)
        return self.shop.registry.call(ADD_CI_RULE, ask, self.token)

    def rules(self) -> CiRules:
        return self.shop.registry.call(CI_RULES, AskLicense(id=self.id), self.token)

    def forbid(self, rule: str) -> CiRules:
        return self.shop.registry.call(REMOVE_CI_RULE, RemoveCiRule(id=self.id, rule=rule), self.token)


@pytest.fixture
def holder(shop: Shop, issuer: CiIssuer) -> Holder:
    return Holder(shop)


def lease(shop: Shop, identity: str, pack: PackName | None = PACK) -> Activated:
    [got] = shop.registry.call(LEASE_CI, LeaseCi(device=shop.device().jwk, identity=identity, pack=pack)).leases
    return got


def refused(shop: Shop, identity: str) -> PackError:
    """Why no lease is given; and the refusal repeats nothing of the token."""
    answered = shop.registry.ask(LEASE_CI, LeaseCi(device=shop.device().jwk, identity=identity, pack=PACK))
    assert not [part for part in identity.split(".") if len(part) > 20 and part in answered.text]
    with pytest.raises(PackError) as caught:
        lease(shop, identity)
    return caught.value

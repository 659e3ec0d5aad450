"""What is asked of verify."""

from msgspec import Struct

from packctl.verify.result import REQUIRED
from packspec.names import PackName
from packspec.policy import Policy


class Asked(Struct, frozen=True):
    """The moment that is asked about, and the oldest index that its asker accepts (seconds; None: any)."""

    now: int
    max_age: int | None = None

    def oldest(self, policy: Policy) -> int | None:
        """The oldest index that counts as current: what its asker accepts, or `max-index-age` of the policy in force, whichever is less."""
        own = (self.max_age, policy.max_index_age.seconds if policy.max_index_age else None)
        return min((seconds for seconds in own if seconds is not None), default=None)


class Order(Struct, frozen=True):
    """What is asked of verify. `names` empty: every release. `required` are the questions whose answer must be yes."""

    asked: Asked
    names: frozenset[PackName] = frozenset()
    required: frozenset[str] = frozenset(REQUIRED)
    online: bool = False
    strict: bool = False

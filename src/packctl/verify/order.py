"""What is asked of verify."""

from packctl.verify.result import REQUIRED
from packspec.names import PackName
from packspec.values import dataclass


@dataclass(frozen=True)
class Asked:
    """The moment that is asked about, and the oldest index that its asker accepts (seconds; None: any)."""

    now: int
    max_age: int | None = None


@dataclass(frozen=True)
class Order:
    """What is asked of verify. `names` empty: every release. `required` are the questions whose answer must be yes."""

    asked: Asked
    names: frozenset[PackName] = frozenset()
    required: frozenset[str] = frozenset(REQUIRED)
    online: bool = False
    strict: bool = False

"""What rooms remember besides the database: one value of each type, kept by plumbing that knows none of them."""

from typing import TypeVar

T = TypeVar("T")


class Memory:
    """Values by their type. Nothing in it is lost when it is: whoever misses a value makes it again."""

    def __init__(self) -> None:
        self._values: dict[type, object] = {}

    def get(self, kind: type[T]) -> T | None:
        """The value of this type; None if there is none."""
        found = self._values.get(kind)
        return found if isinstance(found, kind) else None

    def keep(self, value: T) -> T:
        """Remembers a value in the place of the one before it, and gives it."""
        self._values[type(value)] = value
        return value

    def take(self, kind: type[T]) -> T | None:
        """The value of this type, which is not remembered any more."""
        found = self.get(kind)
        self._values.pop(kind, None)
        return found

    def clear(self) -> None:
        """Forgets everything."""
        self._values.clear()

"""What must hold before the log grows."""

from dataclasses import dataclass

from packspec.errors import Bug, Damaged, Unavailable


@dataclass(frozen=True)
class End:
    """How many entries there are, and the time of the last: seconds since the epoch, UTC, 0 for none."""

    size: int
    last_at: int


@dataclass(frozen=True)
class Place:
    """Where the next entry goes: its index, and its time (seconds since the epoch, UTC), never before the entry ahead of it."""

    index: int
    at: int


class LogBehind(Unavailable):
    """The database knows fewer entries than the registry has signed: it is an older copy."""

    stored: int
    signed: int

    code = "log.behind"
    retry_after_seconds = 60

    def what(self) -> str:
        return "the registry's database is older than its log, so nothing can be published"

    def facts(self) -> dict[str, str]:
        return {"expected": f"{self.signed} entries", "found": f"{self.stored} entries"}

    def why(self) -> str:
        return "adding to it would give the log a second history; what is published stays installable"

    def fix(self) -> list[str]:
        return ["the registry's operator restores the newest backup of the database"]


class TwoRoots(Bug):
    """Another root was signed for this size before. Signing a second one would fork the log."""

    size: int

    code = "log.two-roots"

    def what(self) -> str:
        return f"the log was about to sign a second root for {self.size} entries"


class TileMissing(Damaged):
    """A tile of the log is not on the static side."""

    path: str

    code = "log.tile-missing"

    def what(self) -> str:
        return f"the static side lacks {self.path}"

    def why(self) -> str:
        return "somebody removed files, or a copy of the data folder is incomplete"

    def fix(self) -> list[str]:
        return ["restore the folder `public` of the data folder from a backup"]


def next_place(end: End, now: int, signed_size: int) -> Place:
    """Where the next entry goes in a log that ends so, of which `signed_size` entries were signed. Raises LogBehind."""
    if signed_size > end.size:
        raise LogBehind(end.size, signed_size)
    return Place(end.size, max(now, end.last_at))

"""The clock guard: a clock that was set back does not lengthen a lease (docs/spec/licenses.md, Time).

Kept is the latest moment that somebody signed (token, status list, timestamp of the registry) and that of the last run, under a code that
only this machine's key can make. A clock more than ten minutes before them is not believed: their moment counts. As soon as the registry
signs something new that agrees with the clock, the moment of the last run is forgotten, so a clock that ran ahead and was put right needs
no repair. What was signed long ago, and is shown once more, does not count for that.
"""

from msgspec import Struct

from packspec import limits


class Seen(Struct, frozen=True):
    """The latest moments that this machine knows of, seconds since 1970, UTC."""

    signed: int = 0
    """Somebody signed it."""
    ran: int = 0
    """This machine's clock said so, at the last run."""

    def believed(self, now: int) -> int:
        """The time to count with: the clock's, or the latest known one where the clock was set back."""
        latest = max(self.signed, self.ran)
        return latest if self.was_set_back(now) else now

    def was_set_back(self, now: int) -> bool:
        """Whether the clock shows more than ten minutes less than what was known."""
        return now < max(self.signed, self.ran) - limits.CLOCK_SLACK_SECONDS

    def after(self, now: int, signed: int, *, fresh: int) -> "Seen":
        """What is known after this run. `signed` is the latest signed moment it met, `fresh` the latest of those that it met for the first
        time: only a clock that agrees with that one, the newest of all, is believed against the last run.
        """
        latest = max(self.signed, signed)
        agrees = fresh >= latest and abs(now - fresh) <= limits.CLOCK_SLACK_SECONDS
        return Seen(latest, now if agrees else max(self.ran, now))

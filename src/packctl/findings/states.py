"""What is worth knowing of a release that fails nothing: a warning, and with `--strict` an error of its kind."""

from collections.abc import Iterable, Iterator

from packspec.errors import AgainstPolicy
from packspec.index import IndexedRelease, RecalledRelease


class ReleaseYanked(AgainstPolicy):
    """A release that is installed was yanked: it stays where it is locked, and is not chosen anew."""

    release: str
    reason: str

    code = "policy.release-yanked"

    def what(self) -> str:
        return f"{self.release} was yanked"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "its publisher does not want it to be chosen any more; what is locked goes on working"

    def fix(self) -> list[str]:
        return [f"packctl update {self.release.rpartition(' ')[0]}"]


class ReleaseDeprecated(AgainstPolicy):
    """A release that is installed is no longer recommended."""

    release: str
    reason: str
    use: str = ""

    code = "catalog.release-deprecated"

    def what(self) -> str:
        return f"{self.release} is deprecated"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason} | ({"use instead": self.use} if self.use else {})

    def why(self) -> str:
        return "its publisher does not recommend it any more"

    def fix(self) -> list[str]:
        pack = self.release.rpartition(" ")[0]
        return [f"packctl add {self.use}"] if self.use else [f"packctl update {pack}"]


class RecalledWithWarning(AgainstPolicy):
    """A release that is installed was recalled with action `warn`."""

    release: str
    reason: str

    code = "policy.release-recalled"

    def what(self) -> str:
        return f"{self.release} was recalled with a warning"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "its registry asks its users to look at the reason, and does not forbid it"

    def fix(self) -> list[str]:
        return [f"packctl update {self.release.rpartition(' ')[0]}"]


class SafetyTooLow(AgainstPolicy):
    """The approvals of a release vouch for less than `min-safety` of the policy asks for."""

    release: str
    expected: str
    found: str

    code = "policy.safety-too-low"

    def what(self) -> str:
        return f"the reviewers of {self.release} vouch for less than the policy asks for"

    def facts(self) -> dict[str, str]:
        return {"min-safety": self.expected, "found": self.found}

    def why(self) -> str:
        return "a release keeps the safety level of its approvals; only another one can have a higher level"

    def fix(self) -> list[str]:
        pack = self.release.rpartition(" ")[0]
        return [f"packctl update {pack}", f"packctl show {pack} --versions"]


def warnings_of(
    name: str, row: IndexedRelease | None, recalls: Iterable[RecalledRelease]
) -> Iterator[RecalledWithWarning | ReleaseYanked | ReleaseDeprecated]:
    """What the registry warns of about a release, by its row in the index and the recalls that hold."""
    for recall in recalls:
        if recall.action == "warn":
            yield RecalledWithWarning(name, recall.reason)
    if row is not None and row.state == "yanked":
        yield ReleaseYanked(name, row.because)
    if row is not None and row.state == "deprecated":
        yield ReleaseDeprecated(name, row.because, str(row.use or ""))

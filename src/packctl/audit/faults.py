"""What an audit has to say that nobody else says: changed keys, fixes that are there, exceptions that ended or cover nothing."""

from packspec.errors import AgainstPolicy, Where


class FixAvailable(AgainstPolicy):
    """There is a newer release that differs in the last number of the version only."""

    release: str
    newer: str

    code = "catalog.fix-available"

    def what(self) -> str:
        return f"{self.release} has a newer fix: {self.newer}"

    def why(self) -> str:
        return "only the last number of the version differs, which by SemVer stands for repairs"

    def fix(self) -> list[str]:
        return [f"packctl update {self.release.rpartition(' ')[0]}"]


class ExceptionExpired(AgainstPolicy):
    """An exception in pack.toml is past its day."""

    id: str
    until: str
    reason: str
    line: int = 0

    code = "policy.exception-expired"

    def what(self) -> str:
        return f"the exception for {self.id} ended on {self.until}"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "an exception holds until its day, so that somebody looks again"

    def fix(self) -> list[str]:
        return ["take it out of pack.toml, or give it a later day and a reason that still holds"]

    def where(self) -> Where:
        return Where("pack.toml", self.line)


class ExceptionUnused(AgainstPolicy):
    """An exception in pack.toml covers nothing."""

    id: str
    path: str = ""
    line: int = 0

    code = "policy.exception-unused"

    def what(self) -> str:
        return f"the exception for {self.id}{f' on {self.path}' if self.path else ''} covers no finding"

    def why(self) -> str:
        return "what it was made for is gone, its path is another one, or the finding is one that cannot be accepted"

    def fix(self) -> list[str]:
        return ["take it out of pack.toml"]

    def where(self) -> Where:
        return Where("pack.toml", self.line)

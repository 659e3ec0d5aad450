"""`Findings`: what a command comes upon while it goes on, each thing once: errors, notices, and both of them as remarks."""

from collections.abc import Iterable

from msgspec import Struct, field

from packctl.findings.remark import Remark, remark_of
from packctl.outcome import Notice
from packspec.errors import PackError


class Findings(Struct):
    """What was wrong, each error once, and what is worth knowing. `strict` takes the second for the first."""

    strict: bool = False
    errors: list[PackError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def add(self, errors: Iterable[PackError], release: str = "") -> None:
        """Notes errors. One that concerns many releases (a publisher's roots, the log) is told once."""
        for error in errors:
            if any(error is one for one in self.errors):
                continue
            self.errors.append(error)
            self.remarks.append(remark_of(error, "error", release))

    def warn(self, error: PackError, release: str = "", line: int = 0) -> None:
        """Notes something that does not fail, unless warnings are errors."""
        if self.strict:
            self.add([error], release)
            return
        self.notices.append(Notice(error.code, error.what(), error.facts(), error.fix()))
        self.remarks.append(remark_of(error, "warning", release, line))

"""Why a pack.lock cannot be used: broken, too new, stale, missing."""

from packspec.digests import Digest
from packspec.errors import Invalid, Stale, Where

FILE = "pack.lock"


class LockBroken(Stale):
    """pack.lock cannot be read."""

    reason: str
    line: int = 0
    lock_file: str = FILE
    """Its path, where it is not the project's own."""

    code = "project.lock-broken"

    def what(self) -> str:
        return f"{self.lock_file} cannot be read: {self.reason}"

    def why(self) -> str:
        return "it is written by packctl; a merge or an edit left something that no packctl writes"

    def fix(self) -> list[str]:
        if self.lock_file != FILE:
            return ["name a lock file as packctl has written it"]
        return [f"git checkout -- {FILE}", "packctl lock"]

    def where(self) -> Where:
        return Where(self.lock_file, self.line)


class LockTooNew(Invalid):
    """pack.lock was written by a later packctl."""

    reason: str
    line: int = 0
    lock_file: str = FILE
    """Its path, where it is not the project's own."""

    code = "project.lock-too-new"

    def what(self) -> str:
        return f"{self.lock_file} needs a newer packctl: {self.reason}"

    def why(self) -> str:
        return "what an older packctl does not know it could overlook"

    def fix(self) -> list[str]:
        return ["python -m pip install --upgrade packctl"]

    def where(self) -> Where:
        return Where(self.lock_file, self.line)


class LockStale(Stale):
    """pack.toml asks for something else than pack.lock was made for, and the lock may not change."""

    expected: Digest
    found: Digest

    code = "project.lock-stale"

    def what(self) -> str:
        return f"{FILE} was not made for this pack.toml"

    def facts(self) -> dict[str, str]:
        return {"pack.toml": self.expected.short, FILE: self.found.short}

    def why(self) -> str:
        return "pack.toml changed after pack.lock was written, and with --locked the lock must not change"

    def fix(self) -> list[str]:
        return ["packctl lock"]

    def where(self) -> Where:
        return Where(FILE, 3)


class LockMissing(Stale):
    """There is no pack.lock where one must be."""

    code = "project.lock-missing"

    def what(self) -> str:
        return f"there is no {FILE}"

    def why(self) -> str:
        return "this works on the versions that the lock names, and chooses none itself"

    def fix(self) -> list[str]:
        return ["packctl lock", "or choose and install in one: packctl install"]

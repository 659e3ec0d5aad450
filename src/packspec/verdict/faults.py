"""What a release check can find besides the faults of the documents themselves."""

from packspec.errors import AgainstPolicy, Untrusted, Where


class NotLogged(Untrusted):
    """R2: an entry is not in the log of the checkpoint at the place that is named."""

    document: str
    index: int
    size: int
    reason: str

    code = "trust.not-logged"

    def what(self) -> str:
        return f"{self.document} is not in the registry's log"

    def facts(self) -> dict[str, str]:
        return {"log entry": str(self.index), "log": f"{self.size} entries", "reason": self.reason}

    def why(self) -> str:
        return "what is not in the log nobody else may ever see"

    def fix(self) -> list[str]:
        return ["do not use the release, and report it to the registry's operator"]


class LogMismatch(Untrusted):
    """R3: the log entry of a release is about something else."""

    release: str
    field: str
    expected: str
    found: str

    code = "trust.log-mismatch"

    def what(self) -> str:
        return f"the log entry of {self.release} is about another {self.field}"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "what was published for all to see is not what is shown here"

    def fix(self) -> list[str]:
        return ["do not use the release, and report it to the registry's operator"]


class IndexMismatch(Untrusted):
    """R7: the index says something about a release that its publisher, or its reviewers, did not sign."""

    release: str
    field: str
    expected: str
    found: str

    code = "trust.index-mismatch"

    def what(self) -> str:
        return f"the index lists {self.release} with another {self.field}"

    def facts(self) -> dict[str, str]:
        return {"signed": self.expected, "in the index": self.found}

    def why(self) -> str:
        return "what the resolver was told must be what was signed"

    def fix(self) -> list[str]:
        return ["do not use the release, and report it to the registry's operator"]


class LockMismatch(Untrusted):
    """R8: the lock says something else about a release than its documents do."""

    release: str
    field: str
    expected: str
    found: str
    line: int = 0

    code = "trust.lock-mismatch"

    def what(self) -> str:
        return f"{self.release} is not what pack.lock recorded: {self.field}"

    def facts(self) -> dict[str, str]:
        return {"in the lock": self.expected, "found": self.found}

    def why(self) -> str:
        return "pack.lock was edited, or the registry shows another release under this name and version"

    def fix(self) -> list[str]:
        return ["git checkout -- pack.lock", "packctl verify --online"]

    def where(self) -> Where:
        return Where("pack.lock", self.line)


class ReleaseUnlisted(Untrusted):
    """I6: a release that was listed is no longer in its pack's index."""

    release: str

    code = "trust.release-unlisted"

    def what(self) -> str:
        return f"{self.release} is no longer in the registry's index"

    def why(self) -> str:
        return "releases stay listed for ever, yanked and recalled ones too"

    def fix(self) -> list[str]:
        return ["report it to the registry's operator and to the publisher"]


class ReleaseRecalled(AgainstPolicy):
    """A release was called back with action `stop`."""

    release: str
    reason: str
    replacement: str = ""
    at: str = ""
    """The day, in UTC."""
    note: str = ""
    """What the publisher or the registry says about it; public."""
    place: str = ""
    """Where the person's files name it."""
    command: str = ""
    """What gets another release, where an update inside the person's ranges would not."""

    code = "policy.release-recalled"

    def what(self) -> str:
        return f"{self.release} was recalled on {self.at}" if self.at else f"{self.release} was recalled"

    def facts(self) -> dict[str, str]:
        facts = {
            "reason": f'{self.reason}: "{self.note}"' if self.note else self.reason,
            "from": self.place,
            "use instead": self.replacement,
        }
        return {label: text for label, text in facts.items() if text}

    def why(self) -> str:
        return "it was called back: nobody should use it"

    def fix(self) -> list[str]:
        pack = self.release.rpartition(" ")[0]
        return [self.command or f"packctl update {pack}"]

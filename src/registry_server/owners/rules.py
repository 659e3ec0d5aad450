"""Refusals about the keys of publishers."""

from packspec.digests import Digest
from packspec.errors import AgainstPolicy, Conflict, NotFound
from packspec.names import PublisherName


class RootSuperseded(Conflict):
    """Another root came into force since this one was begun."""

    publisher: PublisherName
    version: int
    expected: Digest
    found: Digest

    code = "publishers.root-superseded"

    def what(self) -> str:
        return f"the keys of {self.publisher} were changed by somebody else meanwhile"

    def facts(self) -> dict[str, str]:
        return {"made from": self.expected.labelled, "in force": f"root {self.version}, {self.found.labelled}"}

    def why(self) -> str:
        return "a root names the one before it, so of two that were begun from the same one only the first follows"

    def fix(self) -> list[str]:
        return [
            f"packctl publisher show {self.publisher}",
            "then run the command again; it starts from the keys of now",
        ]


class OtherRootWaits(Conflict):
    """A proposal would take the place of another one that waits."""

    publisher: PublisherName
    version: int
    waiting: Digest

    code = "publishers.other-root-waits"

    def what(self) -> str:
        return f"another change of the keys of {self.publisher} waits for signatures"

    def facts(self) -> dict[str, str]:
        return {"waiting": f"root {self.version}, {self.waiting.labelled}"}

    def why(self) -> str:
        return "owners should sign one change at a time; one that has all its signatures is taken at once in any case"

    def fix(self) -> list[str]:
        return [
            f"packctl publisher sign {self.publisher}",
            f"take it back: packctl publisher sign {self.publisher} --discard",
        ]


class NoRootWaiting(NotFound):
    """No change of keys waits for signatures, or it is another one."""

    publisher: PublisherName

    code = "publishers.no-root-waiting"

    def what(self) -> str:
        return f"no such change of the keys of {self.publisher} waits for signatures"

    def why(self) -> str:
        return "it got its last signature, was taken back, or another one came into force"

    def fix(self) -> list[str]:
        return [f"packctl publisher show {self.publisher}"]


class ReviewersKey(AgainstPolicy):
    """A publisher's root lists the public key of a reviewer."""

    publisher: PublisherName
    reviewer: str
    fingerprint: str

    code = "publishers.reviewers-key"

    def what(self) -> str:
        return f"{self.publisher} cannot have the key {self.fingerprint}: it is that of the reviewer {self.reviewer}"

    def why(self) -> str:
        return "nobody approves what they publish, and the approvals given with this key would count for none of its releases"

    def fix(self) -> list[str]:
        return ["packctl key generate NAME", "and use that key instead"]

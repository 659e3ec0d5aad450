"""What can be wrong with a change of keys before it is sent."""

from packctl.ui.table import many
from packspec.errors import Conflict, Invalid, NotFound, Untrusted
from packspec.names import PublisherName


class KeyNotListed(NotFound):
    """The publisher has no such key."""

    publisher: PublisherName
    role: str
    asked: str
    others: tuple[str, ...]

    code = "publish.key-not-listed"

    def what(self) -> str:
        return f"{self.publisher} has no {self.role} {self.asked[:80]!r}"

    def facts(self) -> dict[str, str]:
        return {"has": ", ".join(self.others)}

    def fix(self) -> list[str]:
        return [f"packctl publisher show {self.publisher}"]


class OtherRole(Conflict):
    """The key stands in the publisher's root already, as something else."""

    publisher: PublisherName
    key: str
    role: str

    code = "publish.other-role"

    def what(self) -> str:
        return f"{self.key} is {self.role} of {self.publisher} already"

    def why(self) -> str:
        return "a key is owner or release key, never both: who gets at the one must not get the other"

    def fix(self) -> list[str]:
        return ["packctl key generate NAME", "and add that key instead"]


class KeyIsStolen(Conflict):
    """A key would come back that the publisher called stolen."""

    publisher: PublisherName
    key: str
    since: int

    code = "publish.key-is-stolen"

    def what(self) -> str:
        return f"{self.publisher} said that {self.key} was stolen"

    def facts(self) -> dict[str, str]:
        return {"since": f"log entry {self.since}"}

    def why(self) -> str:
        return "what was said in a root holds for ever, so the key would count for nothing"

    def fix(self) -> list[str]:
        return ["packctl key generate NAME", "and add that key instead"]


class TooFewKeys(Invalid):
    """More keys would have to sign than there are."""

    publisher: PublisherName
    role: str
    threshold: int
    left: int
    add: str

    code = "publish.too-few-keys"

    def what(self) -> str:
        return (
            f"{many(self.threshold, self.role)} of {self.publisher} must sign, and {self.left or 'none'} would be left"
        )

    def why(self) -> str:
        return "nobody could sign any more"

    def fix(self) -> list[str]:
        lower = [f"say --threshold {self.left}"] if self.left else []
        return [*lower, f"add another key first: {self.add}"]


class NotInLog(Invalid):
    """A theft is dated after everything that the log has."""

    since: int
    size: int

    code = "publish.not-in-log"

    def what(self) -> str:
        return f"the log has no entry {self.since} yet: it has {self.size}"

    def why(self) -> str:
        return "what the thief signed until then would count"

    def fix(self) -> list[str]:
        return [f"say --compromised-since {self.size} if nothing was signed with the key by the thief so far"]


class ProposalNotNamed(Untrusted):
    """Another owner's change of keys is signed by its digest, and nobody is there to look at it."""

    publisher: PublisherName
    root: str

    code = "publish.proposal-not-named"

    def what(self) -> str:
        return f"signing a change of the keys of {self.publisher} needs its digest"

    def facts(self) -> dict[str, str]:
        return {"it waits": self.root}

    def why(self) -> str:
        return (
            "your signature lets these keys sign for the publisher, so somebody must have looked at exactly this change"
        )

    def fix(self) -> list[str]:
        return [f"packctl publisher sign {self.publisher} --root sha256:..."]

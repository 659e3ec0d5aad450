"""Why a ceremony is not even prepared: what was asked for makes no sense here."""

from packspec.errors import Conflict, Invalid, NotFound


class NoSuchKey(NotFound):
    """A key that should go is not listed."""

    name: str
    role: str

    code = "ceremony.no-such-key"

    def what(self) -> str:
        return f"no {self.role} is called {self.name[:80]}"

    def fix(self) -> list[str]:
        return ["registry-server keys status"]


class NothingChanges(Conflict):
    """What was asked for is so already."""

    reason: str

    code = "ceremony.nothing-changes"

    def what(self) -> str:
        return f"nothing would change: {self.reason}"

    def fix(self) -> list[str]:
        return ["registry-server keys status"]


class NotAWitness(Invalid):
    """A text is not the key of a witness."""

    key: str

    code = "ceremony.not-a-witness"

    def what(self) -> str:
        return f"{self.key[:140]!r} is not the key of a witness"

    def why(self) -> str:
        return "witnesses are listed by their keys, NAME+ID+KEY with signature type 4"

    def fix(self) -> list[str]:
        return ["take the line that `registry-server witness` prints when it starts"]


class TooFewToSign(Invalid):
    """More were to sign than there are."""

    needed: int
    found: int
    role: str

    code = "ceremony.too-few-to-sign"

    def what(self) -> str:
        return f"{self.needed} {self.role} cannot sign where there are {self.found}"

    def why(self) -> str:
        return "nothing could be put in force, or shown, any more"

    def fix(self) -> list[str]:
        return [f"ask for {self.found} at most, or add more in the same ceremony"]

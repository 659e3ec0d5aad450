"""What is refused about runs in CI that show an identity, and about the rules for them."""

from shlex import quote

from packspec.errors import Conflict, Invalid, NotFound, Unlicensed
from packspec.identities.faults import INSTEAD


class RunNotAllowed(Unlicensed):
    """No license lets this run use a pack."""

    called: str
    repository: str
    ref: str
    reasons: list[str]

    code = "licensing.run-not-allowed"

    def what(self) -> str:
        return f"no license lets this run of {self.repository[:120]} use {self.called}"

    def facts(self) -> dict[str, str]:
        found = {"ref": self.ref[:120]} if self.ref else {}
        return found | ({"because": "; ".join(self.reasons[:5])} if self.reasons else {})

    def why(self) -> str:
        return "whoever holds a license says which repositories may use it in CI"

    def fix(self) -> list[str]:
        there = f"packctl license ci list {self.called}"
        missing = f"packctl license ci add {self.called} {quote(self.repository[:120])}"
        return [there if self.reasons else missing, INSTEAD]


class NoSuchIssuer(NotFound):
    """The registry takes no identities of that issuer."""

    issuer: str
    known: list[str]

    code = "licensing.no-such-issuer"

    def what(self) -> str:
        return f"this registry takes no identities of {self.issuer[:120]}"

    def facts(self) -> dict[str, str]:
        return {"takes": ", ".join(self.known) or "none"}

    def why(self) -> str:
        return "the registry's operator lists the issuers whose word on runs counts"

    def fix(self) -> list[str]:
        if self.known:
            return [f"name one of them: --issuer {quote(self.known[0])}"]
        return ["ask the operator: REGISTRY_OIDC_ISSUERS", INSTEAD]


class BadCiRule(Invalid):
    """A rule for runs makes no sense."""

    reason: str

    code = "licensing.bad-ci-rule"

    def what(self) -> str:
        return f"this cannot be a rule for runs: {self.reason}"

    def fix(self) -> list[str]:
        return ["packctl license ci add --help"]


class HasCiRule(Conflict):
    """There is another rule for the same runs."""

    called: str
    rule: str
    repository: str

    code = "licensing.has-ci-rule"

    def what(self) -> str:
        return f"{self.rule} is about these runs of {self.repository[:120]} already, in another way"

    def why(self) -> str:
        return "two rules for the same runs would contradict each other"

    def fix(self) -> list[str]:
        return [f"packctl license ci remove {self.called} {self.rule}"]


class TooManyCiRules(Conflict):
    """A license has as many rules as there may be."""

    called: str
    most: int

    code = "licensing.too-many-ci-rules"

    def what(self) -> str:
        return f"the license for {self.called} has {self.most} rules for runs, and cannot have more"

    def fix(self) -> list[str]:
        return [f"packctl license ci list {self.called}"]


class NoSuchCiRule(NotFound):
    """The license has no such rule."""

    called: str
    rule: str

    code = "licensing.no-such-ci-rule"

    def what(self) -> str:
        return f"the license for {self.called} has no rule {self.rule[:40]}"

    def fix(self) -> list[str]:
        return [f"packctl license ci list {self.called}"]

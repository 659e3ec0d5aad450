"""Why an identity of a run does not count. None of these texts holds the token, or a part of it that could be used."""

from packspec.errors import Anonymous

INSTEAD = "or hand over the license's key: PACKCTL_LICENSE_FILE"


class IdentityMalformed(Anonymous):
    """A text is no identity token, or one that lacks what must stand in it."""

    reason: str

    code = "identity.malformed"

    def what(self) -> str:
        return f"this is not the identity of a run: {self.reason}"

    def why(self) -> str:
        return "it was cut on the way, or the variable holds something else"

    def fix(self) -> list[str]:
        return ["look at what sets PACKCTL_OIDC_TOKEN", INSTEAD]


class WrongIdentityAlgorithm(Anonymous):
    """A token names another way to sign than its issuer uses."""

    found: str
    expected: str

    code = "identity.wrong-algorithm"

    def what(self) -> str:
        return f"the identity of this run is signed in a way that does not count: {self.found[:40]!r}"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found[:40]}

    def why(self) -> str:
        return "whoever may choose the algorithm may choose one that proves nothing, so the registry pins one for each issuer"

    def fix(self) -> list[str]:
        return ["ask the registry's operator which algorithm it takes from this issuer", INSTEAD]


class UnknownIssuer(Anonymous):
    """A token is by an issuer whose word does not count here."""

    issuer: str
    known: str

    code = "identity.unknown-issuer"

    def what(self) -> str:
        return f"this registry takes no identities of {self.issuer[:200] or 'nobody'}"

    def facts(self) -> dict[str, str]:
        return {"takes": self.known or "none"}

    def why(self) -> str:
        return "the registry's operator lists the issuers whose word counts, each by its exact address"

    def fix(self) -> list[str]:
        return [
            "hand over the license's key instead: PACKCTL_LICENSE_FILE",
            "or ask the operator: REGISTRY_OIDC_ISSUERS",
        ]


class UnknownIssuerKey(Anonymous):
    """A token is signed with a key that its issuer does not publish."""

    issuer: str
    key: str

    code = "identity.unknown-key"

    def what(self) -> str:
        return f"the identity of this run is signed with a key that {self.issuer} does not publish"

    def facts(self) -> dict[str, str]:
        return {"key": self.key[:80]}

    def why(self) -> str:
        return "it is forged, or signed with a key that is newer than what the registry has seen"

    def fix(self) -> list[str]:
        return ["run it again in a minute", INSTEAD]


class IdentityForged(Anonymous):
    """The signature is not by the key that the token names."""

    issuer: str

    code = "identity.forged"

    def what(self) -> str:
        return "the identity of this run was changed, or never signed"

    def facts(self) -> dict[str, str]:
        return {"issuer": self.issuer}

    def why(self) -> str:
        return "its signature does not fit its text"

    def fix(self) -> list[str]:
        return ["let the run ask its CI for a new one", INSTEAD]


class WrongAudience(Anonymous):
    """A token was made to be shown to somebody else."""

    expected: str
    found: str

    code = "identity.wrong-audience"

    def what(self) -> str:
        return "the identity of this run was made to be shown to somebody else"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found[:200]}

    def why(self) -> str:
        return "an identity that is good for several could be passed on by any of them, so it must name this registry alone"

    def fix(self) -> list[str]:
        return [f"ask the CI for one with this audience: {self.expected}", INSTEAD]


class IdentityOutOfTime(Anonymous):
    """A token is over, too old, or does not count yet."""

    reason: str

    code = "identity.out-of-time"

    def what(self) -> str:
        return f"the identity of this run does not count now: {self.reason}"

    def why(self) -> str:
        return "identities last minutes; it was kept too long, or a clock is wrong"

    def fix(self) -> list[str]:
        return ["let the run ask its CI for a new one", "compare the clocks of the CI and the registry: packctl doctor"]

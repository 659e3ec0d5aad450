"""Why the registry cannot check an identity now."""

from packspec.errors import Unavailable
from packspec.identities.faults import INSTEAD


class IssuerUnreachable(Unavailable):
    """The keys of an issuer cannot be had, so nothing that it signed can be checked."""

    issuer: str
    reason: str

    code = "identity.issuer-unreachable"

    def what(self) -> str:
        return f"the keys of {self.issuer} cannot be had now, so identities of its runs cannot be checked"

    def operator_facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "the registry fetches them itself, keeps them for an hour, and goes on with them for a day where it gets no newer ones"

    def fix(self) -> list[str]:
        return ["run it again in a minute", INSTEAD]

"""What is refused about licenses and plans themselves."""

from packspec.errors import Conflict, Denied, Invalid, NotFound, Unlicensed


class NoSuchLicense(NotFound):
    """The asker sees no license of that id, or the key belongs to none."""

    license: str = ""

    code = "licensing.no-such-license"

    def what(self) -> str:
        return f"you have no license {self.license}" if self.license else "no license here has this key"

    def why(self) -> str:
        return (
            ""
            if self.license
            else "each group of the key is right in itself; it may belong to another registry, or was replaced"
        )

    def fix(self) -> list[str]:
        return ["packctl license list --remote"]


class PastDue(Unlicensed):
    """A payment is missing, so no machine or person is added."""

    called: str

    code = "licensing.past-due"

    def what(self) -> str:
        return f"a payment for {self.called} is missing, so no machine is added"

    def why(self) -> str:
        return "machines that are active go on"

    def fix(self) -> list[str]:
        return [f"packctl license status {self.called}"]


class HasLicense(Conflict):
    """The holder has a license for this pack that still runs."""

    called: str
    license: str
    status: str

    code = "licensing.has-license"

    def what(self) -> str:
        return f"there is a license for {self.called} already: {self.license}, {self.status.replace('_', ' ')}"

    def why(self) -> str:
        return (
            "a holder has one license for a pack; more time is renewal, more persons or machines are a higher quantity"
        )

    def fix(self) -> list[str]:
        return [f"packctl admin license renew {self.license}"]


class TrialTaken(Conflict):
    """The holder had the one trial of this pack."""

    called: str

    code = "licensing.trial-taken"

    def what(self) -> str:
        return f"the trial of {self.called} was taken already"

    def why(self) -> str:
        return "there is one trial for each holder and pack, for ever"

    def fix(self) -> list[str]:
        return [f"packctl show {self.called}"]


class NoSuchPlan(NotFound):
    """The pack is not sold with a plan of that name."""

    pack: str
    plan: str
    plans: list[str]

    code = "licensing.no-such-plan"

    def what(self) -> str:
        return f"{self.pack} has no plan {self.plan!r}"

    def facts(self) -> dict[str, str]:
        return {"plans": ", ".join(self.plans) or "none"}

    def fix(self) -> list[str]:
        return [f"packctl show {self.pack}"]


class BadTerms(Invalid):
    """A plan contradicts itself or the pack it is for."""

    reason: str

    code = "licensing.bad-plan"

    def what(self) -> str:
        return f"this plan cannot be sold: {self.reason}"

    def fix(self) -> list[str]:
        return ["packctl explain licensing.bad-plan"]


class NoSuchHolder(NotFound):
    """Nobody has an account of that name here."""

    account: str

    code = "licensing.no-such-holder"

    def what(self) -> str:
        return f"nobody is called {self.account[:80]} here"

    def fix(self) -> list[str]:
        return ["ask them for the name of their account: packctl whoami"]


class NotForSale(Denied):
    """The asker may not issue or change licenses of this pack."""

    called: str

    code = "licensing.not-yours"

    def what(self) -> str:
        return f"you do not sell {self.called}"

    def why(self) -> str:
        return "an admin of the registry issues licenses of all packs, a publisher's members those of its own"

    def fix(self) -> list[str]:
        return ["ask the pack's publisher, or an admin of the registry"]

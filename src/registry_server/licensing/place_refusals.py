"""Why a machine, run or person gets no place of a license."""

from shlex import quote

from packspec.errors import Anonymous, Conflict, Invalid, NotFound, Unlicensed


class NoSuchActivation(NotFound):
    """The asker sees no activation of that id."""

    activation: str

    code = "licensing.no-such-activation"

    def what(self) -> str:
        return f"you have no activation {self.activation}"

    def fix(self) -> list[str]:
        return ["packctl license list --remote"]


class NoMachineLeft(Unlicensed):
    """All places for machines are taken."""

    called: str
    places: int
    used: int
    machines: list[str]

    code = "licensing.no-machine-left"

    def what(self) -> str:
        count = {1: "the one machine", 2: "both machines"}.get(self.places, f"all {self.places} machines")
        return f"{count} of the license for {self.called} {'is' if self.places == 1 else 'are'} in use"

    def facts(self) -> dict[str, str]:
        shown = self.machines[:20] + (["..."] if len(self.machines) > 20 else [])
        over = {"in use": f"{self.used}, more than it covers now"} if self.used > self.places else {}
        return {"machines": ", ".join(shown), **over}

    def why(self) -> str:
        return "a license covers the number of machines it was bought for"

    def fix(self) -> list[str]:
        machine = quote(self.machines[0]) if self.machines else "MACHINE"
        return [f"packctl license deactivate {self.called} --machine {machine}"]


class NoRunLeft(Unlicensed):
    """All leases for CI runs are taken."""

    called: str
    places: int
    ends_in_s: int

    code = "licensing.no-run-left"

    def what(self) -> str:
        return f"all {self.places} CI runs of the license for {self.called} are in use"

    def facts(self) -> dict[str, str]:
        return {"next free": f"in {-(-self.ends_in_s // 60)} min at the latest"}

    def why(self) -> str:
        return "a lease ends with its run or by itself, and a plan covers so many at once"

    def fix(self) -> list[str]:
        return ["run it again when another run is over"]


class NoSeatLeft(Unlicensed):
    """All seats are taken."""

    called: str
    seats: int
    wanted: int

    code = "licensing.no-seat-left"

    def what(self) -> str:
        return (
            f"the license for {self.called} has no free seat"
            if self.wanted == 1
            else f"{self.called} has too few free seats"
        )

    def facts(self) -> dict[str, str]:
        return {"seats": str(self.seats), "wanted": str(self.wanted)}

    def why(self) -> str:
        return "a license covers the number of persons it was bought for"

    def fix(self) -> list[str]:
        return [f"packctl license seat remove {self.called} MEMBER"]


class MemberNotSeated(Unlicensed):
    """The person who activates has no seat."""

    called: str
    license: str

    code = "licensing.member-not-seated"

    def what(self) -> str:
        return f"you have no seat in the license for {self.called}"

    def why(self) -> str:
        return "it covers named persons; whoever holds it gives the seats"

    def fix(self) -> list[str]:
        return ["packctl login", f"packctl license seat add {self.called} MEMBER"]


class DomainNotAllowed(Unlicensed):
    """The domain that was declared is none of the plan's."""

    called: str
    domain: str
    allowed: list[str]

    code = "licensing.domain-not-allowed"

    def what(self) -> str:
        if not self.domain:
            return f"the license for {self.called} is for certain domains, and none was named"
        return f"the license for {self.called} is not for the domain {self.domain[:100]}"

    def facts(self) -> dict[str, str]:
        return {"allowed": ", ".join(self.allowed[:20])}

    def fix(self) -> list[str]:
        return [
            f"packctl license activate {self.called} --domain {self.allowed[0].replace('*', 'www') if self.allowed else 'DOMAIN'}"
        ]


class DeviceCloned(Unlicensed):
    """Two machines use one device key: the nonce is not the one that this device was given last."""

    called: str
    activation: str

    code = "licensing.device-cloned"

    def what(self) -> str:
        return f"another machine uses the activation of {self.called} too"

    def facts(self) -> dict[str, str]:
        return {"activation": self.activation}

    def why(self) -> str:
        return "the state of this machine was copied or restored, and the other copy has gone on since; the holder can see it"

    def fix(self) -> list[str]:
        return [f"packctl license activate {self.called}"]


class NoProof(Anonymous):
    """Neither the device nor its holder shows that the activation is theirs."""

    activation: str

    code = "licensing.no-proof"

    def what(self) -> str:
        return f"nothing shows that the activation {self.activation} is yours"

    def why(self) -> str:
        return "it takes the proof of its device, or a login of whoever holds the license"

    def fix(self) -> list[str]:
        return ["packctl login"]


class NotForThisPack(Unlicensed):
    """A request is for another pack or license than the one that was to answer it."""

    license: str
    pack: str

    code = "licensing.other-license"

    def what(self) -> str:
        return f"the request for {self.pack} cannot be answered with {self.license}"

    def why(self) -> str:
        return "it asks for another pack, or names another license"

    def fix(self) -> list[str]:
        return ["packctl license list --remote"]


class RequestUsed(Unlicensed):
    """A request file was answered before, and its place was given back since."""

    pack: str

    code = "licensing.request-used"

    def what(self) -> str:
        return f"this request for {self.pack} was answered already, and its place is given back"

    def why(self) -> str:
        return "a request is answered by one place only, so that a copy of it takes none"

    def fix(self) -> list[str]:
        return [f"packctl license request {self.pack} -o FILE"]


class ReceiptOutdated(Conflict):
    """The machine took its place again after it wrote the receipt."""

    called: str
    activation: str

    code = "licensing.receipt-outdated"

    def what(self) -> str:
        return f"the machine of this receipt uses {self.called} again"

    def facts(self) -> dict[str, str]:
        return {"activation": self.activation}

    def why(self) -> str:
        return "it came back to the registry after it wrote the receipt"

    def fix(self) -> list[str]:
        return [f"packctl license deactivate {self.called}"]


class NoSeats(Conflict):
    """The license does not name persons."""

    called: str

    code = "licensing.no-seats"

    def what(self) -> str:
        return f"the license for {self.called} has no seats"

    def why(self) -> str:
        return "it counts machines, and whoever sits at one may use it"

    def fix(self) -> list[str]:
        return [f"packctl license activate {self.called}"]


class BadSeatList(Invalid):
    """A list of persons that cannot be read at all."""

    reason: str

    code = "licensing.bad-seat-list"

    def what(self) -> str:
        return f"this is not a list of persons: {self.reason}"

    def why(self) -> str:
        return "it is CSV in UTF-8: a person in each line, in the column `member` if the first line names columns, else in the first"

    def fix(self) -> list[str]:
        return ["packctl license seat add NAME --csv FILE --dry-run"]


class PoolOver(Unlicensed):
    """The time of a pool for a closed network is over."""

    called: str
    ended: str

    code = "licensing.pool-over"

    def what(self) -> str:
        return f"the pool for {self.called} ended on {self.ended}"

    def why(self) -> str:
        return "its places are free again at the registry that reserved them"

    def fix(self) -> list[str]:
        return [f"packctl license export {self.called} --machines N --until DATE -o FILE"]


class PoolTaken(Conflict):
    """A pool was given to another account here already."""

    called: str
    license: str

    code = "licensing.pool-taken"

    def what(self) -> str:
        return f"this pool for {self.called} is {self.license} of another account already"

    def why(self) -> str:
        return "its places are counted once"

    def fix(self) -> list[str]:
        return ["name the account that has it", f"packctl admin license revoke {self.license}"]

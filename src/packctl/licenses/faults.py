"""Refusals and warnings about licenses that this machine makes itself; what a license does not allow is `packspec.licenses.refusals`."""

from pathlib import Path
from shlex import quote

from packctl.ui.table import many
from packspec.errors import Damaged, NotFound, Unlicensed


class LicensesMissing(Unlicensed):
    """Several packs of one install need licenses that this machine does not have. All of them are told at once."""

    packs: tuple[str, ...]
    reasons: tuple[str, ...]
    """For each of them, why."""
    commands: tuple[str, ...]

    code = "licensing.missing"

    def what(self) -> str:
        return f"{many(len(self.packs), 'pack')} cannot be installed under the licenses of this machine"

    def facts(self) -> dict[str, str]:
        return dict(zip(self.packs, self.reasons, strict=True))

    def why(self) -> str:
        return "nothing was downloaded; what is installed stays as it is"

    def fix(self) -> list[str]:
        return list(self.commands)


class Elsewhere(Unlicensed):
    """No license of this machine covers a pack, and one of the account that is logged in would."""

    called: str
    license: str
    said: str
    command: str

    code = "licensing.not-here"

    def what(self) -> str:
        return f"{self.called} must be paid, and {self.said}"

    def facts(self) -> dict[str, str]:
        return {"license": self.license}

    def why(self) -> str:
        return "a license lets the machines be used that have a place in it, and this one has none"

    def fix(self) -> list[str]:
        return [self.command]


class StaleStatus(Unlicensed):
    """A license must be shown to be unrevoked, and what this machine knows of that is too old."""

    called: str
    age: str
    allowed: str

    code = "licensing.stale-status"

    def what(self) -> str:
        return f"the license for {self.called} must be checked against a newer status list"

    def facts(self) -> dict[str, str]:
        return {"allowed": self.allowed, "found": self.age}

    def why(self) -> str:
        return "its plan asks for a list of revoked licenses that is at most a day old; what is installed stays and verifies"

    def fix(self) -> list[str]:
        return ["packctl license refresh"]


class NoLicense(NotFound):
    """Nobody who is logged in, and no key, says which license is meant."""

    called: str
    account: str = ""

    code = "licensing.none-found"

    def what(self) -> str:
        return f"{self.account or 'this account'} holds no license for {self.called}"

    def why(self) -> str:
        return "a license belongs to an account, or is used by whoever has its key"

    def fix(self) -> list[str]:
        ways = [f"packctl license activate {self.called} --key-file key.txt", "packctl license list --remote"]
        return ways if ":" in self.called else [*ways, f"packctl show {self.called}"]


class KeyUnknown(NotFound):
    """The registry has no license with that key. The key is not shown."""

    registry: str

    code = "licensing.no-such-license"

    def what(self) -> str:
        return f"no license of {self.registry} has this key"

    def why(self) -> str:
        return "it is typed right, so it belongs to another registry, or a transfer replaced it"

    def fix(self) -> list[str]:
        return ["packctl license list --remote", "name another registry: --registry ALIAS"]


class KeyForOthers(Unlicensed):
    """The license key of a run in CI is good, and for other packs."""

    called: str
    variable: str

    code = "licensing.key-for-others"

    def what(self) -> str:
        return f"{self.called} must be paid, and the key in {self.variable} is of a license for something else"

    def why(self) -> str:
        return "a key lets a run install what its license covers; no license on this machine covers the rest"

    def fix(self) -> list[str]:
        return [f"packctl show {self.called}", f"set {self.variable} to the key of a license that covers {self.called}"]


class NoSuchMachine(NotFound):
    """No machine of a license is called so."""

    called: str
    machine: str
    there: tuple[str, ...]

    code = "licensing.no-such-machine"

    def what(self) -> str:
        return f"no machine that uses {self.called} is called {self.machine[:80]!r}"

    def facts(self) -> dict[str, str]:
        return {"machines": ", ".join(self.there) or "none"}

    def why(self) -> str:
        return "a machine is named by its label, or by its activation"

    def fix(self) -> list[str]:
        return [
            f"packctl license deactivate {self.called} --machine {quote(self.there[0]) if self.there else 'MACHINE'}"
        ]


class NearEnd(Unlicensed):
    """A license that can still be used soon cannot."""

    called: str
    near_end: str
    license: str

    code = "licensing.near-end"

    def what(self) -> str:
        return f"the license for {self.called}: {self.near_end}"

    def facts(self) -> dict[str, str]:
        return {"license": self.license}

    def why(self) -> str:
        return "new files need a license that runs; what is installed stays and verifies"

    def fix(self) -> list[str]:
        return ["packctl license list --remote"]


class WalletBroken(Damaged):
    """The file with this machine's licenses cannot be read."""

    path: Path
    reason: str

    code = "licensing.wallet-broken"

    def what(self) -> str:
        return f"{self.path} is not what packctl kept of this machine's licenses"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "packctl replaces it as a whole, so a disk fault, another program or a person changed it"

    def fix(self) -> list[str]:
        return [f"remove {self.path}, then activate each license again: the same machine gets the same place"]


class DeviceKeyLost(Damaged):
    """There are licenses on this machine, and the key they are bound to is gone."""

    path: Path

    code = "licensing.device-key-lost"

    def what(self) -> str:
        return f"the key of this machine is not in {self.path}"

    def why(self) -> str:
        return "the licenses here are bound to it, so without it they prove nothing; perhaps they were copied from another machine"

    def fix(self) -> list[str]:
        return [
            "put the file back from a backup",
            f"or remove the folder {self.path.parent} and activate each license again",
        ]

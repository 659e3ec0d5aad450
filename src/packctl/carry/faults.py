"""What can be wrong with a carry file that is whole: it continues one that was never taken in, or belongs somewhere else."""

from shlex import quote

from packspec.digests import Digest
from packspec.errors import AgainstPolicy, Invalid, NotFound


class EarlierMissing(NotFound):
    """A carry file leaves out what an earlier one holds, and this machine has not got that."""

    file: str
    earlier: str
    """Its name when it was made."""
    as_of: str
    id: Digest
    lacks: tuple[str, ...]

    code = "carry.earlier-missing"

    def what(self) -> str:
        return f"{self.file} continues {self.earlier}, which this machine has not taken in"

    def facts(self) -> dict[str, str]:
        shown = ", ".join(self.lacks[:5]) + (f" and {len(self.lacks) - 5} more" if len(self.lacks) > 5 else "")
        return {"earlier file": f"{self.earlier}, index as of {self.as_of}", "its id": self.id.labelled, "lacks": shown}

    def why(self) -> str:
        return "a file made with --since holds only what the earlier one did not; nothing of it was kept"

    def fix(self) -> list[str]:
        return [f"first: packctl carry import {quote(self.earlier)}", "or make a whole one: packctl carry export"]


class OtherRegistry(Invalid):
    """An earlier file is of a registry that nothing is exported from."""

    file: str
    registry: str
    expected: str

    code = "carry.other-registry"

    def what(self) -> str:
        return f"{self.file} is of {self.registry}"

    def facts(self) -> dict[str, str]:
        return {"exported from": self.expected}

    def why(self) -> str:
        return "--since names an earlier file of the same registry; what another one holds says nothing about it"

    def fix(self) -> list[str]:
        return ["leave --since away, or name the file that was made from this registry"]


class BoundElsewhere(AgainstPolicy):
    """A carry file brings packs of a publisher that is bound to another registry than the one it is of."""

    file: str
    registry: str
    pack: str
    bound: str

    code = "carry.bound-elsewhere"

    def what(self) -> str:
        return f"{self.file} brings {self.pack} from {self.registry}"

    def facts(self) -> dict[str, str]:
        return {"expected": f"from the registry {self.bound}", "found": self.registry}

    def why(self) -> str:
        return "[registries] binds the publisher to another registry, and a name that is bound never comes from anywhere else"

    def fix(self) -> list[str]:
        return [f"make a file of the registry {self.bound}", "packctl config list --origin"]

"""What is not in the index: a pack, or a release of one. Client and server refuse it in the same words (I6)."""

from packspec.errors import NotFound


class NoSuchPack(NotFound):
    """The registry that is asked has no pack of this name. `place` says where it was asked for, if that is a line of a file."""

    pack: str
    place: str = ""

    code = "catalog.no-such-pack"

    def what(self) -> str:
        return f"there is no pack {self.pack}"

    def facts(self) -> dict[str, str]:
        return {"asked for": self.place} if self.place else {}

    def why(self) -> str:
        return "the registry has no pack of this name, or you may not see it"

    def fix(self) -> list[str]:
        return [f"packctl search {self.pack.partition('/')[2]}"]


class NoSuchRelease(NotFound):
    """The pack is there, and this version of it was never published. `newest` is the version one could take instead."""

    pack: str
    version: str
    newest: str = ""

    code = "catalog.no-such-release"

    def what(self) -> str:
        return f"there is no release {self.pack} {self.version}"

    def facts(self) -> dict[str, str]:
        return {"newest": self.newest} if self.newest else {}

    def why(self) -> str:
        return "the pack exists, but this version of it was never published"

    def fix(self) -> list[str]:
        return [f"packctl show {self.pack} --versions"]

"""`Texts`: the bytes of every pack.toml that a run begins with, the project's own and those of its workspace's members."""

from collections.abc import Mapping
from typing import Self

from msgspec import Struct, field
from msgspec.structs import replace

from packctl.members import member_bytes
from packctl.places import PACK_TOML
from packctl.project.find import Place
from packspec.project import Project, parse_project
from packspec.workspace import file_of, with_members


class Texts(Struct, frozen=True):
    """The files as they are, or as they shall become. `members` by folder, relative and with slashes."""

    root: bytes
    members: Mapping[str, bytes] = field(default_factory=dict)

    @classmethod
    def read(cls, place: Place) -> Self:
        """The files at `place`. Raises as `Place.read_project`."""
        root = place.manifest_bytes()
        return cls(root, member_bytes(place.folder, parse_project(root)))

    @property
    def files(self) -> dict[str, bytes]:
        """Every file by its path in the project."""
        return {PACK_TOML: self.root, **{file_of(folder): data for folder, data in self.members.items()}}

    def of(self, member: str) -> bytes:
        """The file of a member, or of the project itself for an empty name."""
        return self.members[member] if member else self.root

    def changed(self, member: str, data: bytes) -> "Texts":
        """With other bytes for one file."""
        return replace(self, members={**self.members, member: data}) if member else replace(self, root=data)

    def project(self) -> Project:
        """What the files say together. Raises ManifestFaults, LoosensTrust."""
        return with_members(parse_project(self.root), self.members)

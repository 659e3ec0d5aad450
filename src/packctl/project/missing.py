"""What a command wants to change in pack.toml or the lock and is not there."""

from packspec.errors import NotFound


class NotADependency(NotFound):
    """A pack is not among the dependencies that it should be taken from. `groups` have it instead."""

    pack: str
    place: str
    groups: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    """Folders of the workspace, seen from where the command was started, whose pack.toml names it."""

    code = "project.not-a-dependency"

    def what(self) -> str:
        return f"{self.pack} is not in {self.place} of pack.toml"

    def facts(self) -> dict[str, str]:
        facts = {"in groups": ", ".join(self.groups), "in members": ", ".join(self.members)}
        return {label: text for label, text in facts.items() if text}

    def why(self) -> str:
        return "only what pack.toml names itself can be changed there; other packs are there because one of these needs them"

    def fix(self) -> list[str]:
        found = [f"packctl remove {self.pack} --group {group}" for group in self.groups]
        found += [f"the same command for the member that names it: -C {folder}" for folder in self.members]
        return found or ["packctl list --tree"]


class NotChosen(NotFound):
    """A pack that a command names is not among those that are locked."""

    pack: str

    code = "project.not-chosen"

    def what(self) -> str:
        return f"{self.pack} is not among the packs of this project"

    def why(self) -> str:
        return "neither pack.toml nor what its packs need leads to it"

    def fix(self) -> list[str]:
        return [f"packctl add {self.pack}", "packctl list --tree"]

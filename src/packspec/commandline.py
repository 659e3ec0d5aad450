"""What can be wrong with a command line, whichever program it is of: `packctl` and `registry-server` say it in the same words."""

from packspec.errors import Bug, Damaged, Invalid

CLIENT = "packctl"


class UnknownCommand(Invalid):
    """No command has this name. `group` holds the words before it, without the program."""

    name: str
    nearest: tuple[str, ...] = ()
    group: str = ""
    program: str = CLIENT
    code = "cli.unknown-command"

    def what(self) -> str:
        return f"there is no command {self._full(self.name)!r}"

    def fix(self) -> list[str]:
        return [f"{self.program} {self._full(name)}" for name in self.nearest or ("--help",)]

    def _full(self, name: str) -> str:
        return f"{self.group} {name}".strip()


class MissingCommand(Invalid):
    """A group of commands was named and none of its commands."""

    group: str
    choices: tuple[str, ...]
    program: str = CLIENT
    code = "cli.missing-command"

    def what(self) -> str:
        return f"{self.program} {self.group}".strip() + " needs a command"

    def facts(self) -> dict[str, str]:
        return {"expected": ", ".join(self.choices)}

    def fix(self) -> list[str]:
        return [" ".join(filter(None, (self.program, self.group, "--help")))]


class UnknownOption(Invalid):
    """The command does not know this option. `command` is empty for the program itself."""

    option: str
    command: str
    nearest: tuple[str, ...] = ()
    program: str = CLIENT
    code = "cli.unknown-option"

    def what(self) -> str:
        return f"{self.program} {self.command}".strip() + f" has no option {self.option}"

    def fix(self) -> list[str]:
        if self.nearest:
            return [f"did you mean {' or '.join(self.nearest)}?"]
        return [" ".join(filter(None, (self.program, self.command, "--help")))]


class MissingArgument(Invalid):
    """An argument, an option, or the value of one that the command cannot do without was not given."""

    name: str
    command: str
    choices: tuple[str, ...] = ()
    program: str = CLIENT
    code = "cli.missing-argument"

    def what(self) -> str:
        return f"{self.program} {self.command}".strip() + f" needs {self.name}"

    def facts(self) -> dict[str, str]:
        return {"expected": ", ".join(self.choices)} if self.choices else {}

    def fix(self) -> list[str]:
        return [" ".join(filter(None, (self.program, self.command, "--help")))]


class Unexpected(Bug):
    """An exception that is none of ours reached the command line. `report` is the file that tells of it; empty if none could be written."""

    kind_of_error: str
    command: str
    report: str
    program: str = CLIENT
    code = "cli.bug"

    def what(self) -> str:
        return f"{self.program} {self.command}".strip() + f" failed through a fault of its own ({self.kind_of_error})"

    def facts(self) -> dict[str, str]:
        return {"report": self.report} if self.report else {}

    def why(self) -> str:
        return "this should not happen, whatever you typed"

    def fix(self) -> list[str]:
        if not self.report:
            return ["make room in the temporary folder, run it again, and send the report to the maintainers"]
        return ["read the report, which holds no secrets we know of, and send it to the maintainers"]


class NeedsServer(Damaged):
    """What only a registry needs is not installed here: packctl was, without its extra."""

    missing: str
    code = "cli.needs-server"

    def what(self) -> str:
        return "the registry's server is not installed"

    def facts(self) -> dict[str, str]:
        return {"missing": self.missing}

    def why(self) -> str:
        return "packctl installs without it, because most people only use registries"

    def fix(self) -> list[str]:
        return ["pip install 'packctl[server]'"]

"""What goes wrong with an ssh agent: none there, one that refuses, and keys of other kinds."""

from packspec.errors import Conflict, Denied, Invalid, NotFound, Unavailable
from packspec.signing.ssh import KEY_TYPE


class AgentUnreachable(Unavailable):
    """A key in the ssh agent is wanted, and no agent answers."""

    address: str
    reason: str

    code = "agent.unreachable"

    def what(self) -> str:
        return "no ssh agent answers"

    def facts(self) -> dict[str, str]:
        return {"SSH_AUTH_SOCK": self.address or "not set", "found": self.reason}

    def why(self) -> str:
        return "an agent tells its address by the variable SSH_AUTH_SOCK to what is started below it"

    def fix(self) -> list[str]:
        return ["start one, as ssh-agent(1) says, and set SSH_AUTH_SOCK", "ssh-add FILE"]


class AgentRefused(Denied):
    """The agent has listed the key, and does not sign with it."""

    key: str

    code = "agent.refused"

    def what(self) -> str:
        return f"the ssh agent does not sign with {self.key}"

    def why(self) -> str:
        return "it is locked, the key was taken out meanwhile, or whoever was asked to confirm said no"

    def fix(self) -> list[str]:
        return ["ssh-add -X", "ssh-add -l", "run the command again, and confirm where the agent asks"]


class AgentKeyMissing(NotFound):
    """The agent does not hold the key that was named."""

    asked: str
    found: tuple[str, ...]

    code = "agent.no-such-key"

    def what(self) -> str:
        return (
            f"the ssh agent holds no key {self.asked!r}" if self.asked else "the ssh agent holds no key that could sign"
        )

    def facts(self) -> dict[str, str]:
        return {"it holds": ", ".join(self.found) or "nothing; a locked agent also says so"}

    def fix(self) -> list[str]:
        return ["ssh-add -l", "ssh-add FILE"]


class SeveralAgentKeys(Conflict):
    """What was named fits several keys of the agent."""

    fitting: tuple[str, ...]

    code = "agent.several-keys"

    def what(self) -> str:
        return "several keys of the ssh agent fit: " + ", ".join(self.fitting)

    def why(self) -> str:
        return "a signature binds whoever holds the key, so none of them is chosen here"

    def fix(self) -> list[str]:
        return [f"name the one that is meant, such as {self.fitting[0]}", "ssh-add -l"]


class AgentKeyKind(Invalid):
    """The key that was named is of a type that our signatures do not have."""

    key: str
    type: str

    code = "agent.wrong-kind"

    def what(self) -> str:
        return f"{self.key} is a key of type {self.type}, which cannot sign here"

    def facts(self) -> dict[str, str]:
        return {"expected": KEY_TYPE, "found": self.type}

    def why(self) -> str:
        return "releases, approvals and roots are signed with P-256, which every reader of them knows"

    def fix(self) -> list[str]:
        return ["ssh-keygen -t ecdsa -b 256 -f packctl-key", "ssh-add packctl-key"]

"""All keys that a person can sign with: those in files on this machine, and those that an ssh agent holds.

A name that begins with `agent:` means a key of the agent, every other one a key in a file. Where nobody named a key, files go first, and
an agent that does not answer is no obstacle.
"""

from packctl.keys import HeldKey, Keys, is_path
from packctl.outcome import Notice
from packctl.session import Session
from packspec.errors import PackError
from packspec.signing.agent import AGENT


class KeyRing:
    """The keys of the person who runs this command."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.files = Keys(session.places.keys)

    def list(self) -> tuple[HeldKey, ...]:
        """All of them, each once, files first. Raises KeyReadable, KeyFileDamaged."""
        found: dict[object, HeldKey] = {key.public: key for key in self.files.list()}
        for key in self.in_agent():
            found.setdefault(key.public, key)
        return tuple(found.values())

    def in_agent(self) -> tuple[HeldKey, ...]:
        """Those of the agent that the environment names; none where it names none, and a warning where that does not answer."""
        address = self._session.environ.get("SSH_AUTH_SOCK", "")
        if not address:
            return ()
        from packctl.sshagent import agent_at

        try:
            return agent_at(address, self._session.monotonic).held()
        except PackError as error:
            self._session.warn(Notice(error.code, error.what(), error.facts()))
            return ()

    def find(self, asked: str | None) -> HeldKey:
        """The key that `asked` means; None: the only one there is.

        Raises as `Keys.find`, and for a key of the agent AgentUnreachable, AgentKeyMissing, AgentKeyKind, SeveralAgentKeys, BadSsh.
        """
        if asked and asked.startswith(AGENT):
            from packctl.sshagent import agent_at

            return agent_at(self._session.environ.get("SSH_AUTH_SOCK", ""), self._session.monotonic).find(asked)
        if asked is None and not self.files.list() and len(held := self.in_agent()) == 1:
            return held[0]
        return self.files.find(str(self._session.folder / asked) if asked and is_path(asked) else asked)

"""What can go wrong on the way to a registry, before anything that it says is judged. Chapter: docs/spec/transfer.md."""

from packspec.digests import Digest
from packspec.errors import Anonymous, Busy, Invalid, Unavailable, Untrusted, redact


class BadAddress(Invalid, ValueError):
    """Not the address of a registry: http or https, a host, and no user or password in it."""

    address: str
    reason: str

    code = "registry.bad-address"

    def what(self) -> str:
        return f"not an address of a registry: {redact(self.address)[:200]!a}"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "an address is https://host[:port][/path]; plain http serves registries on your own network, and tokens never travel over it"

    def fix(self) -> list[str]:
        return ["write it as https://registry.example"]


class NotLoggedIn(Anonymous):
    """The registry asks who it is, and this machine has no token for it, or none that may be sent there."""

    origin: str

    code = "access.not-logged-in"

    def what(self) -> str:
        return f"not logged in to {self.origin}"

    def why(self) -> str:
        return "this command needs an account at the registry, and no token for it was found"

    def fix(self) -> list[str]:
        return [f"packctl login {self.origin} --with-token < TOKEN-FILE", "or name the file in PACKCTL_TOKEN_FILE"]


class Unreachable(Unavailable):
    """No answer: the name is unknown, nobody listens, the connection broke, or `--offline` forbids to ask."""

    origin: str
    reason: str

    code = "registry.unreachable"

    def what(self) -> str:
        return f"{self.origin} {'was not asked' if self._is_forbidden else 'cannot be reached'}"

    @property
    def _is_forbidden(self) -> bool:
        return "--offline" in self.reason

    def facts(self) -> dict[str, str]:
        return {"reason": redact(self.reason)}

    def why(self) -> str:
        if self._is_forbidden:
            return "with --offline only what is on this machine can be used"
        return "the network, a proxy or the registry is down, or the address is wrong"

    def fix(self) -> list[str]:
        if self._is_forbidden:
            return ["run the command without --offline, and where PACKCTL_OFFLINE is not set"]
        return ["packctl doctor", "try again; a locked install also works with --offline once everything was fetched"]


class TlsFailed(Unavailable):
    """The other side did not prove that it is the host we asked for."""

    origin: str
    reason: str

    code = "registry.tls"

    def what(self) -> str:
        return f"{self.origin} has no certificate that this machine accepts"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return (
            "somebody stands between, a company's own authority is missing here, or the clock of this machine is wrong"
        )

    def fix(self) -> list[str]:
        return ["packctl doctor", "export SSL_CERT_FILE=/path/to/authority.pem"]


class BadAuthorities(Invalid):
    """The certificates of authorities that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read."""

    path: str
    reason: str

    code = "registry.bad-authorities"

    def what(self) -> str:
        return f"the authorities for TLS cannot be read from {self.path}"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "SSL_CERT_FILE or SSL_CERT_DIR names it, and a connection without authorities would prove nothing"

    def fix(self) -> list[str]:
        return ["correct SSL_CERT_FILE and SSL_CERT_DIR, or unset them to use the system's authorities"]


class TooSlow(Unavailable):
    """Fewer bytes in a window of time than a working connection brings."""

    origin: str
    seconds: float

    code = "registry.too-slow"

    def what(self) -> str:
        return f"{self.origin} took longer than {self.seconds:g} s"

    def why(self) -> str:
        return "an answer must begin within this time and then bring at least 1 KiB a second; what was fetched is kept and continued"

    def fix(self) -> list[str]:
        return ["try again", "use a longer --timeout"]


class BadAnswer(Unavailable):
    """What came is not an answer of a registry: a proxy's page, half a message, too many bytes."""

    origin: str
    asked: str
    reason: str

    code = "registry.bad-answer"

    def what(self) -> str:
        return f"{self.origin} gave no answer that a registry gives"

    def facts(self) -> dict[str, str]:
        return {"asked": self.asked, "reason": redact(self.reason)}

    def why(self) -> str:
        return "it is no registry, something stands between and answers for it, or it runs a version that this packctl does not know"

    def fix(self) -> list[str]:
        return ["packctl doctor", "check the registry's address: packctl config list --origin"]


class Redirected(Unavailable):
    """The registry sent us to another place, which we do not follow."""

    origin: str
    to: str

    code = "registry.redirected"

    def what(self) -> str:
        return f"{self.origin} sends us elsewhere"

    def facts(self) -> dict[str, str]:
        return {"to": redact(self.to)[:200]}

    def why(self) -> str:
        return "whoever answers for a registry must not be able to hand its callers, and their tokens, to somebody else"

    def fix(self) -> list[str]:
        return ["if the registry moved, change its address: packctl config set registry.default URL"]


class TooManyRequests(Busy):
    """The registry, or what stands in front of it, asks for a pause longer than we wait."""

    origin: str
    wait_seconds: float

    code = "registry.busy"

    def what(self) -> str:
        return f"{self.origin} asks for fewer requests"

    def facts(self) -> dict[str, str]:
        return {"wait": f"{self.wait_seconds:.0f} s"} if self.wait_seconds else {}

    def why(self) -> str:
        return "there were too many requests from here, or the registry is overloaded; they were repeated with growing pauses"

    def fix(self) -> list[str]:
        return ["run the command again later"]


class TokenNeedsTls(Anonymous):
    """A token, or what a run in CI has its license by, would have to travel readable for everybody on the way."""

    origin: str

    code = "registry.token-needs-tls"

    def what(self) -> str:
        return f"a token is not sent to {self.origin} over plain http"

    def why(self) -> str:
        return (
            "everybody on the way could read it and act in your name; only an address of this very machine needs no TLS"
        )

    def fix(self) -> list[str]:
        return ["reach the registry over https"]


class ArchiveChanged(Untrusted):
    """Bytes from a registry are not the ones that were signed, even after fetching them once more."""

    name: str
    origin: str
    expected: Digest
    found: str
    """A digest, or what is wrong with the length."""

    code = "trust.archive-changed"

    def what(self) -> str:
        return f"{self.origin} gave other bytes for {self.name} than were signed"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected.labelled, "found": self.found}

    def why(self) -> str:
        return "the registry, a mirror or a proxy altered or confused the file; nothing of it was kept"

    def fix(self) -> list[str]:
        return ["try again", "if it stays so, tell the registry's operator: somebody may be tampering"]


class Cancelled(Exception):  # no failure: another transfer of the same batch failed first
    """Another transfer failed, so this one stopped. Never leaves the room."""

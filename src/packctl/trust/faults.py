"""What can be wrong with a registry's metadata, in words that name roles, versions and clocks. Chapter: docs/spec/tuf.md."""

from packspec.digests import Digest
from packspec.errors import Untrusted


class RootUnknown(Untrusted):
    """I1: nobody has said which root this registry has."""

    address: str
    found: Digest | None = None
    """The registry's own first root, where it was asked; nothing vouches for it."""

    code = "trust.root-unknown"

    def what(self) -> str:
        return f"the root of {self.address} is not pinned on this machine"

    def facts(self) -> dict[str, str]:
        return {"it shows": self.found.labelled} if self.found else {}

    def why(self) -> str:
        return "everything a registry says is checked against its root, so somebody must say once which one that is"

    def fix(self) -> list[str]:
        return [f"packctl trust pin {self.address} --root sha256:...", "ask the registry's operator for the digest"]


class RootMismatch(Untrusted):
    """I1, I2: a root that somebody named is not one of the registry's."""

    address: str
    named: Digest
    by: str
    """Who named it: `packctl trust pin`, `PACKCTL_TRUST_ROOT`, `pack.toml`, `pack.lock`."""
    found: str

    code = "trust.root-mismatch"

    def what(self) -> str:
        return f"{self.address} does not have the root that {self.by} names"

    def facts(self) -> dict[str, str]:
        return {"expected": self.named.labelled, "found": self.found}

    def why(self) -> str:
        return "this is another registry, it was begun anew, or somebody stands in its place"

    def fix(self) -> list[str]:
        return [
            "ask the registry's operator over another channel; if it was begun anew:",
            f"packctl trust remove {self.address}",
        ]


class MetadataSignature(Untrusted):
    """I2: metadata is not signed by enough keys of its role."""

    role: str
    have: int
    need: int

    code = "trust.metadata-signature"

    def what(self) -> str:
        return f"the registry's {self.role} is not signed by the keys of its role"

    def facts(self) -> dict[str, str]:
        return {"role": self.role, "needed": str(self.need), "found": str(self.have)}

    def why(self) -> str:
        return "a mirror, a proxy or the registry itself changed it, or somebody else made it"

    def fix(self) -> list[str]:
        return ["try again, or use another mirror", "if it stays, report it to the registry's operator"]


class IndexRollback(Untrusted):
    """I2: metadata is older than what this machine has seen."""

    role: str
    seen: str
    got: str
    file: str = ""
    """The carry file that it came in."""

    code = "trust.index-rollback"

    def what(self) -> str:
        if self.file:
            return f"{self.file} holds an older index than this machine has seen"
        return f"the registry shows an older {self.role} than this machine has seen"

    def facts(self) -> dict[str, str]:
        return {"role": self.role, "expected": f"{self.seen} or newer", "found": self.got}

    def why(self) -> str:
        return (
            f"{'the file is old' if self.file else 'a mirror lags behind'}, or somebody wants a recalled release back"
        )

    def fix(self) -> list[str]:
        if self.file:
            return ["make a newer file on the other side: packctl carry export"]
        return ["try again later, or use another mirror"]


class IndexExpired(Untrusted):
    """I2: metadata is past its end, so nobody can tell whether something newer is kept from us."""

    role: str
    ended: str
    now: str

    code = "trust.index-expired"

    def what(self) -> str:
        return f"the registry's {self.role} has expired"

    def facts(self) -> dict[str, str]:
        return {"role": self.role, "it ended": self.ended, "our clock": self.now}

    def why(self) -> str:
        return "the registry sleeps, somebody keeps newer metadata from us, or the clock of this machine is wrong"

    def fix(self) -> list[str]:
        return [
            "look at this machine's clock",
            "ask the registry again; if it stays so, ask its operator whether it is running",
        ]


class IndexTooOld(Untrusted):
    """V6: the newest metadata is older than the user's rules allow."""

    as_of: str
    age: str
    allowed: str

    code = "trust.index-too-old"

    def what(self) -> str:
        return f"the registry's index is {self.age} old"

    def facts(self) -> dict[str, str]:
        return {"allowed": self.allowed, "as of": self.as_of}

    def why(self) -> str:
        return "what was recalled since then is not known here"

    def fix(self) -> list[str]:
        return ["packctl verify --online"]


class MetadataMismatch(Untrusted):
    """I2: two files of metadata belong to different states of the registry."""

    role: str
    expected: str
    found: str

    code = "trust.metadata-mismatch"

    def what(self) -> str:
        return f"the registry's {self.role} does not belong to the rest of its metadata"

    def facts(self) -> dict[str, str]:
        return {"role": self.role, "expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "files of different states were mixed: by a mirror that is being filled, or by an attacker"

    def fix(self) -> list[str]:
        return ["try again, or use another mirror"]


class MetadataMalformed(Untrusted):
    """I2: a file is no TUF metadata of the role it stands for."""

    role: str
    reason: str

    code = "trust.metadata-malformed"

    def what(self) -> str:
        return f"the registry's {self.role} cannot be read"

    def facts(self) -> dict[str, str]:
        return {"role": self.role, "reason": self.reason}

    def why(self) -> str:
        return "it was damaged on the way, or what answers is no registry"

    def fix(self) -> list[str]:
        return ["try again, or use another mirror"]


class MetadataTooBig(Untrusted):
    """I2: a file is larger than any of its role may be; what lies beyond the ceiling was not read."""

    role: str
    ceiling_bytes: int

    code = "trust.metadata-too-big"

    def what(self) -> str:
        return f"the registry's {self.role} is too large"

    def facts(self) -> dict[str, str]:
        return {"role": self.role, "allowed": f"{self.ceiling_bytes} bytes", "found": "more"}

    def why(self) -> str:
        return "an endless answer would fill memory and disk"

    def fix(self) -> list[str]:
        return ["try again, or use another mirror", "if it stays, report it to the registry's operator"]


class ClockBehind(Untrusted):
    """I2: signed metadata is from this machine's future, so expiry cannot be judged."""

    signed_at: str
    now: str

    code = "trust.clock"

    def what(self) -> str:
        return "the clock of this machine is behind the registry's"

    def facts(self) -> dict[str, str]:
        return {"index signed at": self.signed_at, "our clock": self.now}

    def why(self) -> str:
        return "with a clock that is behind, metadata that has ended long ago looks current"

    def fix(self) -> list[str]:
        return ["set the clock, then run the command again"]

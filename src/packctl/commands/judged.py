"""What `show --trust` adds: the four answers about a release, its safety level, what is attested of it, and what is attached."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packctl.trust.registry import TrustedRegistry
    from packspec.errors import PackError
    from packspec.names import PackName
    from packspec.versions import Version


class Answered(msgspec.Struct, frozen=True):
    """One of the four questions about the release: `yes`, `no` or `unchecked`, and what stands behind the answer."""

    question: str
    answer: str
    note: str


class Declared(msgspec.Struct, frozen=True):
    """What the publisher attests of the release."""

    name: str
    text: str


class Attachment(msgspec.Struct, frozen=True):
    """A document that was published with the release. `builder` and `build_type` are what SLSA provenance says, else empty.

    Whether its own signature holds is for whoever trusts its signer: it lies at `blobs/sha256/` of the registry.
    """

    type: str
    digest: str
    bytes: int
    builder: str
    build_type: str


class Judged(msgspec.Struct, frozen=True):
    """What this machine found, and what is wrong."""

    trust: list[Answered]
    safety: str
    attested: list[Declared]
    attached: list[Attachment]
    faults: "tuple[PackError, ...]"

    @property
    def fields(self) -> dict[str, object]:
        """What goes into the result of the command."""
        return {"trust": self.trust, "safety": self.safety, "attested": self.attested, "attached": self.attached}


def judged(registry: "TrustedRegistry", pack: "PackName", version: "Version") -> Judged:
    """Judges the release as an install would. Raises what reading the registry raises."""
    from packctl.trust.enclosed import enclosed
    from packctl.trust.proofs import Claim

    verdict = registry.prove([Claim(pack, version)])[0].verdict
    answers = [Answered(str(one.question), str(one.answer), one.note) for one in verdict.findings]
    found = enclosed(registry, verdict)
    if found is None:
        return Judged(answers, "", [], [], verdict.faults)
    claims = [Declared(claim.name, claim.text) for one in found.attestations for claim in one.claims]
    attached = []
    for one in found.attached:
        said = found.provenance.get(one.sha256)
        made = (said.builder, said.build_type) if said else ("", "")
        attached.append(Attachment(one.type, one.sha256.labelled, one.size, *made))
    return Judged(answers, found.safety, claims, attached, verdict.faults)


def write_enclosed(safety: str, attested: Sequence[Declared], attached: Sequence[Attachment], console: Console) -> None:
    """The lines below the four answers."""
    if safety:
        console.line(f"  safety    {safe(safety)}")
    for claim in attested:
        console.line(f"            {safe(claim.name)}: {safe(claim.text)}")
    for one in attached:
        console.line(f"  attached  {safe(one.type)} {one.digest}")
        if one.builder:
            console.line(f"            built by {safe(one.builder)}, {safe(one.build_type)}")

"""`packctl log prove`: the proof that a release is in a registry's public log."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl log prove acme/farm-animals@2.1.0", "packctl log prove acme/farm-animals@2.1.0 --json")


class LogProof(msgspec.Struct, frozen=True):
    """The entry that published a release, and its proof for the checkpoint in `note`, checked on this machine.

    `leaf` is the entry as it was logged, `leaf_hash` and `proof` are hex, from the entry's neighbor upwards; `tlog_proof` is all of it
    in the form of C2SP tlog-proof.
    """

    registry: str
    release: str
    index: int
    leaf: str
    leaf_hash: str
    size: int
    root: str
    note: str
    proof: list[str]
    tlog_proof: str


def run(
    session: Session, release: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="Which release")]
) -> Outcome[LogProof]:
    """Prove that a release is in the registry's public log.

    The proof is made from the log's tiles for the newest checkpoint and checked here; anybody who has the log's key can check it again.
    """
    from packctl.trust.history import open_here
    from packspec.index.missing import NoSuchRelease
    from packspec.log.leaf import PublishLeaf, leaf_hash, parse_leaf
    from packspec.log.proofs import verify_inclusion
    from packspec.names import ReleaseName
    from packspec.packproof import LogProof as TlogProof
    from packspec.verdict import LogMismatch, NotLogged

    name = ReleaseName.parse(release)
    chosen, registry = open_here(session, name.pack.publisher)
    index = registry.index(name.pack)
    row = index.find(name.version.without_build())
    if row is None:
        raise NoSuchRelease(name.pack, str(name.version), str(index.newest.version) if index.newest else "")
    s = registry.checkpoint.checkpoint
    entry, proof = registry.log.entry(row.log), registry.log.inclusion(row.log)
    if entry is None or proof is None or not verify_inclusion(leaf_hash(entry), row.log, s.size, proof, s.root):
        raise NotLogged(f"{name.pack} {row.version}", row.log, s.size, "not where the index says")
    leaf = parse_leaf(entry)
    if not isinstance(leaf, PublishLeaf) or leaf.statement != row.statement or leaf.version not in (None, row.version):
        raise LogMismatch(f"{name.pack} {row.version}", "entry", f"publish of {row.statement}", leaf.type_name)
    note = registry.checkpoint.note
    return Outcome(
        LogProof(
            chosen.origin, f"{name.pack}@{row.version}", row.log, entry.decode(), leaf_hash(entry).hex(), s.size, f"sha256:{s.root.hex()}",
            note.encode().decode(), [one.hex() for one in proof], TlogProof(row.log, proof, note).encode(),
        )
    )  # fmt: skip


def text(result: LogProof, console: Console) -> None:
    """Where it stands, and the hashes that lead from it to the root."""
    console.line(f"{safe(result.release)} is entry {result.index} of {result.size}")
    console.line(f"  entry  {safe(result.leaf)}")
    console.line(f"  hash   {result.leaf_hash}")
    for one in result.proof:
        console.line(f"  proof  {one}")
    console.line(f"  root   {result.root}")
    for line in result.note.splitlines():
        console.line(f"  note   {safe(line)}".rstrip())

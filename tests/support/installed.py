"""A project with packs in it, as an install leaves it: files, lock, receipts and evidence. For tests of those who read it."""

from collections.abc import Sequence
from pathlib import Path

from packctl.durable import Folder
from packctl.project.state import OWN, STATE, InstallState, Receipt, keep_evidence, tree_name
from packctl.trust.proofs import Claim
from packspec.archive import BytesSource
from packspec.archive.read import read_file
from packspec.digests import Digest
from packspec.labels import Label
from packspec.lockfile import Lock, LockedPack, LockedRegistry, inputs_digest
from packspec.names import PackName
from packspec.project import parse_project
from packspec.terms import Terms
from packspec.versions import Version
from tests.support.hostile import Client, HostileRegistry


def install(
    client: Client,
    registry: HostileRegistry,
    releases: Sequence[str] = ("acme/icons@1.0.0",),
    locked: LockedRegistry | None = None,
) -> Path:
    """Puts releases into the project of `client`. `locked` is the registry's line of a lock that was there before."""
    folder = client.folder
    folder.mkdir(parents=True, exist_ok=True)
    wishes = "".join(f'"{one.partition("@")[0]}" = "*"\n' for one in releases)
    manifest = f'[dependencies]\n{wishes}\n[registries]\ndefault = "{client.address}"\n'.encode()
    (folder / "pack.toml").write_bytes(manifest)
    named = [one.partition("@") for one in releases]
    with client.registry(locked=locked) as trusted:
        trusted.refresh()
        claims = [Claim(PackName.parse(pack), Version.parse(version)) for pack, _, version in named]
        proven = trusted.prove(claims)
        for one in proven:
            one.verdict.require()
        entry = locked or trusted.lock_entry()
        evidence = trusted.evidence(proven, entry)
        packs, receipts = [], {}
        for one in proven:
            released = registry.publication.releases[f"{one.claim.pack}@{one.claim.version}"]
            statement, root, chain, row = one.verdict.statement, one.verdict.root, one.chain, one.listed
            assert statement and root and chain and row
            packs.append(
                LockedPack(
                    name=one.claim.pack,
                    version=one.claim.version,
                    registry=Label("default"),
                    archive=statement.archive.sha256,
                    size=statement.archive.size,
                    tree=statement.tree.sha256,
                    statement=row.statement,
                    publisher_root_version=root.root.version,
                    publisher_root=root.digest,
                    publisher_anchor=chain.anchor,
                    log_index=row.log,
                    license=Terms(statement.license),
                    paid=statement.paid,
                    needs=(),
                )
            )
            receipts[one.claim.pack] = Receipt(
                pack=one.claim.pack,
                version=one.claim.version,
                registry="default",
                archive=statement.archive.sha256,
                tree=statement.tree.sha256,
                statement=row.statement,
                files=len(released.tree.files),
                bytes=released.tree.unpacked,
            )
            evidence[tree_name(one.claim.pack)] = released.tree.encode()
            for file in released.tree.files:
                path = folder / "packs" / one.claim.pack / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"".join(read_file(BytesSource(released.archive), file)))
    own = folder / "packs" / OWN
    own.mkdir(parents=True, exist_ok=True)
    with Folder.open(own) as opened:
        keep_evidence(opened, evidence.values())
    state = InstallState(own, receipts, {name: Digest.of(data) for name, data in evidence.items()})
    (own / STATE).write_bytes(state.encode())
    lock = Lock(inputs=inputs_digest(parse_project(manifest)), registries=(entry,), packs=tuple(packs))
    (folder / "pack.lock").write_bytes(lock.encode())
    return folder

"""Releases put straight into a registry's log: statement, approval and leaf made here, signed by the keys of `tests.support.signing`.

For tests of those who read a registry. What happens before the log (uploads, submissions, the queue) is not their concern, and a liar's
registry must be able to say what no honest one would take.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packspec.digests import Digest
from packspec.log.leaf import LoggedPack, PublishLeaf, RecallLeaf, RestoreLeaf, RootLeaf, YankLeaf
from packspec.names import PackName, PublisherName
from packspec.signing import dsse
from packspec.signing.approval import PAYLOAD_TYPE as APPROVAL
from packspec.signing.approval import Approval, make_approval
from packspec.signing.documents import BlobRef
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import PAYLOAD_TYPE as PUBLISHER_ROOT
from packspec.signing.publisher import Compromised, PublisherRoot
from packspec.signing.restore import PAYLOAD_TYPE as RESTORE
from packspec.signing.restore import Restore, make_restore
from packspec.signing.statement import PAYLOAD_TYPE as STATEMENT
from packspec.signing.statement import Statement, make_statement
from packspec.tree import Tree
from packspec.versions import Version
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.index import actions, reviewers
from registry_server.log import actions as log
from registry_server.world import World
from tests.support.packs import build
from tests.support.signing import key, no_facts, role

PACK_TOML = """[pack]
name = "{pack}"
version = "{version}"
kind = "content"
title = "Moo"
summary = "A cow that says so"
license = "CC-BY-4.0"
category = "characters"
"""
FILES: Mapping[str, bytes] = {
    "README.md": b"# Moo\n",
    "assets/cow.svg": b"<svg/>\n" * 40,
    "assets/moo.ogg": bytes(range(256)) * 3,
}
"""What a release holds besides its pack.toml."""


@dataclass
class Publication:
    """Puts releases into the log of `world`. `offline` is the folder of the offline keys, for the list of reviewers."""

    world: World
    offline: Path
    roots: dict[str, list[Digest]] = field(default_factory=dict)
    releases: dict[str, "Released"] = field(default_factory=dict)

    def reviewer(self, name: str = "kim", threshold: int | None = None) -> None:
        """Puts the key of `name` on the list of reviewers."""
        reviewers.add_reviewer(self.world, self.offline, name, key(name).public, threshold)

    def append(self, *leaves: object, documents: Sequence[Envelope] = ()) -> int:
        """Adds leaves as they are, all in one publication. The index of the first."""
        with call_of(self.world, TERMINAL).writing() as call:
            first = log.take_place(call).index
            for leaf in leaves:
                log.append(call, log.take_place(call), leaf, documents)  # type: ignore[arg-type]
        actions.publish_pending(self.world)
        return first

    @property
    def now(self) -> int:
        """The registry's time."""
        return self.world.now()

    def publisher(
        self,
        name: str,
        keys: Sequence[str] = ("release",),
        threshold: int = 1,
        signers: Sequence[str] = ("owner",),
        stolen: Mapping[str, int] | None = None,
    ) -> Digest:
        """Adds the next root of a publisher, with release keys of these names; `stolen` keys with the entry from which on. Its digest."""
        before = self.roots.setdefault(name, [])
        root = PublisherRoot(
            v=1,
            publisher=PublisherName(name),
            version=len(before) + 1,
            previous=before[-1] if before else None,
            owners=role(["owner"]),
            release=role(list(keys), threshold),
            compromised=tuple(
                sorted(
                    (Compromised(key=key(one).public.key_id, since=since) for one, since in (stolen or {}).items()),
                    key=lambda row: row.key,
                )
            ),
            contact="keys@acme.example",
            created="2027-01-15T08:00:00Z",
        )
        envelope = dsse.sign(root.encode(), PUBLISHER_ROOT, [key(one) for one in signers])
        leaf = RootLeaf(v=1, at=self.now, publisher=PublisherName(name), version=root.version, root=envelope.digest)
        self.append(leaf, documents=[envelope])
        before.append(envelope.digest)
        return envelope.digest

    def statement(
        self, pack: str, version: str, files: Mapping[str, bytes] = FILES, **changes: object
    ) -> tuple[Statement, bytes, Tree]:
        """The statement of a release with these files, its archive and its tree, all in the blob store."""
        manifest = PACK_TOML.format(pack=pack, version=version).encode()
        archive, tree = build({"pack.toml": manifest, **files})
        for data in (archive, tree.encode(), manifest):
            self.world.blobs.put([data], len(data), Digest.of(data))
        name = PackName.parse(pack)
        fields: dict[str, object] = {
            "v": 1,
            "pack": name,
            "version": Version.parse(version),
            "publisher": name.publisher,
            "anchor": self.roots[name.publisher][0],
            "archive": BlobRef(sha256=Digest.of(archive), size=len(archive)),
            "tree": BlobRef(sha256=tree.digest, size=len(tree.encode())),
            "content": tree.content,
            "manifest": Digest.of(manifest),
            "files": len(tree.files),
            "unpacked": tree.unpacked,
            "license": "CC-BY-4.0",
            "paid": False,
            "facts": no_facts(),
            "attached": (),
            "created": "2027-01-15T08:00:00Z",
        }
        return Statement(**{**fields, **changes}), archive, tree  # type: ignore[arg-type]

    def publish(
        self,
        pack: str,
        version: str,
        files: Mapping[str, bytes] = FILES,
        signers: Sequence[str] = ("release",),
        approvers: Sequence[str] = ("kim",),
        **changes: object,
    ) -> "Released":
        """Publishes a release, signed by the keys of `signers`, approved by those of `approvers`; `changes` are fields of the statement."""
        statement, archive, tree = self.statement(pack, version, files, **changes)
        envelope = dsse.sign(make_statement(statement), STATEMENT, [key(one) for one in signers])
        approval = Approval(
            v=1,
            statement=envelope.digest,
            archive=statement.archive.sha256,
            pack=statement.pack,
            version=statement.version,
            decision="approved",
            submission="S-1",
            checks=Digest.of(b"check report"),
            safety="none",
            at=self.now,
        )
        approved = dsse.sign(make_approval(approval), APPROVAL, [key(one) for one in approvers])
        leaf = PublishLeaf(
            v=1,
            at=self.now,
            pack=LoggedPack(statement.pack),
            version=statement.version,
            publisher=statement.publisher,
            statement=envelope.digest,
            approvals=(approved.digest,),
            archive=statement.archive.sha256,
        )
        index = self.append(leaf, documents=[envelope, approved])
        released = Released(statement, envelope.digest, index, archive, tree)
        self.releases[f"{pack}@{version}"] = released
        return released

    def recall(self, release: str, action: str = "stop", reason: str = "unsafe-content") -> int:
        """Recalls a release. The index of the entry."""
        one = self.releases[release].statement
        return self.append(
            RecallLeaf(
                v=1,
                at=self.now,
                pack=LoggedPack(one.pack),
                version=one.version,
                statement=self.releases[release].digest,
                action=action,  # type: ignore[arg-type]
                reason=reason,
            )
        )

    def yank(self, release: str) -> int:
        """Yanks a release. The index of the entry."""
        one = self.releases[release].statement
        digest = self.releases[release].digest
        return self.append(
            YankLeaf(
                v=1, at=self.now, pack=LoggedPack(one.pack), version=one.version, statement=digest, reason="broken"
            )
        )

    def restore(self, release: str, restores: str = "recall", signers: Sequence[str] = ("kim",)) -> int:
        """Lifts a recall or yank, by a document signed with the keys of `signers`. The index of the entry."""
        one, digest = self.releases[release].statement, self.releases[release].digest
        document = make_restore(Restore(v=1, statement=digest, restores=restores, at=self.now))  # type: ignore[arg-type]
        envelope = dsse.sign(document, RESTORE, [key(name) for name in signers])
        leaf = RestoreLeaf(
            v=1,
            at=self.now,
            pack=LoggedPack(one.pack),
            version=one.version,
            statement=digest,
            restores=restores,  # type: ignore[arg-type]
            document=envelope.digest,
        )
        return self.append(leaf, documents=[envelope])


@dataclass(frozen=True)
class Released:
    """A release as it was published: its statement and that one's digest, the index of its entry, its bytes."""

    statement: Statement
    digest: Digest
    index: int
    archive: bytes
    tree: Tree

"""Proofs out of a registry: packproofs, publisher roots and their documents, fetched together, kept once they were found good.

They lie at immutable paths, so what is kept is asked first. A kept file that turns out to be wrong (a damaged cache, C12) is forgotten and
fetched again; only what is wrong then counts.
"""

from collections.abc import Callable, Iterable

from packctl.registry.failures import Unreachable
from packctl.trust.kept import KeptFiles
from packctl.trust.log import Log
from packctl.trust.proofs import Claim
from packctl.trust.reading import Reads, Wish
from packspec import limits, site
from packspec.digests import Digest
from packspec.index import PublisherDocument
from packspec.log.leaf import LoggedPack
from packspec.names import PublisherName, ReleaseName
from packspec.signing.publisher import PublisherChanged


class FetchedProofs:
    """A `ProofSource` over a registry, or without `source` over what is kept of it. `document` gives verified publisher documents."""

    def __init__(
        self,
        kept: KeptFiles,
        source: Reads | None,
        address: str,
        log: Log,
        document: Callable[[PublisherName], PublisherDocument | None],
    ) -> None:
        self._kept = kept
        self._source = source
        self._address = address
        self._log = log
        self._document = document
        self._found: dict[str, bytes | None] = {}
        self._fetched: set[str] = set()
        self._paths: dict[ReleaseName, str] = {}

    def prepare(self, claims: Iterable[tuple[Claim, Digest | None, int | None]]) -> None:
        """Fetches all that the claims need, together: each with its statement's digest (private packs) and the index of its entry."""
        rows = list(claims)
        documents = {claim.pack.publisher: self._document(claim.pack.publisher) for claim, _, _ in rows}
        roots = [(name, row) for name, found in documents.items() if found for row in found.roots]
        wishes = [Wish(site.publisher_root(name, row.version), limits.ENVELOPE_BYTES) for name, row in roots]
        self._paths |= {claim.release: packproof_path(claim, statement) for claim, statement, _ in rows}
        wishes += [Wish(self._paths[claim.release], limits.PACKPROOF_BYTES) for claim, _, _ in rows]
        self._fetch(wishes)
        indexes = [index for _, _, index in rows if index is not None]
        indexes += [row.log for _, row in roots] + [row.reset.log for _, row in roots if row.reset]
        self._log.prepare(indexes)

    def keep(self, paths: Iterable[str]) -> None:
        """Keeps files that were found good."""
        new = {path: data for path in paths if path in self._fetched and (data := self._found.get(path)) is not None}
        self._kept.write(new)
        self._fetched -= new.keys()

    def came_from_here(self, paths: Iterable[str]) -> bool:
        """Whether one of these files was kept, so that it may be worth asking the registry."""
        return self._source is not None and any(path in self._found and path not in self._fetched for path in paths)

    def forget(self, paths: Iterable[str]) -> None:
        """Lets kept files go, so that they are fetched again."""
        gone = [path for path in paths if path not in self._fetched]
        self._kept.forget(gone)
        for path in gone:
            self._found.pop(path, None)

    def publisher_document(self, publisher: PublisherName) -> PublisherDocument | None:
        """Which roots there are."""
        return self._document(publisher)

    def publisher_root(self, publisher: PublisherName, version: int) -> bytes:
        """A publisher root in its envelope. Raises PublisherChanged: the registry lists it, so it must show it."""
        found = self._get(Wish(site.publisher_root(publisher, version), limits.ENVELOPE_BYTES))
        if found is None:
            raise PublisherChanged(publisher, version, "it cannot be had")
        return found

    def root_paths(self, publisher: PublisherName) -> dict[int, str]:
        """Where the roots of a publisher lie on the static side, by version; empty if the registry lists none."""
        document = self.publisher_document(publisher)
        return {
            row.version: site.publisher_root(publisher, row.version) for row in (document.roots if document else ())
        }

    def publisher_roots(self, publisher: PublisherName) -> dict[str, bytes]:
        """All roots of a publisher, by their paths. Raises as `publisher_root`."""
        paths = self.root_paths(publisher)
        return {path: self.publisher_root(publisher, version) for version, path in paths.items()}

    def packproof(self, claim: Claim) -> bytes | None:
        """The packproof of a release; of a private one only after `prepare` was told its statement."""
        path = self._paths.get(claim.release) or packproof_path(claim, None)
        return self._get(Wish(path, limits.PACKPROOF_BYTES))

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        """The proof that the entry is in S; one that proves nothing for an entry that S does not have."""
        return self._log.inclusion(index) or ()

    def document(self, digest: Digest) -> bytes | None:
        """A signed document in its envelope, by the digest of its payload."""
        return self._get(Wish(site.document(digest), limits.ENVELOPE_BYTES))

    def unchanging(self, wish: Wish, is_right: Callable[[bytes], bool]) -> bytes | None:
        """Any file that never changes, kept once it is right; None where there is none, only a wrong one, or nobody who can be asked."""
        if self._source is None:
            data = self._kept.read(wish.path, wish.ceiling_bytes)
            return data if data is not None and is_right(data) else None
        data = self._get(wish)
        if data is not None and not is_right(data) and self.came_from_here([wish.path]):
            self.forget([wish.path])
            data = self._get(wish)
        if data is None or not is_right(data):
            return None
        self.keep([wish.path])
        return data

    def _get(self, wish: Wish) -> bytes | None:
        if wish.path not in self._found:
            self._fetch([wish])
        return self._found[wish.path]

    def _fetch(self, wishes: Iterable[Wish]) -> None:
        wanted = {wish.path: wish for wish in wishes if wish.path not in self._found}
        here = {path: self._kept.read(path, wish.ceiling_bytes) for path, wish in wanted.items()}
        self._found |= {path: data for path, data in here.items() if data is not None}
        missing = [wish for path, wish in wanted.items() if here[path] is None]
        if missing and self._source is None:
            raise Unreachable(self._address, f"--offline, and {missing[0].path} is not on this machine")
        answers = self._source.read_all(missing) if self._source is not None else []
        for wish, data in zip(missing, answers, strict=True):
            self._found[wish.path] = data
            self._fetched.add(wish.path)


def packproof_path(claim: Claim, statement: Digest | None) -> str:
    """Where the packproof of a claim lies."""
    if claim.token is not None and statement is not None:
        return site.private_packproof(LoggedPack(claim.token), statement)
    return site.packproof(claim.pack, claim.version)

"""Recalls: none that was known may vanish, and one is lifted only by a document that the reviewers signed and the log holds (I5, I7)."""

from collections.abc import Callable

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import IndexedRelease, RecalledRelease, Recalls, RecallVanished, check_recalls_kept
from packspec.log.leaf import LoggedPack, RestoreLeaf, parse_leaf
from packspec.names import PackName
from packspec.signing.approval import NotApproved
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, PublisherChanged, keys_that_count
from packspec.signing.restore import Restores, judge_recall_restore, judge_yank_restore
from packspec.trustfiles import TrustFiles
from packspec.verdict import LogMismatch, NotLogged

NONE = Recalls(v=1, recalls=())
"""A registry that has recalled nothing lists no such target."""


class Restorer:
    """Judges restores with what it is given: `entry` gives log entries that are known to be in S, `document` envelopes, `chain` roots."""

    def __init__(
        self,
        trust: TrustFiles,
        entry: Callable[[int], bytes | None],
        document: Callable[[Digest], bytes | None],
        chain: Callable[[PackName], Chain | PackError | None],
    ) -> None:
        self._trust = trust
        self._entry = entry
        self._document = document
        self._chain = chain

    def check_recall(self, row: RecalledRelease, pack: PackName) -> None:
        """Refuses a lifted recall whose document or entry does not hold. Raises NotLogged, LogMismatch, NotApproved and their kin."""
        assert row.restored is not None and row.restored_log is not None  # only lifted rows are asked about
        if row.restored_log <= row.log:
            raise LogMismatch(f"the restore of {row.pack}", "place", f"after entry {row.log}", str(row.restored_log))
        leaf = self._leaf(row.pack, row.statement, row.restored, row.restored_log, "recall")
        reviewers = self._trust.reviewers.in_force(row.restored_log)
        if reviewers is None:
            raise NotApproved("restore", 0, 1, ("the registry had no reviewers at that time",))
        judge_recall_restore(self._envelope(row.restored), leaf.statement, reviewers, self._roots(pack).keys, row.at)

    def check_yank(self, row: IndexedRelease, pack: PackName, logged: LoggedPack) -> None:
        """Refuses a release whose yank was lifted by a document or entry that does not hold."""
        if row.restored is None or row.restored_log is None:
            return
        leaf = self._leaf(logged, row.statement, row.restored, row.restored_log, "yank")
        counting = keys_that_count(self._roots(pack), row.restored_log, leaf.at, pack, self._trust.policy.waits)
        judge_yank_restore(self._envelope(row.restored), row.statement, counting, row.at)

    def _leaf(
        self, pack: LoggedPack, statement: Digest, document: Digest, index: int, restores: Restores
    ) -> RestoreLeaf:
        entry = self._entry(index)
        if entry is None:
            raise NotLogged(f"the restore of {pack}", index, index, "the log has no such entry")
        leaf = parse_leaf(entry)
        if not isinstance(leaf, RestoreLeaf):
            raise LogMismatch(f"the restore of {pack}", "type", "restore", leaf.type_name)
        for field, expected, found in (
            ("pack", pack, leaf.pack),
            ("statement", statement, leaf.statement),
            ("document", document, leaf.document),
            ("measure", restores, leaf.restores),
        ):
            if expected != found:
                raise LogMismatch(f"the restore of {pack}", field, expected, found)
        return leaf

    def _envelope(self, digest: Digest) -> Envelope:
        data = self._document(digest)
        if data is None:
            raise NotApproved("restore", 0, 1, ("its document cannot be had",))
        envelope = Envelope.parse(data)
        if not envelope.digest.same(digest):
            raise LogMismatch("the restore", "document", digest, envelope.digest)
        return envelope

    def _roots(self, pack: PackName) -> Chain:
        found = self._chain(pack)
        if isinstance(found, PackError):
            raise found
        if found is None:
            raise PublisherChanged(pack.publisher, 1, "the registry lists no roots")
        return found


def check_recalls(seen: Recalls | None, found: Recalls, restorer: Restorer) -> None:
    """I5: whatever was recalled when we last looked still is, or was lifted as it must be. Raises RecallVanished.

    Rows that this machine has never seen may be lifted already; those are judged when somebody asks for their release (`in_force`).
    """
    before = {row.log for row in (seen or NONE).recalls}
    for row in check_recalls_kept(seen or NONE, found):
        # What is told of a private pack only its members can read, and they ask for its releases by name.
        if row.log not in before or row.pack.is_private:
            continue
        try:
            restorer.check_recall(row, PackName(row.pack))
        except PackError as error:
            raise RecallVanished(
                str(row), row.log, f"it is marked as lifted, and that does not hold: {error}"
            ) from error


def in_force(recalls: Recalls, statement: Digest, pack: PackName, restorer: Restorer) -> tuple[RecalledRelease, ...]:
    """The recall of a release that counts, or none: the last one with action `stop`, else the last; it may name a replacement that came
    after the first. One that is marked as lifted holds on, unless its restore can be verified.
    """
    open_ = [row for row in recalls.of(statement) if row.restored is None or not _is_lifted(row, pack, restorer)]
    stops = [row for row in open_ if row.action == "stop"]
    return tuple((stops or open_)[-1:])


def _is_lifted(row: RecalledRelease, pack: PackName, restorer: Restorer) -> bool:
    try:
        restorer.check_recall(row, pack)
    except PackError:
        return False
    return True

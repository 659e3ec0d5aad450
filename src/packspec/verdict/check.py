"""The release check: steps R1 to R9 (docs/spec/verdict.md).

A step that fails does not stop those that do not need it. Nothing is decoded before something vouches for it (S24): the log entry after
R2, the statement after R5, an approval after a reviewer's signature.
"""

from functools import partial
from typing import cast

from packspec import limits
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import IndexedRelease
from packspec.log.checkpoint import OpenedCheckpoint
from packspec.log.leaf import PublishLeaf, leaf_hash, parse_leaf
from packspec.log.proofs import verify_inclusion
from packspec.packproof import Packproof, ProofMissing
from packspec.signing.approval import Approved, NotApproved, Subject, judge_approvals
from packspec.signing.publisher import (
    Authentic,
    Chain,
    Locked,
    PublisherChanged,
    Rooted,
    check_downgrade,
    check_lock,
    judge_signatures,
    keys_that_count,
)
from packspec.signing.statement import PAYLOAD_TYPE, Statement, check_statement, read_statement
from packspec.trustfiles import TrustFiles
from packspec.verdict.answers import Question, Verdict
from packspec.verdict.evidence import Current, Evidence
from packspec.verdict.faults import IndexMismatch, LockMismatch, LogMismatch, NotLogged, ReleaseRecalled
from packspec.verdict.notes import approved_note, authentic_note, current_note, logged_note
from packspec.verdict.rows import Row, first_difference, index_rows, leaf_rows, lock_rows
from packspec.verdict.steps import Steps


class _Check:
    """One check under way. An attribute stands once the step that sets it is done."""

    packproof: Packproof
    leaf: PublishLeaf
    root: Rooted
    signed_by: Authentic
    statement: Statement
    approved_by: Approved

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence
        self.name = str(evidence)
        # What steps need, they read only where `Steps` knows that it is there.
        self.checkpoint = cast(OpenedCheckpoint, evidence.checkpoint)
        self.chain = cast(Chain, evidence.publisher)
        self.trust = cast(TrustFiles, evidence.trust)
        self.listed = evidence.listed if isinstance(evidence.listed, IndexedRelease) else None
        self.lock = evidence.lock

    # LOGGED

    def read_packproof(self) -> None:
        """R1: parse."""
        data = self.evidence.packproof
        if data is None:
            raise ProofMissing(self.name, is_asked=True)
        if isinstance(data, PackError):
            raise data
        self.packproof = Packproof.parse(data)

    @property
    def index(self) -> int:
        """Where the entry is said to be: by the index, else by the lock, else by the packproof itself."""
        if self.listed is not None:
            return self.listed.log
        return self.lock.log_index if self.lock is not None else self.packproof.proof.index

    def prove_logged(self) -> None:
        """R2: the entry is in S at that index; and the proof inside the packproof, for tools without tiles, proves the same."""
        hashed, checkpoint = leaf_hash(self.packproof.leaf), self.checkpoint.checkpoint
        proof = self.evidence.proof
        if proof is None:
            raise ProofMissing(self.name)
        if not verify_inclusion(hashed, self.index, checkpoint.size, proof, checkpoint.root):
            raise NotLogged(self.name, self.index, checkpoint.size, "the inclusion proof does not lead to the root")
        own = self.packproof.proof
        if (own.index, own.checkpoint.origin) != (self.index, checkpoint.origin):
            raise NotLogged(
                self.name, self.index, own.checkpoint.size, "the packproof's own proof is for another entry"
            )
        if not verify_inclusion(hashed, own.index, own.checkpoint.size, own.hashes, own.checkpoint.root):
            raise NotLogged(self.name, self.index, own.checkpoint.size, "the packproof's own proof does not hold")

    def read_leaf(self) -> None:
        """R3: it is a `publish` of this pack and version, with the digests of these documents."""
        leaf, evidence = parse_leaf(self.packproof.leaf), self.evidence
        if not isinstance(leaf, PublishLeaf):
            raise LogMismatch(self.name, "type", "publish", leaf.type_name)
        if difference := first_difference(leaf_rows(leaf, self.packproof, evidence)):
            raise LogMismatch(self.name, *difference)
        self.leaf = leaf

    # AUTHENTIC

    def place_in_chain(self) -> None:
        """R4: the roots are the publisher's, and those that the lock knows are among them; one was in force at the leaf."""
        evidence, chain = self.evidence, self.chain
        if chain.publisher != evidence.pack.publisher:
            raise PublisherChanged(evidence.pack.publisher, 1, f"these are roots of {chain.publisher}")
        root = chain.in_force(self.index)
        if root is None:
            raise PublisherChanged(chain.publisher, 1, "the release was logged before it")
        if self.lock is not None:
            locked = Locked(self.lock.publisher_anchor, self.lock.publisher_root_version, self.lock.publisher_root)
            check_lock(chain, locked, evidence.accepted)
        elif evidence.known is not None:
            check_lock(chain, evidence.known, evidence.accepted)
            check_downgrade(chain, evidence.known, root, evidence.accepted)
        self.root = root

    def count_signatures(self) -> None:
        """R5: enough keys that count at the leaf signed."""
        waits = self.trust.policy.waits
        counting = keys_that_count(self.chain, self.index, self._logged_at(), self.evidence.pack, waits)
        self.signed_by = judge_signatures(self.packproof.statement, PAYLOAD_TYPE, self.name, counting)

    def _logged_at(self) -> int:
        """The time of the leaf, but never later than the index was signed: who has the server could date it past a cooldown."""
        current = self.evidence.current
        if not isinstance(current, Current):
            return self.leaf.at
        return min(self.leaf.at, current.as_of + limits.CLOCK_SLACK_SECONDS)

    def read_statement(self) -> None:
        """R6: only now the statement is decoded; it is about what was asked for, and about the archive that the log names."""
        statement = read_statement(self.packproof.statement.payload)
        check_statement(statement, self.evidence.pack, self.evidence.version, self.chain.anchor)
        if self.leaf.archive is not None and self.leaf.archive != statement.archive.sha256:
            raise LogMismatch(self.name, "archive", statement.archive.sha256, self.leaf.archive)
        self.statement = statement

    def compare_index(self) -> None:
        """R7: the index told the resolver what the publisher signed (M22)."""
        if self.listed is None:
            return
        rows = index_rows(self.listed, self.packproof.statement.digest, self.statement, self.leaf)
        if difference := first_difference(rows):
            raise IndexMismatch(self.name, *difference)

    def compare_lock_with_log(self) -> None:
        """R8, as far as nothing must be decoded for it."""
        if self.lock is None:
            return
        self._compare_lock(
            ("statement", self.lock.statement, self.packproof.statement.digest),
            ("log-index", str(self.lock.log_index), str(self.index)),
        )

    def compare_lock(self) -> None:
        """R8: the lock agrees with the statement, and with the root in force at the leaf."""
        if self.lock is None:
            return
        self._compare_lock(*lock_rows(self.lock, self.statement, self.root))

    def _compare_lock(self, *rows: Row) -> None:
        if difference := first_difference(rows):
            field, expected, found = difference
            raise LockMismatch(self.name, field, expected, found, self.evidence.lock_lines.get(field, 0))

    # APPROVED

    def count_approvals(self) -> None:
        """R9: enough reviewers in force at the leaf, none of them with a key of the publisher, approved this statement and archive."""
        reviewers = self.trust.reviewers.in_force(self.index)
        if reviewers is None:
            raise NotApproved(self.name, 0, 1, ("the registry had no reviewers at that time",))
        evidence = self.evidence
        subject = Subject(
            evidence.pack, evidence.version.without_build(), self.packproof.statement.digest, self._archive()
        )
        self.approved_by = judge_approvals(self.packproof.approvals, subject, reviewers, self.chain.keys)

    def _archive(self) -> Digest:
        """The archive that must be approved: by the log, or for a private pack by the statement, whose digest the log vouches for."""
        if self.leaf.archive is not None:
            return self.leaf.archive
        return read_statement(self.packproof.statement.payload).archive.sha256

    def compare_safety(self) -> None:
        """R7, after R9: the index tells the lowest safety level among the approvals."""
        if self.listed is not None and self.listed.safety != self.approved_by.safety:
            raise IndexMismatch(self.name, "safety level", self.approved_by.safety, self.listed.safety)

    # CURRENT

    def check_recalls(self) -> None:
        """I7: no recall with action `stop` is in force. Of several the last one is told: it may name a replacement that came later."""
        current = cast(Current, self.evidence.current)
        for row in reversed(current.recalls):
            if row.action == "stop":
                raise ReleaseRecalled(self.name, row.reason, str(row.replacement or ""), row.day)
        if self.listed is not None and self.listed.state == "recalled" and not current.recalls:
            raise ReleaseRecalled(self.name, self.listed.reason or "other")

    def check_age(self) -> None:
        """V6: what the caller found about the age of the index."""
        if fault := cast(Current, self.evidence.current).fault:
            raise fault


STEPS = (
    ("I7", ("V2",), _Check.check_recalls),
    ("V6", ("V2",), _Check.check_age),
    ("R1", (), _Check.read_packproof),
    ("R2", ("R1", "S"), _Check.prove_logged),
    ("R3", ("R2",), _Check.read_leaf),
    ("R4", ("chain", "R3"), _Check.place_in_chain),
    ("R5", ("chain", "R3", "trust"), _Check.count_signatures),
    ("R6", ("R5",), _Check.read_statement),
    ("R7", ("R6",), _Check.compare_index),
    ("R8", ("R1",), _Check.compare_lock_with_log),
    ("R8 signed", ("R6", "R4"), _Check.compare_lock),
    ("R9", ("R3", "chain", "trust"), _Check.count_approvals),
    ("R7 safety", ("R9",), _Check.compare_safety),
)
"""Step, what it needs, what it does; in the order in which faults count."""
_GIVEN = ("V2", "trust", "S", "I6", "chain")


def check_release(evidence: Evidence) -> Verdict:
    """The verdict on one release. What is wrong with it is in the verdict, not raised."""
    check, steps = _Check(evidence), Steps()
    steps.given("V2", evidence.current, "no verified index metadata is at hand")
    steps.given("trust", evidence.trust, "the registry's trust files are not at hand")
    steps.given("S", evidence.checkpoint, "no checkpoint of the log is at hand")
    steps.given("I6", evidence.listed, "no index is at hand")
    steps.given("chain", evidence.publisher, "the publisher's roots are not at hand")
    for name, needs, act in STEPS:
        steps.take(name, needs, partial(act, check))
    current = ["V2", "I7", "V6"] if evidence.listed is None else ["V2", "I6", "I7", "V6"]
    authentic = ["chain", "R4", "R5", "R6", "R7", "R8", "R8 signed"]
    # Without an approval that counts there is no safety level to compare, and the publisher's signatures are what they are.
    if steps.was_done("R9"):
        authentic.append("R7 safety")
    return Verdict(
        authentic=steps.finding(Question.AUTHENTIC, authentic, lambda: authentic_note(evidence, check.root)),
        approved=steps.finding(Question.APPROVED, ("R9",), lambda: approved_note(check.approved_by)),
        current=steps.finding(Question.CURRENT, current, lambda: current_note(cast(Current, evidence.current))),
        logged=steps.finding(Question.LOGGED, ("S", "R1", "R2", "R3"), lambda: logged_note(check.checkpoint)),
        faults=steps.faults((*_GIVEN, *(name for name, _needs, _act in STEPS))),
        statement=getattr(check, "statement", None),
        leaf=getattr(check, "leaf", None),
        root=getattr(check, "root", None),
        signed_by=getattr(check, "signed_by", None),
        approved_by=getattr(check, "approved_by", None),
    )

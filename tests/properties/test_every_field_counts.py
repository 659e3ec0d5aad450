"""Law: no single field of the evidence can change without an answer becoming no (M22, S07)."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from packspec import canonical, wire
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import IndexedRelease
from packspec.lockfile import LockedPack
from packspec.packproof import Packproof
from packspec.signing.dsse import Envelope
from packspec.verdict import Verdict, check_release
from packspec.versions import Version
from tests.support.ledger import Ledger

V = Version.parse("1.2.0")
PROVEN = (
    "archive", "size", "tree", "statement", "publisher_root_version", "publisher_root", "publisher_anchor", "log_index", "license", "paid",
)  # fmt: skip
"""What a lock says that a release check can prove."""


@pytest.fixture
def ledger() -> Ledger:
    """acme has published 1.2.0 and 1.3.0."""
    made = Ledger()
    made.register()
    made.publish("1.2.0")
    made.publish("1.3.0")
    return made


def answers(verdict: Verdict) -> list[str]:
    return [finding.answer.value for finding in verdict.findings]


def put(value: object, *path: Any) -> Callable[[Any], None]:
    def change(plain: Any) -> None:
        for part in path[:-1]:
            plain = plain[part]
        plain[path[-1]] = value

    return change


def edited(packproof: bytes, change: Callable[[Any], object]) -> bytes:
    plain = json.loads(packproof)
    change(plain)
    return canonical.encode(plain)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [found for name, inner in value.items() for found in leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [found for at, inner in enumerate(value) for found in leaves(inner, (*path, at))]
    return [path]


def other_value(value: object) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return value[:-1] + ("0" if value[-1:] != "0" else "1")
        case _:
            raise AssertionError(value)


def test_S07_any_changed_field_of_a_packproof_makes_an_answer_no(ledger: Ledger) -> None:
    good = ledger.evidence(locked=True)
    assert isinstance(good.packproof, bytes)
    plain = json.loads(good.packproof)
    paths = leaves(plain)
    assert len(paths) == 11
    for path in paths:
        value = plain
        for part in path:
            value = value[part]
        changed = edited(good.packproof, put(other_value(value), *path))
        verdict = check_release(replace(good, packproof=changed))
        # The last character of the proof is a newline of the note, whose loss leaves no note at all.
        assert "no" in answers(verdict), path
        assert verdict.faults


def test_S07_any_changed_field_inside_a_signed_part_makes_an_answer_no(ledger: Ledger) -> None:
    packproof = Packproof.parse(ledger.packproofs[V])

    def swap(envelope: Envelope, path: tuple[Any, ...]) -> Envelope:
        plain = json.loads(envelope.payload)
        value = plain
        for part in path:
            value = value[part]
        put(other_value(value), *path)(plain)
        return replace(envelope, payload=canonical.encode(plain))

    seen = 0
    for path in leaves(json.loads(packproof.statement.payload)):
        changed = replace(packproof, statement=swap(packproof.statement, path)).encode()
        assert "no" in answers(check_release(replace(ledger.evidence(), packproof=changed))), path
        seen += 1
    for path in leaves(json.loads(packproof.approvals[0].payload)):
        changed = replace(packproof, approvals=(swap(packproof.approvals[0], path),)).encode()
        assert "no" in answers(check_release(replace(ledger.evidence(), packproof=changed))), path
        seen += 1
    for path in leaves(json.loads(packproof.leaf)):
        plain = json.loads(packproof.leaf)
        value = plain
        for part in path:
            value = value[part]
        put(other_value(value), *path)(plain)
        changed = replace(packproof, leaf=canonical.encode(plain)).encode()
        assert "no" in answers(check_release(replace(ledger.evidence(), packproof=changed))), path
        seen += 1
    assert seen == 40


def test_any_changed_field_of_lock_or_index_makes_an_answer_no(ledger: Ledger) -> None:
    good = ledger.evidence(locked=True)
    assert isinstance(good.lock, LockedPack)
    for name in PROVEN:
        value = getattr(good.lock, name)
        changed: Any = {name: Digest("e" * 64) if isinstance(value, Digest) else other_value(value)}
        lock = msgspec.structs.replace(good.lock, **changed)
        assert "no" in answers(check_release(replace(good, lock=lock))), name
    assert good.listed is not None and not isinstance(good.listed, PackError)
    plain = msgspec.json.decode(canonical.encode(good.listed))
    assert isinstance(plain, dict)
    signed = {path for path in leaves(plain) if path[0] not in ("state",)}
    for path in sorted(signed, key=str):
        value = plain
        for part in path:
            value = value[part]
        changes = {("facts", "kind"): "tool", ("safety",): "none", ("version",): "1.2.1", ("license",): "MIT"}
        swapped = msgspec.json.decode(canonical.encode(good.listed))
        put(changes.get(path, "e" * 64 if isinstance(value, str) else other_value(value)), *path)(swapped)
        listed = wire.convert(swapped, IndexedRelease)
        assert "no" in answers(check_release(replace(good, listed=listed))), path

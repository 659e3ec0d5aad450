"""Whether metadata is at least as new as what was seen before: a registry never goes back (TUF 5.4.3, 5.5.5)."""

from tuf.api.metadata import Snapshot, Timestamp

from packctl.trust.faults import IndexRollback


def check_newer_timestamp(seen: Timestamp, found: Timestamp) -> None:
    """Refuses a timestamp, or the snapshot that it names, of a lower version than the one seen. Raises IndexRollback."""
    for role, before, now in (
        ("timestamp", seen.version, found.version),
        ("snapshot", seen.snapshot_meta.version, found.snapshot_meta.version),
    ):
        if now < before:
            raise IndexRollback(role, f"version {before}", f"version {now}")


def check_newer_snapshot(seen: Snapshot, found: Snapshot) -> None:
    """Refuses a snapshot that lists a lower version of a role than the one seen did, or does not list it. Raises IndexRollback."""
    for file, before in seen.meta.items():
        now, role = found.meta.get(file), file.removesuffix(".json")
        if now is None:
            raise IndexRollback(role, f"version {before.version}", "not listed any more")
        if now.version < before.version:
            raise IndexRollback(role, f"version {before.version}", f"version {now.version}")

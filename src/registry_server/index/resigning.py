"""Signing again what would end, by the server itself: no timer of anybody else's to forget."""

from registry_server.index import metadata
from registry_server.index.actions import current_trust, only_writer, tree_of
from registry_server.index.metadata import bins_in
from registry_server.index.repository import Repository, time_to_sign
from registry_server.index.settled import listed_trust, settle
from registry_server.index.witnesses import cosigned
from registry_server.index.writing import Writer, timestamp_seconds
from registry_server.world import World


def resign_all(world: World) -> None:
    """Signs snapshot and timestamp anew by this machine's clock, even if they were signed at a later time.

    Whoever saw those keeps refusing until that time is over, so this is for an operator who knows that the clock was wrong then.
    """
    with only_writer(world):
        repository = Repository.load(world.public)
        Writer(repository, world.online, world.now(), timestamp_seconds(world)).commit({}, repository.note)


def gather_late(world: World) -> bool:
    """Asks witnesses that have not signed the checkpoint that readers see, and shows it with what they add. Whether they added any."""
    shown, trust = Repository.load(world.public).note, current_trust(world).log
    before = len(shown.valid_signers(trust.witnesses))
    if before == len(trust.witnesses):
        return False
    note = cosigned(world, trust, tree_of(world), shown)
    if len(note.valid_signers(trust.witnesses)) <= before:
        return False
    with only_writer(world):
        repository = Repository.load(world.public)
        if repository.note != shown:
            return False
        now = time_to_sign(world.now(), repository.signed_at)
        Writer(repository, world.online, now, timestamp_seconds(world)).commit({}, note)
        return True


def resign(world: World) -> bool:
    """Renews what has used up its share of life: the timestamp a quarter, snapshot and bins half. Reads static files only, no database.

    What the offline keys have renewed is put into the snapshot; what of theirs is near its end `registry-server keys status` tells. Says
    whether anything was written. Raises ClockBack.
    """
    with only_writer(world):
        repository = Repository.load(world.public)
        now = time_to_sign(world.now(), repository.signed_at)
        settled = settle(world, repository, listed_trust(repository))
        writer = Writer(repository, world.online, now, timestamp_seconds(world), settled)
        renewed = writer.targets({})  # all of them, where the offline keys gave the bins new names
        half_bins = metadata.at(now + metadata.BIN_SECONDS // 2)
        if not renewed:
            for name in bins_in(settled.index.role):
                if repository.role(name).expires < half_bins:
                    renewed |= writer.renewed(name)
        half_snapshot = metadata.at(now + metadata.SNAPSHOT_SECONDS // 2)
        if renewed or not settled.is_in(repository) or repository.snapshot.expires < half_snapshot:
            writer.commit({**renewed, **settled.meta}, repository.note)
            return True
        if now - repository.signed_at >= timestamp_seconds(world) // 4:
            writer.sign_timestamp(repository.timestamp.snapshot_meta)
            return True
        return False

"""Courier around the TUF client: brings metadata to this machine, and says in our words what is wrong with it (I2).

The library decides (its `Updater` is the TUF workflow); this module carries bytes for it over `packctl.registry`, below ceilings, without
redirects, refuses metadata that lists one key twice before the library sees it, and translates. What was accepted is read back by
`packctl.trust.cached`, which needs no network. Chapter: docs/spec/tuf.md.

What the library keeps is replaced file by file (a temporary file, then a rename), so a killed process leaves old or new files, which the
next refresh reads; it does not sync, so everything that was fetched is synced here before `refresh` returns, and `memory` remembers the
time of the newest timestamp by itself. `root.json` is a link that the library removes and makes again; nothing reads it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets, Timestamp

from packctl.durable import Folder, KernelLock, disk_error
from packctl.registry.failures import BadAnswer
from packctl.trust.cached import Cached, MetadataMissing, read_cached
from packctl.trust.chain import check_own, next_root
from packctl.trust.faults import (
    IndexExpired,
    MetadataMalformed,
    MetadataMismatch,
    MetadataTooBig,
)
from packctl.trust.library import FetcherInterface, Updater, UpdaterConfig
from packctl.trust.metadata import CEILINGS, LOCK, MetadataFiles, MetadataFolder
from packctl.trust.newer import check_newer_snapshot, check_newer_timestamp
from packctl.trust.reading import Reads
from packctl.trust.signed import S, check_keys, check_listed, check_signed, load
from packspec import limits
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.moments import moment
from packspec.patterns import pattern

_FILE = pattern(r"(?:[0-9]+\.)?(.+)\.json")
_CONFIG = UpdaterConfig(
    root_max_length=limits.TUF_ROOT_BYTES,
    timestamp_max_length=limits.TUF_TIMESTAMP_BYTES,
    snapshot_max_length=limits.TUF_SNAPSHOT_BYTES,
    targets_max_length=limits.TUF_TARGETS_BYTES,
)


class _Fetcher(FetcherInterface):
    """Carries metadata for the library, and remembers the last file: it is the one that the next refusal is about."""

    def __init__(self, source: Reads, prefix: str) -> None:
        self._source = source
        self._prefix = prefix
        self.role = "root"
        self.data = b""
        self.count = 0
        self.newest: dict[str, bytes] = {}

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = self._prefix + url.removeprefix("/")
        name = path.rpartition("/")[2]
        found = _FILE.fullmatch(name)
        self.role = unquote(found[1]) if found else name
        ceiling = CEILINGS.get(self.role, limits.TUF_TARGETS_BYTES)
        data = self._source.read(path, ceiling)
        if data is None:
            raise DownloadHTTPError(f"{path} is not there", 404)
        self.count += 1
        if len(data) > ceiling:
            raise MetadataTooBig(self.role, ceiling)
        check_keys(self.role, data)
        self.data = self.newest[self.role] = data
        return iter([data])


class Courier:
    """One registry's metadata folder and the way to the registry. One process at a time changes the folder; each call takes its lock.

    `pinned` is the root where trust begins, byte for byte. `prefix` is where metadata lies below the registry's address.
    """

    def __init__(self, folder: Path, source: Reads, address: str, pinned: bytes, prefix: str = "tuf/") -> None:
        self.files = MetadataFolder(folder)
        self._source = source
        self._address = address
        self._pinned = pinned
        self._fetcher = _Fetcher(source, prefix)
        self._prefix = prefix
        self._updater: Updater | None = None

    def refresh(self) -> None:
        """Fetches what is newer: next roots, timestamp, snapshot, targets. Only inside `held`."""
        # What is fetched is looked at before the library sees it.
        for data in (self._pinned, *self.files.roots().values()):
            check_keys("root", data)
        # What the caller pinned is the root of trust, never what lies in the folder.
        path = str(self.files.path)
        self._updater = Updater(path, "/", fetcher=self._fetcher, config=_CONFIG, bootstrap=self._pinned)
        self._updater.refresh()

    def look_up(self, name: str) -> TargetFile | None:
        """What the metadata lists under `name`, delegated roles fetched as needed; None if nothing. Only inside `held`, after `refresh`."""
        assert self._updater is not None
        return self._updater.get_targetinfo(name)

    def download(self, target: TargetFile, source: Reads, prefix: str) -> bytes:
        """The bytes of a target, of the length and digests that are listed. Raises MetadataMismatch, and what reading raises."""
        path = quote(target.path)
        if self._root().consistent_snapshot:
            path = quote(target.get_prefixed_paths()[0])
        data = source.read(prefix + path, target.length)
        if data is None:
            raise BadAnswer(self._address, f"GET /{prefix}{path}"[:200], "it is not there")
        try:
            target.verify_length_and_hashes(data)
        except RepositoryError as error:
            expected = ", ".join(f"{name}:{digest}" for name, digest in sorted(target.hashes.items()))
            raise MetadataMismatch(target.path[:120], expected, Digest.of(data).labelled) from error
        return data

    @property
    def reader(self) -> MetadataFiles:
        """The folder, and behind it what was or can be fetched; nothing of that is kept."""
        return _Beyond(self.files, self._fetcher, self._source, self._prefix)

    def asleep(self, pinned: Digest) -> Cached:
        """After `refresh` raised IndexExpired: the newest state of the registry, expired as it is, for those who may still use it.

        Nothing of it is kept on this machine. Raises IndexRollback against what is, and what `read_cached` and reading raise.
        """
        there = read_cached(self.reader, pinned, self._address)
        try:
            seen = read_cached(self.files, pinned, self._address)
        except (MetadataMissing, MetadataMismatch):
            return there
        check_newer_timestamp(seen.timestamp, there.timestamp)
        check_newer_snapshot(seen.snapshot, there.snapshot)
        return there

    @contextmanager
    def held(self, now: int, *, is_lasting: bool = True) -> Iterator[None]:
        """Holds the folder's lock; afterwards everything is on the disk, if it shall last. The wall: what the library raises becomes ours.

        `now`, seconds since 1970, is only told in refusals: the library asks the system for the time. Raises MetadataSignature,
        IndexRollback, IndexExpired, MetadataMismatch, MetadataMalformed, MetadataTooBig, DuplicateKey, DiskFailed, and what reading
        raises.
        """
        with Folder.open(self.files.path, create=True, mode=0o700) as folder, KernelLock.take(folder, LOCK):
            count = self._fetcher.count
            try:
                yield
            except DownloadError as error:
                found = self._not_fetched(error)
                # What the fetcher raised was only wrapped by the library; taking the wrapping for its cause would close a circle.
                raise found from (found.__cause__ if found is error.__cause__ else error)
            except ExpiredMetadataError as error:
                raise self._expired(now) from error
            except (RepositoryError, ValueError, RecursionError) as error:
                raise self._refused(error) from error
            except OSError as error:
                raise disk_error("write", self.files.path, error) from error
            finally:
                if is_lasting and self._fetcher.count > count:
                    folder.sync_all()

    # What the library refused, in our words: the same file is judged again by the functions that know how to say it.

    def _not_fetched(self, error: DownloadError) -> PackError:
        if isinstance(error.__cause__, PackError):
            return error.__cause__
        if isinstance(error, DownloadHTTPError):
            return BadAnswer(self._address, f"GET {self._fetcher.role}", "it is not there")
        return MetadataMismatch(self._fetcher.role, "the length that is listed", "more bytes")

    def _expired(self, now: int) -> PackError:
        role, ends = self._fetcher.role, now
        newest = {"timestamp": self._fetcher.newest.get("timestamp") or self.files.role("timestamp", 0)}
        for name, data in {"root": self._root_bytes(), **newest, role: self._fetcher.data}.items():
            if data and (ended := int(Metadata.from_bytes(data).signed.expires.timestamp())) <= now:
                role, ends = name, ended
                break
        return IndexExpired(role, moment(ends), moment(now))

    def _refused(self, error: Exception) -> PackError:
        role, data = self._fetcher.role, self._fetcher.data
        try:
            if self._updater is None:  # nothing was asked for: it is the pinned root itself
                check_own(self._pinned)
            self._judge(role, data)
        except (MetadataMissing, RepositoryError, ValueError):
            pass
        except PackError as found:
            return found
        return MetadataMalformed(role, str(error)[:200])

    def _judge(self, role: str, data: bytes) -> None:
        root = self._root()
        match role:
            case "root":
                next_root(root, root.version + 1, data)
            case "timestamp":
                found = load(Timestamp, role, data)
                check_signed(root, role, found)
                if seen := self._kept(Timestamp, role):
                    check_newer_timestamp(seen, found.signed)
            case "snapshot":
                self._judge_snapshot(root, data)
            case _:
                self._judge_targets(root, role, data)

    def _judge_snapshot(self, root: Root, data: bytes) -> None:
        timestamp = self._kept(Timestamp, "timestamp")
        assert timestamp is not None  # the library asks for a snapshot only after it
        check_listed("snapshot", data, timestamp.snapshot_meta)
        found = load(Snapshot, "snapshot", data)
        check_signed(root, "snapshot", found)
        if seen := self._kept(Snapshot, "snapshot"):
            check_newer_snapshot(seen, found.signed)
        if found.signed.version != timestamp.snapshot_meta.version:
            expected = f"version {timestamp.snapshot_meta.version}"
            raise MetadataMismatch("snapshot", expected, f"version {found.signed.version}")

    def _judge_targets(self, root: Root, role: str, data: bytes) -> None:
        snapshot = self._kept(Snapshot, "snapshot")
        meta = snapshot.meta.get(f"{role}.json") if snapshot else None
        if meta is None:
            raise MetadataMismatch(role, "listed in the snapshot", "it is not")
        check_listed(role, data, meta)
        found = load(Targets, role, data)
        if delegator := root if role == "targets" else self._delegator_of(role):
            check_signed(delegator, role, found)
        if found.signed.version != meta.version:
            raise MetadataMismatch(role, f"version {meta.version}", f"version {found.signed.version}")

    def _delegator_of(self, role: str) -> Targets | None:
        for name in ("targets", *self._fetcher.newest):
            found = self._kept(Targets, name) if name not in CEILINGS else None
            if found is not None:
                try:
                    found.get_delegated_role(role)
                except ValueError:
                    continue
                return found
        return None

    def _kept(self, kind: type[S], role: str) -> S | None:
        data = self.files.role(role, 0)
        if data is None:
            return None
        signed = Metadata.from_bytes(data).signed
        return signed if isinstance(signed, kind) else None

    def _root(self) -> Root:
        return load(Root, "root", self._root_bytes()).signed

    def _root_bytes(self) -> bytes:
        """The newest root that the library has accepted: those that it keeps, from the pinned one on."""
        roots = self.files.roots()
        start = next((version for version, data in roots.items() if data == self._pinned), None)
        newest = self._pinned
        while start is not None and start in roots:
            newest = roots[start]
            start += 1
        return newest


class _Beyond:
    """The folder, and behind it what was or can be fetched: a `MetadataFiles` that keeps nothing."""

    def __init__(self, files: MetadataFolder, fetcher: _Fetcher, source: Reads, prefix: str) -> None:
        self._files = files
        self._fetcher = fetcher
        self._source = source
        self._prefix = prefix

    def roots(self) -> Mapping[int, bytes]:
        return self._files.roots()

    def role(self, name: str, version: int) -> bytes | None:
        if name == "timestamp":
            return self._fetcher.newest.get(name) or self._files.role(name, 0)
        kept = self._files.role(name, version)
        if kept is not None:
            return kept
        return self._source.read(
            f"{self._prefix}{version}.{quote(name, '')}.json", CEILINGS.get(name, limits.TUF_TARGETS_BYTES)
        )

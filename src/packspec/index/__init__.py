"""What the registry lists, and how all of it follows from the log.

`documents` are the three targets (pack index, publisher document, recalls), `replay` makes them from log entries and the documents whose
digests stand in these. The server keeps its targets with it, an auditor makes them anew and compares bytes. Chapters:
docs/spec/index.md, docs/spec/publisher-document.md, docs/spec/recalls.md.
"""

from packspec.index.documents import (
    IndexedRelease,
    PackIndex,
    PublisherDocument,
    PublisherDocumentRoot,
    RecallAction,
    RecalledRelease,
    Recalls,
    RecallVanished,
    ReleaseState,
    ResetNotice,
    WrongPack,
    check_recalls_kept,
)
from packspec.index.logged import DocumentMissing, Documents, LogContradiction
from packspec.index.replay import State, replay

__all__ = [
    "DocumentMissing",
    "Documents",
    "IndexedRelease",
    "LogContradiction",
    "PackIndex",
    "PublisherDocument",
    "PublisherDocumentRoot",
    "RecallAction",
    "RecallVanished",
    "RecalledRelease",
    "Recalls",
    "ReleaseState",
    "ResetNotice",
    "State",
    "WrongPack",
    "check_recalls_kept",
    "replay",
]

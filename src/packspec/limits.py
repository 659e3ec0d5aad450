"""Every ceiling and default number once, with its unit and reason. Settings may change what is marked (setting)."""

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB

# Versions and ranges (docs/spec/versions.md, docs/spec/ranges.md)
VERSION_CHARACTERS = 256
"""Longest version, characters: as in npm, so that whatever is a version here is one there."""
VERSION_NUMBER_MAX = 2**63 - 1
"""Largest number in a version: what a signed 64-bit integer holds."""
RANGE_CHARACTERS = 256
"""Longest range, characters."""

# Archives (docs/spec/archive.md)
ARCHIVE_BYTES = 2 * GIB
"""Largest archive, bytes (setting). Offsets of a ZIP without zip64 entries end at 4 GiB; 2 GiB leaves room and fits signed 32 bits."""
FILE_BYTES = 512 * MIB
"""Largest file in a pack, bytes unpacked (setting)."""
UNPACKED_BYTES = 8 * GIB
"""All files of a pack together, bytes unpacked (setting)."""
FILES = 100_000
"""Most files in a pack (setting)."""
PATH_BYTES = 240
"""Longest path, bytes of UTF-8: leaves 15 characters of Windows' 255 for the folder it lands in."""
PATH_PARTS = 32
"""Most parts of a path."""
RATIO = 200
"""Unpacked to packed size at most, for a file above `RATIO_FROM_BYTES`: what bombs need and pictures never reach (setting)."""
RATIO_FROM_BYTES = MIB
MANIFEST_BYTES = 256 * KIB
"""Largest pack.toml. tomllib is quadratic in the dots of a key, so dots are limited too."""
MANIFEST_DOTS_PER_LINE = 64
TREE_BYTES = FILES * (PATH_BYTES + 110)
"""Largest tree document: a full line per file."""

# Signed documents (docs/spec/dsse.md, docs/spec/packproof.md)
ENVELOPE_BYTES = 64 * KIB
"""Largest DSSE envelope."""
ENVELOPE_SIGNATURES = 16
"""Most signatures in one envelope."""
DOCUMENT_BYTES = 64 * KIB
"""Largest signed document, publisher roots included."""
PACKPROOF_BYTES = 256 * KIB
KEY_FILE_BYTES = 16 * KIB
"""Largest file with a private key; ours have 500 bytes."""
LEAF_BYTES = 65_535
"""Longest log entry: tlog-tiles writes its length in two bytes."""
NOTE_CHARACTERS = 280
"""Longest public note of a yank, deprecation or recall: it stays for ever."""
DOCUMENT_DEPTH = 32
"""Deepest nesting of a JSON document that is read."""
INTEGER_MAX = 2**53 - 1
"""Largest integer in a signed document: what every JSON reader keeps exactly."""

# Carry files (docs/spec/carry.md)
CARRY_BYTES = 4 * GIB - 2
"""Largest carry file: what a FAT32 stick and the 32 bits of its headers hold. More goes into numbered parts."""
CARRY_HEADER_BYTES = 4 * MIB
"""Largest `carry.json`: a row takes 170 bytes, so 20,000 releases."""

# TUF metadata (docs/spec/tuf.md)
TUF_ROOT_BYTES = 512 * KIB
TUF_TIMESTAMP_BYTES = 16 * KIB
TUF_SNAPSHOT_BYTES = 4 * MIB
TUF_TARGETS_BYTES = 16 * MIB
INDEX_BYTES = 16 * MIB
"""Largest pack index: 10,000 releases with facts take 4 MB."""
CHECKPOINT_BYTES = 16 * KIB

# Time (seconds)
DAY_SECONDS = 86_400
COOLDOWN_SECONDS = 72 * 3600
"""Between a publisher's key change and its first use (setting)."""
LONGEST_PLAN_SECONDS = 100 * 366 * DAY_SECONDS
"""Longest time that a plan names, so that every end is a day that calendars have."""
RESET_DELAY_SECONDS = 7 * DAY_SECONDS
MAX_INDEX_AGE_SECONDS = 30 * DAY_SECONDS
"""Oldest index that a locked install still accepts, by default of trust/policy.json."""
CLOCK_SLACK_SECONDS = 600
"""How far this machine's clock may be behind signed time."""

# Protocol
REQUEST_BYTES = MIB
"""Largest JSON body of a request."""
PAGE_ROWS = 100
"""Most rows of one page of a listing."""
TEXT_CHARACTERS = 2_000
"""Longest free text in a request."""
DESCRIPTION_CHARACTERS = 100_000
"""Longest readme that a registry shows; a longer one is cut there. As long as the description of a listing in another language."""
CHANGELOG_CHARACTERS = 20_000
"""Longest text about one version that a registry shows of a changelog."""
ASSET_ROWS = 1_000
"""Most rows of one page of assets: a whole pack of common size, and still an answer below a MiB."""

# Client
STORAGE_BYTES = 1_000_000_000
"""What installed packs may take on a device: 1 GB (setting)."""

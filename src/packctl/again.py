"""`packctl install` where the last one left everything as it should be: the same answer again, before anything else of ours is imported.

That install wrote down all that it had looked at (install/remember.py): bytes of files, folders, variables, and until when the registry's
word holds. If all of it is so still, looking again would find nothing to do again. Whatever cannot be read, or is otherwise, is looked at
properly. The record lies where packs lie and is believed as they are: it can keep an install from looking, never put a file anywhere.
"""

import os
import stat

RECORD = os.path.join("packs", ".packctl", "again")
HEAD = "packctl-again/1"
_PREFIXES = ("PACKCTL_", "XDG_")
_NAMES = ("CI", "COLUMNS", "TERM", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "GITHUB_ACTIONS")
MOST_BYTES = 64 * 1024 * 1024
"""No record is longer: a lock, two configurations and a few small files."""
_SECRETS = ("PACKCTL_TOKEN", "PACKCTL_LICENSE", "PACKCTL_OIDC_TOKEN")
"""They decide nothing where nobody is asked, and are not written down."""


def surroundings(environ: dict[str, str], terminals: list[bool]) -> str:
    """What beside files decides what an install does and how it says so: variables, and which streams are terminals. One line."""
    found = {
        name: text
        for name, text in environ.items()
        if (name.startswith(_PREFIXES) or name in _NAMES) and name not in _SECRETS
    }
    return repr((sorted(found.items()), terminals))


def said_again(folder: str, around: str, now: float) -> str | None:
    """What an install in `folder` says that has nothing to do, if a record shows that it has; None: find out.

    `around` is what `surroundings` gives, `now` seconds since the epoch.
    """
    while not os.path.exists(os.path.join(folder, "pack.toml")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return None
    if os.path.islink(os.path.join(folder, "packs")):
        return None
    try:
        head, whole, body = bytes_of(os.path.join(folder, RECORD), MOST_BYTES).partition(b"\n\n")
        return _said(folder, head.decode("utf-8", "surrogateescape"), body, around, now) if whole else None
    except (OSError, ValueError, IndexError):
        return None


def _said(folder: str, head: str, body: bytes, around: str, now: float) -> str | None:
    """Lines: format and version; the moment until which it holds; variables; `file LENGTH PATH`, -1 for none; `folder PATH`; the count.

    The first file is the project's own pack.toml: a project that was copied or moved has a record that looked at other files.
    """
    from packctl import __version__

    first, until, recorded, *looked_at, count = head.split("\n")
    if first != f"{HEAD} {__version__}" or now >= int(until) or recorded != around:
        return None
    if looked_at[0].split(" ", 2)[2:] != [os.path.join(folder, "pack.toml")]:
        return None
    start = 0
    for line in looked_at:
        kind, _, rest = line.partition(" ")
        if kind == "folder":
            if not os.path.isdir(rest):
                return None
            continue
        length, _, path = rest.partition(" ")
        if int(length) < 0:
            if os.path.lexists(path):
                return None
            continue
        if bytes_of(path, int(length)) != body[start : start + int(length)]:
            return None
        start += int(length)
    if start != len(body):
        return None
    form, _, number = count.partition(" ")
    return nothing_of_log(int(number), 0.0) if form == "log" else nothing(int(number))


def bytes_of(path: str, most: int) -> bytes:
    """A file of `most` bytes at most. Raises OSError for a longer one, and for pipes and devices, which could keep a reader for ever."""
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode) or found.st_size > most:
        raise OSError
    with open(path, "rb") as file:
        return file.read(most + 1)


def nothing(packs: int) -> str:
    """How a person is told that nothing is to be done with so many packs."""
    if not packs:
        return "Nothing to do"
    return f"Nothing to do: {packs} pack{'' if packs == 1 else 's'} {'is' if packs == 1 else 'are'} as pack.lock says"


def nothing_of_log(packs: int, seconds: float) -> str:
    """The same in a log."""
    return ", ".join(["nothing to do", *([f"unchanged {packs}"] if packs else []), f"in {seconds:.1f} s"])

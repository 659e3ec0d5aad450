"""The files that `init` and `new` write: a project to install into, a pack to start from. Text in, text out; nothing is written here.

What a template gives passes `check` as it stands, so that the first build works before anything is understood.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias, get_args

from msgspec import Struct

from packspec.names import PackName

Template: TypeAlias = Literal["assets", "lessons", "audio", "module", "tool"]
TEMPLATES: tuple[Template, ...] = get_args(Template)

BARE_PROJECT = """\
[dependencies]
"""

PROJECT = """\
# What this project uses

[dependencies]
# "acme/farm-animals" = "^2"

[install]
dir = "packs"
"""


def new_project(name: PackName | None = None, *, bare: bool = False) -> bytes:
    """The pack.toml of a project; with `name` the folder is also that pack, to be published later. `bare`: no comments, no defaults."""
    text = BARE_PROJECT if bare else PROJECT
    return f"{_pack_table(name)}\n{text}".encode() if name else text.encode()


def _pack_table(name: PackName) -> str:
    return f"""\
[pack]
name = "{name}"
version = "1.0.0"
title = "{_title(name)}"
summary = "Say in one sentence what is in it"
license = "CC-BY-4.0"
category = "characters"
"""


def _title(name: PackName) -> str:
    return name.name.replace("-", " ").title()


class _Kind(Struct, frozen=True):
    """What differs from template to template."""

    kind: str
    license: str
    category: str
    files: Callable[[], dict[str, bytes]]
    more: str = ""


def new_pack(name: PackName, template: Template = "assets") -> dict[str, bytes]:
    """The files of a new pack, by path: pack.toml, readme, changelog, and something to put one's own in the place of. Version 1.0.0."""
    row = _ROWS[template]
    title = _title(name)
    manifest = f"""\
[pack]
name = "{name}"
version = "1.0.0"
kind = "{row.kind}"
title = "{title}"
summary = "Say in one sentence what is in it"
readme = "README.md"
changelog = "CHANGELOG.md"
license = "{row.license}"
category = "{row.category}"
tags = []
{row.more}"""
    texts = {
        "pack.toml": manifest,
        "README.md": f"# {title}\n\nWhat is in this pack, and for whom.\n",
        "CHANGELOG.md": "# Changelog\n\n## 1.0.0\n\n- First release\n",
    }
    return {path: text.encode("utf-8") for path, text in texts.items()} | row.files()


def _drawing() -> dict[str, bytes]:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="0 0 512 512">\n'
        '  <circle cx="256" cy="256" r="200" fill="#3a7"/>\n</svg>\n'
    )
    return {"assets/circle.svg": svg.encode()}


def _lesson() -> dict[str, bytes]:
    return {"lessons/first.md": b"# First lesson\n\n1. Look\n2. Count\n3. Tell\n"}


def _silence() -> dict[str, bytes]:
    """A tenth of a second of silence: WAV, one channel, 8,000 samples a second, 8 bits."""
    samples = b"\x80" * 800
    form = (
        b"fmt "
        + (16).to_bytes(4, "little")
        + b"\x01\x00\x01\x00"
        + (8000).to_bytes(4, "little") * 2
        + b"\x01\x00\x08\x00"
    )
    data = b"data" + len(samples).to_bytes(4, "little") + samples
    return {"sounds/silence.wav": b"RIFF" + (4 + len(form) + len(data)).to_bytes(4, "little") + b"WAVE" + form + data}


def _module() -> dict[str, bytes]:
    return {"module.py": b'"""What this module adds to its host."""\n'}


def _tool() -> dict[str, bytes]:
    return {"config.json": b"{}\n"}


_PYTHON = 'python = ">=3.11"\n'
_ASSET = '\n[[assets]]\npath = "assets/circle.svg"\ntitle = "Circle"\ntype = "sticker"\ntags = ["circle"]\nhighlight = true\n'
_EDUCATION = '\n[pack.education]\nfocus = ["math"]\nobjectives = ["counts to ten"]\n'
_LAUNCH = '\n[tool]\nlaunch-url = "https://tool.example/start?user={userId}"\nlaunch = "iframe-web"\n'

_ROWS: dict[Template, _Kind] = {
    "assets": _Kind("content", "CC-BY-4.0", "characters", _drawing, _ASSET),
    "lessons": _Kind("content", "CC-BY-4.0", "lessons", _lesson, _EDUCATION),
    "audio": _Kind("content", "CC-BY-4.0", "sounds", _silence),
    "module": _Kind("module", "Apache-2.0", "modules", _module, _PYTHON),
    "tool": _Kind("tool", "Apache-2.0", "tools", _tool, _LAUNCH),
}

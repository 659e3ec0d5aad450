"""How the chapters say what is typed: acts of the client and of the registry's machine, publishing and approving by a release's name."""

import shlex
from collections.abc import Mapping

from packctl.demo.script import Act, Chapter, Deed, Lanes, Later, Step
from packctl.demo.stage import PUBLISHERS

DIGEST = r"(sha256:[0-9a-f]{64})"
OTHER_DIGEST = "sha256:" + "0" * 64
FIRST = {
    "packs": ("packs/base-shapes@1.4.2",),
    "birdsong": (
        "birdsong/audio-core@0.9.4", "birdsong/audio-core@2.0.0", "birdsong/sounds-animals@3.0.1", "birdsong/sounds-animals@4.0.2",
        "birdsong/sirens@1.0.0",
    ),
    "acme": ("acme/farm-animals@2.0.1", "acme/farm-animals@2.1.0", "acme/story-kit@2.7.1", "acme/story-kit@3.1.0"),
}  # fmt: skip
"""What is published in chapter 2, by publisher."""
ASIDE = ("acme/farm-animals@2.0.1", "birdsong/sounds-animals@4.0.2")
"""What a story in a hurry does without."""
REJECTED = "birdsong/sirens@1.0.0"


def chapter(title: str, *steps: Step) -> Chapter:
    """Steps under a heading."""
    return Chapter(title, steps)


def step(title: str, *parts: Act | Deed | Lanes | Later) -> Step:
    """What is done under a sentence."""
    return Step(title, parts)


def packctl(
    who: str,
    line: str,
    expect: int = 0,
    *,
    keeps: Mapping[str, str] | None = None,
    says: tuple[str, ...] = (),
    stdin: str = "",
    aside: bool = False,
) -> Act:
    """A command of the client."""
    return Act(who, ("packctl", *shlex.split(line)), expect, keeps or {}, stdin, says, aside)


def server(line: str, keeps: Mapping[str, str] | None = None) -> Act:
    """A command on the registry's machine."""
    return Act("olga", ("registry-server", *shlex.split(line)), 0, keeps or {})


def hand_in(release: str) -> Act:
    """The act of publishing `publisher/name@version`; keeps its submission and the digest of its archive."""
    who, folder = PUBLISHERS[release.partition("/")[0]], release.replace("/", "-").replace("@", "-")
    keeps = {f"digest {release}": rf"\.pack .*{DIGEST}", f"submission {release}": r"\((S-\d+)\)"}
    return packctl(who, f"publish {folder} --yes", keeps=keeps, aside=release in ASIDE)


def approve(release: str) -> Act:
    """The act of approving a release, which names the bytes that were looked at."""
    line = f"approve '{{submission {release}}}' --yes --digest '{{digest {release}}}'"
    return packctl("kim", line, aside=release in ASIDE)

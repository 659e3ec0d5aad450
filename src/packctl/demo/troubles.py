"""The chapters in which something goes wrong: damage, theft, a recall, a registry that is gone, a machine without network."""

import shutil
from pathlib import Path

from packctl.demo.acts import DIGEST, approve, chapter, hand_in, packctl, step
from packctl.demo.script import Chapter, Deed
from packctl.demo.stage import Stage


def damage() -> Chapter:
    """A file changes on the developer's disk."""
    cow = "packs/birdsong/sounds-animals/cow.wav"
    return chapter(
        "One byte of an installed file changes",
        step(
            "Verify sees it",
            Deed(f"One bit of {cow} is turned over", lambda stage: _turn_bit(stage.place("lee") / cow)),
            packctl("lee", "verify", 6, says=("trust.file-changed", "cow.wav")),
        ),
        step(
            "That file alone is fetched again: it was damaged in the store, too, of which it is a hard link",
            packctl("lee", "heal", says=("cow.wav", "fetched again", "Mended 1 file")),
            packctl("lee", "verify"),
        ),
    )


def _turn_bit(path: Path) -> str:
    """As a failing disk would: in place, so that every name of the file sees it."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    return ""


def theft() -> Chapter:
    """A release key is stolen, and its owner says so."""
    forged = "birdsong/sounds-animals@3.2.1"
    since = "--compromised-since {log-size} --replacement birdsong-2 --confirm birdsong-release"
    return chapter(
        "A release key is stolen",
        step(
            "Somebody has a copy of birdsong's release key and token; what they hand in waits, installable by nobody",
            Deed("eve copies both, and changes a sound", _steal),
            packctl("eve", "publish forged --yes", keeps={"forged": r"\((S-\d+)\)", "forgery": rf"\.pack .*{DIGEST}"}),
            packctl("lee", f"install {forged}", 3, says=("catalog.no-such-release",)),
        ),
        step(
            "The owner looks at what the log has under the name, and says that from now on the key was not theirs alone",
            packctl("tom", "log tail --publisher birdsong", keeps={"log-size": r"--since (\d+)"}),
            packctl("tom", "key generate birdsong-2 --no-passphrase"),
            packctl("tom", f"key revoke birdsong birdsong-release {since}", says=("was stolen", "in 3 d")),
            packctl("tom", "publisher show birdsong", says=("counts from",), aside=True),
        ),
        step(
            "Everybody who uses the publisher is told",
            packctl("lee", "audit", says=("birdsong has other keys",)),
        ),
        step(
            "What was signed with it since cannot be approved, and what was signed before stays good",
            packctl("kim", "approve {forged} --yes --digest {forgery}", 6, says=("trust.key-compromised",)),
            packctl("lee", "ci"),
            packctl("lee", "verify"),
        ),
    )


def _steal(stage: Stage) -> str:
    """The thief's home gets what lay in a publisher's, and a folder with a release that only differs in a sound."""
    eve, tom = stage.home("eve"), stage.home("tom")
    shutil.copytree(tom / "data" / "keys", eve / "data" / "keys", ignore=shutil.ignore_patterns("*-owner.key"))
    shutil.copy2(tom / "token", eve / "token")
    forged = eve / "forged"
    shutil.copytree(
        stage.folder / "packs" / "birdsong-sounds-animals-3.2.0", forged, ignore=shutil.ignore_patterns("*.pack*")
    )
    manifest = forged / "pack.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"3.2.0"', '"3.2.1"'), encoding="utf-8")
    sound = forged / "cow.wav"
    sound.write_bytes(sound.read_bytes()[:-1] + b"\x7f")
    return ""


def recall() -> Chapter:
    """A release is recalled and replaced."""
    loud = "acme/farm-animals@2.1.0"
    why = "--action stop --reason unsafe-content --replacement 2.1.1"
    told = ("policy.release-recalled", "2.1.1")
    return chapter(
        "A release is recalled",
        step(
            "The next release puts it right, and a rehearsal says whom a recall would hit",
            hand_in("acme/farm-animals@2.1.1"),
            approve("acme/farm-animals@2.1.1"),
            packctl("mia", f"recall {loud} {why} --rehearse", says=("New projects would get 2.1.1",)),
        ),
        step(
            "Meanwhile the developer writes the project into a file, for a machine without network",
            packctl("lee", "carry export -o old.carry", says=("releases with proofs",)),
        ),
        step(
            "It is recalled, in the public log for ever, so the release is named once more",
            packctl("mia", f"recall {loud} {why} --note 'the barn door is painfully loud' --confirm {loud}"),
            packctl("mia", "log tail --publisher acme", says=("stop, unsafe-content",)),
        ),
        step(
            "Its users are told, and installs refuse it",
            packctl("lee", "audit", 10, says=told),
            packctl("lee", "install", 10, says=told),
            packctl("lee", "verify", 10, says=told),
        ),
        step(
            "The replacement works",
            packctl("lee", "update acme/farm-animals", says=("2.1.1",)),
            packctl("lee", "verify"),
            packctl("lee", "log verify", says=("one history",), aside=True),
        ),
        step(
            "A second file has it",
            packctl("lee", "carry export -o farm.carry", says=("releases with proofs",)),
        ),
    )


def stopped() -> Chapter:
    """The registry is not there."""
    return chapter(
        "The registry stops",
        step(
            "What is installed still verifies, and an install with nothing to do works",
            Deed("The registry is stopped", Stage.stop_registry),
            packctl("lee", "verify"),
            packctl("lee", "install"),
        ),
        step("A search says what is wrong", packctl("lee", "search farm", 8, says=("registry.unreachable",))),
    )


def carry() -> Chapter:
    """A machine that has no network."""
    stick = "lee's pack.toml, pack.lock and both files go to zoe's machine on a stick"
    return chapter(
        "A machine without network",
        step(
            "It gets everything in one file, and trusts nothing in it but what the pinned root leads to",
            Deed(stick, _carry_over),
            packctl("zoe", "carry import farm.carry", says=("authentic, approved, logged", "CURRENT as of")),
            packctl("zoe", "install --locked --offline", says=("acme/farm-animals",)),
            packctl("zoe", "verify", says=("No network was used",)),
        ),
        step(
            "The file from before the recall is refused",
            packctl("zoe", "carry import old.carry", 6, says=("trust.index-rollback", "old.carry")),
        ),
    )


def _carry_over(stage: Stage) -> str:
    for name in ("pack.toml", "pack.lock", "old.carry", "farm.carry"):
        shutil.copy2(stage.place("lee") / name, stage.place("zoe") / name)
    return ""

"""The story of the demo, as a table: a registry starts, releases are published and approved, a developer installs and verifies them, and
some of the ways in which it can go wrong are tried.

Each row is what a person types, and the exit code that it must end with. What has no command yet stands here as `Later`.
"""

import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

from packctl.demo.script import Act, Chapter, Deed, Lanes, Later, Step
from packctl.demo.stage import PUBLISHERS, Stage

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


def story() -> tuple[Chapter, ...]:
    """All chapters."""
    return (
        _begin(), _publish(), _review(), _use(), _conflict(), _update(), _licenses(), _damage(), _theft(), _recall(), _stopped(), _carry(),
    )  # fmt: skip


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


def _begin() -> Chapter:
    roles = {"mia": "", "tom": "", "pat": "", "kim": "--role reviewer --role admin", "lee": ""}
    shown_once = r"(pkt_\w+)"
    accounts = tuple(
        (server(f"account add {who} {role} --data registry", {f"token-{who}": shown_once}),)
        for who, role in roles.items()
    )
    init = "init --data registry --name demo.example --offline-keys offline-keys"
    return chapter(
        "A registry starts",
        step(
            "The operator makes the registry; the root keys, of which two of three sign, go to a folder of their own",
            server(init, {"root": rf"^root\s+{DIGEST}"}),
        ),
        step(
            "People get accounts, and a token each, shown once",
            Lanes(accounts),
            Deed("Everybody keeps the token in a file", _keep_tokens),
        ),
        step(
            "It listens, on this machine only",
            Deed("registry-server serve --data registry --port 0", Stage.start_registry),
        ),
        step(
            "A client pins the registry's root by its digest, which it got from the operator",
            packctl("lee", "trust pin {url} --root {root}"),
        ),
    )


def _keep_tokens(stage: Stage) -> str:
    for name, token in stage.values.items():
        if name.startswith("token-"):
            file = stage.home(name.removeprefix("token-")) / "token"
            file.write_text(token + "\n", encoding="utf-8")
            file.chmod(0o600)
    return ""


def _publish() -> Chapter:
    return chapter(
        "Three publishers, and their first releases",
        step(
            "One logs in; the others have their token in PACKCTL_TOKEN_FILE and the root in PACKCTL_TRUST_ROOT, as in a CI",
            packctl("mia", "login --with-token", stdin="token"),
            packctl("mia", "whoami", aside=True),
        ),
        step(
            "Each makes an owner key and a release key, and registers",
            Lanes(tuple(_register(who, name) for name, who in PUBLISHERS.items())),
        ),
        step(
            "An admin compares the digests with what the owners said on the telephone, and lets them in",
            *(packctl("kim", f"admin publisher accept {name} --root {{root-{name}}}") for name in PUBLISHERS),
        ),
        step(
            "A pack is checked, and built twice with equal bytes",
            packctl("mia", "check acme-farm-animals-2.1.0"),
            packctl("mia", "build acme-farm-animals-2.1.0 -o one.pack"),
            packctl("mia", "build acme-farm-animals-2.1.0 -o two.pack"),
            Deed("Are one.pack and two.pack the same?", _same_bytes),
        ),
        step(
            "They publish: check, build, sign, upload and hand in",
            Lanes(tuple(tuple(map(hand_in, FIRST[name])) for name in PUBLISHERS)),
        ),
        step(
            "Nobody can install what waits for approval",
            packctl("lee", "init"),
            packctl("lee", "install acme/farm-animals", 3, says=("catalog.no-such-pack",)),
        ),
    )


def _register(who: str, name: str) -> tuple[Act, ...]:
    register = f"publisher register {name} --owner {name}-owner --release {name}-release"
    return (
        packctl(who, f"key generate {name}-owner --role owner --no-passphrase"),
        packctl(who, f"key generate {name}-release --no-passphrase"),
        packctl(who, register, keeps={f"root-{name}": rf"root 1\s+{DIGEST}"}),
    )


def _same_bytes(stage: Stage) -> str:
    one, two = (stage.folder / "packs" / name for name in ("one.pack", "two.pack"))
    return "" if one.read_bytes() == two.read_bytes() else "the two archives differ"


def _review() -> Chapter:
    farm, digest = "'{submission acme/farm-animals@2.1.0}'", "'{digest acme/farm-animals@2.1.0}'"
    good = tuple(tuple(approve(release) for release in FIRST[name] if release != REJECTED) for name in FIRST)
    rejected = f"'{{submission {REJECTED}}}'"
    return chapter(
        "A reviewer decides",
        step(
            "The reviewer makes a key, and the operator puts its public half on the list, with the offline keys",
            packctl("kim", "key generate review-kim --role reviewer --no-passphrase"),
            packctl("kim", "key export review-kim", keeps={"review-key": r"^([A-Za-z0-9+/]{80,}=*)$"}),
            server("reviewer add kim {review-key} --keys offline-keys --data registry"),
        ),
        step("What waits", packctl("kim", "queue", aside=True)),
        step(
            "An approval that names other bytes is refused",
            packctl("kim", f"approve {farm} --yes --digest {OTHER_DIGEST}", 6, says=("publishing.other-bytes",)),
        ),
        step(
            "Who handed it in may not approve it",
            packctl("mia", f"approve {farm} --yes --digest {digest} --key acme-release", 4),
        ),
        step(
            "Approved with a key that the server does not have: what was looked at is named by its digest", Lanes(good)
        ),
        step(
            "One is rejected",
            packctl("kim", f"reject {rejected} --reason safety --note 'louder than small ears can take' --yes"),
            packctl("tom", f"status {rejected}", aside=True),
        ),
    )


def _use() -> Chapter:
    return chapter(
        "A developer starts a project",
        step(
            "Search, and add two packs; what they need comes along",
            packctl("lee", "search farm --free", says=("acme/farm-animals",)),
            packctl("lee", "add acme/farm-animals birdsong/sounds-animals@^3"),
            packctl("lee", "list --tree", aside=True),
        ),
        step(
            "The lock is complete, and a second install does nothing",
            packctl("lee", "lock --check"),
            packctl("lee", "ci"),
            packctl("lee", "install", says=("Nothing to do",)),
        ),
        step(
            "Offline check of the four statements and of every file",
            packctl("lee", "verify --offline", says=("AUTHENTIC", "APPROVED", "LOGGED", "CURRENT")),
        ),
    )


def _conflict() -> Chapter:
    told = ("resolve.no-solution", "depends on birdsong/audio-core ^2.0", "depends on birdsong/audio-core ^0.9")
    way_out = "add acme/story-kit@^2"
    return chapter(
        "A wish that does not fit",
        step(
            "It is explained, and nothing changes",
            packctl("lee", "add acme/story-kit@^3", 5, says=(*told, f"packctl {way_out}")),
            packctl("lee", "lock --check"),
        ),
        step(
            "One of the ways out that were printed is taken",
            packctl("lee", way_out, says=("acme/story-kit", "2.7.1")),
            packctl("lee", "why birdsong/audio-core", says=("> birdsong/audio-core",)),
        ),
    )


def _update() -> Chapter:
    return chapter(
        "An update",
        step(
            "A new release comes out",
            hand_in("birdsong/sounds-animals@3.2.0"),
            approve("birdsong/sounds-animals@3.2.0"),
        ),
        step(
            "It is found inside the range; before anything is downloaded it is told what that would fetch",
            packctl("lee", "update --dry-run", says=("3.2.0", "to fetch", "more on disk")),
        ),
        step(
            "Only the files that changed are fetched",
            packctl("lee", "update", says=("Fetched", "5 of 14 files", "3.2.0")),
            packctl("lee", "verify"),
        ),
    )


def _licenses() -> Chapter:
    return chapter(
        "A paid pack",
        step("Refused before any download", Later("a paid pack is refused without a license", "licenses")),
        step("Bought, activated and used", Later("a license is granted, activated and used", "licenses")),
        step("One machine too many", Later("one machine too many is refused; one is freed", "licenses")),
    )


def _damage() -> Chapter:
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


def _theft() -> Chapter:
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


def _recall() -> Chapter:
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
    )


def _stopped() -> Chapter:
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


def _carry() -> Chapter:
    one_file = "a project is carried over in one file and verified there"
    return chapter(
        "A machine without network",
        step("Everything in one file", Later(one_file, "packctl carry")),
        step("An old file is refused", Later("the file from before a recall is refused", "packctl carry")),
    )

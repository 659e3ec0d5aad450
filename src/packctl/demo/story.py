"""The story of the demo, as a table: a registry starts, releases are published and approved, a developer installs and verifies them, and
some of the ways in which it can go wrong are tried.

Each row is what a person types, and the exit code that it must end with.
"""

from packctl.demo.acts import DIGEST, FIRST, OTHER_DIGEST, REJECTED, approve, chapter, hand_in, packctl, server, step
from packctl.demo.sales import sale
from packctl.demo.script import Act, Chapter, Deed, Lanes
from packctl.demo.stage import PUBLISHERS, Stage
from packctl.demo.troubles import carry, damage, recall, stopped, theft


def story() -> tuple[Chapter, ...]:
    """All chapters."""
    return (
        _begin(), _publish(), _review(), _use(), _conflict(), _update(), sale(), damage(), theft(), recall(), stopped(), carry(),
    )  # fmt: skip


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

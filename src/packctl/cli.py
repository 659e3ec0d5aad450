"""Every command with one line of help, under the heading it is listed by. Nothing here imports a command.

A command's module follows from its words: `trust pin` is `packctl.commands.trust.pin`, `demo` is `packctl.commands.demo`. A group is a
folder; one that also does something by itself (`queue`) does it in the folder's `__init__`.
"""

import os
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace


class Row(msgspec.Struct, frozen=True):
    """One command or group of commands. `aliases` are other first words, never listed. `runs`: the group alone is a command as well."""

    name: str
    help: str
    children: tuple["Row", ...] = ()
    aliases: tuple[str, ...] = ()
    runs: bool = False


TABLE: dict[str, tuple[Row, ...]] = {
    "Use packs": (
        Row("init", "Start a project that uses packs"),
        Row("add", "Add packs to the project and install them"),
        Row("remove", "Take packs out of the project", aliases=("rm",)),
        Row("install", "Make the installed packs equal to pack.lock", aliases=("i",)),
        Row("ci", "Install exactly what pack.lock says, without questions"),
        Row("update", "Take newer releases"),
        Row("lock", "Write pack.lock without installing"),
        Row("list", "Show the installed packs", aliases=("ls",)),
        Row("why", "Show how a pack came into the project"),
        Row("why-not", "Show what keeps a pack or a version out"),
        Row("outdated", "Show which packs have newer releases"),
        Row("show", "Show everything about a pack", aliases=("info", "view")),
        Row("search", "Find packs in the registry"),
        Row(
            "usage", "What uses which packs", (Row("scan", "Show which files use which assets of the installed packs"),)
        ),
        Row(
            "library",
            "Show the packs that the project has",
            (Row("export", "Write one index of the assets of all installed packs"),),
            runs=True,
        ),
        Row("heal", "Fetch damaged or missing files again"),
        Row("fetch", "Download a release and its proof without installing it"),
        Row("diff", "Show what changed between two releases"),
        Row("terms", "Show the license terms of the installed packs", aliases=("licenses",)),
        Row("sbom", "Write a bill of materials of the installed packs"),
    ),
    "Trust and licenses": (
        Row("verify", "Check signatures, approvals, log and files, without network"),
        Row("audit", "Look for recalled and yanked releases, changed keys, ending licenses"),
        Row(
            "trust",
            "The registries this machine trusts",
            (
                Row("list", "Show the pinned registries"),
                Row("show", "Show one registry's root and keys"),
                Row("pin", "Pin a registry's root by its digest"),
                Row("remove", "Forget a registry"),
                Row("compare", "Prove that two lock files saw one log, or that they did not"),
            ),
        ),
        Row(
            "log",
            "The public log of a registry",
            (
                Row("verify", "Check that the log is one history"),
                Row("tail", "Show its newest entries, or those under a publisher's name"),
                Row("prove", "Prove that a release is in it"),
            ),
        ),
        Row(
            "license",
            "The right to use paid packs on this machine",
            (
                Row("list", "Show the licenses of this machine, or of your account"),
                Row("status", "Show whether they can be used, and until when"),
                Row("activate", "Give this machine a place in a license"),
                Row("deactivate", "Give a machine's place back"),
                Row("refresh", "Renew the leases of this machine now"),
                Row("request", "Ask for a license file, for a machine without network"),
                Row("import", "Take a license file, or hand in a receipt"),
                Row("export", "Reserve places of a license for a closed network"),
                Row(
                    "seat",
                    "Which persons may use a license",
                    (
                        Row("list", "Show who has a seat"),
                        Row("add", "Give persons a seat"),
                        Row("remove", "Take a person's seat back"),
                    ),
                ),
                Row(
                    "ci",
                    "Which runs in CI may use a license",
                    (
                        Row("list", "Show whose runs may use it"),
                        Row("add", "Let runs of a repository use it"),
                        Row("remove", "Let runs of a repository use it no more"),
                    ),
                ),
                Row("use", "Show which machines and persons used a license when"),
                Row("transfer", "Give a license to another account"),
            ),
        ),
        Row(
            "carry",
            "Packs for machines without network",
            (
                Row("export", "Write one file for a machine without network"),
                Row("import", "Take in what a file from the other side holds"),
            ),
        ),
    ),
    "Publish": (
        Row("new", "Make a pack to start from"),
        Row("check", "Look for faults before publishing"),
        Row("build", "Write the archive of a pack"),
        Row("sign", "Sign an archive, or add a signature to a submission"),
        Row("publish", "Check, build, sign and hand in a release"),
        Row("attest", "Declare the safety of a release before it is approved"),
        Row("status", "Show where a submission stands"),
        Row("withdraw", "Take a submission back to draft"),
        Row("yank", "Keep new projects from choosing a release"),
        Row("recall", "Call a release back: clients warn of it, or refuse it"),
        Row("archive", "End a pack: no new installs, what is locked stays"),
        Row("deprecate", "Say that a pack or its releases should no longer be used"),
        Row(
            "publisher",
            "Your publisher on the registry",
            (
                Row("register", "Register a publisher with its first root"),
                Row("show", "Show a publisher and its keys"),
                Row("sign", "Sign a change of keys that another owner proposed"),
                Row("recover", "Make new owners for a publisher whose owner keys are lost"),
                Row("object", "Stop a reset of your keys"),
                Row("team", "Show or change who acts for a publisher"),
            ),
        ),
        Row(
            "owner",
            "Who can change your publisher's keys",
            (
                Row("list", "Show the owner keys"),
                Row("add", "Add an owner key"),
                Row("remove", "Take an owner key out"),
            ),
        ),
        Row(
            "key",
            "The keys that sign your releases",
            (
                Row("generate", "Make a key on this machine"),
                Row("list", "Show the keys on this machine"),
                Row("export", "Print a key's public half, or copy its sealed file"),
                Row("add", "Add a release key to a publisher"),
                Row("rotate", "Put a new release key in the place of an old one"),
                Row("revoke", "Take a release key out, for the future or as stolen"),
            ),
        ),
    ),
    "Account": (
        Row("login", "Log in to a registry"),
        Row("logout", "Forget the token of a registry"),
        Row("whoami", "Show who is logged in"),
        Row(
            "token",
            "Tokens for scripts and CI",
            (
                Row("list", "Show your tokens"),
                Row("create", "Make a token, shown once"),
                Row("revoke", "End a token"),
            ),
        ),
    ),
    "Administer": (
        Row(
            "queue",
            "Show submissions that wait for a decision",
            (Row("take", "Take a submission to decide on it"),),
            runs=True,
        ),
        Row("approve", "Verify a submission and sign its approval"),
        Row("reject", "Turn a submission down, or ask for changes"),
        Row(
            "admin",
            "Run a registry from afar",
            (
                Row(
                    "publisher",
                    "Who may publish",
                    (
                        Row("list", "Show publishers and those who wait"),
                        Row("accept", "Let a publisher's first root into the log"),
                        Row("suspend", "Stop all that a publisher does here"),
                        Row("restore", "Let a suspended publisher go on"),
                    ),
                ),
                Row("recall", "Call any release back, or lift a recall"),
                Row(
                    "license",
                    "Licenses of any account",
                    (
                        Row("issue", "Make a license for an account"),
                        Row("sign", "Answer the request of a machine without network"),
                        Row("renew", "Give a license more time"),
                        Row("suspend", "Stop a license for a while"),
                        Row("unsuspend", "Let a suspended license go on"),
                        Row("revoke", "End a license for ever"),
                    ),
                ),
            ),
        ),
    ),
    "This tool": (
        Row("serve", "Run a registry on this machine"),
        Row("demo", "Tell the whole story on a registry of its own"),
        Row(
            "config",
            "Settings, and where each one comes from",
            (
                Row("list", "Show every setting"),
                Row("get", "Print one setting"),
                Row("set", "Write a setting into your config.toml"),
                Row("unset", "Take a setting out of your config.toml"),
                Row("path", "Print where your config.toml is"),
                Row("edit", "Open your config.toml in an editor"),
            ),
        ),
        Row(
            "cache",
            "The store of files, and what was downloaded",
            (
                Row("dir", "Print where the store and the downloads are"),
                Row("size", "Show what the store takes, and which packs"),
                Row("verify", "Read every file of the store"),
                Row("clean", "Remove what no project uses"),
            ),
        ),
        Row("completion", "Print a script that completes packctl in a shell"),
        Row("doctor", "Look for what is wrong on this machine"),
        Row("explain", "Tell all about an error code"),
        Row("help", "Help on a command, or on exit-codes, environment, config, options, json"),
    ),
}
"""Heading to commands, in the order of the help."""

DAILY = ("init", "add", "install", "update", "search", "show", "verify", "publish")
"""What `packctl` alone shows."""

_PACKAGE = "packctl.commands"
_FOLDER = os.path.join(os.path.dirname(__file__), "commands")
"""Looked into, not imported: the table stands below the commands."""


def module_of(words: tuple[str, ...]) -> str:
    """The module of the command with these words."""
    return ".".join((_PACKAGE, *(word.replace("-", "_") for word in words)))


def listed() -> dict[str, tuple[Row, ...]]:
    """`TABLE` with the commands that can run."""
    found = {heading: tuple(_runnable(rows, ())) for heading, rows in TABLE.items()}
    return {heading: rows for heading, rows in found.items() if rows}


def _runnable(rows: tuple[Row, ...], above: tuple[str, ...]) -> Iterator[Row]:
    for row in rows:
        words = (*above, row.name)
        path = os.path.join(_FOLDER, *(word.replace("-", "_") for word in words))
        if row.children:
            children = tuple(_runnable(row.children, words))
            if children or (row.runs and os.path.exists(os.path.join(path, "__init__.py"))):
                yield replace(row, children=children)
        elif os.path.exists(f"{path}.py"):
            yield row


def every_command() -> Iterator[tuple[tuple[str, ...], Row]]:
    """Words and row of every command that can run, groups left out, in the order of the help."""
    for rows in listed().values():
        for row in rows:
            yield from _below(row, ())


def _below(row: Row, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Row]]:
    words = (*above, row.name)
    if not row.children or row.runs:
        yield words, row
    for child in row.children:
        yield from _below(child, words)

"""Codes of the room `project`: pack.toml, pack.lock, configuration, and the names, versions and ranges in them."""

CODES = {
    "project.bad-name": (
        "A name has one spelling. A publisher is lower-case ASCII letters, digits and inner hyphens, at most 64 characters; a pack is "
        "publisher/name, both halves by that rule; a release is publisher/name@1.2.3, without build metadata. Names are never folded: "
        "what needs folding is refused, so that nobody can register a second spelling of your name."
    ),
    "project.bad-range": (
        "Ranges of pack versions are npm's: ^1.2, ~1.2, 1.2.3, 1.x, *, >=1 <3, 1.2 - 1.4, ^1 || ^2. A blank joins what must hold "
        "together; a comma is an error, because only ranges of Python and of host applications (PEP 440) are written with commas. A "
        "prerelease matches only if the range names a prerelease of the same three numbers."
    ),
    "project.bad-requirement": (
        "Versions of host applications, of Python and of Python packages are written as Python writes them: ranges by PEP 440 with commas "
        '(hosts = { storybook = ">=1.4,<3" }, python = ">=3.11"), packages by PEP 508 ("pillow>=10"). Addresses and environment markers '
        "are not allowed, because what a pack needs must read the same on every machine, and === is not, because it compares spellings."
    ),
    "project.bad-version": (
        "Versions are SemVer 2.0.0 exactly: three numbers without leading zeros, then -prerelease and +build where wanted. No v in front, "
        "no blanks, nothing left out, no number above 9223372036854775807, at most 256 characters."
    ),
    "project.config": (
        "config.toml holds what is no TOML, a key that nothing reads, or a value that its key does not take; file and line are named. An "
        "unknown key is refused and not ignored, because a misspelled one would leave you with less protection than you think. packctl "
        "config edit opens the file, config unset KEY takes a key out, and --no-config runs one command without it."
    ),
    "project.config-unreadable": (
        "A configuration file is there and cannot be read, or the one named by --config-file or PACKCTL_CONFIG is not there. It is not "
        "passed over, because it may hold the registry that is to be asked and the policy that is to be kept."
    ),
    "project.config-writable": (
        "config.toml, or the folder that it lies in, can be changed by other people of this machine. Whoever can write it decides which "
        "registry packctl asks and what it trusts, so it is refused. A group that only its owner is in is no reason; chmod go-w helps."
    ),
    "project.exists": (
        "packctl init writes a pack.toml, and there is one already. What a person wrote is never replaced. Use packctl add to change it, "
        "or begin in another folder."
    ),
    "project.lock-broken": (
        "pack.lock is not what packctl writes: it is not TOML, a key is missing or has another type, a pack stands twice, or it names a "
        "registry or a release that is not in it. After a merge it may hold conflict marks: run packctl lock, which reads both sides and "
        "keeps the one with the larger checkpoint of the log. Otherwise take the committed file back, or run packctl lock."
    ),
    "project.lock-missing": (
        "With --locked, in CI and for verify the versions must be chosen already, and there is no pack.lock. Run packctl lock on your "
        "machine and commit the file."
    ),
    "project.lock-stale": (
        "pack.lock holds the digest of everything in pack.toml that a choice of versions depends on: dependencies, groups, overrides, "
        "host, policy, features, registries without their addresses, and the same of all members of a workspace. It is another one now, "
        "and with --locked the file may not change. Run packctl lock and commit the result. A new mirror, a comment or another order is no "
        "change."
    ),
    "project.lock-too-new": (
        "pack.lock was written by a later packctl: its number is higher than this one knows, or it has a key that this one does not know. "
        "Upgrade packctl; older versions must not guess what they may leave out."
    ),
    "project.loosens-trust": (
        "A project's pack.toml comes from somebody else, so it may add demands to yours and not take from them: it may not raise a maximum "
        "of yours, lower a minimum, change a registry's root that you have pinned, or lead out of the project's folder. It is refused and "
        "not ignored, so that you learn of it. The line is named; take the key out, or change your own configuration if you agree."
    ),
    "project.manifest": (
        "pack.toml, a listing or a configuration file has keys that do not exist, values of another type, or values that their rule does "
        "not allow. All faults are told at once, each with its path and line. In a folder and at upload unknown keys are faults, because a "
        "misspelled key would be ignored in silence; in the pack.toml of a release they are ignored, because a newer packctl may have "
        "built it. The reference of all keys is docs/reference/pack-toml.md."
    ),
    "project.member-name": (
        "A pattern of [workspace] members fits a folder with a pack.toml whose name is made of bytes that are no UTF-8. pack.lock holds a "
        "digest of what all members ask for, each by its folder, and other machines could not make the same. Rename the folder, or name "
        "the members more closely."
    ),
    "project.no-member": (
        "[workspace] members names a folder, without signs such as *, and there is no pack.toml in it. A folder that is named must be a "
        "project; a pattern takes those that are one and passes over the others."
    ),
    "project.too-many-folders": (
        "A pattern in [workspace] members leads through more than ten thousand folders, and every command would look into all of them. "
        "Name the folders more closely: apps/* has one level, ** has all."
    ),
    "project.no-such-group": (
        "Groups are sets of dependencies that are installed on request, in [groups] of pack.toml. None has this name. packctl add NAME "
        "--group GROUP makes one."
    ),
    "project.not-a-dependency": (
        "The pack is not among the dependencies, or not in the group, that it should be taken out of. It may be there because another pack "
        "needs it; packctl list --tree shows which."
    ),
    "project.not-chosen": (
        "The pack that was named to be updated or installed again is not in this project: pack.toml does not name it, and none of its "
        "packs needs it. packctl list --tree shows what there is, packctl add brings it in."
    ),
    "project.not-found": (
        "Commands that work on a project look for pack.toml in the folder they are started in and in every folder above it. There is none. "
        "packctl init makes one; -C DIR works as if started in DIR."
    ),
    "project.still-used": (
        "A warning: a pack was removed, and files of the project still hold its name, so they may still load its files. They are named; "
        "packctl looks at text files by the pack's name and knows no more than that."
    ),
    "project.scan-cut": (
        "A warning: packctl usage scan stopped, because below the folder there are more files, or more bytes, than it looks at. What it "
        "told is right and not complete. Name a folder that holds less: packctl usage scan DIR."
    ),
    "project.unreadable": (
        "pack.toml or pack.lock is there, and the system does not let packctl read it: it is a folder, belongs to somebody else, or the "
        "disk has a fault. The reason is the system's own."
    ),
    "project.not-in-lock": (
        "A pack was named that the project's pack.lock does not hold. Names are publisher/name in full; packctl list shows what is "
        "locked and installed."
    ),
    "project.not-locked": (
        "pack.toml asks for a pack that pack.lock does not name, although the lock says that it was made for this pack.toml: somebody "
        "edited it or merged it badly. packctl install, or packctl lock, writes it anew."
    ),
}

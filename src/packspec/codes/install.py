"""Codes of the room `install`: disk, store and journal of an install."""

CODES = {
    "install.disk": (
        "The operating system refused a change or a read on a disk of this machine, for a reason that is neither missing room nor missing "
        "rights; the facts give its own words. What the command had begun was taken back."
    ),
    "install.disk-full": (
        "A disk is full, or your quota on it is used up. The command took back what it had begun; the project is as it was. The store of "
        "files may be removed to make room: projects keep their files, and what is needed again is fetched again."
    ),
    "install.journal-broken": (
        "An install was interrupted, and the journal that says how to finish it cannot be read. Nothing is touched then, because guessing "
        "could destroy files. In the folder beside it, new holds what was coming in and old what was going out."
    ),
    "install.kept": (
        "A warning: a file that you had changed or added lay where an install had to put or remove files. It was moved to "
        "packs/.packctl/kept, below the name and version of the pack, and never deleted."
    ),
    "install.pack-changed": (
        "A warning: the pack.toml of an installed pack, or what is known of its files, is not what was signed, so nobody can tell its "
        "assets, and an index leaves the pack out. packctl heal puts the signed file back."
    ),
    "install.link-in-the-way": (
        "A link, or something else that does not belong there, stands where packctl keeps a folder or a file. Links below a project's "
        "folder are never followed, because a cloned project could lead an install to any place on your disk."
    ),
    "install.too-large": (
        "A file that packctl reads whole has more bytes than any file of its kind can have, so it was not read: a pack.lock, a key, a "
        "proof, a list of settings. Look at the one that is named; most often another file has its name."
    ),
    "install.no-plain-file": (
        "The file that a command was told to write is a device, a pipe or a socket, such as /dev/null or /dev/stdout. packctl writes a "
        "file beside the old one and renames it, so the device would be gone, for every program of the machine if root did it. Name a file."
    ),
    "install.no-such-feature": (
        "No asset of the packs is for the feature that was named. With --feature it is an error and nothing changes; where pack.toml asks "
        "for it, a warning, and only assets for all features were installed. Its name may be misspelled: the features that there are stand "
        "beside it. packctl install --whole brings everything."
    ),
    "install.not-in-store": (
        "A file that an install needs is not in the content store, or was found damaged there and set aside (folder damaged of the "
        "store). An install fetches such a file again by itself; this error is shown only where nothing may be fetched."
    ),
    "install.not-writable": (
        "A folder or file belongs to somebody else, its mode forbids the change, or its disk is mounted read-only."
    ),
    "install.over-limit": (
        "The files of packs on this device would take more room than the setting storage.limit allows (1 GB by default). What counts is "
        "the store, where the files of all packs of all projects lie, each content once. Nothing was downloaded. The text names what no "
        "project uses, which packctl cache clean removes, and the largest packs with the projects that have them."
    ),
    "install.state-broken": (
        "packs/.packctl/state.json says what is installed. It is always replaced as a whole, so a disk fault, another program or a person "
        "changed it. packctl heal makes it out anew from pack.lock and from what lies in packs/, and fetches the proofs that it named. "
        "Files that are not a pack's own are moved to packs/.packctl/kept, never deleted."
    ),
    "install.state-too-new": (
        "packs/.packctl/state.json says what is installed, in a format that a newer packctl brought in. An older one would drop what it "
        "does not know of, so it leaves the project alone."
    ),
    "install.unfinished": (
        "Changing the project failed in the middle, and taking the change back failed too. Both are noted in a journal, and nothing is "
        "lost: the next packctl command in the project tries again to undo it."
    ),
    "install.not-installed": (
        "A warning: releases that pack.lock names are not installed here, because their group is not, or because the lock changed since "
        "the last install. What is made of the installed packs leaves them out. packctl install brings them in."
    ),
}

"""Codes of the room `publish`: findings about a pack before, and when, it is handed in."""

CODES = {
    "publish.scan": (
        "The registry's operator lets a program of their choice look at every archive that is handed in, and this is what it says; what it "
        "looks for, its operator knows. An error refuses the hand-in; the rest goes to the reviewer, in the report that the approval names."
    ),
    "publish.scanned": (
        "A note of the check report: the registry's scanner looked at the archive, with this name and version, and found so much. Without "
        "the note only the built-in checks were made."
    ),
    "publish.scan-failed": (
        "The registry's scanner did not start, did not end in time, or gave no answer that can be used. The reviewer sees that the archive "
        "was not scanned, and decides. Its operator mends REGISTRY_PUBLISH_SCANNER; handing in again scans again."
    ),
    "publish.provenance": (
        "A document that was given with --attach says that it is SLSA provenance v1, and cannot be: it lacks parts of that form, or none "
        "of its subjects has the digest of the archive. Provenance is made for one file: build the archive first, have the builder attest "
        "exactly that file, and publish the file, not the folder, with --attach."
    ),
    "publish.nothing-to-attest": (
        "`packctl attest` speaks of a release that was handed in with its signed statement and that nobody has decided about yet. Nothing "
        "of that name and version waits, or it has no statement, or, without --claim, nothing was attested of it that could get one more "
        "signature. Hand the release in first; an approved one keeps its safety level."
    ),
    "publish.file-type": (
        "A pack holds only files of the kinds in the table of docs/spec/assets.md, told by the ending of their names: pictures, sounds, "
        "videos, texts and data; code only in packs of kind module and tool. So a pack of pictures cannot carry programs. Leave the file "
        "out with [pack] exclude, or convert it."
    ),
    "publish.file-content": (
        "The first bytes of the file are not those that its ending promises. Programs that open files by their content, and those that go "
        "by the name, would see two different things. Give the file the right ending, or save it in the format that it claims to have."
    ),
    "publish.svg-active": (
        "An SVG can hold scripts, event handlers, entities and addresses of other sites. Whoever shows such a picture in a browser runs a "
        "program of its author. Save the picture as plain SVG, which every drawing program can do."
    ),
    "publish.secret": (
        "The file holds something in the form of a private key or of a token. What is published stays public for ever, also after a yank, "
        "so the pack is refused as it stands. Take the secret out; if the file was anywhere public before, replace the key or token too."
    ),
    "publish.image-large": (
        "A picture of more than 4096 pixels on a side takes 64 MB of memory or more when it is shown, which is a lot for a child's device. "
        "It is a warning, not a refusal: the reviewer sees it too."
    ),
    "publish.anchor-unknown": (
        "Every statement names the digest of its publisher's first root. This machine has not registered the publisher and has never "
        "asked the registry about it, and with --offline it may not ask. Run the command, or packctl publisher show, once with network; "
        "the digest is kept from then on."
    ),
    "publish.note-broken": (
        "packctl keeps a small file about each publisher that this machine signs for, with the digest of its first root. The file is not "
        "as packctl writes it. Without it, the registry is asked again."
    ),
    "publish.no-fitting-key": (
        "A release is signed by release keys of its publisher, a decision by a reviewer's key. None of the keys on this machine stands in "
        "the list that the registry shows, or the key that was named does not. Sign on a machine that has one of them; a new key is put "
        "into the publisher's root by its owners first, and counts after a cooldown."
    ),
    "publish.checks-failed": (
        "Findings keep the pack from being built or handed in. All of them are told at once, each with its file and line and with a "
        "code of its own that packctl explain knows. With --strict warnings count too. packctl check shows the same without building "
        "anything, and --json lists all of them."
    ),
    "publish.not-a-file": (
        "A link, device, pipe or socket lies in the folder where a file of the pack is expected. A pack holds plain files alone, and no "
        "link is ever followed: it could bring files of your machine into the pack. Put a copy in its place, or leave it out with "
        "[pack] exclude."
    ),
    "publish.too-large": (
        "A file, the number of files, or all of them together are above what a pack may have (docs/spec/archive.md). Split the pack, or "
        "make its files smaller."
    ),
    "publish.registries": (
        "The table [registries] of pack.toml names the addresses of registries, among them perhaps a company's own. It would be "
        "published with the pack, to be read by everybody and obeyed by nobody. Keep it in your config.toml, or make the pack in a "
        "folder below the project."
    ),
    "publish.project-table": (
        "The table says how a project uses packs. In the pack.toml of a pack it has no effect on those who install it, and is published "
        "with it. It is a warning."
    ),
    "publish.name-reserved": (
        "No registry takes this name. Either the publisher's half is a word that nobody may register, or the pack's half is the name of a "
        "device on Windows (con, nul, com1 ...): the folder of an installed pack has its name and must exist on every system."
    ),
    "publish.mixed-scripts": (
        "A word mixes letters of several scripts, as Latin and Cyrillic, so that it reads like another word. It is a warning: the "
        "registry marks such titles, and a reviewer looks at them."
    ),
    "publish.empty": (
        "Nothing goes into the pack but pack.toml, readme, changelog, license and listings. It is a warning, because a pack may consist "
        "of dependencies alone; more often a pattern of include or exclude is not what was meant."
    ),
    "publish.folder-in-use": (
        "packctl new writes into an empty place. One of the files or folders it would make is there already; nothing was written."
    ),
    "publish.attachment-missing": (
        "The statement names a document that is attached to the release, such as the provenance of its build, by its digest. Its bytes "
        "were not uploaded by you, or are not as many as the statement says. Once the release is in the log everybody must be able to "
        "fetch it as it was signed, so it has to be there before."
    ),
    "publish.dependency": (
        "The pack needs another pack, or a version of it, that is not published in this registry. It is a warning: the other pack may "
        "come later, or live in another registry. Until it can be found, nobody can install this one without naming where it is."
    ),
    "publish.more": (
        "There are more findings than a report holds. Errors come first; what is left out was only counted."
    ),
    "publish.name-alike": (
        "The name of a new pack could be mistaken for one of another publisher: one letter differs, letters look alike (1 and l, rn and "
        "m), or the words are swapped. It is never refused for that alone; a person looks at it before anybody can install it."
    ),
    "publish.nothing-to-sign": (
        "packctl sign SUBMISSION adds a signature to a draft that was handed in with fewer signatures than its publisher's root asks "
        "for. The submission has no statement yet, or has enough signatures and went on to review."
    ),
    "publish.not-decided": (
        "The time that --wait-limit gives is over, and no reviewer has decided. The submission keeps its place in the queue; packctl "
        "status shows where it stands, and packctl publish --wait goes on waiting."
    ),
    "publish.turned-down": (
        "A reviewer signed a rejection of the submission, or sent it back to draft and asks for changes. The reason and the note stand "
        "beside it; packctl status shows every step. After changes, a draft is handed in again by packctl publish; a rejected version "
        "stays rejected for these bytes."
    ),
    "publish.no-release-fits": (
        "packctl deprecate NAME@RANGE speaks of all releases that lie in the range, prereleases included, and none does. packctl show "
        "NAME --versions lists them."
    ),
    "publish.dependency-circle": (
        "The pack needs another one, which needs this one again, perhaps by way of others. Such a circle can be resolved and installed, "
        "and it is a note, not a refusal; but no release of it can be changed without looking at all of them."
    ),
    "publish.key-not-listed": (
        "The publisher's newest list of keys, as the registry's log proves it, has no such key in that role. A key is named by its name in "
        "the list, by its id or the first eight digits of it, or by the name it has on this machine. packctl publisher show lists them."
    ),
    "publish.other-role": (
        "Owner keys sign changes of keys, release keys sign releases, and no key does both: a release key lies where releases are made, an "
        "owner key where no network is. Make a key of its own for the other purpose."
    ),
    "publish.key-is-stolen": (
        "A key list once said that this key was stolen. Such a word is never taken back, because nobody can know who else has the key, so "
        "its signatures would count for nothing. Make a new key."
    ),
    "publish.too-few-keys": (
        "After the change fewer keys would be left than have to sign. Say a lower --threshold, or add another key before; a key that was "
        "stolen can be replaced in one step with key revoke --replacement."
    ),
    "publish.not-in-log": (
        "A theft is told by a place in the registry's log: everything from that entry on, signed with the key, does not count. A place "
        "that the log has not reached would leave the thief's releases until then valid. packctl show NAME --versions and the log tell "
        "which entry was the first that was not yours."
    ),
    "publish.proposal-not-named": (
        "Another owner proposed a change of keys, and your signature would help to put it in force. Without a terminal nobody can look at "
        "it, so its digest must be named with --root, as the other owner told you; -y is no answer to a question of trust."
    ),
}

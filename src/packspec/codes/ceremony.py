"""Codes of ceremonies: what a registry's offline keys sign, on its way between machines."""

CODES = {
    "ceremony.malformed": (
        "Ceremonies with the offline keys of a registry are carried between machines in a file that `registry-server keys ceremony` or "
        "`keys rotate` makes. This file is not one, was damaged or changed on its way, or its parts contradict one another: a version that "
        "does not follow, a trust file that is not the one listed, a key that stands twice, or anything that the sentences shown before "
        "signing would not tell. Nothing was signed. If it came from the server as it is, the server may be in wrong hands. Prepare it "
        "again on the server, and compare the digest that is printed there with the one on the machine where it is signed."
    ),
    "ceremony.other": (
        "Copies of one ceremony document, each signed on another machine, are put together by `registry-server keys publish`. These copies "
        "are about different changes: their digests differ, and signatures of different bytes cannot be added up."
    ),
    "ceremony.nothing-to-sign": (
        "What is to be signed names the keys that may sign it: those of the root before, and those of the new one. None of the keys in the "
        "folder is among them. They may be of another registry, or may have been taken out by an earlier ceremony."
    ),
    "ceremony.unconfirmed": (
        "Everybody believes what the offline keys sign, so `registry-server keys sign` shows what would change and asks. The answer was "
        "no, nobody could be asked because there is no terminal, or --digest names another document. Nothing was signed."
    ),
    "ceremony.file-there": (
        "The command writes a new file and never over one that exists: it may be a document that others are signing, or the only copy of "
        "a key."
    ),
    "ceremony.no-such-file": "A file or folder that the command line names is not there or cannot be read.",
    "ceremony.incomplete": (
        "A root counts if as many keys of the root before it have signed as that one asks for, and as many of its own; targets and index "
        "count if enough keys of the root have. Fewer have signed. The signatures so far stay in the document; have it signed on another "
        "machine and give `keys publish` all copies. Where so many keys are lost that this cannot be reached, the registry needs a new "
        "root, which everybody must pin anew by hand."
    ),
    "ceremony.superseded": (
        "The document was made from a state of the registry that is not in force any more: another ceremony, or a change of the list of "
        "reviewers, came first. Its signatures are for versions that are taken. Prepare it again."
    ),
    "ceremony.other-registry": (
        "A ceremony document is for one registry, by its name, and is put in force where it was prepared. Nothing was changed here."
    ),
    "ceremony.log-too-long": (
        "When the key of the log is replaced, trust/log.json says up to which size the old key counts; that number was signed before the "
        "change came into force, with room for 1,000 entries. The log has more by now, and checkpoints that the old key signed since would "
        "be refused. Prepare the change again and put it in force sooner."
    ),
    "ceremony.release-between": (
        "A list of reviewers holds from one entry of the log on, which is the next one when the list is prepared. A release was published "
        "before the list was put in force, and would be judged by it in hindsight: whoever was taken off may have approved it. Prepare the "
        "change again, and have it signed at a time when nothing is approved."
    ),
    "ceremony.no-such-key": (
        "A key or witness that should go is not listed, or the beginning of its id fits several. `registry-server keys status` lists the "
        "keys. At least four digits of a fingerprint are needed."
    ),
    "ceremony.cannot-write": (
        "The command writes a document or a key into the file that it was given, whole or not at all, and the system refused. Nothing was "
        "changed. Name a file in a folder that may be written, best on the medium that is carried to the other machines."
    ),
    "ceremony.nobody-to-ask": (
        "A key file is sealed with a passphrase, or is to be. It is asked for on a terminal, never read from a pipe or the environment, so "
        "that it ends up in no history and no log. Run the command on a terminal of the machine where the key is; for a key that only a "
        "machine uses there is `keys generate --no-passphrase`."
    ),
    "ceremony.not-a-key": (
        "A public key is given as one line of base64, or as a file that holds this line. `registry-server keys generate` prints it for an "
        "offline key, `packctl key export` for a reviewer's key and for one that an ssh agent holds. A line that lost its beginning or end "
        "on the way, a private key, and the forms of ssh and PEM are none."
    ),
    "ceremony.not-a-witness": (
        "Witnesses are listed in trust/log.json by the text of their key: a name, eight hex digits, and the key itself with its type. A "
        "witness prints it when it starts. The key of a log, which registry-server keys log prints, looks alike and has another type."
    ),
    "ceremony.too-few-to-sign": (
        "A threshold above the number of those who can sign could never be reached: no ceremony could be put in force any more, or no "
        "checkpoint shown. Name a lower number, or add keys or witnesses in the same ceremony."
    ),
    "ceremony.nothing-changes": "What was asked for is so already, so there is nothing for the offline keys to sign.",
}

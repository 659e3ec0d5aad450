"""Codes of the room `trust`: signatures, digests, chains, log, freshness."""

CODES = {
    "trust.archive-changed": (
        "A registry or mirror gave bytes whose SHA-256 is not the one that the publisher signed, or more bytes than the signed size, and "
        "did so again when packctl fetched them once more. Nothing of them was kept. A damaged mirror, an altering proxy or an attack "
        "look alike."
    ),
    "trust.bad-digest": (
        "A digest is SHA-256, written as 64 lower-case hex digits, with sha256: in front in files and texts for people. Another length, "
        "capital letters or another algorithm is refused: a digest has one spelling, so that comparing texts compares digests."
    ),
    "trust.content-changed": (
        "A file out of an archive does not have the digest that the signed tree names. It did not enter the content store."
    ),
    "trust.file-changed": (
        "An installed file has other bytes than its publisher signed, or a link or folder stands in its place. If you changed it "
        "yourself, keep a copy elsewhere and reinstall the pack; packctl keeps changed files in packs/.packctl/kept when it replaces or "
        "removes a pack."
    ),
    "trust.file-missing": ("A file that a release has was installed and is gone."),
    "trust.file-unknown": (
        "A file lies in the folder of a pack that the publisher did not sign. Whatever loads the pack could take it for a part of the "
        "pack, so it does not belong there."
    ),
    "trust.key-readable": (
        "Others on this machine may read or change a private key. Make the file yours alone (mode 0600), and decide whether somebody "
        "could have copied the key; if so, replace it."
    ),
    "trust.log-tile": (
        "The registry's log is read in tiles: small files with 256 hashes each. A tile is used only if the log's signed root vouches for "
        "it, and this one is not part of that tree: it was damaged, cut or changed on the way, or belongs to another log. Nothing of it "
        "was used. Try again, or use another mirror; if the registry itself serves it, tell its operator."
    ),
    "trust.note-malformed": (
        "A checkpoint is a signed note (C2SP signed-note and tlog-checkpoint): three lines with origin, size and root of the log, an "
        "empty line, and a line per signature. Verifier keys are written NAME+ID+KEY. What was found is not written so; it was damaged on "
        "the way or made by other software."
    ),
    "trust.log-signature": (
        "The registry's trust file log.json, signed with its offline keys, names the keys that sign checkpoints of its log, and up to "
        "which size an old key counts. This checkpoint has no valid signature of such a key, or belongs to another log. Whoever serves it "
        "is not the log, so nothing was installed."
    ),
    "trust.witnesses-missing": (
        "Witnesses are machines of others that sign a checkpoint after checking that it extends the last one they saw; so a registry "
        "cannot show different histories to different people. The registry's trust file or your policy asks for more witnesses than have "
        "signed this checkpoint."
    ),
    "trust.log-shrank": (
        "A log only grows. This checkpoint has fewer entries than one that this machine or the lock file has seen, so it is an old copy, "
        "or the registry has gone back behind what it signed. Both checkpoints are kept as evidence."
    ),
    "trust.log-forked": (
        "The log's checkpoint must begin with every entry of the ones seen before, those in lock files included. This one does not: the "
        "registry has signed two histories that contradict each other. That cannot happen by accident of a mirror. Both signed "
        "checkpoints are kept as evidence; compare with others by packctl trust compare."
    ),
    "trust.nothing-to-compare": (
        "packctl trust compare looks for logs of which both lock files keep a signed checkpoint. These two have none in common: their "
        "packs come from different registries, or one of them is empty. Logs are told apart by the name that stands in their "
        "checkpoints, not by the alias that a project uses."
    ),
    "trust.not-canonical": (
        "A document that is signed or hashed has exactly one spelling: UTF-8 JSON with sorted ASCII keys, no blanks, shortest escapes, "
        "integers only, no null. This one is written otherwise, so another reader could see other content under the same digest. Its "
        "signer must make it again."
    ),
    "trust.malformed": (
        "A document lacks a field, or a field holds a value that the format does not allow; the message names both. Unknown fields are "
        "never the reason: they are ignored. Its signer made it with other software, or it is not the document it claims to be."
    ),
    "trust.bad-key": (
        "Publishers, reviewers and TUF roles have ECDSA keys on the curve P-256, logs and witnesses have Ed25519 keys. A key of another "
        "kind or curve is refused, and so is one in another form: a compressed or hybrid point, spelled-out curve parameters, a point "
        "that is not on the curve or has small order. With one form, one key has one key id."
    ),
    "trust.duplicate-key": (
        "A document lists one public key twice, perhaps under two names. Thresholds count distinct keys, and one person with such a key "
        "could otherwise meet a threshold of two. The document is refused as a whole; its owner must list each key once, and never one "
        "key as owner key and release key."
    ),
    "trust.wrong-type": (
        "A signed document of one type stands where another type belongs, for instance an approval in the place of a statement. The type "
        "is part of what is signed and is compared first, so a signature counts only for the kind of document that its signer saw."
    ),
    "trust.not-authentic": (
        "Too few valid signatures of keys that count for this document. The facts say how many were found and needed, and why each other "
        "signature does not count: an unknown key, a wrong signature, a key that was taken out, a key for other packs, an owner key. A "
        "document without any signature fails in the same way. Do not use the release, and report it."
    ),
    "trust.key-too-young": (
        "Enough keys signed, but some were added to the publisher's root less than one cooldown (72 hours by default) before the release "
        "was logged. The pause gives the publisher time to notice a key that it did not add. Publish after the time that the facts name. "
        "To change keys without a pause, add the new key, wait, then take out the old one."
    ),
    "trust.key-compromised": (
        "Enough keys signed, but the publisher's root says that some of them were stolen at or before the log entry of this release, so "
        "anybody may have made it. Older releases by the same key stay good. Use another release; the publisher can sign the content "
        "again under a new version."
    ),
    "trust.publisher-changed": (
        "A publisher's keys are a chain of roots: each names the one before by its digest and is signed by the owners of that one and by "
        "its own. This chain has a gap, lacks those signatures, or does not contain the root that the lock file remembers. Somebody else "
        "may have taken over the name. Ask the publisher over another channel."
    ),
    "trust.publisher-reset": (
        "The owners' keys of a publisher were lost, so the registry's offline keys put new ones in force, publicly announced and after a "
        "delay. Nothing but the registry's word joins them to the keys in your lock file, so packctl stops. Compare the digest of the new "
        "root with the publisher over another channel; naming that digest accepts it, a general yes does not."
    ),
    "trust.downgraded": (
        "A publisher in your lock file now asks for fewer signatures per release than before, so one stolen key might be enough where two "
        "were needed. Ask the publisher whether that is meant; naming the digest of the new root accepts it. New keys under the same "
        "threshold are reported and not refused."
    ),
    "trust.statement-mismatch": (
        "The signatures are good, but what they cover is about another release, publisher, archive or measure than the one asked for: "
        "somebody shows a real document in a wrong place. Do not use the release, and report it to the registry's operator."
    ),
    "trust.not-approved": (
        "Fewer reviewers approved exactly this statement and archive than the registry's signed list asked for when the release was "
        "logged. A rejection, an approval of other bytes, a key that is on no list and a stolen key do not count; the facts say which it "
        "was."
    ),
    "trust.self-approved": (
        "The number of reviewers is reached only with a key that also stands in one of the publisher's roots. Nobody approves their own "
        "pack, so such a key never counts for that publisher. Another reviewer must approve."
    ),
    "trust.key-file": (
        "A file with a private key cannot be read: it was cut off or edited, its parts do not belong together, or it is no key file. "
        "Restore it from a backup. If there is none, make a new key and let the owners add it to the publisher's root."
    ),
    "trust.key-passphrase": (
        "The file with the private key is sealed, and no passphrase or a wrong one was given. A wrong passphrase and a changed file "
        "cannot be told apart. Type it again, or name a file that holds it in PACKCTL_SIGNING_PASSPHRASE_FILE. Nobody can recover a lost "
        "passphrase."
    ),
    "trust.wrong-pack": (
        "A pack's index and a publisher's list of roots lie under their own names and repeat the name inside. Here the two differ: the "
        "registry shows one pack's index in another's place. Nothing of it was used."
    ),
    "trust.recall-vanished": (
        "Recalls stay in the registry's list for ever. One that this machine has seen is gone, says something else now, or is marked as "
        "lifted without a document signed by the reviewers. A stolen registry could try this to bring a dangerous release back."
    ),
    "trust.proof-missing": (
        "Every release has a packproof: its publisher's statement, the reviewers' approvals and its entry in the registry's log. Without "
        "it, and without the publisher's keys and the registry's signed files, nothing can be said about who made and who approved the "
        "release. Online they are fetched; offline they must have been kept by an earlier install. Where some of what was kept is gone or "
        "damaged, packctl heal brings it back."
    ),
    "trust.proof-malformed": (
        "The packproof cannot be read: it is not canonical JSON of at most 256 KiB, lacks a part, or the log proof in it is not written "
        "as C2SP tlog-proof says. It was damaged on the way or made by other software."
    ),
    "trust.not-logged": (
        "Every release is an entry of the registry's public log, and a proof of about twenty hashes leads from the entry to the root that "
        "the log has signed. For this release it does not. What is not in the log may have been made for one victim alone, so it is "
        "refused even if all signatures are good."
    ),
    "trust.log-mismatch": (
        "The log entry at the place that the index or the lock names is about another pack, version, statement, approval or archive than "
        "the documents that were shown. The registry published one thing and shows another."
    ),
    "trust.index-mismatch": (
        "What the index told the resolver (archive, size, license, facts such as dependencies, safety level) is not what the publisher "
        "and the reviewers signed. Somebody changed the index of a release after it was published."
    ),
    "trust.lock-mismatch": (
        "pack.lock recorded digests, sizes and terms of this release that its signed documents do not have. Either the lock file was "
        "edited or merged badly, or the registry shows another release under the same name and version. The line of the lock file is "
        "given."
    ),
    "trust.release-unlisted": (
        "A release stays in the index of its pack for ever, whatever happens to it; a yanked or recalled one is marked as such. This one "
        "was listed before, or is in the lock, and is gone. Only a registry that hides something does that."
    ),
    "trust.root-unknown": (
        "A registry is trusted by its root, a small file that says which keys sign everything else. Nobody has said which root this "
        "registry has: not packctl trust pin, not PACKCTL_TRUST_ROOT, not root in pack.toml. At a terminal packctl shows the digest "
        "that the registry offers and asks; a script must name it. Take the digest from the operator's web site or from a colleague, "
        "never from the registry alone. -y does not answer this question."
    ),
    "trust.root-mismatch": (
        "Somebody named a root of this registry by its digest (a pin, a variable, pack.toml or pack.lock), and the registry's chain of "
        "roots does not contain it. It is another registry under the same address, one that was begun anew with new keys, or somebody "
        "who stands in its place. If its operator confirms that it was begun anew, forget the old root with packctl trust remove and "
        "pin the new one."
    ),
    "trust.metadata-signature": (
        "TUF metadata says which keys sign which file, and how many of them must. A file does not have enough valid signatures of its "
        "role, so it was changed on the way or made by somebody else. Nothing in it was used. The facts name the role, how many keys "
        "were needed and how many signed."
    ),
    "trust.index-rollback": (
        "Metadata only moves forward. The registry showed an older file than this machine has seen, or left out a part that was listed "
        "before. A mirror that lags behind looks the same as somebody who wants a recalled release back, so the older state is "
        "refused; what was seen stays remembered."
    ),
    "trust.index-expired": (
        "Every file of metadata says until when it may be believed, so that nobody can show an old state for ever. This one has ended: "
        "the registry has not signed a newer one (it sleeps), somebody keeps the newer one away, or this machine's clock is ahead. "
        "Choosing releases anew is refused; an install of what is locked goes on with a warning until the registry's max_age is over."
    ),
    "trust.index-too-old": (
        "Your policy (max-index-age) or --max-age says how old the registry's index may be, and the newest one that is at hand is "
        "older. Whatever was recalled or yanked since is not known here. Ask the registry again: packctl verify --online, or any "
        "install without --offline."
    ),
    "trust.metadata-mismatch": (
        "The registry's timestamp lists the snapshot, and the snapshot lists all other files, by version, length and digest. A file is "
        "not the one that is listed: files of two states were mixed, by a mirror that is being filled at this moment, by a broken "
        "cache, or on purpose. Nothing in it was used."
    ),
    "trust.metadata-malformed": (
        "What was served as TUF metadata cannot be read as the role it stands for: not JSON, a field is missing or wrong, or it is "
        "another kind of file. A proxy's error page, a damaged file and an attack look alike. The facts name the role and the reason."
    ),
    "trust.metadata-too-big": (
        "Every file of metadata has a ceiling, known before the first byte is read, and reading stops there: an endless answer would "
        "fill memory and disk. The file that the facts name is larger. An honest registry comes nowhere near these ceilings "
        "(docs/spec/tuf.md)."
    ),
    "trust.clock": (
        "The registry signed its index at a time that this machine's clock says is more than ten minutes in the future. With a clock "
        "that is behind, metadata that has ended long ago looks current, so nothing is believed until the clock is right."
    ),
    "trust.memory-broken": (
        "packctl remembers for each registry the newest checkpoint, recalls and time it has seen, in seen.json below its data folder, "
        "and compares every later answer with it. That file cannot be read. It is replaced as a whole, so a disk fault, another "
        "program or a person changed it. Without it packctl would not notice a registry that goes back behind what it said."
    ),
    "trust.pins-broken": (
        "The file with the pinned roots (pins.json in the data folder) cannot be read. packctl replaces it as a whole, so a disk "
        "fault, another program or a person changed it. Restore it from a backup; or remove it and pin every registry again, comparing "
        "digests with their operators."
    ),
    "trust.not-pinned": (
        "No root is pinned under this address or alias. packctl trust list shows those that are. A root that only a project's "
        "pack.toml or a variable names is trusted there, and is not pinned."
    ),
    "trust.not-installed": (
        "pack.lock names a release that this project needs, and it is not in the install folder, or another version of it is. Nothing "
        "was verified of what is not there. packctl install makes the folder equal to the lock."
    ),
    "trust.pack-unknown": (
        "A pack lies in the install folder with a receipt, and pack.lock does not name it any more. Whatever loads packs would load "
        "this one too, and nobody verifies it. packctl install takes it out."
    ),
    "trust.publisher-keys-changed": (
        "A warning of an install or an audit: since the last install here, or since pack.lock was made where nothing is installed yet, the "
        "publisher put another root in force. Its owners signed the "
        "change, the log holds it, and everything verifies; but only you can tell whether you expected it. The keys that came and went "
        "are named. Compare them with what the publisher announces. The next install that changes anything takes note of the new "
        "root, and so does packctl install --reinstall NAME."
    ),
    "trust.index-not-from-log": (
        "packctl audit --full read the registry's whole log and made every index again from it. The one that is named says something "
        "else, or is missing. An index that does not follow from the log was changed by somebody who holds the registry's online keys, "
        "or by a fault of the registry. Releases are proven by the log in any case; what such an index can do is hide one, or a word "
        "about one. Report it."
    ),
}

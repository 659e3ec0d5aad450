"""Codes of the room `publishers`: who may publish, and by which keys."""

CODES = {
    "publishers.name-reserved": (
        "Some names cannot be registered by anybody: words that stand in the registry's own addresses (admin, search), names of devices on "
        "Windows (con, nul), and words that claim an office (official, security). Choose another name."
    ),
    "publishers.name-taken": (
        "Another account has registered this publisher, or had it once. Names are never free again: an old lock file that names a pack of "
        "this publisher must never meet another author. Choose another name, or ask the publisher's owners to let you in."
    ),
    "publishers.other-root": (
        "An admin accepts a first root by its digest, so that exactly the keys that were looked at become the publisher's. Meanwhile the "
        "publisher handed in another root. List the publishers that wait, compare the keys over a second channel, and accept the digest "
        "that is shown now."
    ),
    "publishers.not-pending": (
        "Only a publisher that waits for its first root can be accepted. This one was accepted before, or is suspended."
    ),
    "publishers.no-such-publisher": "The registry knows no publisher of that name. Look at the spelling; names are lower-case.",
    "publishers.not-yours": (
        "Only owners and maintainers of a publisher act for it: they open submissions, sign, yank and deprecate. Either you are none of "
        "them, or the token you used is narrowed to another publisher or pack. packctl whoami shows both."
    ),
    "publishers.not-active": (
        "A publisher can open submissions, sign and change its keys once an admin of the registry has accepted its first root. packctl "
        "publisher show tells where it stands."
    ),
    "publishers.suspended": (
        "An admin of the registry has stopped all that this publisher does there: it opens no submissions, signs none, changes neither its "
        "keys nor its team, stops no reset of its keys, yanks and recalls nothing, and nothing of it that waits is published. What it "
        "published before stays, installs and verifies as ever. The reason is shown by packctl publisher show. Usually somebody's keys or "
        "account are in wrong hands. Talk to the admin who is named; they let the publisher go on with packctl admin publisher restore."
    ),
    "publishers.not-suspended": (
        "An admin names other owners only for a publisher that is suspended, so that nobody loses a publisher in a quiet moment. Suspend "
        "it first, tell its owners, and name the accounts when you let it go on."
    ),
    "publishers.never-accepted": (
        "Only a publisher whose first root was accepted can be suspended, or go on afterwards: one that waits does nothing yet. Leave it "
        "waiting, and accept its root when you are sure of it."
    ),
    "publishers.root-not-named": (
        "An admin accepts a publisher's first root by naming its digest, so that exactly the keys that were compared with the owner enter "
        "the log. Nobody is there to look at what the registry shows, and -y is no answer to a question of trust. Ask the publisher for "
        "the digest that packctl publisher register printed, by another way than this registry."
    ),
    "publishers.root-superseded": (
        "Each list of a publisher's keys names the one before it. Of two changes that were begun from the same list only the first can "
        "follow it; the second would silently undo the first. Look at the keys of now with packctl publisher show, and give the command "
        "again: it makes the change anew, from the list in force."
    ),
    "publishers.other-root-waits": (
        "A change of keys that lacks owners' signatures waits at the registry, one at a time, so that nobody signs the wrong one. Sign it "
        "with packctl publisher sign, or take it back. A change that has all its signatures does not wait for the other one: it is "
        "taken at once, and the one that waited is gone, because it follows a list that is no longer the newest."
    ),
    "publishers.no-root-waiting": (
        "packctl publisher sign adds a signature to a change of keys that was proposed by another owner. None waits: it got its last "
        "signature, was taken back, or another change came into force before it."
    ),
    "publishers.reviewers-key": (
        "Clients count no approval that is signed with a key of the publisher itself, whichever of its key lists names it. A publisher "
        "that listed a reviewer's key could therefore undo approvals of releases that are out, its own included. So the registry "
        "refuses it, for reviewers of the past too. Make another key."
    ),
    "publishers.no-such-account": (
        "Only somebody with an account on this registry can act for a publisher. The name is that of the account, which packctl whoami "
        "prints; the registry's operator makes accounts."
    ),
    "publishers.reset-superseded": (
        "A reset puts other owners in the place of those who lost their keys. It is made after one certain list of keys, and the publisher "
        "has another one by now: somebody signed it with the old owner keys, so these are not lost. Ask them, and make the reset anew if "
        "it is still needed."
    ),
    "publishers.last-owner": (
        "A publisher has at least one owner, who can change its team and its keys. Make somebody else an owner first."
    ),
}

"""Codes of the room `catalog`: packs and releases that are not there, and what is said about those that are."""

CODES = {
    "catalog.bad-reason": (
        "A yank, recall or deprecation carries one reason word in the public log: broken, unsafe-content, security, malware, rights, "
        "legal, archived, other; a deprecation also superseded, or none to lift it. Programs act on these words. Say more in the note, "
        "which is public for ever too."
    ),
    "catalog.no-release": (
        "The pack exists, and each of its releases was yanked or recalled, so there is none that anybody may choose anew. Projects that "
        "have a yanked one in pack.lock keep it. Ask its publisher for a new release."
    ),
    "catalog.no-replacement": (
        "A recall may name a version of the same pack to take instead, and every client will propose it. The one that was named was "
        "yanked or recalled itself, or is the very release that is recalled, so nobody could follow the advice. Name one that may be "
        "chosen, publish it first, or recall without one and say the same recall again with --replacement later."
    ),
    "catalog.no-such-pack": (
        "The registry that is responsible for this publisher has no pack of this name that you may see. A name is bound to one registry; "
        "nothing is looked up in another one instead. Check the spelling, or log in if the pack is private."
    ),
    "catalog.release-deprecated": (
        "A warning: the publisher says that this release, or the whole pack, should no longer be used, and may name another one. It is "
        "installed as before; nothing is taken from you."
    ),
    "catalog.no-such-release": (
        "The pack exists, but a release with exactly this version was never published. Releases never disappear from an index: a yanked "
        "or recalled one is still known and is refused by its own code."
    ),
    "catalog.not-archived": (
        "Archiving a pack yanks each of its releases, and each yank is lifted by a document of its own. One of the documents that came is "
        "about a release that is not archived: it was revived already, it was yanked for a reason of its own, or it is of another pack."
    ),
    "catalog.recall-stands": (
        "Whoever may recall a release may also make its recall stronger, or say it again with another note or replacement. Making it "
        "weaker, from stop to warn, would bring back what somebody was warned of, so it needs what lifting it needs: the signatures of "
        "the registry's reviewers. And what the registry itself recalled, its publisher cannot say anew in other words."
    ),
    "catalog.restore-used": (
        "A restore document is signed for one yank or recall. This one is in the log already, for an earlier one of the same release. "
        "If it could be used again, everybody who has read the log could bring a bad release back. Sign a new document."
    ),
    "catalog.uses-itself": (
        "A deprecation may name the pack to take instead. It named the deprecated pack itself. To point at a newer version of the same "
        "pack, leave the name out and say it in the note."
    ),
    "catalog.fix-available": (
        "A note of packctl audit: there is a newer release of which only the last number of the version differs. By SemVer such a "
        "release repairs and changes nothing else. packctl update NAME takes it; packctl diff NAME shows what it changes."
    ),
}

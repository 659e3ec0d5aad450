"""Codes of the room `catalog`: packs and releases that are not there, or deprecated."""

CODES = {
    "catalog.no-such-pack": (
        "The registry that is responsible for this publisher has no pack of this name that you may see. A name is bound to one registry; "
        "nothing is looked up in another one instead. Check the spelling, or log in if the pack is private."
    ),
    "catalog.no-such-release": (
        "The pack exists, but a release with exactly this version was never published. Releases never disappear from an index: a yanked "
        "or recalled one is still known and is refused by its own code."
    ),
}

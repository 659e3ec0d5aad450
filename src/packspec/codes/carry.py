"""Codes of the room `carry`: files for machines without network."""

CODES = {
    "carry.broken": (
        "A carry file is an archive in one exact layout, with carry.json first and then files of a registry's static side, each "
        "under the path that the registry serves it by. This one is cut off, was damaged on a stick or in the mail, or is "
        "something else. Nothing in it was used: packctl reads it whole and compares every checksum before it looks at a single "
        "signature."
    ),
    "carry.incomplete": (
        "packctl carry export puts in all that an import reads: metadata, trust files, indexes, publisher roots, proofs, tiles "
        "of the log, and the archives. A file that a check needed is not there, and the header does not say that an earlier "
        "carry file holds it. Make the file again; a file that was put together by other means must hold the same."
    ),
    "carry.earlier-missing": (
        "A carry file made with --since leaves out archives and tiles of the log that the earlier file holds. This machine has "
        "not taken that one in, or cache clean has removed since what no project used. The message names the earlier file as it "
        "was called when it was made, the time of its index and its id. Take it in first; nothing was kept of this one, so the "
        "order is not spoiled. Or have a whole file made, without --since."
    ),
    "carry.other-registry": (
        "--since names a file of a registry from which nothing is exported now. Every registry has files of its own, because "
        "every one has its own root, log and time; a file can only continue one of the same registry. Registries are compared "
        "by their addresses."
    ),
    "carry.bound-elsewhere": (
        "[registries] of pack.toml or of your configuration says that this publisher comes from one registry, and the carry "
        "file brings its packs from another. A bound name never comes from elsewhere, however well it is signed there: "
        "otherwise whoever may publish under the same name on another registry could put its pack in place of yours. The file "
        "was refused as a whole."
    ),
}

"""Codes of the room `archive`: an archive, a tree or a path breaks its format."""

CODES = {
    "archive.not-a-pack": (
        "The bytes do not begin as a pack begins, are too few for one, or cannot all be read. A pack is a ZIP whose very first bytes "
        "are the header of pack.toml (PK 03 04). Self-extracting archives, pictures or documents with an archive behind them, split "
        "archives and empty ones are not packs. If you downloaded the file yourself, fetch it again; a registry never serves such a "
        "file as a pack."
    ),
    "archive.end-record": (
        "An archive is found from its end: the last 22 bytes are a record with the number of files and the place of the directory, "
        "and from 65,535 files on a zip64 record stands before it. Here these bytes are missing, cut off, followed by something, "
        "carry a comment, count something else, or are in the wrong one of the two forms. Different tools would see different files, "
        "so packctl reads none of them."
    ),
    "archive.layout": (
        "The files of a pack follow each other without a gap: header, data, header, data, then the directory, then the end record. "
        "Here a file begins somewhere else than where the one before it ends, the directory lists more or fewer files than there are, "
        "or bytes belong to no file or to two. Overlapping files are how a small archive unpacks to terabytes; gaps are where content "
        "hides from reviewers."
    ),
    "archive.central": (
        "An entry of the archive's directory is not the one that packctl would write for this file: it is encrypted, has a data "
        "descriptor, an extra field, a comment, another date, another version, or a name that is not marked as UTF-8. Every field has "
        "exactly one legal value, and the facts name the first field that differs. Build the archive with packctl; other ZIP tools "
        "write these fields differently."
    ),
    "archive.local": (
        "The header in front of a file's data says something else than the directory does, so that tools which read one or the other "
        "would disagree about the file. The facts name the first field that differs. Build the archive with packctl."
    ),
    "archive.method": (
        "A file is packed in a way that packs do not allow. Allowed are STORED, with packed size and size equal, and DEFLATE, with a "
        "packed size below the size. The first file of an archive, pack.toml, is always STORED, so that it can be read without "
        "unpacking anything."
    ),
    "archive.order": (
        "pack.toml must be the first file of the archive and occur once; all others follow in ascending order of the bytes of their "
        "paths, each once. Here pack.toml is missing or stands elsewhere, a path occurs twice, or the order is another. One order "
        "means that the same files make the same archive, and that no second file of a name can hide behind the first."
    ),
    "archive.path": (
        "A path in an archive, or in the folder that one is built from, breaks one of the rules that make it legal on every system: "
        "relative, parts joined by slashes, no "
        'empty part, no . or .., none of \\ : * ? " < > |, no control or invisible characters, only characters of Unicode 14.0, '
        "normalized (NFC), no part with a blank or dot at its end, no Windows device name such as CON or nul.txt, at most 240 bytes "
        "and 32 parts, and not beginning with .packctl. The same must hold for the path's compatibility form (NFKC). packctl refuses "
        "such a pack on all systems, signed or not: a path like ../x would be written outside the pack's folder. In your own folder: "
        "rename the file."
    ),
    "archive.path-clash": (
        "Two paths of an archive, or of the folder that one is built from, are the same on a system where upper and lower case do not "
        "count or where equivalent characters are "
        "one, such as A.png and a.png; or a file has the name of a folder of another file. One of the two would overwrite the other "
        "on such systems. The publisher must rename one of them."
    ),
    "archive.mode": (
        "Everything in a pack is a plain file with mode 0644. This entry is a link, a folder, a device, or has other permission bits. "
        "Links can point outside the pack's folder, and a pack has no programs that run by themselves. Folders need no entry: they "
        "follow from the paths."
    ),
    "archive.deflate": (
        "The packed data of a file is not a valid stream, ends too early, goes on after its end, or unpacks to more or less than the "
        "directory declares. Reading stopped at the first wrong byte and nothing of the file was kept. Fetch the archive again; if it "
        "is still so, the archive was built wrongly or changed on purpose."
    ),
    "archive.crc": (
        "A file of the archive has another CRC-32 than the directory declares: its bytes were damaged after the archive was built. "
        "Fetch the archive again. Nothing of the file was kept."
    ),
    "archive.too-many": (
        "The archive declares more files than the limit, 100,000 unless the registry sets another. It was refused before its "
        "directory was read. A publisher splits such a pack into several and lets one depend on the others."
    ),
    "archive.size": (
        "A file, the archive, its directory, or all files together are larger than their limit: 512 MiB for a file, 256 KiB for "
        "pack.toml, 2 GiB for the archive and 8 GiB for everything unpacked, unless the registry sets others. The declared sizes were "
        "enough to say so; nothing was unpacked."
    ),
    "archive.ratio": (
        "A file above 1 MiB declares that it unpacks to more than 200 times its packed size. Real content does not, archives made to "
        "fill disks do. packctl itself stores such a file unpacked, so a pack that was built with packctl never has this problem."
    ),
    "archive.tree": (
        "A tree lists path, size, digest and place of every file of an archive, one line each, in one spelling. This one has a "
        "malformed line, another order, sizes or offsets that contradict each other, or a sum that does not fit. Trees are made by "
        "packctl and never by hand."
    ),
    "archive.tree-mismatch": (
        "The archive was read and its tree computed again, and it is not the tree that the publisher signed: a file is missing or "
        "extra, has another digest or size, or lies elsewhere. The facts name the first difference. The archive is damaged or was "
        "exchanged; fetch it again, and report it to the registry if it stays so."
    ),
    "archive.source-changed": (
        "While packctl wrote an archive, a file of the folder changed: it has another size than a moment before, or gave other bytes "
        "when it was read the second time. Nothing was kept. Wait until no program writes into the folder any more and repeat the "
        "command."
    ),
}

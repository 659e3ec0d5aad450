"""Codes of the room `publishing`: submissions and approvals."""

CODES = {
    "publishing.approval-differs": (
        "A reviewer's decision is signed for exactly one submission as it stood: its statement, archive, pack, version and check report. "
        "Here one of these is another. Most often the publisher has withdrawn it and handed it in anew since it was fetched. Look at it "
        "again and sign anew; the old signature is worth nothing for the new bytes, on purpose."
    ),
    "publishing.not-attested": (
        "An approval with the safety level attested cites a declaration that the publisher signed with `packctl attest`, and there is "
        "none for this submission. What was attested of an earlier hand-in does not count: it speaks of another statement. Ask the "
        "publisher, or approve with another level."
    ),
    "publishing.attested-too-late": (
        "What a publisher attests of a release is cited by the approval, by its digest, so it must be there before the approval. This "
        "submission was decided about. A release keeps the safety level of its approvals; attest the next one while it waits."
    ),
    "publishing.attestation-missing": (
        "The approval says that its safety level rests on an attestation of the publisher, named by its digest, and the registry has no "
        "such document. It would be named in the log for ever, and nobody could read it. Approve with a level that needs none."
    ),
    "publishing.changed-meanwhile": (
        "While the registry read the archive of this draft, somebody of the same publisher put another archive in its place. Nothing was "
        "handed in. Look at the draft and hand in the statement for the archive that it has now."
    ),
    "publishing.checks-failed": (
        "The registry looked at every file and at pack.toml, and found what must not be published, or cannot be: each finding has a code "
        "of its own, which packctl explain knows. packctl check finds most of them before anything is sent. The draft stays; hand in a "
        "new archive for the same version."
    ),
    "publishing.decision-too-long": (
        "A release's proof holds its statement and all approvals in one small file, which every client reads whole. Together they are "
        "longer than clients accept, so the release could never be installed. An approval has 800 bytes as a rule; one of these was "
        "padded."
    ),
    "publishing.illegal-move": (
        "A submission moves along one table: draft, pending_review, in_review, then approved, rejected or back to draft; approved becomes "
        "published. What was asked is not in it from where the submission stands. Somebody else may have moved it in the meantime: look "
        "with packctl status. Rejected and published are final; a rejected release is handed in again as a new submission."
    ),
    "publishing.kind-changed": (
        "A pack is of kind content, module or tool from its first release on, for ever. People chose it as that; an update must not turn "
        "pictures into programs. Publish the new thing under a name of its own."
    ),
    "publishing.name-reserved": (
        "The second half of the name is one that Windows keeps for a device, such as con or aux, in every folder and with every ending. A "
        "pack of that name could not be unpacked there."
    ),
    "publishing.no-submission": (
        "No submission of this number is visible to you. Reviewers and admins see all; everybody else sees those of the publishers they "
        "act for. One that you may not see is answered like one that does not exist."
    ),
    "publishing.no-upload": (
        "The registry has no upload of these bytes from you. An upload without progress is removed after a while "
        "(REGISTRY_PUBLISH_UPLOAD_HOURS), and uploads of other people cannot be seen."
    ),
    "publishing.not-handed-in": (
        "The draft was opened, but no statement was handed in for it yet, so there is nothing to sign or to fetch. The person who opened "
        "it runs packctl publish again; it goes on where it stopped."
    ),
    "publishing.not-your-move": (
        "The submission could move like that, but somebody else must do it. Its publisher hands in and withdraws; a reviewer who is not of "
        "that publisher takes, approves, rejects or asks for changes. Nobody decides about a release of their own publisher."
    ),
    "publishing.other-statement": (
        "A signature counts for the exact bytes of one statement. The draft waits for signatures over another one: it was handed in anew, "
        "or the file belongs to another submission. Fetch the statement that waits and sign that."
    ),
    "publishing.own-submission": (
        "Whoever handed a release in, and every member of its publisher, never decides about it, whatever office they hold, and neither "
        "does their key when somebody else hands its decision in. So two people have looked at everything that is published. Another "
        "reviewer takes it; a registry with a single reviewer needs a second one for that reviewer's own packs."
    ),
    "publishing.reason-missing": (
        "A rejection, or a request for changes, names one of the reasons quality, ages, rights, safety, metadata, duplicate, other. Say "
        "more in the note, which only the publisher and the reviewers see."
    ),
    "publishing.too-many-uploads": (
        "One person has a limited number of unfinished uploads (REGISTRY_PUBLISH_UPLOADS_PER_MEMBER), because they take room on the "
        "registry's disk."
    ),
    "publishing.upload-busy": (
        "Two connections send the same bytes to the same upload. Only one may, or the bytes could be mixed. If it is not you, it may be an "
        "older connection that the registry still believes alive; it ends by itself within seconds."
    ),
    "publishing.upload-digest": (
        "All announced bytes arrived, and their SHA-256 is another one than was announced. They were removed. The file changed while it "
        "was sent, or something between you and the registry changed it."
    ),
    "publishing.upload-offset": (
        "An upload goes on exactly where it ended. The registry has more or fewer bytes than this piece assumes; packctl asks for the "
        "offset and goes on from there."
    ),
    "publishing.upload-short": (
        "The upload was to be finished before all announced bytes were there. What arrived is kept; run the same command again to send the "
        "rest."
    ),
    "publishing.upload-too-large": (
        "More bytes than this registry takes for an archive (REGISTRY_PUBLISH_ARCHIVE_BYTES, 2 GiB at most), or more than the upload "
        "announced. The size is checked before any bytes are sent."
    ),
    "publishing.version-exists": (
        "This version of the pack is published, or waits for review, with other bytes than yours. One version is one archive for ever: "
        "otherwise the same lock file could mean different things on two machines. Versions that differ only in build metadata (1.0.0+a "
        "and 1.0.0+b) are one version. Raise the version, or withdraw the submission that waits."
    ),
    "publishing.report-differs": (
        "An approval names the digest of the check report. packctl makes the report again from the findings that the registry shows, "
        "and got another digest: what you would read is not what you would sign. The registry has a fault, or somebody changed what it "
        "answers."
    ),
    "publishing.other-bytes": (
        "packctl approve --digest names the archive that was looked at, and the submission holds another one. Its publisher may have "
        "withdrawn it and handed it in anew while you looked. Nothing was signed. Look at what is there now."
    ),
    "publishing.digest-not-named": (
        "An approval is a decision about exact bytes. On a terminal they are fetched and shown before you are asked; without one, -y "
        "alone would approve whatever happens to be there. Name the archive that you looked at: packctl approve SUBMISSION --yes "
        "--digest sha256:..."
    ),
}

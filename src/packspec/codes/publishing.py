"""Codes of the room `publishing`: submissions and approvals."""

CODES = {
    "publishing.illegal-move": (
        "A submission moves along one table: draft, pending_review, in_review, then approved, rejected or back to draft; approved becomes "
        "published. What was asked is not in it from where the submission stands. Somebody else may have moved it in the meantime: look "
        "with packctl status. Rejected and published are final; a rejected release is handed in again as a new submission."
    ),
    "publishing.no-upload": (
        "The registry has no upload of these bytes from you. An upload without progress is removed after a while "
        "(REGISTRY_PUBLISH_UPLOAD_HOURS), and uploads of other people cannot be seen."
    ),
    "publishing.not-your-move": (
        "The submission could move like that, but somebody else must do it. Its publisher hands in and withdraws; a reviewer who is not of "
        "that publisher takes, approves, rejects or asks for changes. Nobody decides about a release of their own publisher."
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
}

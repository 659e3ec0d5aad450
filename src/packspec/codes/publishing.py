"""Codes of the room `publishing`: submissions and approvals."""

CODES = {
    "publishing.illegal-move": (
        "A submission moves along one table: draft, pending_review, in_review, then approved, rejected or back to draft; approved becomes "
        "published. What was asked is not in it from where the submission stands. Somebody else may have moved it in the meantime: look "
        "with packctl status. Rejected and published are final; a rejected release is handed in again as a new submission."
    ),
    "publishing.not-your-move": (
        "The submission could move like that, but somebody else must do it. Its publisher hands in and withdraws; a reviewer who is not of "
        "that publisher takes, approves, rejects or asks for changes. Nobody decides about a release of their own publisher."
    ),
    "publishing.reason-missing": (
        "A rejection, or a request for changes, names one of the reasons quality, ages, rights, safety, metadata, duplicate, other. Say "
        "more in the note, which only the publisher and the reviewers see."
    ),
}

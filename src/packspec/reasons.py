"""Words for why: lists that the log's entries and decisions about submissions choose from. A reader shows a word that it does not know."""

REASONS = ("broken", "unsafe-content", "security", "malware", "rights", "legal", "archived", "other")
"""Why a release is yanked, recalled or deprecated."""
DEPRECATION_REASONS = (*REASONS, "superseded", "none")
"""`none` lifts a deprecation."""
REJECTION_REASONS = ("quality", "ages", "rights", "safety", "metadata", "duplicate", "other")
"""Why a reviewer rejects a submission or asks for changes. A rejection is never logged."""

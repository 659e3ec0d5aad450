"""A submission's life: from a draft to a release in the log (docs/spec/submissions.md, docs/spec/publishing.md).

Invariants: a submission moves only along `packspec.submissions.MOVES`, by one function, with who, when, why in the same transaction; who
handed a release in, and who is of its publisher, never decides about it; of two submissions of one (pack, version) at most one is beyond
draft; what enters the log was handed in, checked, signed and approved, in exactly these bytes.

Words: to *hand in* is to give the signed statement, upon which the archive is checked; the *report* is what the checks found; to *decide*
is to take a place in the log, after which nobody can take the release back.
"""

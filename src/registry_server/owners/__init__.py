"""Who owns a publisher, and which keys sign for it: registering, accepting, and every later root (docs/spec/publisher-root.md).

Invariants: root n + 1 enters the log only if `follow` takes it, the rule that clients apply; what lacks signatures waits as a proposal that
at least one owner signed, and never holds up one that is complete; no root lists the key of a reviewer, and no list of reviewers a key of
a root.

The room stands above `index`, because reviewers and cooldowns are in the trust files; `publishers` below keeps the rows.
"""

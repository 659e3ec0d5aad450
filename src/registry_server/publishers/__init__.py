"""Who may publish: publishers, their members, and their roots (docs/spec/publisher-root.md).

Invariants: a publisher's name is never free again; root 1 enters the log only by an admin's yes to exactly its digest; every later root
follows the one before by the rule that clients apply; only members act for a publisher, and only an active one publishes.

Words: a publisher is `pending` until root 1 is accepted, then `active`; a `suspended` one publishes nothing, and what it published stays.
"""

"""The trail: who did what to what, when and why.

One hash chain per stream; entries are never changed or deleted, which triggers enforce. An entry is written in the transaction of what it
tells, so there is no change without one. Persons appear as subjects (`member:7`), never by name, so erasing a person breaks no chain.

Words: an *entry* has an `action` (`token.revoke`), an `actor` (subject of who did it), `about` (what it was done to) and facts. A *stream*
is the chain it belongs to: `registry`, `account/7`. The *head* of a stream is the digest of its newest entry. Once a day all heads are
anchored in the public log (`log.anchoring`).
"""

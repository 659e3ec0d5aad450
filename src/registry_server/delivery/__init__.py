"""Files of releases that must be paid, for who may use them (docs/spec/downloads.md).

Decided without the database: by the license token that a request shows, the proof of its device, and the signed files of the static side.
What is answered is an address that opens one archive for an hour, to ranges, too. Invariant: the archive and the tree of a paid release are
on no static path. What a license covers is `packspec.licenses.use`, the same as on the client.
"""

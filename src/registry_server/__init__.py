"""The registry that packctl talks to: one process, one folder, one database (docs/architecture.md, rooms).

`cli`, its `commands` and `app` stand on top. Below them are the rooms, low to high: audit, accounts, log, publishers, catalog, index,
owners, publishing, access; and below those the plumbing that knows no room: settings, world, call, http, db, blobs, public, signer.
"""

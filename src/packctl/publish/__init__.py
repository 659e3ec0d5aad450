"""Publishing: from a folder to a release that anybody can verify, and the reviewer's half of it.

`collect` says which files go in, `checks` what is wrong with them, `build` writes the archive, `statement` and `signer` sign it, `anchor`
knows who the publisher is, `send` talks to the registry, `flow` is the order of all of them; `review` is what a reviewer's machine does.
Nothing here prints. Chapters: docs/spec/archive.md, docs/spec/statement.md, docs/spec/approval.md.
"""

"""Trust: which registry this is, what it says now, and whether its releases are what their publishers and reviewers signed.

`registry` is the door for commands: it opens a registry, brings what is known of it up to date (I2 to I5) and proves releases (I6, I8). The
rest is one idea each: `roots` pins, `tuf` fetches metadata, `cached` reads what was fetched, `log` compares checkpoints, `proofs` asks for
verdicts, `proving` for those of a registry, `memory` remembers, `freshness` says how old is too old; `carrying` and `adopting` are the two
sides of a carry file. Chapters: docs/spec/tuf.md, docs/spec/install.md.
"""

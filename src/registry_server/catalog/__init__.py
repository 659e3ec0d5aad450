"""What there is: packs, their releases, how they are found, and what their publishers say about them afterwards.

Invariants: one (pack, version) is one release for ever; a pack is of the kind of its first release for ever; what is said about a release
(deprecation, yank) is an entry of the log, added in the same transaction. Nothing here is trusted by an install: that reads the index.

Words: the *latest* release of a pack is the highest that is not yanked or recalled, a prerelease only if there is nothing else. A
*listing* is what pages and search tell of a release. A *mark* is what its publisher said about a release since it was published.
"""

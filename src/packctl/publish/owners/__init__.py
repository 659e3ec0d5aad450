"""Changing a publisher's keys from here: `present` is what the log proves of them, `wanted` the next list, `change` how it gets there.

Nothing is taken from the registry's word: the next root is made from the newest one that the log proves, by this machine's pinned root.
Chapter: docs/spec/publisher-root.md.
"""

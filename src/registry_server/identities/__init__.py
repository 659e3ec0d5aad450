"""Identities of runs in CI, checked: the keys of issuers that the operator listed, and the run that a token tells of.

It has no tables: what a run may do, the rooms above decide.
"""

"""Audit: what became of the releases that a project uses, after they were published (docs/spec/audit.md).

`look` asks the registry and proves what it says; `judge` turns that into findings and is pure; `exceptions` holds them against what the
project accepts; `remedy` moves recalled files away and looks for releases to take instead; `replay` makes the registry's indexes again from
its log.
"""

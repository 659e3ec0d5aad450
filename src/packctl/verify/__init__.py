"""Verify: is what is installed, or an archive, what its publisher signed? From lock, install state and cache alone (docs/spec/verify.md).

`flow` is V1 to V7 for a project, `single` the same for one archive; `material` is what both stand on, a registry's metadata and log as they
are at hand; `report` writes the answers for people and machines. Imports neither `tuf.ngclient` nor httpx, and opens no socket.
"""

"""Formats, signatures, verdicts, errors and the protocol table that client and server share.

Everything here is pure: bytes and values in, values out. No network, no files, no clock, no randomness; what is larger than memory is read
through a `ByteSource`, and time is an argument. Each module obeys the chapter of the same name in `docs/spec`.
"""

SPECIFICATION = 1
"""The version of the specification that this package implements; the `v` of every document."""

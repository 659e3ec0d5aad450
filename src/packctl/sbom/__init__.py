"""A bill of materials of what is installed: `bill` is what it says, `spdx` and `cyclonedx` are two ways to write it (docs/how-to/terms.md).

All of it is pure: equal projects give equal bytes, on every machine and at any time.
"""

"""packctl: the package manager for signed, licensed content packs. This package is the client and its command line."""

__version__ = "0.1.0"
"""Equal to the version in pyproject.toml (a test compares them): reading it from the installed metadata takes 30 ms."""

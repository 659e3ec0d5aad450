"""The public log of a registry, read and checked."""

"""Licenses on this machine: its key, what it was given, and whether that covers what is to be installed (docs/spec/licenses.md).

A command that touches no paid pack imports nothing of this room.
"""

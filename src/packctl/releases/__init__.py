"""Releases outside of any project: proven as an install proves them, then read (`differences`) or kept (`archive`).

`proven` goes from a name to verified statements and documents; nothing here changes a project.
"""

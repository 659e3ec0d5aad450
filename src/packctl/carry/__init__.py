"""Carry: what a project needs of a registry in one file, made where there is a network and taken in where there is none.

`export` decides what goes in and writes it, `bring` takes it in by the checks of an install. A file has one registry; `given` opens one,
`source` lets the checks read it in the registry's place. Format: docs/spec/carry.md, `packspec.carry`.
"""

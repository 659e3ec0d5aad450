"""Findings: what `verify` and `audit` have to say, in one form, and that form as other programs read it (docs/spec/findings.md).

`remark` is the form, `github`, `junit` and `sarif` write it, `report` chooses among them for `--format`.
"""

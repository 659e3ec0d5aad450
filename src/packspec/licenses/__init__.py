"""Licenses: what a plan sells, the status of what was sold, and who may use which release, as pure functions (docs/spec/licenses.md).

A license is one sold right, with its plan frozen into it. Its status follows from stored facts and the time, nowhere kept; registry and
client judge by the same functions. Words: an *activation* is a machine, a *seat* a person, a *lease* a right that ends by itself.
"""

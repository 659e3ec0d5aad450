"""Private keys that an ssh agent holds: they sign, and never come here.

`agent` speaks the agent's protocol over its socket, `faults` says what goes wrong. Forms of keys and signatures: `packspec.signing.ssh`.
"""

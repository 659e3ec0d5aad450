"""Identities of runs in CI: tokens that the CI's own issuer signs (OpenID Connect), and what they say of a run (docs/spec/identities.md).

`issuers` says whose word counts, `tokens` reads and checks a token, `keyset` an issuer's keys, `runs` the run that a token tells of.
"""

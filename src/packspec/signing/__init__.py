"""Signatures and the documents that carry them: keys, envelopes, thresholds, and which keys count for a release.

Low to high: `keys`, `keyset`, `dsse`; then a module per document. Bytes are verified before they are decoded; what is decoded is never
encoded again. This package is the one wall around `cryptography` in packspec.
"""

"""The log: public facts in one gapless order, their tiles and checkpoints, and the documents that they name by digest.

It does not know what a pack is. Invariants: an entry is never changed or removed; times never decrease; of two different roots for one size
at most one is ever signed; what a checkpoint covers is on the static side before the checkpoint is.

Words: an *entry* is the bytes of one leaf; its *index* counts from 0; the *size* is how many there are. A *document* is a signed envelope,
known by the digest of its payload.
"""

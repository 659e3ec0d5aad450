"""The registry's append-only log: entries, Merkle proofs, tiles and signed checkpoints, as in C2SP tlog-tiles."""

"""`packctl key`: the private keys of this machine."""

"""`packctl license`: the licenses of this machine, and of one's account."""

"""`packctl usage`: what uses which packs."""

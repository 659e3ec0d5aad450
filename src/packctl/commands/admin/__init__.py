"""`packctl admin`: runs a registry from afar, over its API."""

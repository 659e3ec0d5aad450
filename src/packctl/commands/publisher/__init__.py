"""`packctl publisher`: a publisher on the registry."""

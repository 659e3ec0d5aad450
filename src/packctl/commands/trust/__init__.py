"""`packctl trust ...`: the registries that this machine trusts."""

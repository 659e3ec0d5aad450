"""`packctl config`: the settings of this machine and where each one comes from."""

"""`packctl admin publisher`: who may publish."""

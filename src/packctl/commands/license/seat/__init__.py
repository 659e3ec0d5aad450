"""`packctl license seat`: which persons may use a license."""

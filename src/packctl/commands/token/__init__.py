"""`packctl token`: tokens for scripts and CI."""

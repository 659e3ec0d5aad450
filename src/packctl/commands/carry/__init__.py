"""`packctl carry`: packs for machines without network, in one file."""

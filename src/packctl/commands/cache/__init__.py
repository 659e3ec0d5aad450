"""`packctl cache`: the store of files, shared by all projects of a person, and what was downloaded."""

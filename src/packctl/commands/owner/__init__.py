"""`packctl owner`: the people who change a publisher's keys."""

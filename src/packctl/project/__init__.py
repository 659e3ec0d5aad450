"""What lies in a project's folder: its files for people, the receipts of what is installed."""

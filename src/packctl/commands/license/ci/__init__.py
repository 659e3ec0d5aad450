"""Commands about which runs in CI may use a license."""

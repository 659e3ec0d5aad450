"""The protocol table: every endpoint of a registry as one typed row, in a module per room of the server.

Rows live per room because Structs cost start-up: a command imports one room. The server gathers all of them in `registry_server.app`.
"""

"""A witness of other registries' logs: a small process with a key and a folder of its own (docs/spec/witness.md).

It knows no room of a registry: whoever runs one watches the logs of others. `store` remembers the newest checkpoint of each log, `service`
answers `add-checkpoint`, `serve` listens.
"""

"""HTTP, and nothing else: the only rooms that know what a request is, and the only place of `async`.

`frame` stands around everything (request id, headers, log, last resort); behind it `bind` is the door to the API, `files` serves the static
side. Handlers see a Call and an ask, never a request.
"""

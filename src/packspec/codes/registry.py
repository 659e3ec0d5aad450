"""Codes of the room `registry`: reaching a registry, and what a registry's server says about its own state."""

CODES = {
    "registry.bad-address": (
        "The address of a registry begins with https:// (or http:// on your own network) and holds a host, perhaps a port and a path, and "
        "no user or password: those would end up in logs. Use packctl login instead."
    ),
    "registry.bad-answer": (
        "Something answered that is not a registry, or half of an answer came: a page of a proxy, a login page of a wireless network, a "
        "body packed although packctl asked for plain bytes, or more bytes than the answer may have. packctl doctor shows what answers "
        "under the address."
    ),
    "registry.busy": (
        "The registry, or what stands in front of it, refused because there were too many requests, and asked for a longer pause than "
        "packctl waits (60 s) or kept refusing. packctl repeats calls by itself, with growing pauses of random length and never sooner "
        "than the registry asks."
    ),
    "registry.file-missing": (
        "The registry's own signed documents name a file that its server does not have. Mirrors can be incomplete for a while; if the "
        "registry itself lacks it, its operator should know."
    ),
    "registry.redirected": (
        "packctl follows a redirect only for downloads and only within the same scheme, host and port, at most five times. Whoever "
        "answers for a registry could otherwise hand callers, and their tokens, to somebody else. If the registry moved, give packctl its "
        "new address."
    ),
    "registry.tls": (
        "The connection was encrypted, but the other side did not prove that it is the host you asked for: the certificate is for another "
        "host, has ended, is not yet valid, or was signed by an authority that this machine does not know. Look at the clock first. A "
        "company's own authority is named by SSL_CERT_FILE or SSL_CERT_DIR; there is no way to switch the check off."
    ),
    "registry.token-needs-tls": (
        "Over plain http everybody on the way can read a token and use it. packctl sends tokens over https only, or to an address of this "
        "very machine. Downloads that need no token work over http all the same, because everything is checked by signature and digest."
    ),
    "registry.too-slow": (
        "An answer must begin within the timeout (network.timeout, --timeout; 30 s by default) and then bring at least 1 KiB a second "
        "over windows of that length. What was downloaded so far is kept and continued by the next try."
    ),
    "registry.unreachable": (
        "No answer came: the host's name is unknown, nobody listens there, a proxy refused, or the connection ended in the middle. Calls "
        "that may be repeated were tried four times. Everything that is already on this machine can be used with --offline."
    ),
}

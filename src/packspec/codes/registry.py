"""Codes of the room `registry`: reaching a registry, and what a registry's server says about its own state."""

CODES = {
    "registry.address-in-use": (
        "The server cannot listen on this address and port: another program does, or the address is not one of this machine. Port 0 takes "
        "a free port."
    ),
    "registry.bad-address": (
        "The address of a registry begins with https:// (or http:// on your own network) and holds a host, perhaps a port and a path, and "
        "no user or password: those would end up in logs. Use packctl login instead."
    ),
    "registry.bad-authorities": (
        "SSL_CERT_FILE names a file, or SSL_CERT_DIR a folder, with the certificates of the authorities that vouch for hosts. It is not "
        "there, cannot be read, or holds no certificates in PEM form. packctl does not fall back to others, because whoever names "
        "authorities means those and no more."
    ),
    "registry.bad-answer": (
        "Something answered that is not a registry, or half of an answer came: a page of a proxy, a login page of a wireless network, a "
        "body packed although packctl asked for plain bytes, or more bytes than the answer may have. packctl doctor shows what answers "
        "under the address."
    ),
    "registry.bad-cursor": (
        "A listing is asked for page by page; each page ends with a cursor for the next one. This is not such a cursor, or belongs to "
        "another listing. Begin again without one."
    ),
    "registry.bad-http": (
        "The request breaks HTTP's own rules, or could be read in two ways (two Host headers, two Authorization headers), which attacks on "
        "proxies are made of. It was refused before it was read. packctl never sends such requests, so something on the way may have "
        "changed it."
    ),
    "registry.bad-name": (
        "A registry's name is said once, at registry-server init, and stands in every checkpoint of its log, where blanks and signs have a "
        "meaning of their own. It is made of ASCII letters, digits, dots and inner hyphens: best the name of its host."
    ),
    "registry.bad-public-path": (
        "The registry tried to write outside its static side. That is a mistake in the registry; please report it."
    ),
    "registry.bad-request": (
        "The registry does not understand a field of the request: unknown, misspelled, missing, of the wrong type or out of range. Unknown "
        "fields are refused, because a field that is ignored in silence is worse. Mostly packctl and registry are of different versions."
    ),
    "registry.blob-differs": ("Bytes were to be stored under a digest that is not theirs. Nothing was stored."),
    "registry.blob-missing": (
        "The registry's store lacks bytes that its records name. Somebody removed or moved files, or a backup was restored in part. The "
        "registry answers that it cannot, never with other bytes."
    ),
    "registry.blob-too-large": ("A stream was longer than its ceiling. Nothing was stored."),
    "registry.body-cut": (
        "The connection ended inside the body of a request. What was uploaded so far is kept; run the same command again."
    ),
    "registry.body-too-large": (
        "The body of a request is larger than the registry reads (REGISTRY_HTTP_REQUEST_BYTES, 1 MiB by default). Archives are not sent in "
        "such requests but by uploads, which have a ceiling of their own."
    ),
    "registry.body-too-slow": (
        "The body of a request came more slowly than the server waits (REGISTRY_HTTP_BODY_IDLE_SECONDS, "
        "REGISTRY_HTTP_BODY_BYTES_PER_SECOND). Slow connections that go nowhere must not take the place of others. An upload goes on where "
        "it stopped."
    ),
    "registry.busy": (
        "The registry, or what stands in front of it, refused because there were too many requests, and asked for a longer pause than "
        "packctl waits (60 s) or kept refusing. packctl repeats calls by itself, with growing pauses of random length and never sooner "
        "than the registry asks."
    ),
    "registry.clock-back": (
        "The registry signs its timestamp with the time of this machine, and this time is more than five minutes before the last one. A "
        "timestamp signed now would be older than what clients have seen, which they refuse, and it may have expired already. Downloads go "
        "on; nothing new is signed until the clock is right. If the clock was ahead when the registry signed last, "
        "`registry-server resign --clock-is-right` signs by today's clock; clients that saw the later timestamp refuse until that time."
    ),
    "registry.data-in-use": (
        "Another registry-server has this data folder open. One process at a time writes it, so that log and static side have one order. "
        "The lock is the kernel's: it is gone when the process is, and there is no file to delete."
    ),
    "registry.database-encoding": (
        "A PostgreSQL database keeps its texts in the encoding it was made with, and this one's cannot hold every character. Make another "
        "with UTF8 and name that one; nothing was written into this one."
    ),
    "registry.database-busy": (
        "Another write kept the database longer than a request waits (REGISTRY_DATABASE_WAIT_SECONDS). Nothing was changed; the answer "
        "says when to try again, and packctl does so by itself."
    ),
    "registry.database-gone": (
        "The registry's database cannot be opened or read. Downloads and installs do not need it and go on; publishing waits. The "
        "registry's log says more."
    ),
    "registry.failed": (
        "The registry met something that its authors did not expect. The answer holds nothing but a request id, because details could tell "
        "an attacker something; the registry's log has them under that id."
    ),
    "registry.file-missing": (
        "The registry's own signed documents name a file that its server does not have. Mirrors can be incomplete for a while; if the "
        "registry itself lacks it, its operator should know."
    ),
    "registry.has-name": (
        "The name of a registry is chosen once: it is the origin of its log and stands in every checkpoint that was ever signed. "
        "`registry-server init` completes what is missing and renames nothing. Another name is another registry in another data folder."
    ),
    "registry.immutable-changed": (
        "A file of the static side that never changes was to be written with other content. That is a mistake in the registry, or somebody "
        "changed the file; nothing was overwritten."
    ),
    "registry.length-missing": (
        "An upload must say how long it is (Content-Length), because its end could not be told from a broken connection otherwise. A proxy "
        "that turns requests into chunks removes the length; turn that off for uploads."
    ),
    "registry.media-type": (
        "A body was sent as something else than the call takes: JSON must be application/json in UTF-8, uploads application/octet-stream, "
        "and neither may be compressed on the way."
    ),
    "registry.no-space": (
        "The registry's disk is full, over its quota or read-only. Nothing was changed, and reading goes on; once there is room, "
        "everything works again without a restart."
    ),
    "registry.no-such-path": (
        "Nothing is served under this address. Is the registry's address right, without a path that belongs to something else? A newer "
        "packctl may also ask an older registry for what it does not have yet."
    ),
    "registry.no-transaction": (
        "A part of the registry asked for a transaction that it was not given. That is a mistake in the registry; please report it."
    ),
    "registry.folder-unusable": (
        "The folder that --data or REGISTRY_DATA names cannot be made or not be written by this user. A registry keeps its database, its "
        "online keys and all packs there, so it needs a folder of its own that only its user can write."
    ),
    "registry.not-begun": (
        "The data folder holds no registry yet. registry-server init makes one, or registry-server serve at its first start."
    ),
    "registry.redirected": (
        "packctl follows a redirect only for downloads and only within the same scheme, host and port, at most five times. Whoever "
        "answers for a registry could otherwise hand callers, and their tokens, to somebody else. If the registry moved, give packctl its "
        "new address."
    ),
    "registry.schema": (
        "The database was written by another version of the registry. An older one is brought up to date with registry-server migrate, "
        "after a backup; a newer one needs the newer version."
    ),
    "registry.settings": (
        "Variables of the server make no sense: out of range, not a number, contradicting each other, or not a setting at all, which is "
        "probably a typing error. All of them are listed at once. docs/reference/server-settings.md describes every setting."
    ),
    "registry.stopping": (
        "The registry is being stopped or restarted. It finishes what it began and takes no new requests; try again in a few seconds."
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
    "registry.trail-broken": (
        "The audit trail is a chain: each entry holds the digest of the one before it. Here it does not, so somebody changed, removed or "
        "inserted entries, past the registry and past the triggers of the database. Compare with a backup, and with the anchors in the "
        "public log."
    ),
    "registry.unreachable": (
        "No answer came: the host's name is unknown, nobody listens there, a proxy refused, or the connection ended in the middle. Calls "
        "that may be repeated were tried four times. Everything that is already on this machine can be used with --offline."
    ),
    "registry.key-unreadable": (
        "A registry signs its timestamp, snapshot, bins and log with four keys in the folder keys of its data folder. One of them is "
        "missing, damaged, or cannot be read by the user that the server runs as. Without it nothing can be published; what is published "
        "stays installable until the timestamp ends. Put the file back from a backup, with mode 0600."
    ),
    "registry.metadata-damaged": (
        "A TUF file that the registry wrote earlier is missing from its static side or cannot be read. The registry does not guess what "
        "it said. Restore the folder public of the data folder from a backup or a mirror."
    ),
    "registry.trust-file-missing": (
        "The log says which content each trust file of the registry has, and no targets metadata with exactly those files is on the static "
        "side. Restore the folder public of the data folder from a backup or a mirror."
    ),
    "registry.already-begun": (
        "init makes new keys. In a folder that already holds a registry that would cut off everybody who trusts the keys it has, so it is "
        "refused. Serve the registry that is there, or choose another folder."
    ),
    "registry.offline-keys-missing": (
        "The list of reviewers, the log keys and the policy of a registry are signed by its offline keys, two of three by default. Bring "
        "the medium they lie on, and name the folder with --keys. Keys of another registry do not count."
    ),
    "registry.release-fails-check": (
        "Before a packproof becomes public the registry runs the same check on it that clients run. This release is in the log, and the "
        "check fails: its evidence was changed after the decision, or this is our fault. Nothing was made public."
    ),
    "registry.wrong-method": (
        "The path exists, but not for this method. The answer's Allow header names those that it has."
    ),
    "registry.reviewer-listed": (
        "A reviewer has one name and one key in the signed list, so that every approval says who gave it. To give somebody a new key, "
        "remove the name first and add it again with the new key: releases that were approved with the old one stay approved."
    ),
    "registry.no-such-reviewer": "Nobody of that name is on the list of reviewers. registry-server reviewer list shows all names and keys.",
    "registry.none-chosen": (
        "packctl asks no registry by itself. The one to use comes from --registry, from PACKCTL_REGISTRY, from [registries] default of "
        "the project's pack.toml, or from registry.default of your config.toml; an alias must stand in [registries] of one of these "
        "files."
    ),
    "registry.too-few-reviewers": (
        "A release is published when as many reviewers have approved it as the list demands, so the list never names fewer. Before the "
        "last one leaves, or more must approve than there are, put others on the list with registry-server reviewer add."
    ),
    "registry.publishers-key": (
        "The key is listed by a publisher, now, earlier, or in a change that waits for signatures. Approvals given with it would count "
        "for none of that publisher's releases. A reviewer who also publishes uses a key of its own for reviewing: packctl key generate."
    ),
    "registry.answered-before": (
        "A request came again with the Idempotency-Key of one that was answered. What it asked for was done the first time, and is not "
        "done twice. Its answer held a secret, such as a token or a license key, which is shown once and not kept, so it cannot be "
        "given again. What was made is named; a license can be used by its holder without its key, a token is revoked and made anew."
    ),
    "registry.key-used-otherwise": (
        "An Idempotency-Key stands for one request: the same call with the same fields. It came before with another one, so it is not "
        "clear what was meant, and nothing was done. Make a new key for each change."
    ),
}

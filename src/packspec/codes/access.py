"""Codes of the room `access`: login, tokens and rights."""

CODES = {
    "access.account-name": (
        "An account's name has lower-case letters, digits and inner hyphens, at most 64 characters, like a publisher's name: what one "
        "reads is what one types, on every system."
    ),
    "access.bad-scope": (
        "A scope says what a token may be used for: read, publish, approve, license, stats or admin. Publishing can be narrowed to one "
        "publisher (publish:acme) or one pack (publish:acme/icons). Anything else is refused, because a misspelled scope would give less "
        "or more than was meant."
    ),
    "access.cannot-make-tokens": (
        "A token that was made with another token makes no tokens itself. So revoking the token you logged in with also ends everything a "
        "thief of it could have made, in one step and without a search."
    ),
    "access.credentials-broken": (
        "The file with your tokens cannot be read as one. It is replaced as a whole at each login, so another program or a person changed "
        "it."
    ),
    "access.credentials-readable": (
        "Others on this machine may read or change the file with your tokens, so the tokens count as known to them. Make the file yours "
        "alone, and revoke the tokens if somebody could have used them."
    ),
    "access.life-too-long": (
        "Every token ends. The registry's operator sets how long one may live (REGISTRY_TOKEN_MAX_DAYS, a year at most): a token that was "
        "forgotten somewhere must stop working by itself."
    ),
    "access.malformed-token": (
        "A token is pkt_, a letter, 43 letters and digits of secret and 6 of checksum. This text is not: it was cut, has a blank or a "
        "typing error, or is something else. That is told without asking the registry, and the text is not shown."
    ),
    "access.no-token": (
        "You have no token with this id. Ids of other people's tokens are answered in the same way as ids that do not exist."
    ),
    "access.not-logged-in": (
        "This call is not open to everybody, and no token came with it. Log in with a token, or set PACKCTL_TOKEN or PACKCTL_TOKEN_FILE "
        "where nobody can log in, as in CI."
    ),
    "access.role-missing": (
        "What you asked for belongs to an office of this registry that you do not hold, such as admin or reviewer. A right token does not "
        "help; an admin can give you the office."
    ),
    "access.scope-missing": (
        "The token is valid, but was made for other things. Tokens have scopes, so that one that leaks can do little. Make one with the "
        "scope that is named, or log in with one that has it."
    ),
    "access.scope-too-wide": (
        "A new token may do at most what the token does that asks for it. Otherwise a stolen token for reading could be turned into one "
        "for publishing."
    ),
    "access.token-rejected": (
        "A token came with the call and does not count: it expired, was revoked, belongs to another registry, is not whole, or its account "
        "is suspended. The registry does not say which of these, to tell a guesser nothing; packctl token list shows the tokens you have."
    ),
    "access.too-many-tokens": (
        "One person has a limited number of living tokens (REGISTRY_TOKEN_PER_MEMBER). Revoke those that nothing uses: the list shows when "
        "each was used last."
    ),
    "access.no-device-login": (
        "This registry has no login through the browser, so packctl login needs a token that exists already. The person who runs the "
        "registry makes the first one for you (registry-server account add NAME); where you are logged in, packctl token create makes "
        "more. The token is read from stdin, or asked for without echo, and never taken from an argument, which others on the machine "
        "could read."
    ),
}

"""Codes of the room `identity`: which run in CI is asking, by the word of the CI itself."""

CODES = {
    "identity.malformed": (
        "A run in CI shows who it is by a token that its CI signs: three parts with dots between, as JOSE has it. This text is none, or "
        "it does not tell what must be known: repository, owner and run, each with its number, and when it was made. Look at what sets "
        "PACKCTL_OIDC_TOKEN; on GitHub leave it out, packctl asks for a token by itself. The token is never shown or kept."
    ),
    "identity.wrong-algorithm": (
        "The registry's operator pins one algorithm for each issuer, RS256 or ES256. A token that names another one, none at all, or a "
        "shared secret is refused before anything in it is believed."
    ),
    "identity.unknown-issuer": (
        "Whose word on runs counts is a list that the registry's operator writes (REGISTRY_OIDC_ISSUERS), by exact address: GitHub, "
        "GitLab, or a server of one's own. The issuer of this token is not on it. Ask the operator, or give the run the license's key "
        "in a secret variable: PACKCTL_LICENSE_FILE or PACKCTL_LICENSE."
    ),
    "identity.unknown-key": (
        "The token names a key that its issuer does not publish. The registry looked again, at most once a minute. If the issuer has "
        "just begun to use a new key, the next run will pass; otherwise somebody forged the token."
    ),
    "identity.forged": (
        "The token names a key that counts, and is not what that key signed. Somebody changed it, perhaps to look like another "
        "repository, or it was damaged on the way."
    ),
    "identity.wrong-audience": (
        "An identity is made for one reader, its audience, and this registry's is its name, the one that packctl license ci list shows. "
        "One that is for somebody else, or for several, is neither sent nor taken: any of its readers could pass it on. On GitHub "
        "packctl asks for the right one by itself; on GitLab write the name as aud below id_tokens."
    ),
    "identity.out-of-time": (
        "A token for a run lasts minutes, and none is taken that is older than six hours or begins in the future; a minute is left for "
        "clocks that differ. Ask for a token in the step that needs it."
    ),
    "identity.issuer-unreachable": (
        "To check an identity the registry needs its issuer's public keys. It fetches them over https, in bounded time and size and "
        "without following redirects, keeps them for an hour, and uses them for up to a day where no newer ones can be had. Now it has "
        "none. The registry's log says why. Until then a run can use the license's key: PACKCTL_LICENSE_FILE."
    ),
    "identity.not-issued": (
        "GitHub gives each job an address at which it can ask for its identity, if the workflow has the permission id-token: write. "
        "That address did not answer as it should. Running the job again helps mostly; a secret with the license's key "
        "(PACKCTL_LICENSE_FILE) needs no identity."
    ),
}

"""Codes of the room `agent`: keys that an ssh agent holds."""

CODES = {
    "agent.unreachable": (
        "A key whose name begins with agent: is held by an ssh agent, and the variable SSH_AUTH_SOCK says where that listens. It is not "
        "set, or nothing answers there: the agent has ended, or the session that it belongs to. Start one, add the key with ssh-add, and "
        "run the command again from a shell that has the variable. A key in a file needs no agent."
    ),
    "agent.no-such-key": (
        "The ssh agent was asked, and none of its P-256 keys has the comment, the fingerprint (SHA256:..., as ssh-add -l shows it) or the "
        "key id that was named. `packctl key list` shows those that can sign. An agent that is locked lists nothing at all: unlock it with "
        "ssh-add -X."
    ),
    "agent.several-keys": (
        "More than one P-256 key of the ssh agent has what was named: the same comment, or a key id that begins alike; or nothing stands "
        "after agent: and it holds several. A signature binds whoever holds the key, so none is chosen. Name one by its fingerprint, as "
        "ssh-add -l shows it, or give the keys comments of their own."
    ),
    "agent.refused": (
        "The ssh agent has the key and did not sign. It may have been locked (ssh-add -x) or have lost the key between the question and "
        "the signature, a limit of the key may have run out (ssh-add -t), or the person whom it asks to confirm (ssh-add -c) said no. "
        "Nothing was signed and nothing was sent."
    ),
    "agent.wrong-kind": (
        "Only keys of type ecdsa-sha2-nistp256 can sign here: it is the signature that every reader of releases, approvals and roots "
        "knows. Ed25519 and RSA keys cannot, nor can keys on FIDO devices (sk-...), whose signatures cover other bytes. Make one with "
        "ssh-keygen -t ecdsa -b 256; a PIV token or a TPM can hold such a key and serve it through the agent."
    ),
    "agent.malformed": (
        "What listens at SSH_AUTH_SOCK answered with bytes that are not those of an ssh agent, or with a signature that its own key does "
        "not verify. Nothing of it was used. Look at what listens there, and try another agent or a key in a file."
    ),
    "agent.not-a-file": (
        "An ssh agent signs with a private key and never gives it away, so there is no file to copy. `packctl key export` without --sealed "
        "prints its public half. For a second machine copy the file that ssh-add was given, or forward the agent."
    ),
}

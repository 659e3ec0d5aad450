"""Codes of the room `licensing`: who may use what, on which machines, until when."""

CODES = {
    "licensing.malformed": (
        "License tokens, status lists, requests, receipts and pools are texts of three parts, signed as JOSE has it (JWS, compact "
        "form). This one is none: it was cut when it was copied, changed by hand, or is another kind of file. Get it again; nothing "
        "that is installed depends on it."
    ),
    "licensing.wrong-algorithm": (
        "Whatever concerns licenses is signed with ES256 (P-256 and SHA-256). A text that names another algorithm, none at all, or a "
        "shared secret is refused before anything in it is read: a forger would choose the algorithm that proves nothing."
    ),
    "licensing.wrong-type": (
        "Every signed text names its type, and each place takes one type only: a token where a token belongs, a receipt where a receipt "
        "does. A good signature over another type does not help, because it was given for something else."
    ),
    "licensing.unknown-key": (
        "The registry's offline keys vouch for the keys that sign licenses (trust/license-keys.json). This text is signed with a key "
        "that is not among them: it comes from another registry, or its key was withdrawn. While the registry can be reached, packctl "
        "license refresh gets a new one."
    ),
    "licensing.forged": (
        "The text names a key that counts, and is not what that key signed. Somebody changed it, perhaps to move an end or to raise a "
        "limit, or it was damaged. packctl license refresh gets it again from the registry."
    ),
    "licensing.lease-ended": (
        "An activation is a lease: it is renewed at each install while the registry can be reached, and ends by itself when it was not "
        "for so long as the plan allows (30 days, mostly). Then nothing new is installed under it. What is installed stays, can be "
        "used, and verifies. packctl license refresh renews it; a machine without network gets a license file (packctl license "
        "request)."
    ),
    "licensing.not-yet-valid": (
        "The token begins more than ten minutes after what the clock of this machine says. Almost always the clock is behind; packctl "
        "doctor compares it with the registry's."
    ),
    "licensing.other-registry": (
        "A license counts at the registry where it was sold. The token names another one, or was made for use at another one."
    ),
    "licensing.other-device": (
        "A token is bound to a key that was made on the machine that was activated, and that never leaves it. On another machine it "
        "proves nothing, so copying it, or the folder it lies in without the key, is of no use. Activate the license on this machine; "
        "if none of its machines is free, the refusal names those that are in use."
    ),
    "licensing.proof-refused": (
        "Refreshing a license and fetching licensed files are signed by the key of the device, over the request, its path, its body and "
        "the time. This signature is for another request, or more than ten minutes off. Check the clock of this machine."
    ),
    "licensing.request-too-old": (
        "A request for a license file can be answered for 30 days. Make a new one on the machine without network with packctl license "
        "request."
    ),
}

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
    "licensing.revoked": (
        "The license was ended for ever: it was refunded, a payment was taken back, another license took its place, or an admin of the"
        " registry revoked it. Nothing new is installed under it, and its machines and seats are free. What is installed stays and "
        "verifies: losing a right never touches files."
    ),
    "licensing.suspended": (
        "The registry stopped the license, mostly while a payment is disputed. It can go on from one moment to the next, with its "
        "machines and seats as they were. Until then nothing new is installed under it."
    ),
    "licensing.pending": (
        "The license exists and does not run yet: it waits for a payment, for the yes of a guardian, for whoever it was given to, for "
        "its first machine, or for its first day. packctl license status tells for which."
    ),
    "licensing.cancelled": (
        "The holder cancelled the license, and its time is over. A cancelled license has no days of grace. It can be renewed; what is "
        "installed stays."
    ),
    "licensing.expired": (
        "The time of the license is over, and so are the days of grace after it. Nothing new is installed under it; what is installed "
        "stays and verifies. Renewing it adds to the old end, so nobody who pays late gets less than somebody who pays early."
    ),
    "licensing.not-covered": (
        "The pack is sold, and no license on this machine is for it. Activate one that you have, or get one; the plans stand on the "
        "pack's page and in packctl show."
    ),
    "licensing.version-not-covered": (
        "The plan that was sold covers a range of versions, such as ^2, and this version is outside of it. The resolver takes the "
        "highest version inside if the project allows it; a license of another plan covers more."
    ),
    "licensing.too-new": (
        "The license covers the releases that were published up to a certain day: until its updates end, or until it ended itself. "
        "Those stay covered for ever where it has no end. A newer one needs a renewed license or another plan."
    ),
    "licensing.early-access": (
        "A publisher may give a release first to the holders of licenses with the feature early-access, for as long as the release "
        "itself says. Everybody else gets it after that, without doing anything."
    ),
    "licensing.not-activated": (
        "There is a license for it, and this machine has no place of it: it was never activated here, or its place was given back. "
        "packctl license activate takes one."
    ),
    "licensing.illegal-event": (
        "What may happen to a license, and in which status, stands in one table (docs/spec/licenses.md): a license that is revoked "
        "cannot be renewed, a trial that is over cannot be converted, what stays with its holder cannot be transferred. The registry "
        "refuses whatever the table does not name, and nothing was changed."
    ),
    "licensing.malformed-key": (
        "A license key is six groups of five letters and digits. The letters I, L, O and U do not occur (what looks like them is read "
        "as 1 and 0), small letters are fine, and the last group has a check character for each of the five before it, so a typing "
        "error is told at once, and where to look. The key itself is never shown, sent in an address, or logged."
    ),
}

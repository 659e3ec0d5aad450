"""Codes of the room `delivery`: the files of releases that must be paid."""

CODES = {
    "delivery.link-expired": (
        "The archive of a paid release is fetched from an address that the registry makes for one machine and one file, and that works "
        "for an hour. This one is older. packctl asks for a new one by itself and goes on where the file stopped; a script must ask again."
    ),
    "delivery.link-refused": (
        "An address below /downloads/ holds the digest of a file, for which activation it was made, its end, and the registry's signature "
        "over the three. This one does not fit its signature: it was edited, cut, or made by another registry."
    ),
    "delivery.nothing-shown": (
        "The release must be paid. Who asks for its archive shows a license token (Packctl-License) and the proof of the device that it is "
        "bound to (Packctl-Proof), which packctl does once the license is activated on this machine. Buying and activating are two "
        "steps: packctl license activate."
    ),
    "delivery.status-list-missing": (
        "A token names the status list that tells whether its license was revoked, and the registry does not have that list now. It lets "
        "nobody in without having looked; the list is written again within minutes. What is installed is not touched."
    ),
}

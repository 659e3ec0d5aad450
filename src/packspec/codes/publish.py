"""Codes of the room `publish`: findings about a pack before, and when, it is handed in."""

CODES = {
    "publish.file-type": (
        "A pack holds only files of the kinds in the table of docs/spec/assets.md, told by the ending of their names: pictures, sounds, "
        "videos, texts and data; code only in packs of kind module and tool. So a pack of pictures cannot carry programs. Leave the file "
        "out with [pack] exclude, or convert it."
    ),
    "publish.file-content": (
        "The first bytes of the file are not those that its ending promises. Programs that open files by their content, and those that go "
        "by the name, would see two different things. Give the file the right ending, or save it in the format that it claims to have."
    ),
    "publish.svg-active": (
        "An SVG can hold scripts, event handlers, entities and addresses of other sites. Whoever shows such a picture in a browser runs a "
        "program of its author. Save the picture as plain SVG, which every drawing program can do."
    ),
    "publish.secret": (
        "The file holds something in the form of a private key or of a token. What is published stays public for ever, also after a yank, "
        "so the pack is refused as it stands. Take the secret out; if the file was anywhere public before, replace the key or token too."
    ),
    "publish.image-large": (
        "A picture of more than 4096 pixels on a side takes 64 MB of memory or more when it is shown, which is a lot for a child's device. "
        "It is a warning, not a refusal: the reviewer sees it too."
    ),
    "publish.anchor-unknown": (
        "Every statement names the digest of its publisher's first root. This machine has not registered the publisher and has never "
        "asked the registry about it, and with --offline it may not ask. Run the command, or packctl publisher show, once with network; "
        "the digest is kept from then on."
    ),
    "publish.note-broken": (
        "packctl keeps a small file about each publisher that this machine signs for, with the digest of its first root. The file is not "
        "as packctl writes it. Without it, the registry is asked again."
    ),
    "publish.no-fitting-key": (
        "A release is signed by release keys of its publisher, a decision by a reviewer's key. None of the keys on this machine stands in "
        "the list that the registry shows, or the key that was named does not. Sign on a machine that has one of them; a new key is put "
        "into the publisher's root by its owners first, and counts after a cooldown."
    ),
}

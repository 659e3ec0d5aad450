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
}

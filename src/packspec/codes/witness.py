"""Codes of the room `witness`: a process that vouches for the logs of registries."""

CODES = {
    "witness.has-name": (
        "The name of a witness stands in everything that it signed, and logs list it with the key. It cannot be renamed: begin another "
        "witness, with another key in another folder, and have logs list that."
    ),
    "witness.no-name": (
        "A witness is begun with a name, such as the name of its host. It stands in front of every signature and never changes."
    ),
    "witness.bad-name": (
        "A witness signs notes, in which its name stands in front of the signature, between blanks. So a name has no blank and no plus "
        "sign, and is not empty; the name of its host is a good one. Nothing was made."
    ),
    "witness.not-a-log": (
        "A witness signs checkpoints of logs that it knows by their keys. A key of a log is written NAME+ID+KEY, as `registry-server keys "
        "log` prints it; what was given is not one, was cut, or is the key of a witness."
    ),
    "witness.damaged": (
        "A witness remembers the last checkpoint of each log that it signed, and signs only what extends it. It cannot read that any more, "
        "so it signs nothing. Put the file back if you have it exactly as it was last. An older copy would let it sign two histories: then "
        "begin a new witness with a new key, and tell the operators of the logs."
    ),
}

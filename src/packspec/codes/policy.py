"""Codes of the room `policy`: a rule says no to everybody."""

CODES = {
    "policy.client-too-old": (
        "A signed document carries a format number that this packctl does not know. Fields that may be overlooked are added without a new "
        "number, so a new number means that overlooking the change would be unsafe. Upgrade packctl."
    ),
}

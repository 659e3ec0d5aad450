"""Prices as people read them."""


def price_text(minor: int, currency: str, paid: bool) -> str:
    """`12.00 EUR`, `free`, or `paid` where the price is not known. A currency that nobody knows stands as it came."""
    if not paid:
        return "free"
    if not currency:
        return "paid"
    from packspec.money import Currency, Money

    try:
        return str(Money(minor, Currency.parse(currency)))
    except ValueError:
        return f"{minor} {currency}"

"""Money: whole minor units of a currency, never a float (docs/spec/manifest.md, prices)."""

from typing import ClassVar, Self

from msgspec import Struct

from packspec import limits
from packspec.patterns import pattern

_AMOUNT = pattern(r"(0|[1-9][0-9]{0,14})(?:\.([0-9]{1,4}))?")

# ISO 4217, current currencies of people and companies; funds, metals and test codes are left out.
_TWO_DIGITS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP
    DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG
    SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
"""
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
DIGITS: dict[str, int] = {
    **dict.fromkeys(_TWO_DIGITS.split(), 2),
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}
"""Digits after the point of every currency that a price may have."""


class Currency(str):
    """An ISO 4217 code in capitals: `EUR`, `JPY`, `KWD`."""

    __slots__ = ()
    PATTERN: ClassVar[str] = "^[A-Z]{3}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a code. Raises ValueError for one that is not in `DIGITS`."""
        if text not in DIGITS:
            raise ValueError(f"not a currency: {text[:80]!r} (an ISO 4217 code such as EUR)")
        return cls(text)

    @property
    def digits(self) -> int:
        """Digits after the point: 2 for EUR, 0 for JPY, 3 for KWD."""
        return DIGITS[self]


class Money(Struct, frozen=True):
    """An amount of zero or more: `minor` whole minor units of `currency`, such as 1200 of EUR for 12.00 EUR."""

    minor: int
    currency: Currency

    @classmethod
    def parse(cls, amount: str, currency: str) -> Self:
        """Reads `"12.00"`, `"EUR"`. The digits after the point are exactly the currency's, so that no reader has to guess or round.

        Raises ValueError for another number of digits, signs, exponents, blanks, leading zeros, an unknown currency, or 2^53 minor units.
        """
        code = Currency.parse(currency)
        match = _AMOUNT.fullmatch(amount) if isinstance(amount, str) else None
        if match is None or len(match[2] or "") != code.digits:
            example = "12" + ("." + "0" * code.digits if code.digits else "")
            raise ValueError(
                f"not an amount in {code}: {str(amount)[:80]!r} (written with the currency's digits, such as {example})"
            )
        minor = int(match[1] + (match[2] or ""))
        if minor > limits.INTEGER_MAX:
            raise ValueError(f"not an amount: {amount!r} is too large")
        return cls(minor, code)

    @property
    def amount(self) -> str:
        """The amount with the currency's digits: `12.00`."""
        digits = self.currency.digits
        if not digits:
            return str(self.minor)
        text = str(self.minor).rjust(digits + 1, "0")
        return f"{text[:-digits]}.{text[-digits:]}"

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

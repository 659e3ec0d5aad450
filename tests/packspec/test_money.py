import pytest

from packspec.money import DIGITS, Currency, Money


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("12.00", "EUR", 1_200),
        ("0.01", "USD", 1),
        ("0.00", "EUR", 0),
        ("1200", "JPY", 1_200),
        ("0", "JPY", 0),
        ("1.250", "KWD", 1_250),
        ("90071992547409.91", "EUR", 9_007_199_254_740_991),
    ],
)
def test_P15_an_amount_is_whole_minor_units_with_the_currencys_digits(amount: str, currency: str, minor: int) -> None:
    money = Money.parse(amount, currency)
    assert (money.minor, money.currency) == (minor, currency)
    assert str(money) == f"{amount} {currency}"


@pytest.mark.parametrize(
    "amount",
    ["12", "12.0", "12.000", "12.", ".50", "-1.00", "+1.00", "1e3", "1,000.00", "1_000.00", " 1.00", "1.00\n", "01.00", "NaN", "inf",
     "0x10", "١.00", "", "90071992547409.92", "9" * 40 + ".00"],
)  # fmt: skip
def test_P17_what_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money.parse(amount, "EUR")


@pytest.mark.parametrize("amount", [12.0, 12, True, None, ["12.00"]])
def test_P17_a_number_is_no_amount(amount: object) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money.parse(amount, "EUR")  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "XXX", "XAU", "XTS", "ABC", ""])
def test_P15_an_unknown_currency_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="not a currency"):
        Currency.parse(code)


def test_P15_digits_come_from_iso_4217() -> None:
    assert {code for code, digits in DIGITS.items() if digits == 0} == {
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
    }  # fmt: skip
    assert {code for code, digits in DIGITS.items() if digits == 3} == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
    assert len(DIGITS) == 155
    assert all(len(code) == 3 for code in DIGITS)

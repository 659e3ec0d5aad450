import pytest

from packspec.scripts import mixed_words


@pytest.mark.parametrize(
    "text",
    [
        "Farm Animals",
        "Bauernhof für Kinder",
        "Ферма",
        "Farm und Ферма",
        "農場の動物",
        "ひらがなカタカナ",
        "동물 농장",
        "مزرعة",
        "H2O",
        "",
        "½ km²",
        "ªº",
    ],
)
def test_M12_words_of_one_script_are_not_marked(text: str) -> None:
    assert mixed_words(text) == ()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("F\u0430rm Animals", ("F\u0430rm",)),
        ("\u0420aypal and \u0391cme", ("\u0420aypal", "\u0391cme")),
        ("Farm農場", ("Farm農場",)),
    ],
)
def test_M12_words_of_several_scripts_are_marked(text: str, marked: tuple[str, ...]) -> None:
    assert mixed_words(text) == marked

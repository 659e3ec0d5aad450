"""What both databases search, and how much of a query is looked at."""

COLUMNS = {"name": 10.0, "title": 8.0, "tags": 5.0, "publisher": 4.0, "summary": 3.0, "description": 1.0}
"""What is searched, and how much a hit there weighs; the heaviest first."""
WORDS = 16
"""More words of a query are not looked at."""


def words(text: str) -> list[str]:
    """The words of a query: what stands between blanks and has a letter or digit in it."""
    return [word for word in text.replace("\0", " ").split() if any(map(str.isalnum, word))][:WORDS]

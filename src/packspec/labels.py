"""Label, Word and Language: the short texts that search filters by. One spelling only, safe in addresses (docs/spec/manifest.md)."""

from typing import ClassVar, Self

from packspec.patterns import pattern

_LABEL = pattern(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?")
_WORD = pattern(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?")
_LANGUAGE = pattern(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?")


class Label(str):
    """A category, tag, feature or host: lower-case letters, digits, inner `-` and `_`, at most 64 characters."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_LABEL.pattern}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a label. Raises ValueError."""
        if not _LABEL.fullmatch(text):
            raise ValueError(f"not a label: {text[:80]!r} (lower-case letters, digits, inner - and _, at most 64)")
        return cls(text)


class Word(str):
    """A word of an outside vocabulary, such as grade `K_2` or subject `ELA`: as a label, but capitals stay as they are."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_WORD.pattern}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a word. Raises ValueError."""
        if not _WORD.fullmatch(text):
            raise ValueError(f"not a word: {text[:80]!r} (letters, digits, inner - and _, at most 64)")
        return cls(text)


class Language(str):
    """A language tag: `en`, `de-AT`, `zh-Hant-TW` (BCP 47 with language, script and region only, in its recommended capitals)."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_LANGUAGE.pattern}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a language tag. Raises ValueError."""
        if not _LANGUAGE.fullmatch(text):
            raise ValueError(f"not a language: {text[:80]!r} (such as en, de-AT or zh-Hant-TW)")
        return cls(text)

"""The facts that the resolver's incompatibilities come from, each with its words (docs/spec/resolver.md)."""

from msgspec import Struct

from packctl.resolve.known import Some
from packctl.resolve.wanted import ASKER, JUST_ADDED, Wish


class Asked(Struct, frozen=True):
    """A wish of the project."""

    wish: Wish
    range: str
    """As it counts: an override replaces the wish's own."""
    note: str = ""
    """What is wrong with it by itself: no version matches."""

    @property
    def object(self) -> str:
        """What is asked for: `acme/story-kit ^3 (line 9)`."""
        notes = ", ".join(filter(None, [self.wish.origin, "" if self.wish.range.text == self.range else "overridden"]))
        return f"{self.wish.pack} {self.range}{f' ({notes})' if notes else ''}{self.note}"

    @property
    def order(self) -> tuple[bool, bool, str, str]:
        """What was just added first, what is only asked about last, else by name."""
        return self.wish.file == ASKER, self.wish.origin != JUST_ADDED, self.wish.pack, self.object

    @property
    def subject(self) -> tuple[str, str]:
        """Who asks, and how: wishes of the same subject share one verb in a sentence."""
        return self.wish.file, self.wish.kind

    def tell(self) -> str:
        verb = "asks for" if self.wish.kind == "requires" else f"names as {self.wish.kind}"
        if self.wish.file == ASKER:
            verb = "ask for"
        return f"{self.wish.file} {verb} {self.object}"


class DependsOn(Struct, frozen=True):
    """Some versions of a pack need another, or if `kind` is not requires, restrict its versions."""

    who: Some
    kind: str
    needs: str
    note: str = ""

    def tell(self) -> str:
        verb = {"requires": "depends on", "enhances": "enhances only", "compatible": "is compatible only with"}[
            self.kind
        ]
        return f"{self.who} {verb} {self.needs}{self.note}"


class ConflictsWith(Struct, frozen=True):
    """Some versions of a pack exclude versions of another."""

    who: Some
    other: str

    def tell(self) -> str:
        return f"{self.who} conflicts with {self.other}"


class Excluded(Struct, frozen=True):
    """Some versions of a pack cannot be used, whatever else is chosen: yanked, not allowed by policy, made for another host."""

    who: Some
    why: str

    def tell(self) -> str:
        return f"{self.who} {self.why}"


class Exceeded(Struct, frozen=True):
    """Some versions of some packs that a limit does not allow together."""

    who: tuple[Some, ...]
    why: str

    def tell(self) -> str:
        names = [str(one) for one in self.who]
        return f"{' and '.join(filter(None, [', '.join(names[:-1]), names[-1]]))} {self.why}"


class AlreadyChosen(Struct, frozen=True):
    """An optional dependency is tried only together with who asks for it, which is part of the solution without it."""

    who: Some

    def tell(self) -> str:
        return f"{self.who} is already chosen"

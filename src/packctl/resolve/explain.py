"""Explain: the proof that there is no solution, as steps and as sentences (docs/spec/resolver.md).

One sentence for each step; every second step of a chain is folded into the next sentence; a step is numbered only if it is used again
further down.
"""

from collections.abc import Callable, Generator
from functools import cached_property
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from packctl.resolve.incompatibility import Derived, Fact, Incompatibility
from packctl.resolve.reasons import Asked
from packctl.resolve.terms import LEFT_OUT, States
from packctl.resolve.wanted import Wish

MOST_SENTENCES = 24
"""More are not told: nobody reads them, and the derivation has them all."""

Phrase: TypeAlias = Callable[[str, States, bool], str]
"""Name, states without `LEFT_OUT`, whether they are what somebody needs: a phrase such as `acme/icons >=2.0.0`."""


class Step(NamedTuple):
    """One conclusion. `because` holds ids of earlier steps and facts in words."""

    id: int
    because: tuple[int | str, ...]
    so: str


def conclusion(incompatibility: Incompatibility, phrase: Phrase, everything: Callable[[str], States]) -> str:
    """What an incompatibility says, as a clause."""
    chosen = [phrase(name, states, False) for name, states in incompatibility.terms if not states & LEFT_OUT]
    needed = [
        phrase(name, everything(name) ^ states, True) for name, states in incompatibility.terms if states & LEFT_OUT
    ]
    if not chosen and not needed:
        return "there is no solution"
    if not needed:
        if len(chosen) == 1:
            return f"{chosen[0]} cannot be used"
        if len(chosen) == 2:
            return f"{chosen[0]} cannot go with {chosen[1]}"
        return f"{_joined(chosen, 'and')} cannot go together"
    wanted = _joined(needed, "or")
    if not chosen:
        return f"{wanted} is needed"
    return f"{chosen[0]} needs {wanted}" if len(chosen) == 1 else f"{_joined(chosen, 'and')} together need {wanted}"


class Proof(Struct, frozen=True, eq=False, dict=True):
    """Why there is no solution: an incompatibility without terms and what it follows from. Told as steps or as sentences when asked."""

    root: Incompatibility
    say: Callable[[Incompatibility], str]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every conclusion of the proof, each after those that it rests on; the last is that there is no solution."""
        ids: dict[int, int] = {}
        made: list[Step] = []
        stack = [self.root]
        while stack:
            current = stack[-1]
            causes = _causes(current)
            missing = [one for one in causes if _is_derived(one) and id(one) not in ids]
            if missing:
                stack.append(missing[0])
                continue
            stack.pop()
            if id(current) not in ids:
                ids[id(current)] = len(made) + 1
                because = tuple(ids[id(one)] if _is_derived(one) else _fact(one) for one in causes)
                made.append(Step(ids[id(current)], because or (_fact(current),), self.say(current)))
        return tuple(made)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact that the proof rests on, each once."""
        found: dict[int, Fact] = {}
        seen, stack = {id(self.root)}, [self.root]
        while stack:
            current = stack.pop()
            if not isinstance(current.cause, Derived):
                found[id(current)] = current.cause
            for one in _causes(current):
                if id(one) not in seen:
                    seen.add(id(one))
                    stack.append(one)
        return tuple(found.values())

    def names(self, wish: Wish) -> bool:
        """Whether the proof rests on a wish."""
        return any(isinstance(fact, Asked) and fact.wish == wish for fact in self.facts)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The proof as lines of text."""
        if not _is_derived(self.root):
            return (f"There is no solution, because {_fact(self.root)}.",)
        teller = _Teller(self.root, self.say)
        teller.run()
        return tuple(teller.lines())


def _causes(incompatibility: Incompatibility) -> tuple[Incompatibility, ...]:
    """The two it follows from; none for a fact."""
    cause = incompatibility.cause
    return (cause.conflict, cause.other) if isinstance(cause, Derived) else ()


def _fact(incompatibility: Incompatibility) -> str:
    assert not isinstance(incompatibility.cause, Derived)
    return incompatibility.cause.tell()


Visit: TypeAlias = Generator[Incompatibility, None, None]


class _Sentence(NamedTuple):
    lead: str
    because: list[Incompatibility]
    so: Incompatibility


class _Teller:
    """Tells a proof depth first. Visits are generators on a list, because a proof can be deeper than Python's stack."""

    def __init__(self, root: Incompatibility, say: Callable[[Incompatibility], str]) -> None:
        self.told: list[_Sentence | None] = []
        """None: an empty line."""
        self._root = root
        self._say = say
        self._uses: dict[int, int] = {}
        self._numbers: dict[int, int] = {}
        self._to_number: set[int] = set()
        self._told_last: Incompatibility | None = None
        self._count_uses()

    def _count_uses(self) -> None:
        stack, seen = [self._root], {id(self._root)}
        while stack:
            for one in _causes(stack.pop()):
                self._uses[id(one)] = self._uses.get(id(one), 0) + 1
                if id(one) not in seen:
                    seen.add(id(one))
                    stack.append(one)

    def run(self) -> None:
        """Fills `told`."""
        visits = [self._visit(self._root)]
        while visits:
            asked = next(visits[-1], None)
            if asked is None:
                visits.pop()
            else:
                visits.append(self._visit(asked))

    def _visit(self, step: Incompatibility) -> Visit:
        """Tells what a step rests on as far as it must come before, then the step itself."""
        first, second = _causes(step)
        match (_is_derived(first), _is_derived(second)):
            case (True, True):
                yield from self._visit_two(step, first, second)
            case (True, False):
                yield from self._visit_one(step, first, second)
            case (False, True):
                yield from self._visit_one(step, second, first)
            case _:
                self._tell("Because", [first, second], step)

    def _visit_one(self, step: Incompatibility, derived: Incompatibility, fact: Incompatibility) -> Visit:
        """A step that rests on one other and a fact. If the other does so too, it is folded into this sentence."""
        inner = sorted(_causes(derived), key=_is_derived)
        if id(derived) in self._numbers:
            self._tell("Because", [fact, derived], step)
        elif self._uses[id(derived)] == 1 and [_is_derived(one) for one in inner] == [False, True]:
            if id(inner[1]) in self._numbers:
                self._tell("Because", [inner[1], inner[0], fact], step)
            else:
                yield inner[1]
                self._tell("And because", [inner[0], fact], step)
        else:
            yield derived
            self._tell("And because", [fact], step)

    def _visit_two(self, step: Incompatibility, first: Incompatibility, second: Incompatibility) -> Visit:
        """A step that rests on two others: the one that is not told just before is referred to by its number."""
        if not any(map(_is_derived, _causes(first))):
            first, second = second, first  # what takes one sentence comes last
        if id(first) not in self._numbers and id(second) not in self._numbers:
            takes_one_sentence = not any(map(_is_derived, _causes(second)))
            if not takes_one_sentence:
                self._to_number.add(id(first))
            yield first
            if id(second) not in self._numbers:
                if not takes_one_sentence:
                    self.told.append(None)
                yield second
                self._tell(*(("Thus", []) if takes_one_sentence else ("And because", [first])), step)
                return
        known = [one for one in (first, second) if id(one) in self._numbers]
        if len(known) == 2:
            self._tell("Because", [first, second], step)
        else:
            if id(known[0]) == id(second) and self._told_last is not first:
                yield first
            elif id(known[0]) == id(first):
                yield second
            self._tell("And because", known, step)

    def _tell(self, lead: str, because: list[Incompatibility], step: Incompatibility) -> None:
        if step is not self._root and (self._uses[id(step)] > 1 or id(step) in self._to_number):
            self._numbers[id(step)] = len(self._numbers) + 1
        self._told_last = step
        self.told.append(_Sentence(lead, because, step))

    def lines(self) -> list[str]:
        """The sentences as lines; of a long proof the last ones, which lead to the end."""
        lines, told = [], self.told
        if len(told) > MOST_SENTENCES:
            lines = [f"... {len(told) - MOST_SENTENCES} steps before these; --json has them all ...", ""]
            told = told[-MOST_SENTENCES:]
        for sentence in told:
            lines += [""] if sentence is None else self._lines_of(sentence)
        return lines

    def _lines_of(self, sentence: _Sentence) -> list[str]:
        """`Because` and its clauses a line each, the conclusion below them, indented; at the very end on the same line."""
        last, lead = sentence.so is self._root, sentence.lead
        if last and len(self.told) > 1:
            lead = "So" if lead == "Thus" else "So, because"
        so = self._numbered(sentence.so)
        if not sentence.because:
            return [f"{lead}, {so}."]
        *clauses, final = self._clauses(sentence.because)
        clauses = [f"{'and' if n else lead} {clause}" for n, clause in enumerate([*clauses, final])]
        return [*clauses[:-1], f"{clauses[-1]}, {so}."] if last else [*clauses[:-1], f"{clauses[-1]},", f"  {so}."]

    def _clauses(self, because: list[Incompatibility]) -> list[str]:
        """What was derived, then facts, then wishes, for which the verb stands once where they are in one file."""
        clauses = [self._numbered(one) for one in because if _is_derived(one)]
        clauses += [_fact(one) for one in because if not _is_derived(one) and not isinstance(one.cause, Asked)]
        wishes = sorted((one.cause for one in because if isinstance(one.cause, Asked)), key=lambda asked: asked.order)
        return clauses + [
            asked.object if before and before.subject == asked.subject else asked.tell()
            for before, asked in zip([None, *wishes], wishes, strict=False)
        ]

    def _numbered(self, step: Incompatibility) -> str:
        number = self._numbers.get(id(step))
        return f"{self._say(step)} ({number})" if number else self._say(step)


def _is_derived(incompatibility: Incompatibility) -> bool:
    return isinstance(incompatibility.cause, Derived)


def _joined(texts: list[str], word: str) -> str:
    return f" {word} ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))

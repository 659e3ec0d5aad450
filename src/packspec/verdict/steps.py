"""Which steps of a check were taken, which failed, and what the others waited for."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from packspec.errors import PackError
from packspec.verdict.answers import Answer, Finding, Question
from packspec.verdict.evidence import Known

T = TypeVar("T")


class Steps:
    """The record of a check. A step names the steps that it needs, and waits if one of them was not done."""

    def __init__(self) -> None:
        self._faults: dict[str, PackError] = {}
        self._waiting: dict[str, str] = {}
        self._done: set[str] = set()

    def given(self, step: str, value: Known[object], missing: str) -> None:
        """Notes what became of a step that was taken before the check: its value, its fault, or nothing at hand."""
        if isinstance(value, PackError):
            self._faults[step] = value
        elif value is None:
            self._waiting[step] = missing
        else:
            self._done.add(step)

    def take(self, step: str, needs: Iterable[str], act: Callable[[], None]) -> None:
        """Takes a step, if all that it needs was done, and notes its fault."""
        for need in needs:
            if need not in self._done:
                self._waiting[step] = self._waiting.get(need) or f"{self._faults[need].code} came first"
                return
        try:
            act()
        except PackError as error:
            self._faults[step] = error
        else:
            self._done.add(step)

    def was_done(self, step: str) -> bool:
        """Whether the step was taken and found nothing."""
        return step in self._done

    def faults(self, order: Iterable[str]) -> tuple[PackError, ...]:
        """All faults, in the order of the steps."""
        return tuple(self._faults[step] for step in order if step in self._faults)

    def finding(self, question: Question, steps: Iterable[str], note: Callable[[], str]) -> Finding:
        """What these steps answer: no if one failed, unchecked if one had to wait, else yes with `note`."""
        asked = tuple(steps)
        for step in asked:
            if error := self._faults.get(step):
                return Finding(question, Answer.NO, error.code, error)
        for step in asked:
            if step not in self._done:
                return Finding(question, Answer.UNCHECKED, self._waiting[step])
        return Finding(question, Answer.YES, note())

"""How `REGISTRY_...` variables become the fields of a frozen struct, and each field a line of docs/reference/server-settings.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self, get_type_hints

import msgspec

from packspec import wire
from packspec.errors import Invalid

PREFIX = "REGISTRY_"


class BadSettings(Invalid):
    """Variables that make no sense, all of them."""

    problems: list[str]

    code = "registry.settings"

    def what(self) -> str:
        return f"{len(self.problems)} setting{'s' * (len(self.problems) != 1)} cannot be used"

    def facts(self) -> dict[str, str]:
        return {str(number): problem for number, problem in enumerate(self.problems, 1)}

    def fix(self) -> list[str]:
        return ["correct the variables, then: registry-server check-settings"]


class Secret:
    """A text that neither `repr`, `str` nor a log shows. `reveal` gives it, where it is used."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    @classmethod
    def parse(cls, text: str) -> Self:
        """Keeps `text`, whatever it is."""
        return cls(text)

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(hidden)" if self._text else "Secret(empty)"

    __str__ = __repr__


class Concern(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of one concern."""

    prefix: ClassVar[str] = ""


@dataclass(frozen=True)
class Setting:
    """One setting as the environment and the reference page see it."""

    variable: str
    field: str
    type: Any
    default: object
    text: str

    def read(self, value: str) -> object:
        """`value` as the field's type. Raises ValueError."""
        try:
            return wire.convert(value, self.type, strict=False)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error


def settings_of(concern: type[Concern]) -> Iterator[Setting]:
    """The settings of one concern, in the order of its fields."""
    info = msgspec.inspect.type_info(concern)
    assert isinstance(info, msgspec.inspect.StructType)
    hints = get_type_hints(concern, include_extras=True)
    for field in info.fields:
        described = field.type
        text = ""
        if isinstance(described, msgspec.inspect.Metadata):
            text = str((described.extra_json_schema or {}).get("description", ""))
        yield Setting(
            f"{PREFIX}{concern.prefix}{field.name.upper()}", field.name, hints[field.name], field.default, text
        )

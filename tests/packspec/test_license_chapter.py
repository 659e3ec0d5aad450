"""What docs/spec/license-model.md says of plans and events is what the code does."""

from pathlib import Path

from packspec.licenses.events import TABLE
from packspec.licenses.plans import Plan

TEXT = (Path(__file__).parents[2] / "docs" / "spec" / "license-model.md").read_text("utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, its head first."""
    lines = TEXT.partition(f"## {heading}\n")[2].splitlines()
    table = [
        line for line in lines[: next(at for at, line in enumerate(lines) if line.startswith("## "))] if line[:1] == "|"
    ]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table if not line.startswith("|---")]


def test_the_table_of_events_is_the_one_that_the_registry_follows() -> None:
    head, *lines = rows("Events")
    written = {line[0].strip("`"): {head[at] for at, cell in enumerate(line) if cell == "x"} for line in lines}
    assert written == {event.value: {status.value for status in allowed} for event, (allowed, _) in TABLE.items()}


def test_every_field_of_a_plan_stands_in_its_table() -> None:
    _, *lines = rows("Plan")
    named = {
        word for line in lines for word in line[0].replace(", or", ",").replace("`", "").replace(" ", "").split(",")
    }
    assert named | {"contact"} == set(Plan.__struct_fields__)

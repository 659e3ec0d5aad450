"""Numbers for who watches machines, in the text form of Prometheus (exposition format 0.0.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Gauge:
    """A number that goes up and down: one, or one for each of several labeled things. `help` is one line."""

    name: str
    help: str
    values: Mapping[str, int]
    """By the value of `label`; where there is no label, one value under the empty text."""
    label: str = ""


def exposition(gauges: Iterable[Gauge]) -> str:
    """The gauges as text. Values of labels are words of ours, so nothing is escaped."""
    lines = []
    for gauge in gauges:
        lines += [f"# HELP {gauge.name} {gauge.help}", f"# TYPE {gauge.name} gauge"]
        for said, value in gauge.values.items():
            labels = f'{{{gauge.label}="{said}"}}' if gauge.label else ""
            lines.append(f"{gauge.name}{labels} {value}")
    return "".join(f"{line}\n" for line in lines)

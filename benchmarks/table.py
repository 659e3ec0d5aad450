"""The result as lines for people."""

from collections.abc import Sequence

from benchmarks.install import Installs
from benchmarks.own import Figure
from benchmarks.targets import Target


def lines(installs: Sequence[Installs], figures: Sequence[Figure], targets: Sequence[Target]) -> list[str]:
    """The three tables, with an empty line between."""
    rows: list[tuple[str, ...]] = [("", "", "COLD", "", "WARM", "", "NOTHING TO DO", "", "PEAK")]
    base = {
        (one.work, state): series for one in installs if one.tool == "packctl" for state, series in one.series.items()
    }
    for one in installs:
        cells = []
        for state, series in one.series.items():
            ratio = series.wall_seconds / base[one.work, state].wall_seconds
            cells += [f"{series.wall_seconds:.3f} s", "" if one.tool == "packctl" else f"{ratio:.1f}x"]
        peak = max(series.peak_bytes for series in one.series.values())
        rows.append((one.title if one.tool == "packctl" else "", one.tool, *cells, f"{peak / 1e6:.0f} MB"))
    out = _aligned(rows) if installs else []
    if figures:
        out += ["", *_aligned([("FIGURE", "FOUND"), *((one.name, f"{one.value:.2f} {one.unit}") for one in figures)])]
    if targets:
        head = [("TARGET", "FOUND", "BOUND", "")]
        signs = ((one, "<=" if one.at_most else ">=") for one in targets)
        told = [
            (one.name, f"{one.found:.2f}", f"{sign} {one.bound:g}", "held" if one.is_held else "MISSED")
            for one, sign in signs
        ]
        out += ["", *_aligned([*head, *told])]
    return out


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]

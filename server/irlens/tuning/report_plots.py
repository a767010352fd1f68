"""The plots of the report as SVG: sizes by module, gain against lists measured. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from irlens.escape import html
from irlens.tuning.outcome import Outcome

MOST_BARS = 60
"""Modules that are drawn, those that saved most; the table has all."""
MOST_LINES = 200
_WIDTH = 640
_LEAST_ROW, _MOST_ROW, _FULL = 20, 44, 264
"""Heights of a row of bars: a few modules fill as much of the page as the plot beside them."""
OZ = "\u2011Oz"
"""With a hyphen at which no line ends."""


def sizes_plot(outcomes: Sequence[Outcome]) -> str:
    """A bar a module: the best as a share of the reference, with a tick where the module stands as it is."""
    shown = sorted(
        (each for each in outcomes if each.reference), key=lambda each: each.best / each.reference
    )[:MOST_BARS]
    if not shown:
        return "<p class=note>There is nothing to draw: every module is empty.</p>"
    names, values = 170, 120
    row = max(_LEAST_ROW, min(_MOST_ROW, _FULL // len(shown)))
    width = _WIDTH - names - values
    top = max(1.0, *(each.best / each.reference for each in shown)) * 1.02
    height = row * len(shown) + 34
    parts = []
    for at, each in enumerate(shown):
        y = at * row
        share = each.best / each.reference
        kind = "worse" if share > 1 else "best"
        title = f"{each.path}: {each.before} before, {each.oz} with {OZ}, {each.best} at best ({each.unit})"
        parts.append(
            f"<g><title>{html(title)}</title>"
            f'<text x="{names - 8}" y="{y + row / 2 + 4:g}" text-anchor="end">{html(_short(each.path, 26))}</text>'
            f'<rect class="{kind}" x="{names}" y="{y + 3}" width="{share / top * width:.1f}" height="{row - 6}"/>'
        )
        if each.before / each.reference <= top:
            x = names + each.before / each.reference / top * width
            parts.append(f'<rect class="before" x="{x - 1:.1f}" y="{y + 1}" width="3" height="{row - 2}"/>')
        change = f"{share - 1:+.1%}" if each.best != each.reference else "0%"
        label = f"{each.best:,} ({change})"
        parts.append(
            f'<text class="key" x="{names + width + 8}" y="{y + row / 2 + 4:g}">{html(label)}</text></g>'
        )
    bottom = row * len(shown)
    line = names + width / top
    parts.append(f'<line class="base" x1="{line:.1f}" x2="{line:.1f}" y1="0" y2="{bottom + 4}"/>')
    parts.append(f'<text x="{line:.1f}" y="{bottom + 17}" text-anchor="middle">{OZ}</text>')
    parts.append(f'<text x="{names}" y="{bottom + 17}" text-anchor="middle">0</text>')
    note = ""
    if len(shown) < len(outcomes):
        note = f"<p class=note>The {len(shown)} modules of {len(outcomes)} that saved most.</p>"
    return (
        _svg(
            height,
            "".join(parts),
            "the best size of each module as a share of -Oz, or of the original where that is smaller",
        )
        + note
    )


def gains_plot(outcomes: Sequence[Outcome]) -> str:
    """The share saved after each list: a thin line a module, a thick one for the mean."""
    curves = [each.gains for each in outcomes if each.gains]
    longest = max((len(curve) for curve in curves), default=0)
    if longest < 2:
        return "<p class=note>There is nothing to draw: no list was measured beside -Oz.</p>"
    left, bottom, height = 56, 36, 300
    wide, high = _WIDTH - left - 16, height - bottom - 12
    ticks = _round_ticks(max(0.001, *(curve[-1] for curve in curves)))
    highest = ticks[-1]

    def point(number: int, gain: float) -> str:
        x = left + number / (longest - 1) * wide
        return f"{x:.1f},{12 + high * (1 - max(0.0, gain) / highest):.1f}"

    parts = []
    digits = 0 if all(abs(100 * gain - round(100 * gain)) < 1e-9 for gain in ticks) else 1
    if digits and any(abs(1000 * gain - round(1000 * gain)) > 1e-9 for gain in ticks):
        digits = 2
    for gain in ticks:
        y = 12 + high * (1 - gain / highest)
        parts.append(f'<line class="axis" x1="{left}" x2="{left + wide}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{gain:.{digits}%}</text>')
    for number in sorted({0, (longest - 1) // 4, (longest - 1) // 2, (longest - 1) * 3 // 4, longest - 1}):
        x = left + number / (longest - 1) * wide
        parts.append(f'<text x="{x:.1f}" y="{12 + high + 15}" text-anchor="middle">{number}</text>')
    parts.append(f'<text x="{left + wide / 2}" y="{height - 4}" text-anchor="middle">lists measured</text>')
    for each in [each for each in outcomes if each.gains][:MOST_LINES]:
        drawn = _steps(each.gains, longest, point)
        parts.append(f'<polyline class="one" points="{drawn}"><title>{html(each.path)}</title></polyline>')
    mean = [
        sum(curve[min(number, len(curve) - 1)] for curve in curves) / len(curves) for number in range(longest)
    ]
    parts.append(
        f'<polyline class="mean" points="{_steps(mean, longest, point)}"><title>the mean</title></polyline>'
    )
    return _svg(height, "".join(parts), "share saved against lists measured")


def _round_ticks(highest: float) -> list[float]:
    """Numbers from 0 to `highest` or a little above, 3 to 6 of them, at 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(highest))
    step = next(part * power for part in (0.2, 0.5, 1.0, 2.0) if highest / (part * power) <= 5)
    return [number * step for number in range(math.ceil(highest / step - 1e-9) + 1)]


def _steps(curve: Sequence[float], longest: int, point: Callable[[int, float], str]) -> str:
    """The curve, with no more points than it has corners; drawn on to the right where its search ended."""
    drawn = [point(0, curve[0])]
    for number in range(1, len(curve)):
        if curve[number] != curve[number - 1]:
            drawn += [point(number, curve[number - 1]), point(number, curve[number])]
    return " ".join([*drawn, point(longest - 1, curve[-1])])


def _short(text: str, most: int) -> str:
    """The end of a path says more than its start."""
    return text if len(text) <= most else "…" + text[-(most - 1) :]


def _svg(height: float, inside: str, label: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{html(label)}">{inside}</svg>'

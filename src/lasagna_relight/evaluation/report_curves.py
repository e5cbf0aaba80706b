"""Quality against time as an SVG: a dot for each method, a line for each iterative solve."""

import math
from collections.abc import Sequence
from html import escape

from lasagna_relight.evaluation.results import Result
from lasagna_relight.evaluation.summary import Row

WIDTH, HEIGHT = 760, 380
LEFT, RIGHT, TOP, BOTTOM = 60, 150, 20, 50
LEAST_SECONDS = 0.01
COLORS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#999999", "#dd8844")
Point = tuple[float, float]


def mean_way(results: Sequence[Result]) -> list[Point]:
    """Mean seconds and PSNR of one method at each waypoint, over the cases that have them all."""
    ways = [result.waypoints for result in results if result.waypoints]
    if not ways:
        return []
    count = len(ways[0])
    ways = [way for way in ways if len(way) == count]
    return [
        (
            sum(way[i]["seconds"] for way in ways) / len(ways),
            sum(way[i]["psnr_db"] for way in ways) / len(ways),
        )
        for i in range(count)
    ]


def time_plot(found: Sequence[Row], results: Sequence[Result]) -> str:
    """The plot of one kind of cases; the oracle, which knows the truth, is left out."""
    dots = {
        row.method: (row.figures["seconds"].mean, row.figures["psnr_db"].mean)
        for row in found
        if row.method != "oracle" and {"seconds", "psnr_db"} <= set(row.figures)
    }
    if not dots:
        return ""
    ways = {m: mean_way([r for r in results if r.method == m]) for m in dots}
    points = [*dots.values(), *(point for way in ways.values() for point in way)]
    low = math.log10(max(LEAST_SECONDS, min(x for x, _ in points)) * 0.8)
    high = math.log10(max(x for x, _ in points) * 1.25)
    bottom, top = math.floor(min(y for _, y in points)), math.ceil(max(y for _, y in points))

    def place(point: Point) -> Point:
        share = (math.log10(max(point[0], LEAST_SECONDS)) - low) / max(high - low, 1e-6)
        rise = (point[1] - bottom) / max(top - bottom, 1)
        return (LEFT + share * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - rise * _span())

    parts = [f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-size="11" '
             'fill="currentColor" aria-label="PSNR against processor seconds">']  # fmt: skip
    for level in range(bottom, top + 1):
        y = place((1.0, level))[1]
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" '
                     'stroke="currentColor" stroke-opacity=".15"/>')  # fmt: skip
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{level}</text>')
    for power in range(math.ceil(low), math.floor(high) + 1):
        x = place((10.0**power, bottom))[0]
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
                     f"{10.0**power:g}</text>")  # fmt: skip
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">processor seconds'
                 "</text>")  # fmt: skip
    parts.append(f'<text x="14" y="{HEIGHT / 2}" transform="rotate(-90 14 {HEIGHT / 2})" '
                 'text-anchor="middle">PSNR, dB</text>')  # fmt: skip
    labels = _spread({name: place(point)[1] for name, point in dots.items()})
    for index, (name, point) in enumerate(dots.items()):
        color = COLORS[index % len(COLORS)]
        x, y = place(point)
        way = " ".join(f"{px:.1f},{py:.1f}" for px, py in map(place, ways[name]))
        if way:
            parts.append(f'<polyline points="{way}" fill="none" stroke="{color}" '
                         'stroke-opacity=".6"/>')  # fmt: skip
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>')
        edge = WIDTH - RIGHT + 8
        parts.append(f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{edge}" y2="{labels[name]:.1f}" '
                     f'stroke="{color}" stroke-opacity=".25"/>')  # fmt: skip
        parts.append(f'<text x="{edge + 3}" y="{labels[name] + 4:.1f}" fill="{color}">'
                     f"{escape(name)}</text>")  # fmt: skip
    return "".join(parts) + "</svg>"


def _span() -> float:
    return HEIGHT - TOP - BOTTOM


def _spread(heights: dict[str, float], gap: float = 13.0) -> dict[str, float]:
    """Heights of labels, moved apart so that none covers another, within the plot."""
    ordered = sorted(heights, key=lambda name: heights[name])
    placed: dict[str, float] = {}
    floor = float(TOP)
    for name in ordered:
        floor = max(heights[name], floor)
        placed[name] = floor
        floor += gap
    ceiling = float(HEIGHT - BOTTOM)
    for name in reversed(ordered):
        placed[name] = min(placed[name], ceiling)
        ceiling = placed[name] - gap
    return placed

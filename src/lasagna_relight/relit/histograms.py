"""Histograms of a packed dataset, counted bin by bin and drawn with Pillow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage
from PIL import ImageDraw, ImageFont

from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.relit.shards import Shard
from lasagna_relight.relit.view_index import ViewIndex

BINS = 24
PANEL, MARGIN = (420, 220), 36
PAPER, INK, BAR = (255, 255, 255), (60, 60, 60), (214, 140, 60)
BRIGHTNESS_STOPS = (-10.0, 2.0)


@dataclass(frozen=True, kw_only=True)
class Histogram:
    """How many values fall between each two of ``edges``; those outside count in the end bins."""

    title: str
    edges: Sequence[float]
    counts: np.ndarray


def histograms(index: ViewIndex, shards: Iterable[Path]) -> list[Histogram]:
    """Of coverage, camera elevation, light distance and brightness, of views that are packed."""
    lowest, highest = next(
        index.query("SELECT min(elevation), max(elevation) FROM views WHERE problem = ''")
    )
    far, views = next(
        index.query("SELECT total(distance IS NULL), count(*) FROM views WHERE problem = ''")
    )
    farthest = index.number("SELECT max(distance) FROM views WHERE problem = ''") or 10.0
    rim = slice(9, len(DIRECTION_NAMES))
    brightness = {"from the camera's side": slice(0, 9), "from behind": rim}
    counted = {name: np.zeros(BINS, np.int64) for name in brightness}
    stops = np.linspace(*BRIGHTNESS_STOPS, BINS + 1)
    for path in shards:
        measured = Shard(path).brightness.numpy()
        for name, lights in brightness.items():
            values = np.log2(np.maximum(measured[:, lights], 2.0**-20))
            counted[name] += _counts(values.ravel(), stops)
    return [
        _column(index, "coverage", "share of the frame", 0.0, 1.0),
        _column(
            index,
            "elevation",
            "camera elevation, degrees",
            5.0 * math.floor(lowest / 5),
            5.0 * (math.floor(highest / 5) + 1),
        ),
        _column(
            index,
            "distance",
            f"distance of near lights, radii ({far / views:.0%} are infinitely far)",
            0.0,
            float(math.ceil(farthest)),
        ),
        *(
            Histogram(
                title=f"mean luminance under lights {name}, stops to white",
                edges=stops.tolist(),
                counts=counts,
            )
            for name, counts in counted.items()
        ),
    ]


def drawn(charts: Sequence[Histogram], *, columns: int = 2) -> PillowImage.Image:
    """The histograms beside and under one another."""
    width, height = PANEL
    rows = -(-len(charts) // columns)
    sheet = PillowImage.new("RGB", (columns * width, rows * height), PAPER)
    for place, chart in enumerate(charts):
        sheet.paste(_panel(chart), (place % columns * width, place // columns * height))
    return sheet


def _column(index: ViewIndex, name: str, title: str, low: float, high: float) -> Histogram:
    edges = np.linspace(low, high, BINS + 1)
    counts = np.zeros(BINS, np.int64)
    rows = index.query(f"SELECT {name} FROM views WHERE problem = '' AND {name} IS NOT NULL")
    while some := list(islice(rows, 10_000)):
        counts += _counts(np.array(some).ravel(), edges)
    return Histogram(title=title, edges=edges.tolist(), counts=counts)


def _counts(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.histogram(np.clip(values, edges[0], edges[-1]), edges)[0]


def _panel(chart: Histogram) -> PillowImage.Image:
    width, height = PANEL
    panel = PillowImage.new("RGB", PANEL, PAPER)
    draw = ImageDraw.Draw(panel)
    font = ImageFont.load_default(size=12)
    left, right, top, bottom = MARGIN, width - 12, 30, height - 24
    draw.text((left, 8), chart.title, fill=INK, font=font)
    most = max(int(chart.counts.max()), 1)
    step = (right - left) / len(chart.counts)
    for place, count in enumerate(chart.counts):
        upper = bottom - (bottom - top) * int(count) / most
        if count:
            box = (left + place * step + 1, min(upper, bottom - 1), left + (place + 1) * step - 1)
            draw.rectangle((*box, bottom), fill=BAR)
    draw.line((left, bottom, right, bottom), fill=INK)
    low, high = chart.edges[0], chart.edges[-1]
    for value in np.linspace(low, high, 5):
        across = left + (right - left) * (value - low) / (high - low)
        draw.text((across, bottom + 4), f"{value:.3g}", fill=INK, font=font, anchor="ma")
    draw.text((left - 4, top), f"{most:,}", fill=INK, font=font, anchor="ra")
    return panel

"""The card of a packed dataset: README.md, ATTRIBUTION.csv and two pictures, from the data."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lasagna_relight.image_io import atomic_path, whole_files, write_picture
from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relit.dataset_stats import (
    DatasetStats,
    dataset_stats,
    failure_table,
    markdown_table,
    stats_tables,
)
from lasagna_relight.relit.histograms import drawn, histograms
from lasagna_relight.relit.shards import Shard
from lasagna_relight.relit.view_index import ViewIndex
from lasagna_relight.relit.view_sheet import Band, exposure_of, pixels_of, sheet_of, shown_linear

CARD, CREDITS = "README.md", "ATTRIBUTION.csv"
CHARTS, EXAMPLES = "histograms.png", "examples.jpg"
EXAMPLE_OBJECTS = 8
EXAMPLE_LIGHTS = ("front", "left", "top", "right", "bottom", "behind left")

_FORMAT = """\
Each `.safetensors` file is a shard of up to 128 views, mixed by a hash. A view is one camera on one
object: a picture in linear light for each light by itself, one under ambient light alone, alpha,
and the direction of each light. Light adds up: any mix of lights is the weighted sum of their
pictures. Values are straight (not premultiplied), in linear Rec. 709; a white Lambertian surface
that faces a light has the value 1 at the object's center. They are kept within 1 % from 1/4096 of
white up, within 0.0000024 below, and are 0 where alpha is 0.

```python
from lasagna_relight.relit.shards import Shard

view = Shard("train-00000.safetensors").read(0)
view.lights      # (L, 3, R, R) float32; the first twelve in the order of the table below
view.directions  # (L, 3): unit vectors towards the lights
view.ambient     # (3, R, R)
view.alpha       # (1, R, R) in [0, 1]
view.record      # uid, title, source, licence, attribution, seed
```

Splits are by object, never by view: a hash of the uid puts 80 % of the objects into train, 10 %
into validation, for choices made while training, and 10 % into test, for the last measurement. An
object stays where it is, whatever else the dataset holds."""


def write_card(output: Path, settings: dict[str, Any], index: ViewIndex) -> Path:
    """Write the card of the shards in ``output`` beside them; its path.

    Args:
        output: complete shards.
        settings: of the dataset that they were packed from: seed and sampling.
        index: of the same dataset, after the packing.

    Raises:
        DatasetError: a shard cannot be read.
        OutputError: a file cannot be written.
    """
    shards = whole_files(output, "*.safetensors")
    stats = dataset_stats(index)
    _write_credits(output / CREDITS, index)
    write_picture(output / CHARTS, pixels_of(drawn(histograms(index, shards))), force=True)
    write_picture(output / EXAMPLES, pixels_of(sheet_of(_examples(shards), columns=7)), force=True)
    packed = sum(path.stat().st_size for path in shards) / max(stats.views, 1)
    with atomic_path(output / CARD, force=True) as beside:
        beside.write_text(_card(stats, settings, Shard(shards[0]), packed), encoding="utf-8")
    return output / CARD


def direction_table() -> str:
    """The twelve named directions as a Markdown table."""
    rows = [
        (
            str(number),
            name,
            f"{light.azimuth_deg:.2f}",
            f"{light.elevation_deg:.2f}",
            f"({', '.join(f'{axis + 0.0:.4f}' for axis in light.vector)})",
        )
        for number, (name, light) in enumerate(NAMED_DIRECTIONS.items())
    ]
    return markdown_table(("id", "name", "azimuth", "elevation", "unit vector (x, y, z)"), rows)


def _card(stats: DatasetStats, settings: dict[str, Any], shard: Shard, packed: float) -> str:
    licences = sorted({licence for _, licence, _, _ in stats.by_source})
    sampling = [
        (name.replace("_", " "), json.dumps(value)) for name, value in settings["sampling"].items()
    ]
    parts = [
        "---\npretty_name: ReLiT\nlicense: other\ntags: [relighting, 3d, rendered]\n---",
        "# ReLiT: objects under one light at a time",
        f"{stats.views:,} views of {stats.objects:,} objects, {shard.resolution} x "
        f"{shard.resolution} pixels under {shard.lights} lights and ambient light; "
        f"{packed:,.0f} bytes a view in the shards. Licences of the objects: "
        f"{'; '.join(licences)}; [{CREDITS}]({CREDITS}) names the author of each.",
        f"![Objects under some of their lights]({EXAMPLES})",
        "## What is in it",
        "Bytes and seconds are those of the rendered views, before packing.",
        stats_tables(_without_failures(stats)),
        f"![Histograms]({CHARTS})",
        "## Left out",
        failure_table(stats) if stats.failures else "Every view that was planned is there.",
        "## Format",
        _FORMAT,
        "## Directions",
        "Degrees, in the camera's frame: azimuth 0 is the camera, 90 the picture's right edge, "
        "180 behind, -90 the left edge; elevation 90 is above. x is to the right, y up, z towards "
        "the camera. The lights after these twelve differ from view to view.",
        direction_table(),
        "## How it was sampled",
        f"By `lasagna relit render` with seed {settings['seed']} and these ranges and shares; "
        "every view's scene depends on seed, uid and number of the view alone.",
        markdown_table(("setting", "value"), sampling),
    ]
    return "\n\n".join(parts) + "\n"


def _without_failures(stats: DatasetStats) -> DatasetStats:
    return DatasetStats(**{**vars(stats), "failures": ()})


def _write_credits(path: Path, index: ViewIndex) -> None:
    columns = ("uid", "title", "licence", "attribution", "source")
    rows = index.query(
        f"SELECT DISTINCT {', '.join(columns)} FROM views WHERE problem = '' ORDER BY uid"
    )
    with (
        atomic_path(path, force=True) as beside,
        beside.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def _examples(shards: Sequence[Path]) -> list[Band]:
    """The first objects of the shards under some lights, each at its own exposure."""
    names = list(NAMED_DIRECTIONS)
    bands, seen = [], set()
    for path in shards:
        shard = Shard(path)
        for number, record in enumerate(shard.records):
            if record["uid"] in seen:
                continue
            seen.add(record["uid"])
            view = shard.read(number)
            exposure = exposure_of(view)
            cells = [
                (name, shown_linear(view.lights[names.index(name)], view.alpha, exposure))
                for name in EXAMPLE_LIGHTS
            ]
            cells.append(("ambient", shown_linear(view.ambient, view.alpha, exposure)))
            bands.append(Band(heading=f"{record['title']} ({record['licence']})", cells=cells))
            if len(bands) == EXAMPLE_OBJECTS:
                return bands
    return bands

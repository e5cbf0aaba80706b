"""Quality of every recipe: photographs under known lights, and held-out rendered objects.

``python benchmarks/quality.py [--photometric DIR] [--rendered SHARDS ...] [--json FILE]``

The same figures as `lasagna evaluate photometric` and `lasagna evaluate rendered`, with command,
commit and machine; the file holds the raw figures of every pair and every light.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from provenance import provenance, provenance_lines

from lasagna_relight.evaluation import photometric, rendered
from lasagna_relight.evaluation.photometric_folder import read_cases
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.recipes import QUICK_RECIPES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photometric", type=Path, help="a folder with pairs.json")
    parser.add_argument("--rendered", nargs="+", type=Path, default=[], help="folders of shards")
    parser.add_argument("--pattern", default="*.safetensors", help="names of the held-out shards")
    parser.add_argument("--views", type=int, default=rendered.VIEWS, help="of each folder")
    parser.add_argument("--recipe", nargs="+", default=list(QUICK_RECIPES))
    parser.add_argument("--prior", type=Path, help="a folder in place of the package's")
    parser.add_argument("--json", type=Path, help="where raw figures go")
    arguments = parser.parse_args()
    relighters = [
        Relighter.load(recipe=name, prior=arguments.prior or "embedded")
        for name in arguments.recipe
    ]
    raw: dict[str, Any] = {}
    print(provenance_lines(), flush=True)
    if arguments.photometric:
        pairs = list(photometric.score_pairs(read_cases(arguments.photometric), relighters))
        raw["photometric"] = [asdict(score) for score in pairs]
        print(
            f"\nphotographs\n\n{photometric.format_table(photometric.summarize(pairs))}", flush=True
        )
    for folder in arguments.rendered:
        cases = rendered.rendered_cases(
            folder,
            pattern=arguments.pattern,
            views=arguments.views,
            size=relighters[0].predictor.resolution,
        )
        lights = list(rendered.score_views(cases, relighters))
        raw[folder.name] = [asdict(score) for score in lights]
        print(f"\n{folder.name}, {len(cases)} views\n")
        print(rendered.format_table(rendered.summarize(lights)))
    if arguments.json:
        arguments.json.write_text(json.dumps({**provenance(), **raw}) + "\n")


if __name__ == "__main__":
    main()

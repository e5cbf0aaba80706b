"""`lasagna light`: how words are read."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from lasagna_relight.apps.failure import report_failure
from lasagna_relight.errors import DirectionError
from lasagna_relight.language.reader import LightReading, read_light


def run(prompts: Iterable[str] | None, *, as_json: bool) -> int:
    """Print a line for every prompt, or for every line on stdin, and return the exit code.

    A prompt that names no direction gets its line on stderr and does not stop the others.
    """
    code = 0
    for prompt in prompts if prompts is not None else _lines_on_stdin():
        try:
            reading = read_light(prompt)
        except DirectionError as error:
            code = report_failure(error)
            continue
        print(_as_json(prompt, reading) if as_json else _as_text(prompt, reading), flush=True)
    return code


def _lines_on_stdin() -> Iterable[str]:
    if sys.stdin.isatty():
        print("Type words, a line each; Ctrl-D ends.", file=sys.stderr)
    return (line.strip() for line in sys.stdin if line.strip())


def _as_json(prompt: str, reading: LightReading) -> str:
    return json.dumps(
        {
            "prompt": prompt,
            "nearest_name": reading.nearest_name,
            "azimuth_deg": round(reading.direction.azimuth_deg, 2),
            "elevation_deg": round(reading.direction.elevation_deg, 2),
            "confidence": round(reading.confidence, 4),
        },
        ensure_ascii=False,
    )


def _as_text(prompt: str, reading: LightReading) -> str:
    return (
        f"{reading.nearest_name:<12}  azimuth {reading.direction.azimuth_deg:4.0f}"
        f"  elevation {reading.direction.elevation_deg:3.0f}"
        f"  confidence {reading.confidence:.2f}  {prompt}"
    )

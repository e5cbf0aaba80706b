"""How well words are read: accuracy by category on phrases that training never saw, and speed.

``python benchmarks/words.py [PHRASES] [--weights FOLDER] [--misses] [--json]``

``PHRASES`` is a list (``*.tsv`` with a header) or a folder of written phrases, of which
those that training keeps back are read.

A phrase counts as right when the reading's nearest name is the expected one or the reading lies
within 35 degrees of the expected direction (or the list's own tolerance), and when words without a
direction are refused.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import torch

from lasagna_relight.language import reader as reading
from lasagna_relight.language.encoder import TextEncoder
from lasagna_relight.language.reader import LightReader, LightReading, read_light, read_lights
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.training.written_phrases import read_written_phrases, taught_and_kept_back

PHRASES = Path(__file__).parents[1] / "tests" / "language" / "heldout_phrases_2.tsv"
TOLERANCE_DEG = 35.0


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A line of the list: its direction is None where the words name none."""

    category: str
    text: str
    name: str | None
    direction: LightDirection | None
    tolerance_deg: float

    def accepts(self, read: LightReading | None) -> bool:
        if self.direction is None or read is None:
            return self.direction is None and read is None
        near = read.direction.angle_to(self.direction) <= self.tolerance_deg
        return near or read.nearest_name == self.name


def read_phrases(path: Path) -> list[Phrase]:
    """The phrases of a list: tab-separated category, expectation, words."""
    phrases = []
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        category, expected, text = line.split("\t")
        name, tolerance = None, TOLERANCE_DEG
        if expected == "NONE":
            direction = None
        elif expected in NAMED_DIRECTIONS:
            name, direction = expected, NAMED_DIRECTIONS[expected]
        else:
            azimuth, elevation, *rest = map(float, expected.split())
            direction = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
            tolerance = rest[0] if rest else TOLERANCE_DEG
        phrases.append(
            Phrase(
                category=category,
                text=text,
                name=name,
                direction=direction,
                tolerance_deg=tolerance,
            )
        )
    return phrases


def kept_back_phrases(folder: Path) -> list[Phrase]:
    """The written phrases in ``folder`` that are never taught."""
    _, kept_back = taught_and_kept_back(read_written_phrases(folder))
    return [
        Phrase(
            category=phrase.category,
            text=phrase.text,
            name=phrase.name,
            direction=phrase.direction,
            tolerance_deg=phrase.tolerance_deg,
        )
        for phrase in kept_back
    ]


def milliseconds_a_prompt(prompts: list[str]) -> float:
    """Median time to read one prompt, weights loaded."""
    read_light("light from the left")
    times = []
    for prompt in prompts[:200]:
        start = time.perf_counter()
        read_lights([prompt])
        times.append(time.perf_counter() - start)
    return 1000 * sorted(times)[len(times) // 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("phrases", type=Path, nargs="?", default=PHRASES)
    parser.add_argument("--weights", type=Path, help="folder of encoder and reader weights")
    parser.add_argument("--misses", action="store_true", help="list what is read wrongly")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.weights:
        encoder = TextEncoder.pretrained(arguments.weights / "encoder.safetensors")
        head = LightReader.pretrained(arguments.weights / "reader.safetensors")
        reading.shipped_encoder = lambda: encoder
        reading.shipped_reader = lambda: head
    path = arguments.phrases
    phrases = kept_back_phrases(path) if path.is_dir() else read_phrases(path)
    readings = read_lights([phrase.text for phrase in phrases])
    score: dict[str, list[bool]] = defaultdict(list)
    errors = []
    for phrase, read in zip(phrases, readings, strict=True):
        right = phrase.accepts(read)
        score[phrase.category].append(right)
        if phrase.direction and read:
            errors.append(read.direction.angle_to(phrase.direction))
        if arguments.misses and not right:
            said = (
                f"{read.nearest_name} ({read.direction.azimuth_deg:.0f}, "
                f"{read.direction.elevation_deg:.0f}) {read.confidence:.2f}"
                if read
                else "refused"
            )
            meant = phrase.name or phrase.direction
            print(f"{phrase.category:10} {phrase.text!r}: {said}, not {meant}")
    everything = [right for rights in score.values() for right in rights]
    figures = {
        "phrases": len(phrases),
        "accuracy": sum(everything) / len(everything),
        "median_error_deg": sorted(errors)[len(errors) // 2],
        "milliseconds_a_prompt": milliseconds_a_prompt([phrase.text for phrase in phrases]),
        "by_category": {name: [sum(rights), len(rights)] for name, rights in score.items()},
    }
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, rights in score.items():
        print(f"{name:12} {sum(rights):4d} / {len(rights):4d}  {sum(rights) / len(rights):6.1%}")
    print(f"{'all':12} {sum(everything):4d} / {len(everything):4d}  {figures['accuracy']:6.1%}")
    print(f"median error {figures['median_error_deg']:.1f} degrees where both name a direction")
    print(f"{figures['milliseconds_a_prompt']:.1f} ms a prompt, one thread")


if __name__ == "__main__":
    main()

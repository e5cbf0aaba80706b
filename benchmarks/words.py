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
from pathlib import Path

import torch

from lasagna_relight.language import reader as reading
from lasagna_relight.language.reader import LightReaders, read_light, read_lights
from lasagna_relight.training.written_phrases import (
    WrittenPhrase,
    phrases_of,
    read_written_phrases,
    taught_and_kept_back,
)

PHRASES = Path(__file__).parents[1] / "tests" / "language" / "heldout_phrases_2.tsv"


def read_phrases(path: Path) -> list[WrittenPhrase]:
    """Of a list all phrases; of a folder of written ones those that are never taught."""
    if path.is_dir():
        return taught_and_kept_back(read_written_phrases(path))[1]
    return phrases_of(path, header_lines=1)


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
    parser.add_argument("--weights", type=Path, help="folder of other readers")
    parser.add_argument("--misses", action="store_true", help="list what is read wrongly")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.weights:
        readers = LightReaders.pretrained(arguments.weights)
        reading.shipped_readers = lambda: readers
    phrases = read_phrases(arguments.phrases)
    readings = read_lights([phrase.text for phrase in phrases])
    score: dict[str, list[bool]] = defaultdict(list)
    errors = []
    for phrase, read in zip(phrases, readings, strict=True):
        right = phrase.accepts(read and read.direction)
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

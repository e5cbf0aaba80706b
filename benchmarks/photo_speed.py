"""Seconds and peak memory for one large photograph, by recipe, cold and warm.

``python benchmarks/photo_speed.py [--recipe NAME ...] [--prior FOLDER] [--megapixels 12 24]``

The photograph is a bundled sample enlarged to 4:3 and saved as JPEG. Cold is the command line in a
process of its own, from start to exit, by words, with an automatic mask. Warm is the second picture
in one process, from reading the file to the last byte of the PNG. Memory is the largest resident
size of a fresh process. Processor seconds stand beside seconds, for machines with other work.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image, ImageOps
from provenance import ROOT, provenance, provenance_lines

from lasagna_relight.evaluation.table import markdown_table

SAMPLE = ROOT / "src" / "lasagna_relight" / "data" / "samples" / "coffee.jpg"
SIZES = {12: (4000, 3000), 24: (6000, 4000)}
WORDS = "light from the left"
KIB_PER_UNIT = 1 / 1024 if sys.platform == "darwin" else 1
"""`ru_maxrss` counts bytes on macOS and kibibytes on Linux."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """One process or one picture.

    Attributes:
        recipe: its name.
        megapixels: of the photograph.
        kind: "cold, PNG", "cold, PNG and PSD" or "warm, PNG".
        seconds: on the wall.
        processor_seconds: user and system, over all cores.
        peak_mib: largest resident size of the process.
    """

    recipe: str
    megapixels: int
    kind: str
    seconds: float
    processor_seconds: float
    peak_mib: float


def enlarged(sample: Path, megapixels: int, folder: Path) -> Path:
    """The sample at ``megapixels``, as a JPEG in ``folder``."""
    path = folder / f"photo{megapixels}.jpg"
    with Image.open(sample) as picture:
        fitted = ImageOps.fit(picture.convert("RGB"), SIZES[megapixels], Image.Resampling.LANCZOS)
    fitted.save(path, quality=92)
    return path


def cold(photo: Path, recipe: str, megapixels: int, prior: str, layers: str) -> Timing:
    """The command line, alone in a process."""
    options = ["--recipe", recipe, "--prior", prior, "--layers", layers, "--quiet", "--force"]
    output = photo.with_suffix(".relit.png")
    figures = time_command(["relight", str(photo), WORDS, "-o", str(output), *options])
    kind = "cold, PNG" if layers == "none" else f"cold, PNG and {layers.upper()}"
    return Timing(recipe=recipe, megapixels=megapixels, kind=kind, **figures)


def time_command(arguments: Sequence[str]) -> dict[str, float]:
    """Runs `lasagna` in a process of its own: the last three fields of a `Timing`."""
    program = "from lasagna_relight.apps.cli import main; main()"
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", program, *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the command failed with exit code {process.returncode}")
    return {
        "seconds": seconds,
        "processor_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss * KIB_PER_UNIT / 1024,
    }


def warm(photo: Path, recipe: str, megapixels: int, prior: str) -> Timing:
    """The second picture of a process of its own."""
    command = [sys.executable, __file__, "--second-picture", str(photo)]
    options = ["--recipe", recipe, "--prior", prior]
    done = subprocess.run([*command, *options], stdout=subprocess.PIPE, check=True)
    figures = json.loads(done.stdout)
    return Timing(recipe=recipe, megapixels=megapixels, kind="warm, PNG", **figures)


def time_second_picture(photo: Path, recipe: str, prior: str) -> dict[str, float]:
    """Relights ``photo`` twice in this process; the figures of the second time."""
    from lasagna_relight.relighting.api import Relighter

    relighter = Relighter.load(
        recipe=recipe, prior="embedded" if prior == "embedded" else Path(prior)
    )
    relighter.relight(photo, WORDS).save(photo.with_suffix(".warm.png"), force=True)
    start, processor = time.perf_counter(), time.process_time()
    relighter.relight(photo, WORDS).save(photo.with_suffix(".warm.png"), force=True)
    return {
        "seconds": time.perf_counter() - start,
        "processor_seconds": time.process_time() - processor,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB_PER_UNIT / 1024,
    }


def measure(
    sample: Path, recipes: Sequence[str], sizes: Sequence[int], prior: str
) -> Iterator[Timing]:
    """Every recipe at every size, cold with and without a PSD, and warm."""
    with tempfile.TemporaryDirectory() as folder:
        for megapixels in sizes:
            photo = enlarged(sample, megapixels, Path(folder))
            for recipe in recipes:
                yield cold(photo, recipe, megapixels, prior, "none")
                yield cold(photo, recipe, megapixels, prior, "psd")
                yield warm(photo, recipe, megapixels, prior)


def table(timings: Sequence[Timing]) -> str:
    """One line for each timing."""
    return markdown_table(
        ["recipe", "megapixels", "run", "seconds", "processor seconds", "peak MiB"],
        [
            [
                timing.recipe,
                str(timing.megapixels),
                timing.kind,
                f"{timing.seconds:.1f}",
                f"{timing.processor_seconds:.1f}",
                f"{timing.peak_mib:.0f}",
            ]
            for timing in timings
        ],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--recipe", nargs="+", default=["instant", "target", "sds"])
    parser.add_argument("--prior", default="embedded", help="a folder in place of the package's")
    parser.add_argument("--megapixels", nargs="+", type=int, default=[12, 24], choices=SIZES)
    parser.add_argument("--sample", type=Path, default=SAMPLE)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--second-picture", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.second_picture:
        (recipe,) = arguments.recipe
        figures = time_second_picture(arguments.second_picture, recipe, arguments.prior)
        print(json.dumps(figures))
        return
    timings = []
    for timing in measure(
        arguments.sample, arguments.recipe, arguments.megapixels, arguments.prior
    ):
        print(timing, file=sys.stderr)
        timings.append(timing)
    if arguments.json:
        print(json.dumps({**provenance(), "timings": [asdict(timing) for timing in timings]}))
    else:
        print(f"{provenance_lines()}\n\n{table(timings)}")


if __name__ == "__main__":
    main()

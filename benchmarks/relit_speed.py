"""Rendering with light groups against one render per light: noise, processor time, ratio.

``python benchmarks/relit_speed.py --blender PYTHON [--objects 3] [--reference 4096]``

Procedural objects under the twelve named lights and four more, at 128 px. Noise is the root mean
square difference to a reference of many samples with another seed, over the object and all
lights, of pictures cut at four times white, relative to their mean. Time is what Blender's process
spends on a view (import, sync, render, denoising, files), in processor seconds, so that other
work on the machine counts little. The ratio at equal noise is interpolated on the noise curve, in
logarithms.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from provenance import provenance_lines

from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.relit.blender_process import BlenderProcess, RenderConfig
from lasagna_relight.relit.procedural import materialize, procedural_assets
from lasagna_relight.relit.sampling import ViewSampling, sample_scene

WHITE_CUT = 4.0
GROUP_SAMPLES = (8, 16, 32, 64, 128, 256, 512)
SINGLE_SAMPLES = (1, 2, 4, 8, 16, 32, 64)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One way to render at one number of samples: means over the objects.

    Attributes:
        way: its name.
        samples: light paths per pixel.
        noise: relative root mean square difference to the reference.
        seconds: processor seconds of a view of sixteen lights.
    """

    way: str
    samples: int
    noise: float
    seconds: float


class Bench:
    """A Blender process, and what it renders of some scenes."""

    def __init__(self, python: str, folder: Path) -> None:
        self._folder = folder
        self._blender = BlenderProcess(
            RenderConfig(python=python, timeout_s=7200, views_per_process=10**9),
            folder / "blender.log",
        )

    def view(self, scene: dict) -> tuple[dict[str, np.ndarray], float]:
        """The arrays of a scene, and the processor seconds that they took."""
        output = self._folder / "view.npz"
        before = self._spent()
        reply = self._blender.ask({"scene": scene, "output": str(output)})
        if not reply["ok"]:
            raise SystemExit(f"Blender failed: {reply['error']}")
        spent = self._spent() - before
        with np.load(output) as arrays:
            return {name: arrays[name].astype(np.float32) for name in arrays.files}, spent

    def together(self, scene: dict, samples: int, *, denoise: bool) -> tuple[np.ndarray, float]:
        """All lights from one render."""
        view, spent = self.view({**scene, "samples": samples, "denoise": denoise})
        return view["lights"], spent

    def one_by_one(self, scene: dict, samples: int) -> tuple[np.ndarray, float]:
        """Each light from a render of its own."""
        single = {**scene, "samples": samples, "denoise": False}
        views = [self.view({**single, "lights": [light]}) for light in scene["lights"]]
        return np.concatenate([v["lights"] for v, _ in views]), sum(spent for _, spent in views)

    def close(self) -> None:
        self._blender.close()

    def _spent(self) -> float:
        process = self._blender._process
        if process is None:
            return 0.0
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


def noise(pictures: np.ndarray, reference: np.ndarray, inside: np.ndarray) -> float:
    """Relative root mean square difference over the object and all lights."""
    cut, truth = (np.minimum(p, WHITE_CUT)[..., inside] for p in (pictures, reference))
    return float(np.sqrt(np.square(cut - truth).mean()) / truth.mean())


def measure(bench: Bench, scenes: list[dict], reference_samples: int) -> Iterator[Point]:
    """Every point of the curves; the reference first."""
    bench.together(scenes[0], 1, denoise=True)  # starts Blender, loads the denoiser
    references, insides = [], []
    for scene in scenes:
        other = {**scene, "seed": scene["seed"] + 1, "samples": reference_samples}
        view, _ = bench.view({**other, "denoise": False})
        references.append(view["lights"])
        insides.append(view["alpha"][0] == 255)
    ways = [
        ("one render per light", SINGLE_SAMPLES, bench.one_by_one),
        ("light groups", GROUP_SAMPLES, lambda s, n: bench.together(s, n, denoise=False)),
        (
            "light groups, denoised",
            GROUP_SAMPLES[:5],
            lambda s, n: bench.together(s, n, denoise=True),
        ),
    ]
    for way, counts, render in ways:
        for samples in counts:
            results = [render(scene, samples) for scene in scenes]
            yield Point(
                way=way,
                samples=samples,
                noise=float(
                    np.mean(
                        [
                            noise(pictures, reference, inside)
                            for (pictures, _), reference, inside in zip(
                                results, references, insides, strict=True
                            )
                        ]
                    )
                ),
                seconds=float(np.mean([spent for _, spent in results])),
            )


def seconds_at(points: list[Point], level: float) -> float:
    """Processor seconds to reach a noise level, along the curve; beyond its ends, by 1/sqrt(n)."""
    ordered = sorted(points, key=lambda point: -point.noise)
    levels = np.log([point.noise for point in ordered])[::-1]
    seconds = np.log([point.seconds for point in ordered])[::-1]
    wanted = np.log(level)
    if wanted < levels[0]:
        return float(np.exp(seconds[0] + 2 * (levels[0] - wanted)))
    return float(np.exp(np.interp(wanted, levels, seconds)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blender", required=True, help="a Python with bpy, OpenEXR and pyoidn")
    parser.add_argument("--objects", type=int, default=3)
    parser.add_argument("--reference", type=int, default=4096)
    arguments = parser.parse_args()
    sampling = ViewSampling(near_light_probability=0, ground_probability=0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assets = list(procedural_assets(arguments.objects, folder))
        for asset in assets:
            materialize(asset)
        scenes = [
            sample_scene(asset, 0, seed=0, sampling=sampling).model_dump(mode="json")
            for asset in assets
        ]
        bench = Bench(arguments.blender, folder)
        started = time.monotonic()
        points = list(measure(bench, scenes, arguments.reference))
        bench.close()
    rows = [
        [p.way, str(p.samples), f"{p.noise:.4f}", f"{p.seconds:.2f}", f"{3600 / p.seconds:.0f}",
         f"{16 * 3600 / p.seconds:.0f}"]
        for p in points
    ]  # fmt: skip
    print(f"{provenance_lines()}\n")
    print(f"{len(scenes)} objects, {time.monotonic() - started:.0f} s of wall time in all.\n")
    header = ["way", "samples", "noise", "processor seconds a view", "views an hour"]
    print(markdown_table([*header, "picture-lights an hour"], rows))
    curves = {way: [p for p in points if p.way == way] for way in {p.way for p in points}}
    single = curves.pop("one render per light")
    levels = sorted({p.noise for p in single})
    print("\nTimes as fast as one render per light, at equal noise:\n")
    print(
        markdown_table(
            ["noise", "one render per light, s", *(f"{way}, times" for way in sorted(curves))],
            [
                [
                    f"{level:.4f}",
                    f"{seconds_at(single, level):.2f}",
                    *(
                        f"{seconds_at(single, level) / seconds_at(curves[way], level):.1f}"
                        for way in sorted(curves)
                    ),
                ]
                for level in levels
            ],
        )
    )


if __name__ == "__main__":
    main()

"""All lights of a view in one render against one render per light: noise, processor time, ratio.

``python benchmarks/relit_speed.py --blender PYTHON --points FILE [--catalog FILE] [--objects 6]``

Objects, spread over the catalogue (else procedural ones, one of each family), as a dataset shows
them: twelve named lights and four more, at 128 px. Ways:

- one render per light: a scene is read, rendered with Cycles' own camera and written for each light
  (``relit_plain_worker.py``). Measured on four lights, its time multiplied by four;
- the same with idle threads spinning, as a script does that lets Blender count the processors;
- lights in turn: the plain worker reads the scene once, and Cycles keeps what it made of it;
- lights at once: the dataset's renderer.

Noise is the root mean square difference to a reference of 4,096 light paths per pixel and view (256
a light), over the object and four of the lights (top, left, front, behind right), of pictures cut
at four times white, relative to their mean. The reference is the mean of two renders of half the
paths, one by either worker, whose difference tells its own noise; a third one without the clamp on
indirect light tells what that clamp takes away. Time is what Blender's process spends on a view
(import, sync, render, denoising, files), in processor seconds, so that other work on the machine
counts little. Ratios at equal noise are interpolated on each object's own curve, in logarithms.

``--points`` keeps what is measured, object by object; a run that is cut short goes on there.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from provenance import provenance_lines

from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.blender_process import WORKER, BlenderProcess, RenderConfig
from lasagna_relight.relit.catalog import read_catalog
from lasagna_relight.relit.procedural import SOURCE as PROCEDURAL
from lasagna_relight.relit.procedural import materialize, procedural_assets
from lasagna_relight.relit.sampling import ViewSampling, sample_scene

WHITE_CUT = 4.0
LOG_FLOOR = 0.01
CLAMP = "sample_clamp_indirect = 0.0, 30.0"
REFERENCE = 4096
LIGHTS = 16
PLAIN_WORKER = Path(__file__).with_name("relit_plain_worker.py")
SPINNING_WORKER = """
import contextlib, runpy, sys
sys.path.insert(0, "{folder}")
import blender_processors
blender_processors.few_processors = lambda count: contextlib.nullcontext()
runpy.run_path("{plain}", run_name="__main__")
"""
PICKED = (0, 6, 8, 10)
"""Ids of the lights that are compared."""
SPINNING = "one render per light, threads spinning"
SINGLE, SINGLE_DENOISED = "one render per light", "one render per light, denoised"
TURNS, ONCE, ONCE_DENOISED = "lights in turn", "lights at once", "lights at once, denoised"
SAMPLES = {
    SPINNING: (1, 4, 16),
    SINGLE: (1, 4, 16),
    SINGLE_DENOISED: (1, 4),
    TURNS: (1, 4, 16),
    ONCE: (1, 2, 4, 16),
    ONCE_DENOISED: (1, 2, 4, 16),
}
"""Light paths per pixel of each light."""
COMPARED = (
    (ONCE_DENOISED, SPINNING),
    (ONCE, SINGLE),
    (ONCE_DENOISED, SINGLE),
    (ONCE_DENOISED, SINGLE_DENOISED),
    (ONCE_DENOISED, TURNS),
)
LEVELS = (0.5, 0.3, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04)


class Bench:
    """A Blender process, and what it renders of one scene."""

    def __init__(self, python: str, worker: Path, folder: Path) -> None:
        self._folder = folder
        self._blender = BlenderProcess(
            RenderConfig(python=python, worker=worker, timeout_s=7200, views_per_process=10**9),
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

    def together(self, scene: dict, samples: int) -> tuple[np.ndarray, float]:
        """The picked lights of a view of all lights; ``samples`` for each light."""
        view, spent = self.view({**scene, "samples": samples * LIGHTS})
        return view["lights"][list(PICKED)], spent

    def one_by_one(self, scene: dict, samples: int) -> tuple[np.ndarray, float]:
        """Each light from a render of its own: the object is imported each time."""
        views = [
            self.view({**scene, "samples": samples, "lights": [scene["lights"][index]]})
            for index in PICKED
        ]
        spent = sum(spent for _, spent in views) * LIGHTS / len(PICKED)
        return np.concatenate([v["lights"] for v, _ in views]), spent

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


def log_noise(pictures: np.ndarray, reference: np.ndarray, inside: np.ndarray) -> float:
    """Root mean square difference of the logarithms, which is what training on gains sees."""
    ours, truth = (np.log(p[..., inside] + LOG_FLOOR) for p in (pictures, reference))
    return float(np.sqrt(np.square(ours - truth).mean()))


def measure(
    uid: str, scene: dict, ours: Bench, plain: Bench, spinning: Bench, unclamped: Bench
) -> dict:
    """All that is measured of one object."""
    raw = {**scene, "denoise": False}
    picked = {**raw, "lights": [scene["lights"][index] for index in PICKED]}
    half = REFERENCE // 2 // LIGHTS * len(PICKED)
    halves = []
    for other, bench in enumerate((ours, plain), start=1):
        view, _ = bench.view({**picked, "seed": scene["seed"] + other, "samples": half})
        halves.append(view["lights"])
    inside = view["alpha"][0] == 255
    reference = (halves[0] + halves[1]) / 2
    free, _ = unclamped.view({**picked, "seed": scene["seed"] + 1, "samples": half})
    points = []
    ways: dict[str, Callable[[int], tuple[np.ndarray, float]]] = {
        SPINNING: lambda count: spinning.one_by_one(raw, count),
        SINGLE: lambda count: plain.one_by_one(raw, count),
        SINGLE_DENOISED: lambda count: plain.one_by_one({**scene, "denoise": True}, count),
        TURNS: lambda count: plain.together(raw, count),
        ONCE: lambda count: ours.together(raw, count),
        ONCE_DENOISED: lambda count: ours.together({**scene, "denoise": True}, count),
    }
    for way, render in ways.items():
        for count in SAMPLES[way]:
            pictures, spent = render(count)
            points.append(
                {
                    "way": way,
                    "samples": count,
                    "noise": noise(pictures, reference, inside),
                    "log": log_noise(pictures, reference, inside),
                    "seconds": spent,
                }
            )
    return {
        "uid": uid,
        "reference_noise": noise(halves[0], halves[1], inside) / 2,
        "mean": float(halves[0][..., inside].mean()),
        "mean_unclamped": float(free["lights"][..., inside].mean()),
        "points": points,
    }


def seconds_at(points: list[dict], level: float) -> float:
    """Processor seconds of an object's view to reach a noise level; NaN if none is as good.

    Beyond the noisy end the least time there is.
    """
    ordered = sorted(points, key=lambda point: point["noise"])
    if level < ordered[0]["noise"]:
        return float("nan")
    levels, seconds = (np.log([p[key] for p in ordered]) for key in ("noise", "seconds"))
    return float(np.exp(np.interp(np.log(level), levels, seconds)))


def of_way(entry: dict, way: str) -> list[dict]:
    return [point for point in entry["points"] if point["way"] == way]


def extended(points: list[dict]) -> list[dict]:
    """The curve of a way without denoiser, further along by 1 / sqrt(samples)."""
    last = min(points, key=lambda point: point["noise"])
    before = max(points, key=lambda point: point["noise"])
    slope = (last["seconds"] - before["seconds"]) / (last["samples"] - before["samples"])
    more = [
        {
            "noise": last["noise"] / factor,
            "seconds": last["seconds"] + slope * last["samples"] * (factor**2 - 1),
        }
        for factor in (2, 4, 8)
    ]
    return [*points, *more]


def curve_table(entries: list[dict]) -> str:
    rows = []
    for way, counts in SAMPLES.items():
        for count in counts:
            found = [p for e in entries for p in of_way(e, way) if p["samples"] == count]
            noises = [p["noise"] for p in found]
            seconds = float(np.mean([p["seconds"] for p in found]))
            rows.append(
                [way, str(count), f"{np.median(noises):.3f}", f"{np.mean(noises):.3f}",
                 f"{np.median([p['log'] for p in found]):.3f}", f"{seconds:.2f}",
                 f"{3600 / seconds:.0f}", f"{LIGHTS * 3600 / seconds:.0f}"]
            )  # fmt: skip
    header = ["way", "samples a light", "noise, median", "noise, mean", "log noise, median"]
    header += ["processor seconds a view", "views an hour", "picture-lights an hour"]
    return markdown_table(header, rows)


def ratio_table(entries: list[dict]) -> str:
    """Over the objects whose curve reaches the level: median and range of the ratio."""
    rows = []
    for level in LEVELS:
        row = [f"{level:g}"]
        for way, against in COMPARED:
            ratios = []
            for entry in entries:
                theirs = of_way(entry, against)
                theirs = theirs if against == SINGLE_DENOISED else extended(theirs)
                ours = seconds_at(of_way(entry, way), level)
                ratio = seconds_at(theirs, level) / ours
                if np.isfinite(ratio):
                    ratios.append(ratio)
            row.append(
                f"{np.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}; {len(ratios)})"
                if ratios
                else "none"
            )
        rows.append(row)
    header = ["noise", *(f"{way} : {against}" for way, against in COMPARED)]
    return markdown_table(header, rows)


def chosen(catalog: Path | None, count: int, folder: Path) -> Iterator[Asset]:
    if catalog is None:
        yield from procedural_assets(count, folder)
        return
    total = sum(not asset.rejected for asset in read_catalog(catalog))
    usable = (asset for asset in read_catalog(catalog) if not asset.rejected)
    step = max(total // count, 1)
    yield from islice(usable, step // 2, None, step)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--blender", required=True, help="a Python with bpy, OpenEXR and pyoidn")
    parser.add_argument("--points", type=Path, required=True, help="where measurements are kept")
    parser.add_argument("--catalog", type=Path, help="of lasagna relit catalog")
    parser.add_argument("--objects", type=int, default=6)
    arguments = parser.parse_args()
    points: Path = arguments.points
    entries = [json.loads(line) for line in points.open()] if points.exists() else []
    done = {entry["uid"] for entry in entries}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unclamped = folder / WORKER.name
        changed = False
        for part in WORKER.parent.glob("blender_*"):
            text = part.read_text()
            changed |= CLAMP in text
            (folder / part.name).write_text(text.replace(CLAMP, "sample_clamp_indirect = 0.0, 0.0"))
        assert changed
        spinning = folder / "spinning.py"
        spinning.write_text(SPINNING_WORKER.format(folder=WORKER.parent, plain=PLAIN_WORKER))
        workers = (WORKER, PLAIN_WORKER, spinning, unclamped)
        benches = [Bench(arguments.blender, worker, folder) for worker in workers]
        assets = list(
            islice(chosen(arguments.catalog, arguments.objects, folder), arguments.objects)
        )
        for asset in assets:
            if asset.uid in done:
                continue
            if asset.source == PROCEDURAL:
                materialize(asset)
            scene = sample_scene(asset, 0, seed=0, sampling=ViewSampling()).model_dump(mode="json")
            for bench in benches:  # starts Blender, loads the denoiser
                bench.together({**scene, "denoise": True}, 1)
            entries.append(measure(asset.uid, scene, *benches))
            with points.open("a") as file:
                file.write(json.dumps(entries[-1]) + "\n")
        for bench in benches:
            bench.close()
    print(f"{provenance_lines()}\n")
    print(f"{len(entries)} objects: {', '.join(entry['uid'] for entry in entries)}.\n")
    print(curve_table(entries))
    print("\nTimes as fast at equal noise: median over the objects whose curves reach that noise")
    print("(range; how many do):\n")
    print(ratio_table(entries))
    own = [f"{entry['reference_noise']:.3f}" for entry in entries]
    print(f"\nNoise of the reference itself, object by object: {', '.join(own)}.")
    change = [f"{entry['mean'] / entry['mean_unclamped'] - 1:+.2%}" for entry in entries]
    print(f"Mean light with the clamp against without it: {', '.join(change)}.")


if __name__ == "__main__":
    main()

"""A small render of an object, to see whether there is anything to see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.blender_process import BlenderProcess, RenderConfig
from lasagna_relight.relit.procedural import SOURCE as PROCEDURAL
from lasagna_relight.relit.procedural import materialize
from lasagna_relight.relit.render import THINNEST_COVERAGE
from lasagna_relight.relit.sampling import ViewSampling, sample_scene

LOOK = ViewSampling(
    resolution=32,
    samples=4,
    denoise=False,
    glaze_probability=0.0,
    tilt_probability=0.0,
    ground_probability=0.0,
    environment_probability=0.0,
    near_light_probability=0.0,
)
BLACK = 1e-3
"""An object whose brightest pixel under any light stays below this radiance is black."""


@contextmanager
def visibility_probe(config: RenderConfig) -> Iterator[Callable[[Asset], str]]:
    """A function that renders one view of an asset; why nothing is visible, or an empty string.

    Raises:
        DatasetError: Blender cannot be started.
    """
    with TemporaryDirectory(prefix="relit-look-") as name:
        folder = Path(name)
        worker = BlenderProcess(config, folder / "blender.log")
        try:
            yield lambda asset: _look(asset, worker, folder)
        finally:
            worker.close()


def _look(asset: Asset, worker: BlenderProcess, folder: Path) -> str:
    made: Path | None = None
    if asset.source == PROCEDURAL and not asset.path.is_file():
        made = materialize(asset, folder)
    scene = sample_scene(asset, 0, seed=0, sampling=LOOK)
    if made is not None:
        scene = scene.model_copy(update={"asset": str(made)})
    output = folder / "view.npz"
    reply = worker.ask({"scene": scene.model_dump(mode="json"), "output": str(output)})
    if made is not None:
        made.unlink()
    if not reply["ok"]:
        worker.close()
        return f"the probe render failed: {reply['error']}"
    if reply["coverage"] < THINNEST_COVERAGE:
        return f"nothing visible: it covers {reply['coverage']:.1%} of the probe render"
    with np.load(output) as view:
        brightest = float(view["lights"].max())
    return "nothing visible: it is black under every light" if brightest < BLACK else ""

"""Runs that are killed: what is there afterwards, and after they have been run again.

The worker is a stub whose pixels depend on the scene alone, as Blender's do; the process that is
killed, its workers and the Ray cluster are real.
"""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.blender_process import RenderConfig
from lasagna_relight.relit.render import render_views
from lasagna_relight.relit.sampling import ViewSampling
from lasagna_relight.relit.view_files import ViewJob, plan_views, read_records

OBJECTS = 8
SAMPLING = ViewSampling(resolution=8, samples=1)

STUB = """
import json, os, pathlib, sys, time
import numpy as np
print('{"ready": true}', flush=True)
for line in sys.stdin:
    request = json.loads(line)
    scene, output = request["scene"], pathlib.Path(request["output"])
    (output.parents[2] / f"{os.getppid()}.parent").touch()
    time.sleep(0.05)
    rng = np.random.default_rng(scene["seed"])
    partial = output.with_name(f".{output.name}.{os.getpid()}.partial")
    with partial.open("wb") as file:
        np.savez(file, lights=rng.random((16, 3, 8, 8)).astype(np.float16))
    partial.replace(output)
    print(json.dumps({"ok": True, "coverage": 0.4, "seconds": 0.1}), flush=True)
"""

RUN = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
import test_render_killed as here
config = here.RenderConfig(processes=2, worker=Path(sys.argv[2]))
for record in here.render_views(here.planned(), Path(sys.argv[1]), config):
    print(record.stem, flush=True)
"""


def planned() -> list[ViewJob]:
    assets = [
        Asset(
            uid=f"shop/item{i}", title="item", source="test", licence="CC0", attribution="me",
            path=Path("item.obj"),
        )
        for i in range(OBJECTS)
    ]  # fmt: skip
    return list(plan_views(assets, views=(0, 1), seed=0, sampling=SAMPLING))


@pytest.fixture
def config(tmp_path: Path) -> RenderConfig:
    (tmp_path / "stub.py").write_text(STUB)
    return RenderConfig(processes=2, worker=tmp_path / "stub.py")


def contents(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Record without its times, and pixels, of every view; fails where one has no pixels."""
    found = {}
    for record in read_records(folder):
        with np.load(folder / f"{record.stem}.npz") as arrays:
            pixels = b"".join(arrays[name].tobytes() for name in sorted(arrays.files))
        found[record.stem] = (record.model_copy(update={"seconds": 0.0}).model_dump_json(), pixels)
    return found


@pytest.mark.parametrize("views_before", [1, 9])
def test_a_killed_run_resumes_to_what_an_uninterrupted_one_gives(
    config: RenderConfig, tmp_path: Path, views_before: int
) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    killed.mkdir()
    whole.mkdir()
    arguments = [str(killed), str(config.worker), str(Path(__file__).parent)]
    with subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(views_before):
            assert process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    time.sleep(0.5)  # its workers end what they are at, and then themselves
    before = contents(killed)
    assert views_before <= len(before) < 2 * OBJECTS

    rendered = [r.stem for r in render_views(planned(), killed, config)]
    assert not set(rendered) & set(before)
    list(render_views(planned(), whole, config))
    assert contents(killed) == contents(whole)
    assert len(contents(whole)) == 2 * OBJECTS
    assert not list(killed.rglob(".*")), "no half-written file stays"


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="needs the ray extra")
@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_a_ray_worker_killed_midway_loses_and_doubles_nothing(
    config: RenderConfig, tmp_path: Path
) -> None:
    from lasagna_relight.relit.ray_workers import render_views_on_ray

    on_ray, whole = tmp_path / "ray", tmp_path / "whole"
    on_ray.mkdir()
    whole.mkdir()
    stems = []
    for count, record in enumerate(render_views_on_ray(planned(), on_ray, config, "local")):
        stems.append(record.stem)
        if count == 4:
            worker = int(next(on_ray.glob("*.parent")).stem)
            os.kill(worker, signal.SIGKILL)
    assert len(list(on_ray.glob("*.parent"))) == 3, "a new worker took the lost one's place"
    assert sorted(stems) == sorted(job.stem for job in planned())
    list(render_views(planned(), whole, config))
    assert contents(on_ray) == contents(whole)

import itertools
from contextlib import nullcontext
from pathlib import Path

import pytest

from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.blender_process import RenderConfig
from lasagna_relight.relit.render import render_views
from lasagna_relight.relit.sampling import ViewSampling
from lasagna_relight.relit.view_files import (
    DATASET,
    ViewJob,
    ViewRecord,
    claim_folder,
    plan_views,
    read_records,
)

STUB = """
import json, os, pathlib, sys, time
import numpy as np
print('{"ready": true}', flush=True)
for line in sys.stdin:
    request = json.loads(line)
    scene, output = request["scene"], pathlib.Path(request["output"])
    behavior = pathlib.Path(scene["asset"]).stem
    tries = output.with_suffix(".tries")
    tries.write_text(tries.read_text() + "x" if tries.exists() else "x")
    first = tries.read_text() == "x"
    if behavior.startswith("crash") or (behavior.startswith("once") and first):
        os._exit(3)
    if behavior.startswith("hang"):
        time.sleep(60)
    if behavior.startswith("disk"):
        print(json.dumps({"ok": False, "error": "x", "disk_full": True}), flush=True)
        continue
    if behavior.startswith("fail"):
        print(json.dumps({"ok": False, "error": "no faces"}), flush=True)
        continue
    size, lights = scene["resolution"], len(scene["lights"])
    pixels = np.full((3, size, size), 0.5, np.float16)
    np.savez(output, lights=np.stack([pixels] * lights), ambient=pixels,
             alpha=np.full((1, size, size), 255, np.uint8),
             directions=np.array(scene["lights"], np.float32))
    coverage = 0.01 if behavior.startswith("thin") else 0.4
    print(json.dumps({"ok": True, "coverage": coverage, "seconds": 0.1}), flush=True)
"""
SAMPLING = ViewSampling(resolution=8, samples=1)


def jobs_of(*names: str, views: int = 1, seed: int = 0) -> list[ViewJob]:
    return list(plan_views(assets(*names), views=range(views), seed=seed, sampling=SAMPLING))


def assets(*names: str) -> list[Asset]:
    return [
        Asset(
            uid=f"shop/{name}",
            title=name,
            source="test",
            licence="CC0",
            attribution="me",
            path=Path(f"{name}.obj"),
        )
        for name in names
    ]


def stubbed(folder: Path, **settings: object) -> RenderConfig:
    (folder / "stub.py").write_text(STUB)
    return RenderConfig(worker=folder / "stub.py", **settings)  # pyright: ignore[reportArgumentType]


def run(folder: Path, *names: str, **settings: object) -> dict[str, ViewRecord]:
    config = stubbed(folder, **settings)
    return {record.object.title: record for record in render_views(jobs_of(*names), folder, config)}


def pixels(folder: Path, record: ViewRecord) -> Path:
    return folder / f"{record.stem}.npz"


def attempts(folder: Path, record: ViewRecord) -> int:
    return len(pixels(folder, record).with_suffix(".tries").read_text())


def test_each_view_gives_its_pixels_and_its_record(tmp_path: Path) -> None:
    results = run(tmp_path, "a", "b")
    assert {r.error for r in results.values()} == {""}
    assert all(pixels(tmp_path, record).is_file() for record in results.values())
    assert {r.object.uid for r in read_records(tmp_path)} == {"shop/a", "shop/b"}


def test_a_crash_is_tried_once_more_and_does_not_stop_the_others(tmp_path: Path) -> None:
    results = run(tmp_path, "crash", "once", "good", "fail")
    assert "status 3" in results["crash"].error
    assert results["fail"].error == "no faces"
    assert results["once"].error == results["good"].error == ""
    assert [attempts(tmp_path, results[n]) for n in ("crash", "fail", "once", "good")] == [
        2, 2, 2, 1,
    ]  # fmt: skip


def test_a_hang_ends_at_the_time_limit(tmp_path: Path) -> None:
    results = run(tmp_path, "hang", "good", timeout_s=1.0, attempts=1)
    assert results["hang"].error == "no answer within 1 s"
    assert results["good"].error == ""


def test_a_thin_object_is_dropped_with_the_reason(tmp_path: Path) -> None:
    result = run(tmp_path, "thin")["thin"]
    assert result.error == "covers only 1.0% of the frame"
    assert not pixels(tmp_path, result).exists()


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    run(tmp_path, "a", "crash")
    before = list(read_records(tmp_path))
    assert run(tmp_path, "a", "crash") == {}
    assert list(read_records(tmp_path)) == before


def test_a_stopped_run_resumes_without_a_duplicate_or_a_hole(tmp_path: Path) -> None:
    jobs = jobs_of("a", "b", "c", "d", views=2)
    stream = render_views(jobs, tmp_path, stubbed(tmp_path, processes=2))
    for _ in range(3):
        next(stream)
    stream.close()
    settled = {record.stem for record in read_records(tmp_path)}
    rest = {record.stem for record in render_views(jobs, tmp_path, stubbed(tmp_path))}
    assert settled | rest == {job.stem for job in jobs}
    assert not settled & rest


def test_what_a_killed_worker_left_half_written_goes(tmp_path: Path) -> None:
    (job,) = jobs_of("a")
    stale = tmp_path / Path(job.file).parent / f".{Path(job.file).name}.123.partial"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"half")
    record = tmp_path / f"{job.stem}.json"
    with atomic_path(record, force=True) as half_record:
        half_record.write_text("half")
    record.rename(half_record)
    run(tmp_path, "a")
    assert not stale.exists()
    assert not half_record.exists()
    assert (tmp_path / job.file).is_file()


def test_a_view_is_rendered_again_if_its_file_or_its_scene_changed(tmp_path: Path) -> None:
    first = run(tmp_path, "a", "b")
    pixels(tmp_path, first["a"]).unlink()
    assert set(run(tmp_path, "a", "b")) == {"a"}
    changed = jobs_of("a", seed=1)
    assert len(list(render_views(changed, tmp_path, stubbed(tmp_path)))) == 1


def test_a_damaged_record_is_named(tmp_path: Path) -> None:
    record = run(tmp_path, "a")["a"]
    (tmp_path / f"{record.stem}.json").write_text("nonsense")
    with pytest.raises(DatasetError, match=f"{Path(record.stem).name}.*remove it"):
        run(tmp_path, "a")


def test_a_full_disk_ends_the_run_and_leaves_the_view_for_the_next(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="disk is full"):
        run(tmp_path, "disk")
    assert list(read_records(tmp_path)) == []


@pytest.mark.parametrize(
    ("fault", "recorded"), [(OutputError("no space left"), 0), (ValueError("no such family"), 1)]
)
def test_only_what_is_wrong_with_a_procedural_object_is_held_against_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: ValueError, recorded: int
) -> None:
    def materialize(asset: Asset) -> Path:
        raise fault

    monkeypatch.setattr("lasagna_relight.relit.render.materialize", materialize)
    made = [Asset(**{**asset.__dict__, "source": "procedural"}) for asset in assets("a")]
    jobs = plan_views(made, views=[0], seed=0, sampling=SAMPLING)
    with nullcontext() if recorded else pytest.raises(OutputError, match="no space left"):
        list(render_views(jobs, tmp_path, stubbed(tmp_path)))
    assert [record.error for record in read_records(tmp_path)] == recorded * [
        "cannot be made: no such family"
    ]


@pytest.mark.parametrize("text", ["", "[]", "{"])
def test_damaged_settings_of_a_folder_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / DATASET).write_text(text)
    with pytest.raises(DatasetError, match=r"dataset\.json: damaged: remove it"):
        claim_folder(tmp_path, SAMPLING, 3)


def test_jobs_are_drawn_as_workers_become_free(tmp_path: Path) -> None:
    drawn = 0

    def endless():
        nonlocal drawn
        for number in itertools.count():
            drawn += 1
            yield from jobs_of(f"item{number}")

    stream = render_views(endless(), tmp_path, stubbed(tmp_path, processes=2))
    for _ in range(5):
        next(stream)
    stream.close()
    assert drawn <= 5 + 2 + 4 + 1, "results of two workers wait in a queue of four"


def test_a_folder_of_another_seed_or_sampling_is_refused(tmp_path: Path) -> None:
    claim_folder(tmp_path, SAMPLING, 3)
    claim_folder(tmp_path, SAMPLING, 3)
    with pytest.raises(DatasetError, match=r"another seed \(3, not 4\)"):
        claim_folder(tmp_path, SAMPLING, 4)
    with pytest.raises(DatasetError, match=r"another resolution \(8, not 16\)"):
        claim_folder(tmp_path, ViewSampling(resolution=16, samples=1), 3)


@pytest.mark.parametrize("python", ["/absent/python", "false"])
def test_a_python_that_cannot_run_the_worker_is_named(tmp_path: Path, python: str) -> None:
    with pytest.raises(DatasetError, match=f"{python}.*name a Python"):
        run(tmp_path, "a", python=python)
    assert list(read_records(tmp_path)) == []


def test_rejected_objects_are_never_planned() -> None:
    rejected = Asset(**{**assets("x")[0].__dict__, "rejected": "flat"})
    jobs = list(plan_views([*assets("a", "b"), rejected], views=(0, 1), seed=0, sampling=SAMPLING))
    assert [job.view for job in jobs] == [0, 1, 0, 1]
    assert {job.asset.title for job in jobs} == {"a", "b"}
    assert len({job.stem for job in jobs}) == 4

"""From rendered views to shards, their card, counts and previews."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from lasagna_relight.apps.cli import run
from lasagna_relight.errors import DatasetError
from lasagna_relight.relit import packing
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.dataset_stats import dataset_stats, markdown_table
from lasagna_relight.relit.packing import pack_shards, split_of
from lasagna_relight.relit.sampling import ViewSampling
from lasagna_relight.relit.shards import Shard, read_views
from lasagna_relight.relit.view_files import (
    ViewJob,
    claim_folder,
    object_stem,
    plan_views,
    read_records,
    record_of,
    write_record,
)
from lasagna_relight.relit.view_index import (
    DAMAGED,
    MISSING,
    general_reason,
    index_shards,
    index_views,
)

SAMPLING = ViewSampling(resolution=8, samples=1)


def write_views(folder: Path, *names: str, views: int = 1, error: str = "") -> list[ViewJob]:
    """Views of constant light, as a renderer leaves them."""
    claim_folder(folder, SAMPLING, 0)
    assets = [
        Asset(
            uid=f"shop/{name}",
            title=name,
            source="shop",
            licence="CC0",
            attribution="me",
            path=Path("x.obj"),
        )
        for name in names
    ]
    jobs = list(plan_views(assets, views=range(views), seed=0, sampling=SAMPLING))
    pixels = np.full((3, 8, 8), 0.5, np.float16)
    for job in jobs:
        (folder / job.file).parent.mkdir(parents=True, exist_ok=True)
        if not error:
            np.savez(
                folder / job.file,
                lights=np.stack([pixels] * 16),
                ambient=pixels,
                alpha=np.full((1, 8, 8), 255, np.uint8),
                directions=np.array(job.scene.lights, np.float32),
                albedo=pixels,
                normals=pixels,
            )
        write_record(folder, record_of(job, error=error, coverage=0.4, seconds=0.1))
    return jobs


def shard_bytes(folder: Path) -> dict[str, list[str]]:
    return {
        path.name: [str(view.record) for view in read_views(path)]
        for path in folder.glob("*.safetensors")
    }


def test_packing_splits_by_object_and_loses_nothing(tmp_path: Path) -> None:
    jobs = write_views(tmp_path, *(f"item{i}" for i in range(40)), views=2)
    found = []
    paths = list(pack_shards(tmp_path))
    for path in paths:
        for view in read_views(path):
            assert split_of(view.record["uid"]) == path.name.partition("-")[0]
            assert view.lights.shape == (16, 3, 8, 8)
            assert (view.lights - 0.5).abs().max() < 0.005
            assert view.alpha.unique().item() == 1
            found.append((view.record["uid"], view.record["seed"]))
    assert sorted(found) == sorted((job.asset.uid, job.scene.seed) for job in jobs)
    assert {path.name.partition("-")[0] for path in paths} == {"train", "validation", "test"}


def test_a_tenth_of_the_objects_is_for_tests_and_a_tenth_for_validation() -> None:
    splits = [split_of(f"uid{i}") for i in range(5000)]
    assert 400 < splits.count("test") < 600
    assert 400 < splits.count("validation") < 600


def test_a_packing_cut_short_goes_on_to_the_same_shards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "VIEWS_PER_SHARD", 4)
    views, cut, whole = (tmp_path / name for name in ("views", "cut", "whole"))
    write_views(views, *(f"item{i}" for i in range(20)))
    packed = pack_shards(views, cut)
    first = next(packed)
    packed.close()
    written = first.stat().st_mtime_ns
    assert packing.read_manifest(cut)["complete"] is False
    (cut / "train-00001.safetensors").write_bytes(first.read_bytes()[:100])
    list(pack_shards(views, cut))
    list(pack_shards(views, whole))
    assert shard_bytes(cut) == shard_bytes(whole)
    assert first.stat().st_mtime_ns == written
    assert packing.read_manifest(cut)["complete"] is True


def test_shards_that_are_too_many_go_and_other_files_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_views(tmp_path, "a", "b", "c", "d", "e")
    monkeypatch.setattr(packing, "VIEWS_PER_SHARD", 1)
    many = set(pack_shards(tmp_path))
    (tmp_path / "shards" / "notes.txt").write_text("mine")
    monkeypatch.setattr(packing, "VIEWS_PER_SHARD", 128)
    few = set(pack_shards(tmp_path))
    assert len(few) < len(many)
    assert set((tmp_path / "shards").glob("*.safetensors")) == few
    assert (tmp_path / "shards" / "notes.txt").exists()


def test_a_folder_of_other_shards_is_not_packed_into(tmp_path: Path) -> None:
    views, output = tmp_path / "views", tmp_path / "shards"
    write_views(views, "a")
    output.mkdir()
    (output / "organic-00000000.safetensors").write_bytes(b"theirs")
    with pytest.raises(DatasetError, match="something else"):
        list(pack_shards(views, output))
    assert [path.name for path in output.iterdir()] == ["organic-00000000.safetensors"]


def test_shards_of_another_seed_are_not_replaced(tmp_path: Path) -> None:
    write_views(tmp_path / "one", "a")
    write_views(tmp_path / "two", "a")
    settings = tmp_path / "two" / "dataset.json"
    settings.write_text(settings.read_text().replace('"seed": 0', '"seed": 1'))
    list(pack_shards(tmp_path / "one", tmp_path / "shards"))
    with pytest.raises(DatasetError, match="another dataset"):
        list(pack_shards(tmp_path / "two", tmp_path / "shards"))


def test_an_empty_folder_and_one_of_something_else_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no rendered views"):
        list(pack_shards(tmp_path))
    claim_folder(tmp_path, SAMPLING, 0)
    with pytest.raises(DatasetError, match="no rendered view"):
        list(pack_shards(tmp_path))
    (tmp_path / "dataset.json").write_text("{")
    with pytest.raises(DatasetError, match="damaged"):
        list(pack_shards(tmp_path))


def test_views_without_whole_pixels_are_left_out_and_counted(tmp_path: Path) -> None:
    jobs = write_views(tmp_path, *(f"item{i}" for i in range(6)))
    (tmp_path / jobs[0].file).unlink()
    torn, flipped, foreign = (tmp_path / job.file for job in jobs[1:4])
    torn.write_bytes(torn.read_bytes()[:500])
    content = bytearray(flipped.read_bytes())
    content[400] ^= 1
    flipped.write_bytes(content)
    np.savez(foreign, lights=np.zeros(3))
    with closing(index_views(tmp_path)) as index:
        list(packing.pack_views(tmp_path, tmp_path / "shards", index))
        counts = dataset_stats(index)
    assert counts.views == 2
    assert dict(counts.failures) == {DAMAGED: 3, MISSING: 1}
    packed = [len(Shard(path)) for path in (tmp_path / "shards").glob("*.safetensors")]
    assert sum(packed) == 2


def test_failures_are_counted_by_reason(tmp_path: Path) -> None:
    write_views(tmp_path, "good")
    write_views(tmp_path, "a", error="covers only 1.3% of the frame")
    write_views(tmp_path, "b", error="covers only 2.1% of the frame")
    with closing(index_views(tmp_path)) as index:
        assert dataset_stats(index).failures == (("covers only N% of the frame", 2),)
    assert general_reason("no such file: /home/me/a b/x.obj") != "no such file: /home/me/a b/x.obj"
    assert "home" not in general_reason("RenderError: no such file: /home/me/x.obj")


def test_titles_cannot_break_a_table() -> None:
    assert markdown_table(("a",), [("x | y\nz",)]).splitlines()[2] == "| x \\| y z |"


def test_the_command_packs_with_a_card_that_tells_of_the_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    views, shards = tmp_path / "views", tmp_path / "shards"
    write_views(views, *(f"item{i}" for i in range(5)))
    write_views(views, "dark", error="no faces")
    assert run(["relit", "pack", str(views), "-o", str(shards)]) == 0
    card = (shards / "README.md").read_text()
    for told in (
        "5 views of 5 objects",
        "| shop | CC0 | 5 | 5 |",
        "| no faces | 1 |",
        "behind top",
    ):
        assert told in card
    assert len((shards / "ATTRIBUTION.csv").read_text().splitlines()) == 6
    assert {path.name for path in shards.iterdir()} >= {"histograms.png", "examples.jpg"}
    capsys.readouterr()
    for folder in (views, shards):
        assert run(["relit", "stats", str(folder)]) == 0
        assert "| shop | CC0 | 5 | 5 |" in capsys.readouterr().out


def test_a_preview_is_written_and_an_unknown_object_gets_near_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_views(tmp_path, "teapot", "lamp", views=2)
    sheet = tmp_path / "sheet.png"
    assert run(["relit", "preview", "shop/teapot", str(tmp_path), "-o", str(sheet)]) == 0
    assert sheet.stat().st_size > 1000
    capsys.readouterr()
    other = str(tmp_path / "other.png")
    assert run(["relit", "preview", "shop/teapod", str(tmp_path), "-o", other]) == 2
    message = capsys.readouterr().err
    assert "is it shop/teapot" in message
    assert message.count("\n") == 1


def test_a_record_that_was_moved_is_named(tmp_path: Path) -> None:
    (job,) = write_views(tmp_path, "a")
    path = tmp_path / f"{job.stem}.json"
    assert job.stem == f"{object_stem('shop/a')}-000"
    path.rename(path.with_name("other-000.json"))
    with pytest.raises(DatasetError, match=r"other-000\.json"):
        index_views(tmp_path)


def test_half_written_files_of_a_killed_run_are_not_read(tmp_path: Path) -> None:
    folder, shards = tmp_path / "views", tmp_path / "shards"
    jobs = write_views(folder, "cup", "hat")
    (folder / jobs[0].file).parent.joinpath(".0a7678a81773.json").touch()
    list(pack_shards(folder, shards))
    (shards / ".0a7678a81773.safetensors").touch()
    assert len(list(read_records(folder))) == 2
    with closing(index_shards(shards)) as index:
        assert index.number("SELECT count(*) FROM views") == 2

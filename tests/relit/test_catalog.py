from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.catalog import ROWS, read_catalog, write_catalog


def an_asset(folder: Path, name: str = "a", **changes: object) -> Asset:
    path = folder / "models" / f"{name}.obj"
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    asset = Asset(
        uid=f"models/{name}",
        title="Ä chair",
        source="models",
        licence="CC0",
        attribution="Ada",
        path=path,
        tags=("seat", "wood"),
        triangles=12,
        textured=False,
        sha256="0" * 64,
        notes="missing: wood.png",
    )
    return replace(asset, **changes)


def edited(path: Path, change: Callable[[pa.Table], pa.Table]) -> Path:
    pq.write_table(change(pq.read_table(path)), path)
    return path


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "catalog.parquet"
    assets = [
        an_asset(tmp_path),
        an_asset(tmp_path, "b", rejected="empty", triangles=None, textured=None, tags=()),
    ]
    write_catalog(assets, path)
    return path


def test_what_was_written_is_read_back(written: Path) -> None:
    first, second = read_catalog(written)
    assert first == an_asset(written.parent)
    assert (second.rejected, second.triangles, second.textured) == ("empty", None, None)


def test_a_catalogue_moves_together_with_its_models(written: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "models").rename(moved / "models")
    written.rename(moved / "catalog.parquet")
    first, _ = read_catalog(moved / "catalog.parquet")
    assert first.path == moved / "models" / "a.obj"


def test_rows_are_written_in_groups_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "catalog.parquet"
    asset = an_asset(tmp_path)
    count = 2 * ROWS + 1
    write_catalog((replace(asset, uid=str(index)) for index in range(count)), path)
    assert pq.ParquetFile(path).num_row_groups == 3
    assert sum(1 for _ in read_catalog(path)) == count


def test_a_run_that_fails_leaves_the_old_catalogue(written: Path) -> None:
    before = written.read_bytes()

    def broken():
        yield an_asset(written.parent)
        raise RuntimeError("cut")

    with pytest.raises(RuntimeError, match="cut"):
        write_catalog(broken(), written)
    assert written.read_bytes() == before
    assert sorted(p.name for p in written.parent.iterdir()) == ["catalog.parquet", "models"]


def column(name: str, values: list[object]) -> Callable[[pa.Table], pa.Table]:
    return lambda table: table.set_column(table.schema.get_field_index(name), name, [values])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda t: t.drop_columns(["licence"]), "the column licence is missing"),
        (column("uid", [1, 2]), "the column uid holds int64, not text"),
        (column("triangles", ["12", "many"]), "the column triangles holds string"),
        (column("tags", ["seat", "wood"]), "the column tags holds string, not a list of texts"),
        (column("textured", [1, 0]), "the column textured holds int64, not true or false"),
        (column("uid", ["same", "same"]), "rows 1 and 2 have the same uid same"),
        (column("uid", ["", "b"]), "row 1 has no uid"),
        (column("licence", [None, "CC0"]), "row 1 has no licence"),
        (column("triangles", [-3, 1]), r"row 1 \(models/a\) has -3 triangles"),
        (column("path", ["models/gone.obj", "b"]), r"row 1 \(models/a\): the file .*gone.obj is"),
        (column("source", ["procedural", "b"]), "row 1: models/a: not the uid of a procedural"),
    ],
)
def test_a_catalogue_edited_wrongly_is_refused_in_one_line(
    written: Path, change: Callable[[pa.Table], pa.Table], complaint: str
) -> None:
    with pytest.raises(DatasetError, match=complaint) as caught:
        list(read_catalog(edited(written, change)))
    assert str(written) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_file_of_a_rejected_object_may_be_gone(written: Path) -> None:
    (written.parent / "models" / "b.obj").unlink()
    assert len(list(read_catalog(written))) == 2


def test_numbers_that_became_floats_are_taken(written: Path) -> None:
    first, second = read_catalog(edited(written, column("triangles", [12.0, None])))
    assert (first.triangles, second.triangles) == (12, None)


@pytest.mark.parametrize("content", [b"", b"uid,title\n1,2\n"])
def test_a_file_that_is_no_catalogue_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.parquet"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"list\.parquet: cannot be read as a catalogue"):
        list(read_catalog(path))
    with pytest.raises(DatasetError, match=r"gone\.parquet: no such file: make it"):
        list(read_catalog(tmp_path / "gone.parquet"))

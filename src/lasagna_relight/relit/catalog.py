"""The list of objects as a Parquet file: written as it comes, read as it is needed.

One row for each object, rejected ones with their reason. Nothing here grows with the number of
objects; the only file that imports pyarrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lasagna_relight.errors import DatasetError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.procedural import SOURCE as PROCEDURAL
from lasagna_relight.relit.procedural import parse_uid
from lasagna_relight.relit.seen import Seen

if TYPE_CHECKING:
    import pyarrow

ROWS = 1000
"""Objects in one row group."""
TEXTS = ("uid", "title", "source", "licence", "attribution", "path", "rejected", "sha256", "notes")
COLUMNS = (*TEXTS, "tags", "triangles", "textured")
FILLED = ("uid", "path")
"""Texts that may not be empty."""


def write_catalog(assets: Iterable[Asset], path: Path) -> None:
    """Write the records of ``assets`` to ``path`` as they come, beside and renamed.

    Paths under the catalogue's folder are stored relative to it, so that both can move.

    Raises:
        DatasetError: pyarrow is missing.
        OutputError: the file cannot be written.
    """
    pa, pq = _arrow()
    text = pa.string()
    schema = pa.schema([
        *(pa.field(name, text, nullable=False) for name in TEXTS),
        pa.field("tags", pa.list_(text), nullable=False),
        pa.field("triangles", pa.int64()),
        pa.field("textured", pa.bool_()),
    ])  # fmt: skip
    rows = iter(assets)
    home = path.parent.resolve()
    with atomic_path(path, force=True) as beside, pq.ParquetWriter(beside, schema) as writer:
        while group := [_row(asset, home) for asset in islice(rows, ROWS)]:
            writer.write_table(pa.Table.from_pylist(group, schema))


def _row(asset: Asset, home: Path) -> dict[str, Any]:
    row = {name: getattr(asset, name) for name in COLUMNS}
    place = asset.path.absolute()
    if place.is_relative_to(home):
        place = place.relative_to(home)
    return {**row, "path": place.as_posix(), "tags": list(asset.tags)}


def read_catalog(path: Path) -> Iterator[Asset]:
    """The assets of the catalogue at ``path``, rejected ones too, in its order.

    Raises:
        DatasetError: not a catalogue; or edited so that a column is missing or of another type,
            a uid empty or there twice, or the file of a usable object gone. One line says which.
    """
    pa, pq = _arrow()
    if not path.is_file():
        raise DatasetError(f"{path}: no such file: make it with lasagna relit catalog")
    try:
        file = pq.ParquetFile(path)
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(
            f"{path}: cannot be read as a catalogue ({' '.join(str(error).split())[:120]}): make "
            "it with lasagna relit catalog"
        ) from error
    with file, closing(Seen()) as seen:
        _check_columns(file.schema_arrow, path)
        number = 0
        try:
            for batch in file.iter_batches(batch_size=ROWS, columns=list(COLUMNS)):
                for row in batch.to_pylist():
                    number += 1
                    yield _checked(row, number, path, seen)
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(f"{path}: damaged after row {number}: make it again") from error


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise DatasetError(
            "catalogues need the package pyarrow: pip install 'lasagna-relight[relit]'"
        ) from error
    return pyarrow, pyarrow.parquet


def _check_columns(schema: pyarrow.Schema, path: Path) -> None:
    pa, _ = _arrow()
    kinds = pa.types

    def is_text(kind: pyarrow.DataType) -> bool:
        if kinds.is_dictionary(kind):
            kind = kind.value_type
        return kinds.is_string(kind) or kinds.is_large_string(kind)

    def is_texts(kind: pyarrow.DataType) -> bool:
        lists = kinds.is_list(kind) or kinds.is_large_list(kind)
        return lists and (is_text(kind.value_type) or kinds.is_null(kind.value_type))

    def is_number(kind: pyarrow.DataType) -> bool:
        return kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_null(kind)

    def is_flag(kind: pyarrow.DataType) -> bool:
        return kinds.is_boolean(kind) or kinds.is_null(kind)

    wanted = {
        **dict.fromkeys(TEXTS, (is_text, "text")),
        "tags": (is_texts, "a list of texts"),
        "triangles": (is_number, "a whole number"),
        "textured": (is_flag, "true or false"),
    }
    for name, (is_right, word) in wanted.items():
        if name not in schema.names:
            raise DatasetError(f"{path}: the column {name} is missing: make the catalogue again")
        found = schema.field(name).type
        if not is_right(found):
            raise DatasetError(f"{path}: the column {name} holds {found}, not {word}: mend it")


def _checked(row: dict[str, Any], number: int, path: Path, seen: Seen) -> Asset:
    for name in TEXTS:
        if row[name] is None or (name in FILLED and not row[name]):
            raise DatasetError(f"{path}: row {number} has no {name}: fill it in")
    uid = row["uid"]
    before = seen.first(uid, str(number))
    if before is not None:
        raise DatasetError(f"{path}: rows {before} and {number} have the same uid {uid}: keep one")
    count = row["triangles"]
    if count is not None and (count < 0 or count != int(count)):
        raise DatasetError(f"{path}: row {number} ({uid}) has {count} triangles: mend it")
    asset = Asset(
        **{name: row[name] for name in TEXTS if name != "path"},
        path=path.parent / row["path"],
        tags=tuple(tag for tag in row["tags"] or () if tag),
        triangles=None if count is None else int(count),
        textured=row["textured"],
    )
    if asset.rejected:
        return asset
    if asset.source == PROCEDURAL:
        try:
            parse_uid(uid)
        except DatasetError as error:
            raise DatasetError(f"{path}: row {number}: {error}") from error
    elif not asset.path.is_file():
        raise DatasetError(
            f"{path}: row {number} ({uid}): the file {asset.path} is gone: bring it back, remove "
            "the row, or make the catalogue again"
        )
    return asset

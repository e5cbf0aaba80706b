"""A table of all views of a dataset on disk, so that it can be counted, sorted and drawn from.

SQLite keeps it in a temporary file that vanishes with the connection: memory does not grow with
the number of views. It is filled from a folder of rendered views or from a folder of shards.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lasagna_relight.errors import DatasetError
from lasagna_relight.image_io import whole_files
from lasagna_relight.relit.shards import Shard
from lasagna_relight.relit.view_files import ViewRecord, read_dataset_settings, read_record

SPLITS = ("train", "validation", "test")
TEST_SHARE = 0.1
VALIDATION_SHARE = 0.1
MISSING = "its pixels are missing"
DAMAGED = "its pixels are damaged"

_TABLE = """CREATE TABLE views (
    stem TEXT, uid TEXT, title TEXT, source TEXT, licence TEXT, attribution TEXT, split TEXT,
    place BLOB, fingerprint BLOB, problem TEXT, coverage REAL, seconds REAL, bytes INTEGER,
    elevation REAL, distance REAL)"""


def split_of(uid: str) -> str:
    """``train``, ``validation`` or ``test`` for all views of an object: its uid alone decides."""
    digest = int.from_bytes(hashlib.sha256(f"split:{uid}".encode()).digest()[:8], "big")
    if digest < TEST_SHARE * 2**64:
        return "test"
    return "validation" if digest < (TEST_SHARE + VALIDATION_SHARE) * 2**64 else "train"


class ViewIndex:
    """The table of one dataset; ``problem`` of a view is empty where its pixels are there.

    Columns: stem, uid, title, source, licence, attribution, split, place (a hash to sort by),
    fingerprint (of record and pixels), problem, coverage, seconds, bytes, elevation (of the
    camera, degrees), distance (of the lights, in radii of the object; NULL if infinitely far).
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(_TABLE)
        self._database.execute("CREATE INDEX by_place ON views (split, place)")

    def close(self) -> None:
        """Drop the table."""
        self._database.close()

    def query(self, question: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """The rows that answer a question in SQL."""
        yield from self._database.execute(question, values)

    def number(self, question: str, *values: Any) -> Any:
        """The first value of the first row that answers a question in SQL."""
        return self._database.execute(question, values).fetchone()[0]

    def leave_out(self, stem: str, problem: str) -> None:
        """Note that the view of this stem cannot be used."""
        self._database.execute("UPDATE views SET problem = ? WHERE stem = ?", (problem, stem))

    def add(self, **columns: Any) -> None:
        """Add a row; columns that are not given are NULL."""
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        self._database.execute(
            f"INSERT INTO views ({names}) VALUES ({marks})", tuple(columns.values())
        )


def index_views(folder: Path) -> ViewIndex:
    """The index of a folder of rendered views.

    Raises:
        DatasetError: not such a folder, a record is damaged, or there is none.
    """
    read_dataset_settings(folder)
    index = ViewIndex()
    try:
        for path in _record_paths(folder):
            index.add(**_row(folder, path))
        if not index.number("SELECT count(*) FROM views"):
            raise DatasetError(f"{folder}: holds no rendered view: render some first")
    except BaseException:
        index.close()
        raise
    return index


def index_shards(folder: Path) -> ViewIndex:
    """The index of a folder of shards; what shards do not keep is NULL.

    Raises:
        DatasetError: a shard cannot be read, or there is none.
    """
    index = ViewIndex()
    try:
        for path in whole_files(folder, "*.safetensors"):
            for row in _shard_rows(Shard(path)):
                index.add(**row)
        if not index.number("SELECT count(*) FROM views"):
            raise DatasetError(
                f"{folder}: holds neither rendered views nor shards: name another folder"
            )
    except BaseException:
        index.close()
        raise
    return index


def _shard_rows(shard: Shard) -> Iterator[dict[str, Any]]:
    split = shard.path.name.partition("-")[0]
    for number, record in enumerate(shard.records):
        yield {
            **{
                name: str(record.get(name, "unknown"))
                for name in ("uid", "title", "source", "licence", "attribution")
            },
            "stem": f"{shard.path.name}:{number}",
            "split": split if split in SPLITS else "",
            "problem": "",
            "coverage": float(shard.coverage[number]),
            "bytes": shard.bytes_of(number),
        }


def general_reason(error: str) -> str:
    """An error without the numbers and paths that make each one different."""
    shown = re.sub(r"(?:[A-Za-z]:)?[^\s'\"(]*[/\\][^\s'\"),]*", "PATH", error)
    return re.sub(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?", "N", shown)


def _record_paths(folder: Path) -> Iterator[Path]:
    for part in sorted((folder / "views").glob("[0-9a-f][0-9a-f]")):
        yield from whole_files(part, "*.json")


def _row(folder: Path, path: Path) -> dict[str, Any]:
    record = read_record(path)
    if folder / f"{record.stem}.json" != path:
        raise DatasetError(
            f"{path}: is the record of {record.stem}: remove it, and the view is rendered again"
        )
    problem, fingerprint, size = general_reason(record.error), b"", path.stat().st_size
    if not problem:
        problem, fingerprint, pixels = _pixels(folder, record, path.read_bytes())
        size += pixels
    return {
        "stem": record.stem,
        "uid": record.object.uid,
        "title": record.object.title,
        "source": record.object.source,
        "licence": record.object.licence,
        "attribution": record.object.attribution,
        "split": split_of(record.object.uid),
        "place": hashlib.sha256(record.stem.encode()).digest()[:8],
        "fingerprint": fingerprint,
        "problem": problem,
        "coverage": record.coverage,
        "seconds": record.seconds,
        "bytes": size,
        "elevation": record.scene.camera.elevation_deg,
        "distance": record.scene.light_distance,
    }


def _pixels(folder: Path, record: ViewRecord, text: bytes) -> tuple[str, bytes, int]:
    """What is wrong with a view's pixels, a fingerprint of record and pixels, and their bytes.

    The fingerprint takes the checksums that the file itself lists, so no pixel is read.
    """
    path = folder / f"{record.stem}.npz"
    if not path.is_file():
        return MISSING, b"", 0
    try:
        with zipfile.ZipFile(path) as arrays:
            sums = [f"{entry.filename}:{entry.CRC:08x}" for entry in arrays.infolist()]
    except (OSError, zipfile.BadZipFile):
        return DAMAGED, b"", path.stat().st_size
    digest = hashlib.sha256(text + "\n".join(sums).encode()).digest()[:16]
    return "", digest, path.stat().st_size

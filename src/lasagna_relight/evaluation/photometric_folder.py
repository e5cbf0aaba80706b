"""Photographs of one object under many known lights, in pairs of a source and a target.

A folder holds ``pairs.json`` and one sub-folder for each set of photographs: the pictures,
``filenames.txt``, ``light_directions.txt`` (one unit vector a line, in the order of the names: x
right, y up, z towards the camera) and ``mask.png``. This is the layout of the common benchmarks
for photometric stereo.
"""

import math
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from lasagna_relight.errors import DatasetError
from lasagna_relight.light_direction import LightDirection, Vector

LENGTH_TOLERANCE = 0.01
"""How far a vector's length may be from 1: they come rounded to three digits."""

AGREEMENT_DEG = 1.0
"""How far a pair's direction may be from the one listed for its picture."""


class _Pair(BaseModel):
    """One entry of ``pairs.json``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: str
    source: str
    target: str
    direction: str
    source_dir: Vector
    target_dir: Vector


@dataclass(frozen=True, kw_only=True)
class PhotometricCase:
    """A photograph, and one of the same object from the same place under another light.

    Attributes:
        set_name: the sub-folder; one for each object.
        source: path of the picture that is relit.
        target: path of the picture that it should become.
        mask: path of the object's mask.
        direction_name: a word for where the target's light stands, such as "left".
        source_direction: where the source's light stands.
        target_direction: where the target's light stands.
    """

    set_name: str
    source: Path
    target: Path
    mask: Path
    direction_name: str
    source_direction: LightDirection
    target_direction: LightDirection


def read_cases(folder: Path) -> list[PhotometricCase]:
    """The pairs of ``folder``, checked against its lists of pictures and lights.

    Raises:
        DatasetError: a file is missing or unreadable, the lists differ in length, a vector is not
            a unit vector, or a pair contradicts the lists.
    """
    pairs = _read_pairs(folder / "pairs.json")
    lights = {name: read_lights_of(folder / name) for name in dict.fromkeys(p.set for p in pairs)}
    cases = []
    for pair in pairs:
        place = folder / pair.set
        listed = lights[pair.set]
        source = _checked(pair.source, pair.source_dir, listed, place)
        target = _checked(pair.target, pair.target_dir, listed, place)
        cases.append(
            PhotometricCase(
                set_name=pair.set,
                source=place / pair.source,
                target=place / pair.target,
                mask=place / "mask.png",
                direction_name=pair.direction,
                source_direction=source,
                target_direction=target,
            )
        )
    return cases


def read_lights_of(folder: Path) -> dict[str, LightDirection]:
    """Where the light stands in each picture of one set, by file name.

    Raises:
        DatasetError: the folder lacks its mask, a list or a picture, or a list is wrong.
    """
    if not (folder / "mask.png").is_file():
        raise DatasetError(f"{folder}: mask.png is missing: paint the object white on black")
    names = read_lines(folder / "filenames.txt")
    path = folder / "light_directions.txt"
    lines = read_lines(path)
    if len(lines) != len(names):
        raise DatasetError(
            f"{path}: {len(lines)} directions for {len(names)} names in filenames.txt: "
            "give one for each, in the same order"
        )
    for name in names:
        if not (folder / name).is_file():
            raise DatasetError(f"{folder / name}: the picture is missing that filenames.txt lists")
    vectors = read_vectors(path)
    return {
        name: LightDirection.from_vector(vector)
        for name, vector in zip(names, vectors, strict=True)
    }


def read_vectors(path: Path, *, unit: bool = True, skip: int = 0) -> list[Vector]:
    """Three numbers from each line of ``path`` after the first ``skip``.

    Raises:
        DatasetError: the file cannot be read, or a line is no vector, or none of unit length.
    """
    vectors = []
    for number, line in enumerate(read_lines(path)[skip:], start=1 + skip):
        place = f"{path}, line {number}"
        vector = _numbers(line, place)
        if unit:
            _direction(vector, place)
        vectors.append(vector)
    return vectors


def _read_pairs(path: Path) -> list[_Pair]:
    try:
        pairs = TypeAdapter(list[_Pair]).validate_json(_read_text(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ", ".join(f"entry {p + 1}" if isinstance(p, int) else p for p in first["loc"][:2])
        reason = f"{where}: {first['msg']}" if where else first["msg"]
        fields = ", ".join(_Pair.model_fields)
        raise DatasetError(f"{path}: {reason}: a pair has {fields}") from error
    if not pairs:
        raise DatasetError(f"{path}: lists no pairs: give at least one source and target")
    return pairs


def _checked(
    name: str, vector: Vector, listed: dict[str, LightDirection], folder: Path
) -> LightDirection:
    """The direction that a pair gives for a picture, which its set must list alike."""
    if name not in listed:
        raise DatasetError(f"{folder / name}: pairs.json names it, and filenames.txt does not")
    place = f"pairs.json, {folder.name}/{name}"
    direction = _direction(vector, place)
    apart = direction.angle_to(listed[name])
    if apart > AGREEMENT_DEG:
        raise DatasetError(
            f"{place}: its light is {apart:.0f} degrees from the one in light_directions.txt: "
            "is the order of the lines that of filenames.txt?"
        )
    return direction


def _direction(vector: Vector, place: str) -> LightDirection:
    length = math.hypot(*vector)
    if not abs(length - 1) <= LENGTH_TOLERANCE:
        raise DatasetError(f"{place}: {vector} has length {length:.3g}: give a unit vector")
    return LightDirection.from_vector(vector)


def _numbers(line: str, place: str) -> Vector:
    try:
        x, y, z = map(float, line.split())
    except ValueError as error:
        raise DatasetError(f"{place}: {line!r} is no vector: give three numbers") from error
    return (x, y, z)


def read_lines(path: Path) -> list[str]:
    """The lines of ``path`` that hold anything, without the space around them.

    Raises:
        DatasetError: the file cannot be read.
    """
    return [line.strip() for line in _read_text(path).splitlines() if line.strip()]


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise DatasetError(f"{path}: cannot be read ({reason})") from error

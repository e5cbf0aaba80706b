"""The turn that a furniture catalogue gives a model, made part of the model's file.

Sweet Home 3D's ``modelRotation`` is nine numbers, a 3 x 3 matrix by rows, that acts on the
coordinates of the OBJ file about its center (``ModelManager.getRotationTransformation`` there).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lasagna_relight.errors import DatasetError
from lasagna_relight.image_io import atomic_path

TOLERANCE = 1e-2
"""How far the matrix times its transpose may be from the identity."""


def read_rotation(words: str) -> NDArray[np.float64]:
    """The matrix (3, 3) that a catalogue's entry spells out; the identity where it is empty.

    Raises:
        DatasetError: not nine numbers, or no rotation.
    """
    if not words.strip():
        return np.eye(3)
    try:
        matrix = np.array([float(word) for word in words.split()]).reshape(3, 3)
    except ValueError as error:
        raise DatasetError(f"modelRotation is not nine numbers: {words[:60]}") from error
    off = np.abs(matrix @ matrix.T - np.eye(3)).max()
    if not off < TOLERANCE or np.linalg.det(matrix) < 0:
        raise DatasetError(f"modelRotation is no rotation: {words[:60]}")
    return matrix


def turned_model(path: Path, rotation: NDArray[np.float64]) -> Path:
    """The OBJ file at ``path`` with points and normals turned: a file beside it, made once.

    The file itself where there is nothing to turn.

    Raises:
        DatasetError: a point is not three numbers, or the model is no OBJ file.
        OutputError: the file cannot be written.
    """
    if np.array_equal(rotation, np.eye(3)):
        return path
    if path.suffix.lower() != ".obj":
        raise DatasetError(f"{path.name}: only OBJ models can be turned by modelRotation")
    digest = hashlib.sha256(rotation.tobytes()).hexdigest()[:8]
    target = path.with_name(f"{path.stem}.turned-{digest}.obj")
    if not target.is_file():
        with atomic_path(target, force=True) as beside, beside.open("w", encoding="latin-1") as out:
            out.writelines(_turned_lines(path, rotation))
    return target


def _turned_lines(path: Path, rotation: NDArray[np.float64]) -> Iterator[str]:
    with path.open(encoding="latin-1", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            kind, *words = line.split() or [""]
            if kind not in ("v", "vn"):
                yield line
                continue
            try:
                x, y, z = rotation @ [float(word) for word in words[:3]]
            except ValueError as error:
                raise DatasetError(
                    f"{path.name}: line {number} is no point: {line[:60]}"
                ) from error
            yield " ".join([kind, f"{x:.7g}", f"{y:.7g}", f"{z:.7g}", *words[3:]]) + "\n"

"""Surfaces of USDZ packages; the only file that imports OpenUSD (the package usd-core)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lasagna_relight.errors import DatasetError


def read_usd(path: Path) -> tuple[list[NDArray[np.float64]], bool, bool]:
    """Triangles of every mesh in world space (F, 3, 3), whether textured, whether it has points.

    Polygons are cut into fans. Instances count each time.

    Raises:
        DatasetError: usd-core is not installed, or the file cannot be opened.
    """
    try:
        from pxr import Tf, Usd, UsdGeom, UsdShade
    except ImportError as error:
        raise DatasetError("USDZ needs the package usd-core: pip install usd-core") from error

    try:
        stage = Usd.Stage.Open(str(path))
    except Tf.ErrorException as error:
        raise DatasetError("OpenUSD cannot open it") from error
    cache = UsdGeom.XformCache()
    corners: list[NDArray[np.float64]] = []
    textured = has_points = False
    for prim in stage.Traverse(Usd.TraverseInstanceProxies()):
        if prim.IsA(UsdShade.Shader):
            textured |= UsdShade.Shader(prim).GetIdAttr().Get() == "UsdUVTexture"
        if not prim.IsA(UsdGeom.Mesh):
            continue
        mesh = UsdGeom.Mesh(prim)
        points = np.array(mesh.GetPointsAttr().Get() or [], np.float64).reshape(-1, 3)
        counts = np.array(mesh.GetFaceVertexCountsAttr().Get() or [], np.int64)
        indices = np.array(mesh.GetFaceVertexIndicesAttr().Get() or [], np.int64)
        has_points |= len(points) > 0
        matrix = np.array(cache.GetLocalToWorldTransform(prim))
        placed = points @ matrix[:3, :3] + matrix[3, :3]
        corners.append(placed[indices[_fans(counts)]])
    return corners, textured, has_points


def _fans(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions in the list of corners of each triangle, (F, 3)."""
    starts = np.cumsum(counts) - counts
    pieces = np.maximum(counts - 2, 0)
    first = np.repeat(starts, pieces)
    step = np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return np.stack([first, first + step + 1, first + step + 2], axis=1)

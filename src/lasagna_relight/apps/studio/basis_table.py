"""What the page needs in order to weigh lights as the package does: the triangles, as numbers.

The page's own code (web/src/lights.ts) finds the triangle of a direction in this very table.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.relighting.basis import basis_size, basis_triangles
from lasagna_relight.relighting.lights import DISK_SAMPLES, WIDEST_DEG


@cache
def table() -> dict[str, Any]:
    """The triangles of the basis and their corners, and the constants of soft lights."""
    inverses, corners = basis_triangles()
    return {
        "basis": {
            "size": basis_size(),
            "front": DIRECTION_NAMES.index("front"),
            "inverses": inverses.flatten().tolist(),
            "corners": corners.flatten().tolist(),
        },
        "disk_samples": DISK_SAMPLES,
        "widest_deg": WIDEST_DEG,
    }

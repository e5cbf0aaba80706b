"""What the page needs in order to weigh lights as the package does: the triangles, as numbers.

The page's own code (web/src/lights.ts) finds the triangle of a direction in this very table, so
that a tie between two triangles ends alike on both sides.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relighting.lights import DISK_SAMPLES, WIDEST_DEG
from lasagna_relight.relit.light_basis import LARGEST_TOTAL, triangles


@cache
def table() -> dict[str, Any]:
    """Names, vectors and triangles of the named directions, and the constants of soft lights."""
    inverses, triples, spread = triangles()
    return {
        "directions": [
            {"name": name, "azimuth": d.azimuth_deg, "elevation": d.elevation_deg}
            for name, d in NAMED_DIRECTIONS.items()
        ],
        "triangles": {
            "inverses": inverses.flatten().tolist(),
            "corners": triples.flatten().tolist(),
            "spread": spread.tolist(),
        },
        "largest_total": LARGEST_TOTAL,
        "disk_samples": DISK_SAMPLES,
        "widest_deg": WIDEST_DEG,
    }

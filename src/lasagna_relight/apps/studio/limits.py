"""What the studio takes from a page, and how long it keeps it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StudioLimits:
    """Bounds on everything that comes from outside.

    Attributes:
        upload_bytes: of a picture or a panorama.
        request_bytes: of any other request.
        picture_pixels: of a picture, before it is decoded.
        preview_side: longer side of what the page works on.
        sessions: open at once; the one that rested longest goes first.
        idle_seconds: after which a session is dropped with its files.
        refinements: kept in a session.
    """

    upload_bytes: int = 100 * 2**20
    request_bytes: int = 8 * 2**20
    picture_pixels: int = 60_000_000
    preview_side: int = 2048
    sessions: int = 32
    idle_seconds: float = 3600.0
    refinements: int = 24

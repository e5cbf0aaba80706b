"""What goes wrong, in the page's own words: no paths, no options of a command line."""

from __future__ import annotations

import re
from pathlib import Path

from fastapi import HTTPException

from lasagna_relight.errors import DirectionError, DivergenceError, LasagnaError, MaskError
from lasagna_relight.masking.select import MaskMethod

SESSION_GONE = "This picture is no longer open here. Open it again to go on."
TOO_MANY_BYTES = "This file is larger than {limit} MB. Save it smaller and open it again."
NOT_UNDERSTOOD = "The studio did not understand this request. Reload the page and try again."
NOT_LOOKED = "The studio is still looking at this picture. Try again in a moment."
CANNOT_LOOK = "The studio could not look at this picture. Open it again."
BUSY = "Too many pictures are open here at once. Try again in a moment."

MASK_NOTES: dict[MaskMethod, str] = {
    "none": "Nothing stands out here, so the light falls on the whole picture. "
    "Paint a mask to choose a part.",
    "grabcut": "The mask is a rough one. Mend it with the brush.",
}


def fault(status: int, message: str) -> HTTPException:
    """An answer that the page shows as it is."""
    return HTTPException(status_code=status, detail=message)


def in_page_words(error: LasagnaError, *, path: Path | None = None, name: str = "") -> str:
    """One sentence about ``error`` for the page; ``path`` is shown as ``name``."""
    if isinstance(error, DivergenceError):
        return "The refinement ran away at this light. Move the light a little and try again."
    if isinstance(error, DirectionError):
        quoted = re.match(r'"[^"]*"', str(error))
        about = quoted[0] if quoted else "This"
        return (
            f"{about} does not say where the light stands. "
            "Try “from the upper left” or “behind right”."
        )
    if isinstance(error, MaskError) and "transparent" in str(error):
        return "This picture is transparent all over. Open one that shows something."
    text = str(error)
    if path is not None:
        text = text.replace(str(path), f"“{name}”" if name else "This file")
    text = re.sub(r"\s*:\s*", ". ", text, count=1)
    head, dot, tail = text.partition(". ")
    return f"{head[:1].upper()}{head[1:]}{dot}{tail[:1].upper()}{tail[1:]}."


def shown_name(name: str) -> str:
    """A file's name from outside, fit to be shown and to be given to a download; never a path."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    return plain[-80:] or "picture"

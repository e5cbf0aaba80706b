"""Whose left is meant: the picture's, or that of somebody in it."""

from __future__ import annotations

import re

UNSURE = 0.85
"""How surely "her left" is the picture's left: people in pictures face either way."""

_SOMEBODYS = re.compile(
    r"\b(?:her|his|their|its own|(?:\w+'s|sitters?|models?)) (?:own )?(?:left|right)\b"
    r"|\b(?:left|right) (?:half|side|part) of (?:her|his|their)\b"
)
_PICTURES = re.compile(
    r"\b(?:camera|picture|frame|viewer|lens|image|photographer)'s|\b(?:our|we|us|picture"
    r"|camera|frame"
    r"|audience|seen|viewer|as i)\b"
)


def left_is_unsure(text: str) -> bool:
    """Whether ``text`` (in lower case) speaks of somebody's left or right, not the picture's."""
    return _SOMEBODYS.search(text) is not None and not _PICTURES.search(text)

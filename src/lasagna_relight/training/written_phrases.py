"""Phrases written one by one, each with where its light stands, to teach the reader from.

A line is ``category<TAB>answer<TAB>phrase``; the answer is the name of a direction, ``AZIMUTH
ELEVATION`` or ``AZIMUTH ELEVATION TOLERANCE`` in degrees, or ``NONE``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lasagna_relight.errors import DatasetError, DirectionError
from lasagna_relight.language.tokenizer import normalized
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relit.captions import LightingPhrase

TOLERANCE_DEG = 35.0
"""A reading this close to an answer is right, unless the answer says otherwise."""

KEPT_BACK_PERCENT = 15
"""Of a hundred phrases, these are never taught: they choose settings and checkpoints."""


@dataclass(frozen=True, kw_only=True)
class WrittenPhrase:
    """A phrase with its answer; ``direction`` is None where the words name none."""

    category: str
    text: str
    direction: LightDirection | None
    name: str | None = None
    """The answer, where it is a name: readings whose nearest name it is are right too."""
    tolerance_deg: float = TOLERANCE_DEG

    @property
    def as_taught(self) -> LightingPhrase:
        return LightingPhrase(text=self.text, direction=self.direction, weight=self.weight)

    @property
    def weight(self) -> float:
        """How much its direction counts in training: less where the words leave more open."""
        return min(1.0, TOLERANCE_DEG / self.tolerance_deg)

    def accepts(self, direction: LightDirection | None) -> bool:
        """Whether a reading, None for a refusal, is right."""
        if self.direction is None or direction is None:
            return self.direction is direction
        near = direction.angle_to(self.direction) <= self.tolerance_deg
        return near or direction.nearest_name == self.name


def read_written_phrases(folder: Path) -> list[WrittenPhrase]:
    """The phrases of all ``*.tsv`` in ``folder``, without those that an earlier file has too.

    Raises:
        DatasetError: there are none, or a line is not of the form; the message names it.
    """
    files = sorted(folder.glob("*.tsv"))
    found: dict[str, WrittenPhrase] = {}
    for path in files:
        for phrase in phrases_of(path):
            found.setdefault(_key(phrase.text), phrase)
    if not found:
        raise DatasetError(f"{folder} holds no phrases: give a folder of *.tsv files")
    return [*found.values()]


def phrases_of(path: Path, *, header_lines: int = 0) -> list[WrittenPhrase]:
    """The phrases of the file at ``path``, after its header.

    Raises:
        DatasetError: a line is not of the form; the message names it.
    """
    phrases = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines[header_lines:], header_lines + 1):
        try:
            phrases.append(_phrase(line))
        except ValueError as error:
            raise DatasetError(f"{path}, line {number}: {error}") from error
    return phrases


def taught_and_kept_back(
    phrases: Iterable[WrittenPhrase],
) -> tuple[list[WrittenPhrase], list[WrittenPhrase]]:
    """``phrases`` in two: what is taught, and what only measures. The words alone decide."""
    parts: tuple[list[WrittenPhrase], list[WrittenPhrase]] = ([], [])
    for phrase in phrases:
        digest = hashlib.sha256(_key(phrase.text).encode()).digest()
        parts[int.from_bytes(digest[:4], "big") % 100 < KEPT_BACK_PERCENT].append(phrase)
    return parts


def _key(text: str) -> str:
    return " ".join(normalized(text).split())


def _phrase(line: str) -> WrittenPhrase:
    """The phrase of a line; a ValueError says what is wrong with it."""
    cells = line.split("\t")
    if len(cells) != 3 or not all(cell.strip() for cell in cells):
        raise ValueError(f"{line[:60]!r} is not category, answer and phrase between tabs")
    category, answer, text = (cell.strip() for cell in cells)
    if answer == "NONE":
        return WrittenPhrase(category=category, text=text, direction=None)
    if answer in NAMED_DIRECTIONS:
        return WrittenPhrase(
            category=category, text=text, direction=NAMED_DIRECTIONS[answer], name=answer
        )
    try:
        azimuth, elevation, *rest = map(float, answer.split())
        (tolerance,) = rest or [TOLERANCE_DEG]
        direction = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
        if not 0 < tolerance <= 180:
            raise ValueError
    except DirectionError:
        raise
    except ValueError:
        raise ValueError(
            f"{answer!r} is no answer: give the name of a direction, two angles, two angles "
            "and a tolerance, or NONE"
        ) from None
    return WrittenPhrase(category=category, text=text, direction=direction, tolerance_deg=tolerance)

"""Batches of the color prior: pictures painted anew in named colors, and captions that say so."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from jaxtyping import Float, UInt8

from lasagna_relight.errors import DatasetError
from lasagna_relight.language.colors import Rgb, main_color
from lasagna_relight.priors.color_prior import ColorCondition, filled, shown_picture
from lasagna_relight.priors.color_words import word_features
from lasagna_relight.seeding import numpy_generator
from lasagna_relight.training.color_captions import caption, observed_colors, random_color
from lasagna_relight.types import Image, Mask

REPAINTED = 0.65
"""Share of pictures that are painted anew; the others keep their colors."""

GRAY = 0.2
"""Share whose base is the gray picture in place of lines."""

HINTED = 0.35
"""Share with hints."""

UNMENTIONED = 0.12
"""Share of pictures said to have one color whose smaller regions have another."""

SHINE = 0.7
"""Share of the way to white that full light would take a bright color."""

BLACK_SHINE = 0.15
"""Share of that for black."""

WHITE_STAYS = 0.75
"""How much less white is shaded than other colors."""

MOST_INK = 0.45
"""Ink inside of an object above which a line drawing is more of a silhouette."""


@dataclass(frozen=True, kw_only=True)
class ColorBatch:
    """Examples on one device.

    Attributes:
        colors: the pictures to be learned.
        condition: what the prior is told of them.
        alpha: coverage of the objects.
    """

    colors: Image
    condition: ColorCondition
    alpha: Mask

    def to(self, device: torch.device) -> ColorBatch:
        """The same on ``device``."""
        told = self.condition
        return ColorBatch(
            colors=self.colors.to(device),
            condition=ColorCondition(shown=told.shown.to(device), words=told.words.to(device)),
            alpha=self.alpha.to(device),
        )


class ColorPictures:
    """The pictures of a file of `training.color_pictures`, mixed into batches.

    Raises:
        DatasetError: it is no such file.
    """

    def __init__(self, path: Path, *, batch_size: int, seed: int, no_words: float = 0.1) -> None:
        try:
            with np.load(path) as arrays:
                self.colors, self.alpha = arrays["color"], arrays["alpha"]
                self.lines, self.shares = arrays["lines"], arrays["shares"]
                self.titles = [str(title) for title in arrays["titles"]]
                relations = [str(known).split(",") for known in arrays["relations"]]
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise DatasetError(
                f"{path} holds no pictures to learn colors from: make it with "
                "python -m lasagna_relight.training.color_pictures"
            ) from error
        self.relations = [
            known if any(known) or not title else [
                place_of(share[k], share.max(0)) for k in (1, 2)
            ]
            for known, title, share in zip(relations, self.titles, self.shares, strict=True)
        ]  # fmt: skip
        self.batch_size, self.seed, self.no_words = batch_size, seed, no_words

    def __call__(self, step: int, part: int) -> ColorBatch:
        """The batch of one part of a step: a pure function of both."""
        draws = numpy_generator(self.seed, "colors", step, part)
        rows = draws.integers(len(self.titles), size=self.batch_size)
        examples = [self._example(int(row), draws) for row in rows]
        colors, base, alpha, gray, hints, hinted = (
            torch.from_numpy(np.stack(column).astype(np.float32))
            for column in zip(*[example[:6] for example in examples], strict=True)
        )
        said = [example[6] for example in examples]
        silent = draws.random(len(said)) < self.no_words
        said = ["" if mute else words for mute, words in zip(silent, said, strict=True)]
        named = [main_color(words) for words in said]
        shown = shown_picture(
            base,
            alpha,
            gray=gray[:, None, None, None],
            hints=hints,
            hinted=hinted,
            guess=filled(alpha, [None if word is None else word.rgb for word in named]),
        )
        words = word_features(said)
        words[torch.from_numpy(silent)] = 0
        return ColorBatch(
            colors=colors, condition=ColorCondition(shown=shown, words=words), alpha=alpha
        )

    def _example(self, row: int, draws: np.random.Generator) -> tuple:
        shares = self.shares[row].astype(np.float32) / 255
        alpha = self.alpha[row].astype(np.float32)[None] / 255
        original = self.colors[row].astype(np.float32) / 255
        count = max(1, int((shares.sum((1, 2)) > 40).sum()))
        if draws.random() < REPAINTED or not self.titles[row]:
            colors, said = self._repainted(row, original, shares, count, draws)
        else:
            colors, said = original, self._described(row, original, shares, count, draws)
        if draws.random() < 0.5:
            colors, alpha = colors[..., ::-1], alpha[..., ::-1]
            said, turn = _mirrored(said), True
        else:
            turn = False
        gray = draws.random() < GRAY
        if gray:
            base = (colors * _LUMA[:, None, None]).sum(0)[None]
        else:
            base = self._drawing(row, draws, turn)
        hints, hinted = _random_hints(colors, alpha, draws)
        return colors, base, alpha, float(gray), hints, hinted, said

    def _drawing(self, row: int, draws: np.random.Generator, turn: bool) -> np.ndarray:
        pair = self.lines[row].astype(np.float32) / 255
        inside = self.alpha[row] > 128
        heavy = [1 - lines[inside].mean() > MOST_INK for lines in pair]
        choice = int(draws.integers(2))
        lines = pair[1 - choice if heavy[choice] else choice]
        ink = float(draws.uniform(0.55, 1.0))
        lines = 1 - ink * (1 - lines)
        return (lines[:, ::-1] if turn else lines)[None]

    def _repainted(
        self, row: int, original: np.ndarray, shares: np.ndarray, count: int,
        draws: np.random.Generator,
    ) -> tuple[np.ndarray, str]:  # fmt: skip
        light = (original * _LUMA[:, None, None]).sum(0)
        painted = np.ones_like(original) * (1 - shares.sum(0).clip(0, 1))
        depth = float(draws.uniform(0.2, 1.1))
        mentioned = int(draws.choice([1, count])) if count > 1 else 1
        named = [random_color(draws) for _ in range(mentioned)]
        alone = mentioned == 1 and draws.random() >= UNMENTIONED
        for k in range(count):
            weight = shares[k]
            mean = float((light * weight).sum() / max(1.0, weight.sum()))
            shade = ((light - mean) * depth).clip(-0.4, 0.3)
            color = named[k].rgb if k < mentioned else (
                named[0].rgb if alone else random_color(draws).rgb
            )  # fmt: skip
            if k >= mentioned and alone:
                shade = shade + float(draws.uniform(-0.12, 0.06))
            painted += weight * shaded(color, shade)
        said = caption(self.titles[row], named, self.relations[row][: mentioned - 1], draws)
        return painted.clip(0, 1), said

    def _described(
        self, row: int, original: np.ndarray, shares: np.ndarray, count: int,
        draws: np.random.Generator,
    ) -> str:  # fmt: skip
        title = self.titles[row]
        if draws.random() < 0.2:
            return title
        mentioned = int(draws.choice([1, count])) if count > 1 else 1
        weights = shares[:mentioned, None]
        means = (original * weights).sum((2, 3)) / weights.sum((2, 3)).clip(1)
        named = observed_colors(means, draws)
        return caption(title, named, self.relations[row][: mentioned - 1], draws)


def shaded(color: Rgb, shade: Float[np.ndarray, "side side"]) -> Float[np.ndarray, "3 side side"]:
    """A surface of one color under light that differs from the usual by ``shade``, in [-1, 1].

    What is black reflects little of more light, and a picture is exposed so that what is white
    is white: shading has one side there, and at full depth its mean is gray.
    """
    base = np.array(color, np.float32)[:, None, None]
    shade = shade * (1 - WHITE_STAYS * base.min() ** 4)
    shine = SHINE * (BLACK_SHINE + (1 - BLACK_SHINE) * base.max())
    return np.where(shade < 0, base * (1 + shade), base + (1 - base) * shade * shine)


def place_of(share: UInt8[np.ndarray, "side side"], whole: UInt8[np.ndarray, "side side"]) -> str:
    """What a region is to its object by its shape: a member of `color_drawings.PLACES`, or ""."""
    part, body = share > 128, whole > 128
    if part.sum() < 12 or body.sum() < 40:
        return ""
    count, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8))
    sizes = stats[1:, cv2.CC_STAT_AREA]
    if count - 1 >= 5 and (sizes > 3).sum() >= 4:
        return "spots"
    rows, columns = np.nonzero(part)
    all_rows, all_columns = np.nonzero(body)
    height, width = np.ptp(all_rows) + 1, np.ptp(all_columns) + 1
    y = (rows.mean() - all_rows.min()) / height - 0.5
    x = (columns.mean() - all_columns.min()) / width - 0.5
    if max(abs(x), abs(y)) < 0.12:
        spread = max(np.ptp(rows) / height, np.ptp(columns) / width)
        return "middle" if spread < 0.6 else ""
    if abs(y) >= abs(x):
        return "top" if y < 0 else "bottom"
    return "left" if x < 0 else "right"


_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def _mirrored(said: str) -> str:
    """``said`` of the picture seen in a mirror: left and right change places."""
    return said.replace("left", "\0").replace("right", "left").replace("\0", "right")


def _random_hints(
    colors: np.ndarray, alpha: np.ndarray, draws: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Dots and strokes in the true colors, as a user might paint them: pixels and coverage."""
    hinted = np.zeros(alpha.shape[1:], np.uint8)
    inside = np.argwhere(alpha[0] > 0.9)
    if draws.random() < HINTED and len(inside):
        for _ in range(int(draws.integers(1, 7))):
            y, x = inside[int(draws.integers(len(inside)))]
            end = (int(x + draws.integers(-6, 7)), int(y + draws.integers(-6, 7)))
            if draws.random() < 0.6:
                end = (int(x), int(y))
            cv2.line(hinted, (int(x), int(y)), end, 1, int(draws.integers(1, 4)))
    cover = (hinted > 0)[None] * (alpha > 0.5)
    return colors * cover, cover.astype(np.float32)

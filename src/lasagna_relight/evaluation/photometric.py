"""Recipes measured on real photographs whose lights are known.

Each pair is a photograph to relight and one of the same object under the light asked for. The
control is words ("light from the left") or the target's exact angles. Two references stand in
every table: the source as it is, and the oracle gain, the best that a gain map can do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from lasagna_relight.compositing.stack import composite_picture
from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.cases import PhotometricCase
from lasagna_relight.evaluation.metrics import correlation, exposed, oracle_log_gain, psnr
from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.masking.select import resolve_mask
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.types import Image, LogGain, Mask

Control = Literal["words", "angles", "none"]
COPY_SOURCE = "copy-source"
ORACLE = "oracle gain"


CONTROLS: tuple[Control, ...] = ("words", "angles")


@dataclass(frozen=True, kw_only=True)
class PairScore:
    """One method on one pair.

    Attributes:
        set_name: the set of photographs.
        source: file name of the picture relit.
        target: file name of the picture it should become.
        direction_name: a word for the target's light.
        method: a recipe's name, or a reference.
        control: how the light was asked for; "none" for the references.
        psnr_db: inside the mask, after one exposure factor fitted to the target.
        correlation: of the log gain with the oracle's; None where the method has no edit.
    """

    set_name: str
    source: str
    target: str
    direction_name: str
    method: str
    control: Control
    psnr_db: float
    correlation: float | None


@dataclass(frozen=True, kw_only=True)
class MethodScore:
    """One method over all pairs: means, and in how many pairs it beats copying the source."""

    method: str
    control: Control
    psnr_db: float
    correlation: float | None
    wins: int
    pairs: int


@dataclass(frozen=True, kw_only=True)
class _Truth:
    """What a pair is measured against."""

    case: PhotometricCase
    picture: Picture
    source: Image
    target: Image
    mask: Mask
    oracle: LogGain

    def score(self, method: str, control: Control, image: Image, edit: LogGain | None) -> PairScore:
        alike = None
        if edit is not None:
            alike = correlation(edit, self.oracle, self.source, self.mask).item()
        return PairScore(
            set_name=self.case.set_name,
            source=self.case.source.name,
            target=self.case.target.name,
            direction_name=self.case.direction_name,
            method=method,
            control=control,
            psnr_db=psnr(exposed(image, self.target, self.mask), self.target, self.mask).item(),
            correlation=None if alike is None or np.isnan(alike) else alike,
        )


def score_pairs(
    cases: Iterable[PhotometricCase], relighters: Sequence[Relighter], *, seed: int = 0
) -> Iterator[PairScore]:
    """Scores of the references and of every recipe by words and by angles, pair by pair.

    Raises:
        DatasetError: a pair's pictures are of different sizes.
        InputError: a picture or a mask cannot be read, or the words name no direction.
    """
    for case in cases:
        truth = _look(case)
        yield truth.score(COPY_SOURCE, "none", truth.source, None)
        for relighter in relighters:
            for control in CONTROLS:
                words = f"light from the {case.direction_name}"
                result = relighter.relight(
                    truth.picture,
                    words if control == "words" else case.target_direction,
                    mask=case.mask,
                    seed=seed,
                )
                edit = torch.from_numpy(result.log_gain)[None]
                yield truth.score(relighter.recipe.name, control, result.image, edit)
        best = composite_picture(truth.picture, truth.oracle[0].numpy())
        yield truth.score(ORACLE, "none", best.image(), truth.oracle)


def summarize(scores: Sequence[PairScore]) -> list[MethodScore]:
    """Each method over all pairs, in the order of their first appearance, the oracle last."""
    floors = {_pair(score): score.psnr_db for score in scores if score.method == COPY_SOURCE}
    methods: dict[tuple[str, Control], None] = dict.fromkeys(
        (score.method, score.control) for score in scores
    )
    rows = []
    for method, control in sorted(methods, key=lambda name: name[0] == ORACLE):
        own = [s for s in scores if (s.method, s.control) == (method, control)]
        known = [s.correlation for s in own if s.correlation is not None]
        rows.append(
            MethodScore(
                method=method,
                control=control,
                psnr_db=sum(s.psnr_db for s in own) / len(own),
                correlation=sum(known) / len(known) if known else None,
                wins=sum(s.psnr_db > floors[_pair(s)] for s in own),
                pairs=len(own),
            )
        )
    return rows


def format_table(rows: Sequence[MethodScore]) -> str:
    """The summary as a Markdown table."""
    floor = next(row.psnr_db for row in rows if row.method == COPY_SOURCE)
    return markdown_table(
        ["method", "control", "PSNR dB", "over source", "correlation", "wins"],
        [
            [
                row.method,
                "" if row.control == "none" else row.control,
                f"{row.psnr_db:.2f}",
                f"{row.psnr_db - floor:+.2f}",
                "" if row.correlation is None else f"{row.correlation:.3f}",
                f"{row.wins} of {row.pairs}",
            ]
            for row in rows
        ],
    )


def _look(case: PhotometricCase) -> _Truth:
    picture, target = read_picture(case.source), read_picture(case.target)
    if picture.pixels.shape != target.pixels.shape:
        raise DatasetError(
            f"{case.target} is of another size than {case.source.name}: a pair needs one camera"
        )
    source, wanted = picture.image(), target.image()
    return _Truth(
        case=case,
        picture=picture,
        source=source,
        target=wanted,
        mask=torch.from_numpy(resolve_mask(picture, case.mask).mask)[None],
        oracle=oracle_log_gain(source, wanted),
    )


def _pair(score: PairScore) -> tuple[str, str, str]:
    return (score.set_name, score.source, score.target)

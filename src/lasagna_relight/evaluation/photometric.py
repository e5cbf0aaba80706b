"""Recipes measured on real photographs whose lights are known.

Each pair is a photograph to relight and one of the same object under the light asked for. The
control is words ("light from the left") or the target's exact angles. Two references stand in
every table: the source as it is, and the oracle gain, the best that a gain map can do.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lasagna_relight.evaluation.baselines import IDENTITY, reference_methods
from lasagna_relight.evaluation.baselines import ORACLE as REFERENCE_ORACLE
from lasagna_relight.evaluation.case import Scene
from lasagna_relight.evaluation.cases import case_of_pair
from lasagna_relight.evaluation.method import Answer, Method
from lasagna_relight.evaluation.metrics import correlation, exposed, psnr
from lasagna_relight.evaluation.photometric_folder import PhotometricCase
from lasagna_relight.evaluation.recipe_methods import CONTROLS, recipe_method
from lasagna_relight.evaluation.table import markdown_table
from lasagna_relight.relighting.api import Relighter

Control = Literal["words", "angles", "none"]
COPY_SOURCE = "copy-source"
ORACLE = "oracle gain"


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


def score_pairs(
    cases: Iterable[PhotometricCase], relighters: Sequence[Relighter], *, seed: int = 0
) -> Iterator[PairScore]:
    """Scores of the references and of every recipe by words and by angles, pair by pair.

    Raises:
        DatasetError: a set's pictures are of different sizes.
        InputError: a picture or a mask cannot be read, or the words name no direction.
    """
    references = {method.name: method for method in reference_methods()}
    methods: list[tuple[str, Control, Method]] = [
        (COPY_SOURCE, "none", references[IDENTITY]),
        *((r.recipe.name, c, recipe_method(r, c, "")) for r in relighters for c in CONTROLS),
        (ORACLE, "none", references[REFERENCE_ORACLE]),
    ]
    for pair in cases:
        case = case_of_pair(pair)
        scene = case.load()
        for name, control, method in methods:
            answer = method.solve(case, scene, seed)
            yield _score(pair, scene, name, control, answer)


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


def _score(
    pair: PhotometricCase, scene: Scene, method: str, control: Control, answer: Answer
) -> PairScore:
    assert scene.target is not None
    assert scene.oracle is not None
    target, mask = scene.target, scene.coverage
    alike = None
    if answer.log_gain is not None:
        alike = correlation(answer.log_gain, scene.oracle, scene.source, mask).item()
    return PairScore(
        set_name=pair.set_name,
        source=pair.source.name,
        target=pair.target.name,
        direction_name=pair.direction_name,
        method=method,
        control=control,
        psnr_db=psnr(exposed(answer.image, target, mask), target, mask).item(),
        correlation=None if alike is None or np.isnan(alike) else alike,
    )


def _pair(score: PairScore) -> tuple[str, str, str]:
    return (score.set_name, score.source, score.target)

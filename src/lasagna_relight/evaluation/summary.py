"""The results of a run, gathered: a row for each method over all cases of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from lasagna_relight.evaluation.baselines import IDENTITY, ORACLE
from lasagna_relight.evaluation.case import Kind
from lasagna_relight.evaluation.metrics import ROUNDING
from lasagna_relight.evaluation.results import Result
from lasagna_relight.evaluation.scoring import FIGURES
from lasagna_relight.evaluation.statistics import (
    Estimate,
    bootstrap_mean,
    bootstrap_ratio,
    holm,
    sign_flip_p,
)

KINDS: tuple[Kind, ...] = ("photographs", "rendered", "art")
COVERED = "covered"
REFERENCE = "instant@angles"
"""The method that all others are tested against, beside no edit."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One method over the cases of a kind.

    Attributes:
        method: its name.
        figures: by name; missing where no case has the figure.
        failed: cases it has no answer to; the means are over the others.
        cases: all, failed ones too.
    """

    method: str
    figures: dict[str, Estimate]
    failed: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two methods on the cases that both answered.

    Attributes:
        method: against ``other``.
        difference: mean of the figure, method less other.
        wins: cases in which the method is better.
        p_value: of the sign-flip test over objects, adjusted by Holm for the table.
        objects: how many there are.
    """

    method: str
    other: str
    figure: str
    difference: Estimate
    wins: int
    p_value: float
    objects: int


def rows(results: Sequence[Result], kind: Kind) -> list[Row]:
    """A row for each method, in the order of the results."""
    of_kind = [result for result in results if result.kind == kind]
    methods = dict.fromkeys(result.method for result in of_kind)
    return [_row(method, of_kind) for method in methods]


def comparisons(
    results: Sequence[Result], kind: Kind, other: str, figure: str = "psnr_db"
) -> list[Comparison]:
    """Every method against ``other``, paired by case; the references and failures left out."""
    of_kind = [r for r in results if r.kind == kind and r.error is None]
    theirs = {r.case: r.scores.get(figure) for r in of_kind if r.method == other}
    better = 1 if FIGURES[figure].higher_is_better else -1
    found = []
    for method in dict.fromkeys(r.method for r in of_kind):
        if method in (other, IDENTITY, ORACLE):
            continue
        differences, groups = [], []
        for result in of_kind:
            own, against = result.scores.get(figure), theirs.get(result.case)
            if result.method == method and own is not None and against is not None:
                differences.append(own - against)
                groups.append(result.group)
        if differences:
            found.append(
                Comparison(
                    method=method,
                    other=other,
                    figure=figure,
                    difference=bootstrap_mean(differences, groups),
                    wins=sum(better * d > 0 for d in differences),
                    p_value=sign_flip_p(differences, groups),
                    objects=len(set(groups)),
                )
            )
    adjusted = holm({c.method: c.p_value for c in found})
    return [replace(comparison, p_value=adjusted[comparison.method]) for comparison in found]


def extreme_cases(
    results: Sequence[Result], kind: Kind, method: str, count: int = 3
) -> tuple[list[Result], list[Result]]:
    """The cases where ``method`` gains most over no edit, and those where it gains least."""
    figure = "psnr_db" if kind != "art" else "toward_light"
    floor = {
        r.case: r.scores.get(figure) for r in results if r.kind == kind and r.method == IDENTITY
    }
    gains = []
    for result in results:
        own = result.scores.get(figure)
        if result.kind == kind and result.method == method and own is not None:
            gains.append((own - (floor.get(result.case) or 0.0), result))
    ordered = [result for _, result in sorted(gains, key=lambda pair: -pair[0])]
    return ordered[:count], ordered[max(count, len(ordered) - count) :]


def _row(method: str, results: Sequence[Result]) -> Row:
    own = [result for result in results if result.method == method]
    solved = [result for result in own if result.error is None]
    figures = {}
    for name in FIGURES:
        values, groups = [], []
        for result in solved:
            value = result.scores.get(name)
            if value is not None:
                values.append(value)
                groups.append(result.group)
        if values:
            figures[name] = bootstrap_mean(values, groups)
    covered = _covered(solved, results)
    if covered is not None:
        figures[COVERED] = covered
    return Row(method=method, figures=figures, failed=len(own) - len(solved), cases=len(own))


def _covered(own: Sequence[Result], results: Sequence[Result]) -> Estimate | None:
    """Share of the way from no edit to the oracle, errors summed before they are divided."""

    def errors(method: str) -> dict[str, float]:
        return {
            r.case: value
            for r in results
            if r.method == method and (value := r.scores.get("absolute_error")) is not None
        }

    identity, oracle = errors(IDENTITY), errors(ORACLE)
    done, whole, groups = [], [], []
    for result in own:
        error = result.scores.get("absolute_error")
        if error is not None and result.case in identity and result.case in oracle:
            done.append(identity[result.case] - error)
            whole.append(identity[result.case] - oracle[result.case])
            groups.append(result.group)
    if not done or abs(sum(whole)) < ROUNDING:
        return None
    return bootstrap_ratio(done, whole, groups)

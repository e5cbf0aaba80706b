"""What the votes say: intervals, preferences, a ranking, and how far raters agree.

Exact binomial intervals (Clopper and Pearson, 1934) by scipy, Bradley-Terry strengths by choix,
Krippendorff's alpha by krippendorff; all three come with the `study` extra. Raters who miss
known answers are left out, and counted.
"""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.study_items import CHECK, Item
from lasagna_relight.evaluation.study_store import Vote
from lasagna_relight.evaluation.table import markdown_table

ALLOWED_MISSES = 0
"""Known answers that a rater may miss."""

SMOOTHING = 0.01
"""Regularization of Bradley-Terry strengths, so that a method that always wins has one."""


@dataclass(frozen=True, kw_only=True)
class Preference:
    """One method against another.

    Attributes:
        method: preferred in ``wins`` of ``votes``.
        other: the one it stood against.
        low: of the exact 95 % interval of the share.
        high: of the same.
        p_value: two-sided, of the exact binomial test against a fair coin.
    """

    method: str
    other: str
    wins: int
    votes: int
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A study's outcome.

    Attributes:
        raters: who voted at all.
        excluded: of these, who missed a known answer.
        unchecked: of the others, who left before meeting every known answer.
        preferences: each pair of methods that were compared.
        strengths: Bradley-Terry log strengths, mean 0, best first.
        agreement: Krippendorff's alpha over items, nominal; None with too few votes.
        left_share: share of votes for the left picture: a half, if sides do not matter.
    """

    raters: int
    excluded: int
    unchecked: int
    preferences: list[Preference]
    strengths: dict[str, float]
    agreement: float | None
    left_share: float


def analyze(items: Sequence[Item], votes: Sequence[Vote]) -> Analysis:
    """Everything that the votes of a study say.

    Raises:
        DatasetError: there is no vote of a rater who passed the checks.
    """
    by_id = {item.id: item for item in items}
    checks = {item.id for item in items if item.method_a == CHECK}
    misses: Counter[str] = Counter()
    met: Counter[str] = Counter()
    for vote in votes:
        if vote.item in checks:
            met[vote.rater] += 1
            misses[vote.rater] += vote.choice != by_id[vote.item].expected
    raters = {vote.rater for vote in votes}
    excluded = {rater for rater in raters if misses[rater] > ALLOWED_MISSES}
    kept = [v for v in votes if v.rater not in excluded and v.item not in checks]
    if not kept:
        raise DatasetError("no votes of raters who answered the known questions: collect some")
    wins = wins_of(kept, by_id)
    return Analysis(
        raters=len(raters),
        excluded=len(excluded),
        unchecked=sum(met[rater] < len(checks) for rater in raters - excluded),
        preferences=_preferences(wins),
        strengths=bradley_terry(wins),
        agreement=agreement(kept),
        left_share=sum(vote.side == "left" for vote in kept) / len(kept),
    )


def wins_of(votes: Sequence[Vote], items: Mapping[str, Item]) -> Counter[tuple[str, str]]:
    """How often each method was preferred to each other one."""
    wins: Counter[tuple[str, str]] = Counter()
    for vote in votes:
        item = items[vote.item]
        first, second = item.method_a, item.method_b
        wins[(first, second) if vote.choice == "a" else (second, first)] += 1
    return wins


def bradley_terry(wins: Mapping[tuple[str, str], int]) -> dict[str, float]:
    """Log strengths, mean 0, best first: P(i over j) = 1 / (1 + exp(s_j - s_i)).

    Source: Bradley and Terry, Biometrika 39, 1952.
    """
    import choix

    methods = list(dict.fromkeys(name for pair in wins for name in pair))
    pairs = [
        (methods.index(winner), methods.index(loser))
        for (winner, loser), count in wins.items()
        for _ in range(count)
    ]
    strengths = choix.opt_pairwise(len(methods), pairs, alpha=SMOOTHING)
    strengths = strengths - strengths.mean()
    order = np.argsort(-strengths)
    return {methods[i]: float(strengths[i]) for i in order}


def agreement(votes: Sequence[Vote]) -> float | None:
    """Krippendorff's alpha of the choices, 1 for perfect agreement and 0 for chance.

    None where no item has two votes, or all votes are the same.
    """
    import krippendorff

    raters = {name: i for i, name in enumerate(dict.fromkeys(v.rater for v in votes))}
    items = {name: i for i, name in enumerate(dict.fromkeys(v.item for v in votes))}
    table = np.full((len(raters), len(items)), np.nan)
    for vote in votes:
        table[raters[vote.rater], items[vote.item]] = vote.choice == "b"
    several = (~np.isnan(table)).sum(0) >= 2
    if not several.any() or len(np.unique(table[~np.isnan(table)])) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))


def format_analysis(found: Analysis) -> str:
    """The analysis in Markdown."""
    methods = list(found.strengths)
    share = {(p.method, p.other): p.wins / p.votes for p in found.preferences}
    share |= {(p.other, p.method): 1 - p.wins / p.votes for p in found.preferences}
    preferences = markdown_table(
        ["preferred", "to", "votes", "share", "95 % interval", "p"],
        [
            [p.method, p.other, f"{p.wins} of {p.votes}", f"{p.wins / p.votes:.1%}",
             f"{p.low:.1%} to {p.high:.1%}", f"{p.p_value:.4f}"]
            for p in found.preferences
        ],
    )  # fmt: skip
    matrix = markdown_table(
        ["row preferred to column", *methods],
        [
            [row, *(f"{share[row, c]:.0%}" if (row, c) in share else "" for c in methods)]
            for row in methods
        ],
    )
    ranking = markdown_table(
        ["method", "Bradley-Terry strength"],
        [[name, f"{strength:+.2f}"] for name, strength in found.strengths.items()],
    )
    alpha = "not known" if found.agreement is None else f"{found.agreement:.3f}"
    return (
        f"{found.raters} raters, {found.excluded} left out for a missed known answer, "
        f"{found.unchecked} who stopped before the last one. Krippendorff's alpha {alpha}; "
        f"{found.left_share:.1%} of choices were the left picture. Votes of one rater and on one "
        "picture are not independent; the intervals take them as if they were.\n\n"
        f"{preferences}\n\n{matrix}\n\n{ranking}"
    )


def votes_as_csv(items: Sequence[Item], votes: Sequence[Vote]) -> str:
    """Every vote with what was asked, one a line, known answers too."""
    by_id = {item.id: item for item in items}
    names = ["case", "method_a", "method_b", "expected"]
    file = io.StringIO()
    columns = [*Vote.__dataclass_fields__, *names]
    writer = csv.DictWriter(file, columns, lineterminator="\n")
    writer.writeheader()
    for vote in votes:
        item = by_id[vote.item]
        writer.writerow(asdict(vote) | {name: getattr(item, name) for name in names})
    return file.getvalue()


def _preferences(wins: Counter[tuple[str, str]]) -> list[Preference]:
    from scipy.stats import binomtest

    found = []
    for first, second in dict.fromkeys(tuple(sorted(pair)) for pair in wins):
        ahead, behind = wins[first, second], wins[second, first]
        if behind > ahead:
            first, second, ahead, behind = second, first, behind, ahead
        test = binomtest(ahead, ahead + behind)
        interval = test.proportion_ci(0.95, method="exact")
        found.append(
            Preference(
                method=first,
                other=second,
                wins=ahead,
                votes=ahead + behind,
                low=float(interval.low),
                high=float(interval.high),
                p_value=float(test.pvalue),
            )
        )
    return sorted(found, key=lambda p: -p.wins / p.votes)

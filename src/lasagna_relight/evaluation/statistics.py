"""Means with intervals, and paired tests, over objects: cases of one object are no new evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 4000
CONFIDENCE = 0.95
EXACT_UP_TO = 14
"""Up to so many objects, all sign flips are enumerated."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A mean over cases with its interval.

    Attributes:
        mean: over all cases.
        low: of the interval; None with fewer than two objects.
        high: of the interval.
        cases: how many cases the mean is over.
    """

    mean: float
    low: float | None
    high: float | None
    cases: int


def bootstrap_mean(values: Sequence[float], groups: Sequence[str], *, seed: int = 0) -> Estimate:
    """Mean of ``values`` with the percentile bootstrap over groups (Efron and Tibshirani, 1993).

    Whole groups are drawn with replacement.
    """
    sums, counts = _by_group(values, groups)
    mean = float(sums.sum() / counts.sum())
    if len(sums) < 2:
        return Estimate(mean=mean, low=None, high=None, cases=len(values))
    means = _resampled(sums, seed) / _resampled(counts, seed)
    low, high = np.quantile(means, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(mean=mean, low=float(low), high=float(high), cases=len(values))


def bootstrap_ratio(
    above: Sequence[float], below: Sequence[float], groups: Sequence[str], *, seed: int = 0
) -> Estimate:
    """Sum of ``above`` over sum of ``below``, with the same bootstrap."""
    upper, _ = _by_group(above, groups)
    lower, _ = _by_group(below, groups)
    ratio = float(upper.sum() / lower.sum())
    if len(upper) < 2:
        return Estimate(mean=ratio, low=None, high=None, cases=len(above))
    ratios = _resampled(upper, seed) / _resampled(lower, seed)
    low, high = np.quantile(ratios, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Estimate(mean=ratio, low=float(low), high=float(high), cases=len(above))


def sign_flip_p(differences: Sequence[float], groups: Sequence[str], *, seed: int = 0) -> float:
    """Two-sided p-value of the paired permutation test on the objects' mean differences.

    Under no difference, the sign of each object's mean is a fair coin (Fisher, 1935). Exact for up
    to 14 objects; with n objects no p-value is below 2 / 2^n, so that four can prove nothing.
    """
    sums, counts = _by_group(differences, groups)
    means = sums / counts
    if len(means) <= EXACT_UP_TO:
        bits = np.arange(2 ** len(means))[:, None] >> np.arange(len(means)) & 1
        signs = 1 - 2 * bits
        extra = 0
    else:
        signs = np.random.default_rng(seed).choice([-1, 1], size=(20_000, len(means)))
        extra = 1  # the observed one among the drawn
    flipped = np.abs(signs @ means)
    reached = (flipped >= abs(means.sum()) - 1e-12 * max(1.0, np.abs(means).sum())).sum()
    return float((reached + extra) / (len(signs) + extra))


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """The p-values adjusted for their number (Holm, Scand. J. Statist. 6, 1979)."""
    adjusted, worst = {}, 0.0
    for rank, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[name]))
        adjusted[name] = worst
    return adjusted


def _by_group(values: Sequence[float], groups: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Sum and number of values of each group."""
    assert len(values) == len(groups)
    assert values
    names = {name: index for index, name in enumerate(dict.fromkeys(groups))}
    sums, counts = np.zeros(len(names)), np.zeros(len(names))
    for value, group in zip(values, groups, strict=True):
        sums[names[group]] += value
        counts[names[group]] += 1
    return sums, counts


def _resampled(totals: np.ndarray, seed: int) -> np.ndarray:
    """Totals over the same draws of groups for the same seed, (RESAMPLES,)."""
    draws = np.random.default_rng(seed).integers(0, len(totals), (RESAMPLES, len(totals)))
    return totals[draws].sum(1)

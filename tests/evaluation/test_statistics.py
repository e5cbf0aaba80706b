"""Intervals and tests against known answers and against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import permutation_test

from lasagna_relight.evaluation.statistics import (
    bootstrap_mean,
    bootstrap_ratio,
    holm,
    sign_flip_p,
)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    draws = np.random.default_rng(0)
    held = 0
    for trial in range(200):
        values = draws.normal(3, 1, 30)
        found = bootstrap_mean(values.tolist(), [str(i) for i in range(30)], seed=trial)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 3 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_cases_of_one_object_are_no_new_evidence() -> None:
    values = [1.0, 2.0, 3.0, 4.0]
    apart = bootstrap_mean(values * 5, [str(i) for i in range(20)])
    together = bootstrap_mean(values * 5, ["a", "b", "c", "d"] * 5)
    assert apart.mean == together.mean == 2.5
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert bootstrap_mean(values, ["a"] * 4).low is None


def test_a_ratio_is_of_sums() -> None:
    found = bootstrap_ratio([1.0, 3.0], [2.0, 8.0], ["a", "b"])
    assert found.mean == pytest.approx(0.4)
    assert found.low == pytest.approx(0.375)
    assert found.high == pytest.approx(0.5)


def test_sign_flips_agree_with_scipy() -> None:
    values = np.random.default_rng(1).normal(0.4, 1, 10)
    theirs = permutation_test(
        (values,), np.mean, permutation_type="samples", n_resamples=np.inf
    ).pvalue
    groups = [str(i) for i in range(10)]
    assert sign_flip_p(values.tolist(), groups) == pytest.approx(theirs)


def test_four_objects_prove_nothing_and_twenty_do() -> None:
    assert sign_flip_p([1.0] * 12, ["a", "b", "c", "d"] * 3) == pytest.approx(2 / 16)
    assert sign_flip_p([1.0] * 20, [str(i) for i in range(20)]) < 0.001
    assert sign_flip_p([1.0, -1.0], ["a", "b"]) == 1


def test_holm_is_that_of_the_book() -> None:
    found = holm({"a": 0.01, "b": 0.04, "c": 0.03})
    assert found == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})

"""What the README says, held against results that bear it out and against ones that do not."""

from __future__ import annotations

import pytest

from lasagna_relight.evaluation.claims import difference, verdicts
from lasagna_relight.evaluation.results import Result

GOOD = {
    "identity": 15.0, "ramp": 16.0, "instant@words": 16.1, "instant@angles": 17.0,
    "target@angles": 16.9, "sds@angles": 17.1, "dds@angles": 16.0,
}  # fmt: skip


def _results(decibels: dict[str, float], *, touched: float = 0.0) -> list[Result]:
    return [
        Result(
            key=f"{method}{case}", case=f"case{case}", kind="photographs", group=f"object{case}",
            method=method, family="recipe" if "@" in method else "baseline", seed=0,
            scores={"psnr_db": value + case, "background_change": touched},
        )
        for method, value in decibels.items()
        for case in range(3)
    ]  # fmt: skip


def test_results_that_bear_the_claims_out() -> None:
    found = verdicts(_results(GOOD))
    assert [verdict.holds for verdict in found] == [True] * 4
    assert "`dds@angles`: +1.00 [+1.00, +1.00] dB over 3 cases" in found[0].measured


@pytest.mark.parametrize(
    ("changed", "touched", "broken"),
    [
        ({"dds@angles": 14.9}, 0.0, "every recipe"),
        ({"sds@angles": 17.4}, 0.0, "distillation"),
        ({"instant@words": 15.6}, 0.0, "gradient drawn by hand"),
        ({}, 0.4, "outside the mask"),
    ],
)
def test_each_claim_fails_where_the_results_say_otherwise(changed, touched, broken) -> None:
    found = verdicts(_results(GOOD | changed, touched=touched))
    assert [broken in verdict.claim for verdict in found if not verdict.holds] == [True]


def test_a_claim_that_nothing_decides_is_left_out() -> None:
    assert verdicts([]) == []
    assert len(verdicts(_results({"instant@words": 16.0}))) == 1


def test_a_difference_is_over_the_cases_that_both_answered() -> None:
    results = _results(GOOD)
    results = [r for r in results if not (r.method == "ramp" and r.case == "case1")]
    found = difference(results, "photographs", "ramp", "identity")
    assert found is not None
    assert (found.mean, found.cases) == (pytest.approx(1.0), 2)

"""What readers believe, alone and together."""

import math

import pytest
import torch

from lasagna_relight.language.belief import DirectionBelief, believed_in_batches, pooled


def belief(mean: tuple[float, float, float], concentration: float, named: float = 0.0):
    return DirectionBelief(
        mean=torch.tensor([mean]),
        concentration=torch.tensor([float(concentration)]),
        named_logit=torch.tensor([float(named)]),
    )


RIGHT, TOP = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


def test_confidence_grows_with_concentration_and_stays_in_range():
    beliefs = DirectionBelief(
        mean=torch.eye(3),
        concentration=torch.tensor([0.1, 3.0, 400.0]),
        named_logit=torch.full((3,), 20.0),
    )
    low, middle, high = beliefs.confidence.tolist()
    assert 0.14 < low < middle < high <= 1
    assert low == pytest.approx(0.16, abs=0.02)  # nearly uniform: the cap's share of the sphere


def test_two_that_agree_are_as_sure_as_one():
    both = pooled((belief(RIGHT, 20, 3), belief(RIGHT, 20, 3)), (0.6, 0.4))
    assert both.mean.tolist() == [list(RIGHT)]
    assert both.concentration.item() == pytest.approx(20)
    assert both.named_logit.item() == pytest.approx(3)


def test_two_that_point_apart_are_less_sure_and_the_surer_one_leads():
    both = pooled((belief(RIGHT, 30), belief(TOP, 10)), (0.5, 0.5))
    assert both.concentration.item() == pytest.approx(math.hypot(15, 5))
    assert both.mean[0, 0] == pytest.approx(3 * both.mean[0, 1].item())


def test_opposite_beliefs_cancel_and_stay_finite():
    both = pooled((belief(RIGHT, 10), belief((-1.0, 0.0, 0.0), 10)), (0.5, 0.5))
    assert both.concentration.item() < 0.01
    assert both.mean.isfinite().all()
    assert 0 <= both.confidence.item() < 0.2


def test_beliefs_and_weights_are_of_one_number():
    with pytest.raises(ValueError, match="zip"):
        pooled((belief(RIGHT, 1),), (0.5, 0.5))


def test_batches_of_like_length_come_back_in_order():
    seen = []

    def believe(some: list[str]) -> DirectionBelief:
        seen.append(some)
        lengths = torch.tensor([float(len(text)) for text in some])
        return DirectionBelief(
            mean=torch.eye(3)[[0] * len(some)], concentration=lengths, named_logit=-lengths
        )

    texts = ["four", "a", "three", "to"]
    together = believed_in_batches(believe, texts, size=2)
    assert seen == [["a", "to"], ["four", "three"]]
    assert together.concentration.tolist() == [4, 1, 5, 2]
    assert together.named_logit.tolist() == [-4, -1, -5, -2]

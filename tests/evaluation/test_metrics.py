"""Metrics on pictures whose figures are known, and on edits that are known to be wrong."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lasagna_relight.compositing.stack import LayerStack
from lasagna_relight.evaluation.metrics import (
    DARKEST,
    absolute_error,
    correlation,
    covered_share,
    exposed,
    exposure_fit,
    oracle_log_gain,
    psnr,
)

MASK = torch.ones(1, 8, 8)


@pytest.fixture
def picture(generator: torch.Generator) -> torch.Tensor:
    """(3, 8, 8) between 0.1 and 0.6."""
    return 0.1 + 0.5 * torch.rand(3, 8, 8, generator=generator)


def test_psnr_of_an_error_of_a_tenth_everywhere_is_20_decibels(picture) -> None:
    assert psnr(picture + 0.1, picture, MASK).item() == pytest.approx(20, abs=1e-4)


def test_psnr_of_equal_pictures_is_that_of_their_rounding_to_8_bits(picture, generator) -> None:
    large = torch.rand(3, 256, 256, generator=generator)
    rounded = (large * 255).round() / 255
    whole = torch.ones(1, 256, 256)
    assert psnr(picture, picture, MASK).item() == pytest.approx(58.92, abs=0.01)
    assert psnr(rounded, large, whole).item() == pytest.approx(58.92, abs=0.05)


def test_errors_outside_the_mask_do_not_count(picture) -> None:
    half = MASK.clone()
    half[..., 4:] = 0
    spoiled = picture + 0.1
    spoiled[..., 4:] = 1
    assert psnr(spoiled, picture, half).item() == pytest.approx(20, abs=1e-4)
    assert absolute_error(spoiled, picture, half).item() == pytest.approx(0.1, abs=1e-6)
    other = picture.clone()
    other[..., 4:] = 0
    assert exposure_fit(other, 2 * other + spoiled * (1 - half), half).item() == pytest.approx(2)


@given(st.floats(0.05, 20))
def test_exposure_is_fitted_whatever_it_is(factor: float) -> None:
    target = torch.linspace(0.1, 0.9, 48).view(3, 4, 4)
    mask = torch.ones(1, 4, 4)
    assert exposure_fit(target / factor, target, mask).item() == pytest.approx(factor, rel=1e-4)
    assert psnr(exposed(target / factor, target, mask), target, mask).item() > 58


def test_no_other_exposure_comes_nearer(picture, generator) -> None:
    target = torch.rand(3, 8, 8, generator=generator)
    best = psnr(exposed(picture, target, MASK), target, MASK)
    fit = exposure_fit(picture, target, MASK)
    for factor in (0.95, 1.05):
        assert psnr(picture * fit * factor, target, MASK) < best


def test_a_black_picture_has_exposure_0() -> None:
    assert exposure_fit(torch.zeros(3, 8, 8), torch.ones(3, 8, 8), MASK).item() == 0


def test_the_oracle_gain_reaches_the_mean_of_the_target(picture) -> None:
    target = picture * torch.linspace(0.5, 1.5, 8)
    composite = LayerStack.from_log_gain(oracle_log_gain(picture, target)).over(picture)
    assert torch.allclose(composite, target, atol=1e-5)


def test_the_oracle_gain_is_finite_on_black_and_stays_within_the_layers() -> None:
    black, white = torch.zeros(3, 8, 8), torch.ones(3, 8, 8)
    assert oracle_log_gain(black, white).max().item() == pytest.approx(math.log(10))
    assert oracle_log_gain(white, black).min().item() == pytest.approx(-math.log(10))
    assert (oracle_log_gain(black, black) == 0).all()


@given(st.floats(0.1, 5), st.floats(-2, 2))
def test_correlation_is_blind_to_strength_and_exposure(strength: float, shift: float) -> None:
    true = torch.linspace(-1, 1, 64).view(1, 8, 8)
    gray = torch.full((3, 8, 8), 0.5)
    assert correlation(strength * true + shift, true, gray, MASK).item() == pytest.approx(
        1, abs=1e-4
    )
    assert correlation(-strength * true, true, gray, MASK).item() == pytest.approx(-1, abs=1e-4)


def test_left_and_right_exchanged_correlate_negatively(ball) -> None:
    source = ball.photograph("front")
    true = oracle_log_gain(source, ball.photograph("left"))
    wrong = oracle_log_gain(source, ball.photograph("right"))
    assert correlation(true, true, source, ball.mask).item() == pytest.approx(1, abs=1e-5)
    assert correlation(wrong, true, source, ball.mask).item() < -0.7
    assert correlation(true.flip(-1), true, source, ball.mask).item() < -0.7


def test_noise_does_not_correlate(ball, generator) -> None:
    source = ball.photograph("front")
    true = oracle_log_gain(source, ball.photograph("left"))
    noise = torch.randn(true.shape, generator=generator)
    assert abs(correlation(noise, true, source, ball.mask).item()) < 0.1


def test_an_edit_that_is_constant_has_no_correlation(picture) -> None:
    true = torch.linspace(-1, 1, 64).view(1, 8, 8)
    assert correlation(torch.full((1, 8, 8), 0.3), true, picture, MASK).isnan()


def test_pixels_too_dark_to_tell_do_not_correlate(picture) -> None:
    true = torch.linspace(-1, 1, 64).view(1, 8, 8)
    predicted = true.clone()
    predicted[..., 4:] *= -1
    assert correlation(predicted, true, picture, MASK).item() < 0.9
    picture[..., 4:] = DARKEST / 2
    assert correlation(predicted, true, picture, MASK).item() == pytest.approx(1, abs=1e-5)


def test_a_batch_gives_each_picture_its_own_figure(picture, generator) -> None:
    pictures = torch.stack([picture, picture * 0.5, picture.flip(-1)])
    target = torch.rand(3, 3, 8, 8, generator=generator)
    gains = torch.randn(3, 1, 8, 8, generator=generator)
    true = torch.randn(3, 1, 8, 8, generator=generator)
    masks = MASK.expand(3, -1, -1, -1)
    for metric in (psnr, absolute_error, exposure_fit):
        alone = [metric(p, t, MASK) for p, t in zip(pictures, target, strict=True)]
        assert torch.allclose(metric(pictures, target, masks), torch.stack(alone))
    alone = [correlation(*each, MASK) for each in zip(gains, true, pictures, strict=True)]
    assert torch.allclose(correlation(gains, true, pictures, masks), torch.stack(alone), atol=1e-6)


def test_the_share_covered_is_0_without_edit_and_1_at_the_oracle() -> None:
    errors = torch.tensor([0.3, 0.2, 0.1, 0.5])
    shares = covered_share(errors, torch.tensor(0.3), torch.tensor(0.1))
    assert torch.allclose(shares, torch.tensor([0.0, 0.5, 1.0, -1.0]), atol=1e-6)

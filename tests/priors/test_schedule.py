"""The noise schedule against its definition and against diffusers."""

import pytest
import torch
from diffusers import DDIMScheduler

from lasagna_relight.priors.schedule import NoiseSchedule

SCHEDULER = DDIMScheduler(beta_schedule="squaredcos_cap_v2", prediction_type="v_prediction")
SCHEDULE = NoiseSchedule.from_scheduler(SCHEDULER)
T = torch.tensor([3, 400, 970])


def draw(generator):
    return torch.randn(2, 3, 4, 5, 5, generator=generator)


def test_noise_is_added_as_diffusers_adds_it(generator):
    x0, noise = draw(generator)
    torch.testing.assert_close(
        SCHEDULE.add_noise(x0, noise, T), SCHEDULER.add_noise(x0, noise, T), rtol=1e-5, atol=1e-6
    )


def test_velocity_is_that_of_diffusers(generator):
    x0, noise = draw(generator)
    torch.testing.assert_close(
        SCHEDULE.velocity(x0, noise, T), SCHEDULER.get_velocity(x0, noise, T), rtol=1e-5, atol=1e-6
    )


def test_the_true_noise_leads_back_to_the_clean_latents(generator):
    x0, noise = draw(generator)
    xt = SCHEDULE.add_noise(x0, noise, T)
    torch.testing.assert_close(SCHEDULE.x0_from_noise(xt, noise, T), x0, rtol=1e-3, atol=1e-4)


def test_noise_and_velocity_say_the_same(generator):
    x0, noise = draw(generator)
    xt = SCHEDULE.add_noise(x0, noise, T)
    recovered = SCHEDULE.noise_from_velocity(xt, SCHEDULE.velocity(x0, noise, T), T)
    torch.testing.assert_close(recovered, noise, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("prediction", ["v_prediction", "epsilon", "sample"])
def test_the_target_of_every_prediction_leads_back_to_latents_and_noise(prediction, generator):
    x0, noise = draw(generator)
    t = torch.tensor([3, 400, 900])
    xt = SCHEDULE.add_noise(x0, noise, t)
    target = SCHEDULE.target(x0, noise, t, prediction)
    torch.testing.assert_close(
        SCHEDULE.x0_from_prediction(target, xt, t, prediction), x0, rtol=1e-3, atol=1e-4
    )
    torch.testing.assert_close(
        SCHEDULE.noise_from_prediction(target, xt, t, prediction), noise, rtol=1e-2, atol=1e-3
    )


def test_min_snr_weighs_the_same_error_alike_whatever_is_predicted(generator):
    """An error e in x_0 is alpha / sigma e in the noise and e / sigma in the velocity."""
    t = torch.tensor([50, 400, 900])
    alpha, sigma = SCHEDULE.alpha(t), SCHEDULE.sigma(t)
    weight = SCHEDULE.min_snr_weight(t, 5.0, "sample")
    noise = SCHEDULE.min_snr_weight(t, 5.0, "epsilon") * (alpha / sigma) ** 2
    velocity = SCHEDULE.min_snr_weight(t, 5.0, "v_prediction") / sigma**2
    torch.testing.assert_close(noise, weight)
    torch.testing.assert_close(velocity, weight)
    assert weight.max() <= 5

"""Objectives against the closed-form prior."""

from dataclasses import dataclass

import pytest
import torch
from diffusers import DDIMScheduler

from lasagna_relight.distillation.dds import dds, dds_gradient
from lasagna_relight.distillation.sds import sds, sds_gradient
from lasagna_relight.distillation.target import expected_x0, target
from lasagna_relight.distillation.weighting import variance_weight
from lasagna_relight.errors import RecipeError
from lasagna_relight.priors.codecs import LogGainCodec
from lasagna_relight.priors.gaussian import GaussianPrior
from lasagna_relight.priors.schedule import NoiseSchedule
from lasagna_relight.relighting.edit import LightEdit

SCHEDULE = NoiseSchedule.from_scheduler(DDIMScheduler(beta_schedule="squaredcos_cap_v2"))
CODEC = LogGainCodec(patch=4, scale=0.6)


def ramp(size=16):
    return torch.linspace(-0.6, 0.6, size).expand(1, 1, size, size).contiguous()


def prior_for(log_gain, std=0.05):
    source = torch.full((1, 3, *log_gain.shape[-2:]), 0.5)
    mean = CODEC.encode(source * log_gain.exp(), source)
    return source, GaussianPrior(schedule=SCHEDULE, codec=CODEC, mean=mean, std=std)


def edit_of(source, log_gain, done=0.5):
    return LightEdit(source=source, mask=torch.ones_like(log_gain), values=log_gain, done=done)


def test_the_sds_gradient_vanishes_on_average_where_the_prior_is_content(generator):
    _, prior = prior_for(ramp(), std=0.05)
    noise = torch.randn(512, 16, 4, 4, generator=generator)
    t = torch.full((512,), 500)
    content = sds_gradient(prior, prior.mean.expand_as(noise), noise, t).mean(0)
    displaced = sds_gradient(prior, prior.mean.expand_as(noise) + 1, noise, t).mean(0)
    assert content.abs().mean() < 0.1 * displaced.abs().mean()


def test_the_sds_gradient_is_the_weighted_noise_residual(generator):
    _, prior = prior_for(ramp())
    x0, noise = torch.randn(2, 2, 16, 4, 4, generator=generator)
    t = torch.tensor([100, 800])
    xt = prior.schedule.add_noise(x0, noise, t)
    doubled = sds_gradient(prior, x0, noise, t, lambda s, t: 2 * variance_weight(s, t))
    residual = prior.predict_noise(xt, t) - noise
    abar = torch.tensor([SCHEDULE.alphas_cumprod[100], SCHEDULE.alphas_cumprod[800]])
    torch.testing.assert_close(doubled, 2 * (1 - abar.view(-1, 1, 1, 1)) * residual)


def test_sds_pulls_the_log_gain_towards_what_the_prior_wants(generator):
    source, prior = prior_for(ramp())
    score = sds(edit_of(source, torch.zeros_like(ramp())), prior, generator, samples=32)
    agreement = torch.nn.functional.cosine_similarity(
        -score.gradient.flatten(), ramp().flatten(), dim=0
    )
    assert agreement > 0.9
    assert score.evaluations == 32


def test_expected_x0_of_a_sure_prior_is_its_mean(generator):
    _, prior = prior_for(ramp(), std=1e-4)
    x0, noise = torch.randn(2, 1, 16, 4, 4, generator=generator)
    found = expected_x0(prior, x0, noise, torch.tensor([500]))
    torch.testing.assert_close(found, prior.mean, rtol=1e-2, atol=1e-2)


def test_a_whole_step_of_target_lands_on_the_prior_s_picture(generator):
    source, prior = prior_for(ramp(), std=1e-4)
    start = torch.zeros_like(ramp())
    score = target(edit_of(source, start), prior, generator, smoothness=1e-4)
    torch.testing.assert_close(start - score.gradient, ramp(), rtol=0.05, atol=0.02)


@dataclass(frozen=True, kw_only=True)
class LitPrior(GaussianPrior):
    """A Gaussian that also knows the source: its neutral form wants ``neutral_mean``."""

    neutral_mean: torch.Tensor

    @property
    def neutral(self):
        return GaussianPrior(
            schedule=self.schedule, codec=self.codec, mean=self.neutral_mean, std=self.std
        )


def lit_prior(generator, bias):
    """Wants a ramp, and holds ``bias`` against every picture, lit or not."""
    source, wanted = prior_for(ramp())
    grudge = bias * torch.randn(wanted.mean.shape, generator=generator)
    zero = CODEC.encode(source, source)
    return source, LitPrior(
        schedule=SCHEDULE, codec=CODEC, mean=wanted.mean + grudge, std=0.05,
        neutral_mean=zero + grudge,
    )  # fmt: skip


def test_dds_leaves_alone_what_both_prompts_ask_for(generator):
    source, prior = lit_prior(generator, bias=1.0)
    x0 = CODEC.encode(source, source).expand(4, -1, -1, -1)
    noise = torch.randn(x0.shape, generator=generator)
    t = torch.tensor([50, 300, 600, 900])
    same = LitPrior(
        schedule=SCHEDULE, codec=CODEC, mean=prior.mean, std=0.05, neutral_mean=prior.mean
    )
    assert dds_gradient(same, x0, x0, noise, t).abs().max() == 0
    assert dds_gradient(prior, x0, x0, noise, t).abs().max() > 0.1


def test_dds_pulls_towards_the_light_and_not_towards_the_prior_s_bias(generator):
    source, prior = lit_prior(generator, bias=1.0)
    start = torch.zeros_like(ramp())

    def agreement(objective):
        score = objective(edit_of(source, start), prior, generator, samples=32)
        return torch.nn.functional.cosine_similarity(
            -score.gradient.flatten(), ramp().flatten(), dim=0
        )

    assert agreement(dds) > 0.9
    assert agreement(sds) < 0.7
    score = dds(edit_of(source, start), prior, generator, samples=3)
    assert score.evaluations == 6


def test_dds_refuses_a_prior_that_does_not_know_the_source(generator):
    source, prior = prior_for(ramp())
    with pytest.raises(RecipeError, match="--recipe sds"):
        dds(edit_of(source, torch.zeros_like(ramp())), prior, generator)

"""The solve recovers what a closed-form prior wants."""

from dataclasses import replace

import pytest
import torch
from diffusers import DDIMScheduler

from lasagna_relight.errors import DivergenceError, RecipeError
from lasagna_relight.priors.codecs import LogGainCodec
from lasagna_relight.priors.gaussian import GaussianPrior
from lasagna_relight.priors.schedule import NoiseSchedule
from lasagna_relight.relighting.optimize import relight, with_steps
from lasagna_relight.relighting.recipes import RECIPES, recipe_named

SCHEDULE = NoiseSchedule.from_scheduler(DDIMScheduler(beta_schedule="squaredcos_cap_v2"))
CODEC = LogGainCodec(patch=4, scale=0.6)


@pytest.fixture
def wanted():
    return torch.linspace(-0.5, 0.5, 16).expand(1, 1, 16, 16).contiguous()


@pytest.fixture
def source():
    return torch.full((1, 3, 16, 16), 0.5)


@pytest.fixture
def prior(wanted, source):
    mean = CODEC.encode(source * wanted.exp(), source)
    return GaussianPrior(schedule=SCHEDULE, codec=CODEC, mean=mean, std=0.05)


@pytest.mark.parametrize("name", ["sds", "target"])
def test_a_recipe_recovers_a_known_gain_ramp(name, source, prior, wanted, generator):
    recipe = replace(recipe_named(name), from_preview=False)
    steps = list(relight(source, prior, recipe, generator=generator))
    before = (steps[0].log_gain - wanted).abs().mean()
    after = (steps[-1].log_gain - wanted).abs().mean()
    assert after < 0.25 * before
    assert [step.index for step in steps] == list(range(recipe.steps + 1))
    assert steps[-1].evaluations > 0


@pytest.mark.parametrize("name", ["sds", "target"])
def test_a_seed_decides_the_result(name, source, prior):
    def solved(seed):
        *_, last = relight(
            source, prior, replace(recipe_named(name), steps=3),
            generator=torch.Generator().manual_seed(seed),
        )  # fmt: skip
        return last.log_gain

    assert torch.equal(solved(1), solved(1))
    assert not torch.equal(solved(1), solved(2))


def test_nothing_changes_outside_the_mask(source, prior, generator):
    mask = torch.zeros(1, 1, 16, 16)
    mask[..., :8] = 1
    *_, last = relight(source, prior, recipe_named("sds"), mask=mask, generator=generator)
    assert (last.log_gain * (1 - mask)).abs().max() == 0
    assert last.log_gain.abs().max() > 0.1


def test_instant_returns_its_start(source, prior, wanted, generator):
    (step,) = relight(source, prior, recipe_named("instant"), start=wanted, generator=generator)
    torch.testing.assert_close(step.log_gain, wanted)


def test_a_prior_that_answers_nan_stops_the_solve(source, prior, generator):
    broken = replace(prior, mean=torch.full_like(prior.mean, torch.nan))
    with pytest.raises(DivergenceError, match="step 0"):
        list(relight(source, broken, recipe_named("sds"), generator=generator))


def test_zero_steps_are_refused():
    with pytest.raises(RecipeError, match="0 steps"):
        with_steps(RECIPES["sds"], 0)


def test_an_unknown_recipe_is_answered_with_the_known_ones():
    with pytest.raises(RecipeError, match=r"'magic'.*instant.*target.*sds"):
        recipe_named("magic")

"""The prior under the symmetries of the square."""

import torch

from lasagna_relight.light_direction import LightDirection
from lasagna_relight.priors.codecs import patches, unpatched
from lasagna_relight.priors.embedded import EmbeddedNetworks, EmbeddedPrior
from lasagna_relight.relighting.turned import turned_prior
from lasagna_relight.relit.symmetry import SYMMETRIES


def networks():
    torch.manual_seed(0)
    fresh = EmbeddedNetworks.fresh(resolution=16, channels=(16, 32)).eval().requires_grad_(False)
    for parameter in fresh.parameters():
        if parameter.abs().max() == 0:
            parameter.normal_(std=0.05)
    return fresh


def test_a_mirrored_question_gets_the_mirrored_mean_answer(generator):
    source = torch.rand(1, 3, 16, 16, generator=generator)
    mask = torch.ones(1, 1, 16, 16)
    preview = 0.5 * torch.randn(1, 1, 16, 16, generator=generator)
    noisy = torch.randn(1, 1, 16, 16, generator=generator)
    t = torch.full((len(SYMMETRIES),), 600)

    def mean_answer(flip):
        def seen(x):
            return x.flip(-1) if flip else x

        prior = turned_prior(
            networks(), source=seen(source), mask=mask, preview=seen(preview), words=None,
            direction=LightDirection(azimuth_deg=50 if flip else -50, elevation_deg=20),
        )  # fmt: skip
        xt = patches(seen(noisy), 4).expand(len(SYMMETRIES), -1, -1, -1).contiguous()
        return seen(unpatched(prior.predict_noise(xt, t), 4).mean(0))

    plain = mean_answer(flip=False)
    torch.testing.assert_close(mean_answer(flip=True), plain, rtol=1e-3, atol=1e-4)
    assert plain.std() > 0.01


def test_fewer_rows_than_symmetries_are_answered_too(generator):
    prior = turned_prior(
        networks(), source=torch.rand(1, 3, 16, 16, generator=generator),
        mask=torch.ones(1, 1, 16, 16), preview=torch.zeros(1, 1, 16, 16), words=None,
        direction=LightDirection(azimuth_deg=10, elevation_deg=0),
    )  # fmt: skip
    xt = torch.randn(3, 16, 4, 4, generator=generator)
    answer = prior.predict_noise(xt, torch.tensor([100, 500, 900]))
    assert torch.isfinite(answer).all()
    assert answer.abs().amax((1, 2, 3)).min() > 0


def test_one_batch_answers_as_the_views_one_by_one(generator):
    prior = turned_prior(
        networks(), source=torch.rand(1, 3, 16, 16, generator=generator),
        mask=torch.ones(1, 1, 16, 16), words=None, guidance_scale=2.0,
        preview=torch.randn(1, 1, 16, 16, generator=generator),
        direction=LightDirection(azimuth_deg=-50, elevation_deg=20),
    )  # fmt: skip
    xt = torch.randn(10, 16, 4, 4, generator=generator)
    t = torch.arange(0, 1000, 100)
    answer = prior.predict_noise(xt, t)
    for row in range(len(xt)):
        symmetry = SYMMETRIES[row % 8]
        alone = EmbeddedPrior(
            networks=prior.networks, given=prior.given.rows(torch.tensor([row % 8])),
            guidance_scale=2.0,
        )  # fmt: skip
        turned = patches(symmetry.picture(unpatched(xt[row : row + 1], 4)), 4)
        noise = unpatched(alone.predict_noise(turned, t[row : row + 1]), 4)
        expected = patches(symmetry.inverse_picture(noise), 4)
        torch.testing.assert_close(answer[row : row + 1], expected, rtol=1e-4, atol=1e-5)


def test_the_neutral_prior_hears_nothing_of_the_light(generator):
    def asked(azimuth):
        return turned_prior(
            networks(), source=torch.full((1, 3, 16, 16), 0.4), mask=torch.ones(1, 1, 16, 16),
            preview=torch.full((1, 1, 16, 16), azimuth / 100), words=None,
            direction=LightDirection(azimuth_deg=azimuth, elevation_deg=0),
        )  # fmt: skip

    xt = torch.randn(3, 16, 4, 4, generator=generator)
    t = torch.tensor([100, 500, 900])
    one, other = asked(-60.0), asked(60.0)
    assert (one.predict_noise(xt, t) - other.predict_noise(xt, t)).abs().max() > 1e-3
    torch.testing.assert_close(one.neutral.predict_noise(xt, t), other.neutral.predict_noise(xt, t))

"""The authors' recipe against its formulas, written out here from DESIGN.md section 1."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import stable_diffusion_prior
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion
from lasagna_relight.relighting.adan import Adan
from lasagna_relight.relighting.faithful import draw, faithful_loss, fresh_network, optimizer_of
from lasagna_relight.relighting.optimize import relight
from lasagna_relight.relighting.recipes import recipe_named
from lasagna_relight.relighting.two_heads import TwoHeadedUNet


@pytest.fixture
def prior_and_source(stable_diffusion_folders: dict[str, Path], generator):
    folders = stable_diffusion_folders
    networks = load_stable_diffusion(
        StableDiffusionFiles(
            prior=str(folders["sd"]),
            controlnet=str(folders["controlnet"]),
            controlnet_range="signed",
            dtype="fp32",
        )
    )
    source = torch.rand(1, 3, 32, 32, generator=generator)
    prior = stable_diffusion_prior(
        networks, source=source, prompt="A photo of a cup with 6 lighting", guidance_scale=13.0,
        brightest=math.inf,
    )  # fmt: skip
    return prior, source


def test_loss_and_gradient_of_a_step_are_the_paper_s(
    prior_and_source, stable_diffusion_folders, generator
):
    """Only diffusers, transformers and the two-headed network are shared with the code."""
    from diffusers import AutoencoderKL, ControlNetModel, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    prior, source = prior_and_source
    network = fresh_network(torch.Generator().manual_seed(3))
    noise = torch.randn(1, 4, 4, 4, generator=generator)
    t = torch.tensor([321])
    loss = faithful_loss(network, source, prior, noise, t, 500.0)
    loss.total.backward()
    found = torch.cat([p.grad.flatten() for p in network.parameters()])

    sd = stable_diffusion_folders["sd"]
    vae = AutoencoderKL.from_pretrained(sd / "vae").requires_grad_(False)
    unet = UNet2DConditionModel.from_pretrained(sd / "unet")
    controlnet = ControlNetModel.from_pretrained(stable_diffusion_folders["controlnet"])
    tokenizer = CLIPTokenizer.from_pretrained(sd / "tokenizer")
    text = CLIPTextModel.from_pretrained(sd / "text_encoder")
    abar = DDIMScheduler.from_pretrained(sd / "scheduler").alphas_cumprod[321]

    network.zero_grad()
    s, layer = network(source)
    z = 0.18215 * vae.encode(2 * (source * s / layer) - 1).latent_dist.mean
    with torch.no_grad():
        states = [
            text(tokenizer(p, padding="max_length", max_length=77, return_tensors="pt").input_ids)[
                0
            ]
            for p in ("A photo of a cup with 6 lighting", "")
        ]
        zt = abar.sqrt() * z + (1 - abar).sqrt() * noise
        predicted = []
        for state in states:
            down, middle = controlnet(
                zt, t, state, controlnet_cond=2 * source - 1, return_dict=False
            )
            predicted.append(
                unet(
                    zt, t, state, down_block_additional_residuals=down,
                    mid_block_additional_residual=middle,
                ).sample
            )  # fmt: skip
        e_text, e_uncond = predicted
        e_hat = e_text + 12 * (e_text - e_uncond)
        sds = (1 - abar) * (e_hat - noise)
    surrogate = 0.5 * (z - (z - sds).detach()).square().sum()
    regularizer = 500 * ((s - 1).abs().mean() + (layer - 1).abs().mean())
    expected_loss = surrogate + regularizer
    expected_loss.backward()
    expected = torch.cat([p.grad.flatten() for p in network.parameters()])

    torch.testing.assert_close(loss.gradient, sds, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(loss.total, expected_loss, rtol=1e-4, atol=1e-3)
    assert expected.abs().max() > 1
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3 * expected.abs().max().item())


def test_the_recipe_has_the_authors_constants():
    recipe = recipe_named("faithful", large=True)
    assert (recipe.steps, recipe.guidance_scale, recipe.l1_weight) == (500, 13.0, 500.0)
    assert (recipe.learning_rate, recipe.from_preview) == (1e-3, False)
    network = TwoHeadedUNet()
    optimizer = optimizer_of(network, recipe, recipe.two_heads)
    assert type(optimizer) is torch.optim.Adam
    assert optimizer.defaults["weight_decay"] == 5e-4
    intended = recipe_named("faithful-adan", large=True)
    other = optimizer_of(network, intended, intended.two_heads)
    assert type(other) is Adan
    assert other.defaults["lr"] == 5e-3
    assert sum(p.numel() for p in network.parameters()) == 672_402


def test_layers_of_the_two_heads_lie_in_their_range(generator):
    network = fresh_network(generator)
    shading, lighting = network(torch.rand(1, 3, 24, 40, generator=generator))
    assert shading.shape == lighting.shape == (1, 1, 24, 40)
    for layer in (shading, lighting):
        assert layer.min() >= 0.1
        assert layer.max() <= 1
    network.eval()
    again, _ = network(torch.rand(1, 3, 24, 40, generator=torch.Generator().manual_seed(9)))
    assert torch.isfinite(again).all()


def test_solving_and_showing_agree(generator):
    """The authors' BatchNorm showed another edit than it had solved."""
    network = fresh_network(generator)
    source = torch.rand(1, 3, 16, 16, generator=generator)
    solved = network.train()(source)[0]
    torch.testing.assert_close(network.eval()(source)[0], solved)


def test_timesteps_reach_from_20_to_980(prior_and_source):
    prior, source = prior_and_source
    random = torch.Generator().manual_seed(0)
    drawn = [int(draw(prior, source, random)[0]) for _ in range(4000)]
    assert min(drawn) == 20
    assert max(drawn) == 980


@pytest.mark.parametrize("name", ["faithful", "faithful-adan"])
def test_it_solves_step_by_step_and_a_seed_decides(prior_and_source, name):
    prior, source = prior_and_source
    recipe = replace(recipe_named(name), steps=2)
    mask = torch.zeros(1, 1, 32, 32)
    mask[..., :16] = 1

    def solved(seed):
        random = torch.Generator().manual_seed(seed)
        return list(relight(source, prior, recipe, mask=mask, generator=random))

    steps = solved(1)
    assert [step.evaluations for step in steps] == [0, 1, 2]
    assert (steps[-1].log_gain * (1 - mask)).abs().max() == 0
    assert (steps[2].log_gain - steps[1].log_gain).abs().max() > 1e-4
    assert torch.equal(steps[-1].log_gain, solved(1)[-1].log_gain)
    assert not torch.equal(steps[-1].log_gain, solved(2)[-1].log_gain)


def test_adan_descends_a_valley():
    at = torch.nn.Parameter(torch.tensor([2.0, -3.0]))
    optimizer = Adan([at], lr=0.05)
    for _ in range(400):
        optimizer.zero_grad()
        (at.square() * torch.tensor([1.0, 20.0])).sum().backward()
        optimizer.step()
    assert at.abs().max() < 0.05


def test_adan_s_first_step_is_that_of_its_algorithm():
    """With one gradient g, all three means are unbiased to g, 0 and g^2: theta - lr sign(g)."""
    at = torch.nn.Parameter(torch.tensor([1.0, 1.0]))
    at.grad = torch.tensor([0.5, -4.0])
    Adan([at], lr=0.1, weight_decay=0.5).step()
    torch.testing.assert_close(at.detach(), torch.tensor([0.9, 1.1]) / 1.05)

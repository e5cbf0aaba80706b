"""What comes before the prompt is computed once for both rows of guidance."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from diffusers import UNet2DConditionModel

from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import stable_diffusion_prior
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion
from lasagna_relight.priors.twin_rows import TwinRows, layers_before_the_prompt


def prior_of(folders, source, guidance_scale):
    networks = load_stable_diffusion(
        StableDiffusionFiles(
            prior=str(folders["sd"]), controlnet=str(folders["controlnet"]), dtype="fp32"
        )
    )
    return stable_diffusion_prior(
        networks, source=source, prompt="a cup lit from the left", guidance_scale=guidance_scale
    )


def rows_seen(layer):
    seen = []
    layer.register_forward_hook(lambda layer, given, computed: seen.append(len(given[0])))
    return seen


def test_the_answer_does_not_change(stable_diffusion_folders: dict[str, Path], generator):
    prior = prior_of(stable_diffusion_folders, torch.rand(1, 3, 64, 64, generator=generator), 7.5)
    xt, t = torch.randn(2, 4, 8, 8, generator=generator), torch.tensor([900, 20])
    shared = prior.predict_noise(xt, t)
    apart = replace(prior, networks=replace(prior.networks, twins=None)).predict_noise(xt, t)
    torch.testing.assert_close(shared, apart, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("guidance_scale", "before", "after"), [(7.5, 2, 4), (1.0, 2, 2)])
def test_only_rows_that_are_the_same_are_shared(
    stable_diffusion_folders: dict[str, Path], generator, guidance_scale, before, after
):
    source = torch.rand(1, 3, 64, 64, generator=generator)
    prior = prior_of(stable_diffusion_folders, source, guidance_scale)
    for network in (prior.networks.unet, prior.networks.controlnet):
        block = network.down_blocks[0]
        shared = [rows_seen(layer) for layer in layers_before_the_prompt(network)]
        whole = [rows_seen(block.attentions[0].transformer_blocks[0].attn2)]
        whole += [rows_seen(network.mid_block.resnets[0])]
        xt, t = torch.randn(2, 4, 8, 8, generator=generator), torch.tensor([900, 20])
        prior.predict_noise(xt, t)
        assert shared == [[before]] * 6
        assert whole == [[after]] * 2


def test_a_network_whose_first_level_hears_nothing_shares_all_of_it():
    unet = UNet2DConditionModel(
        block_out_channels=(8, 16), layers_per_block=2, cross_attention_dim=8, norm_num_groups=4,
        attention_head_dim=4, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
    ).eval().requires_grad_(False)  # fmt: skip
    first, second = unet.down_blocks
    layers = layers_before_the_prompt(unet)
    assert layers[1:5] == [*first.resnets, *first.downsamplers, second.resnets[0]]
    generator = torch.Generator().manual_seed(0)
    xt = torch.randn(1, 4, 8, 8, generator=generator).expand(2, -1, -1, -1)
    states = torch.randn(2, 5, 8, generator=generator)
    apart = unet(xt, 5, states).sample
    with TwinRows(unet).sharing():
        torch.testing.assert_close(unet(xt, 5, states).sample, apart, rtol=1e-5, atol=1e-6)


def test_xl_hears_the_prompt_from_the_start_and_shares_nothing(stable_diffusion_folders):
    unet = UNet2DConditionModel.from_pretrained(stable_diffusion_folders["xl"] / "unet")
    assert layers_before_the_prompt(unet) == []

"""Weights at rest in float16."""

from copy import deepcopy
from pathlib import Path

import pytest
import torch
from torch import nn

from lasagna_relight.priors.half_weights import rest_in_half
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion, rests_in_half


@pytest.fixture
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return nn.Sequential(nn.Conv2d(3, 8, 3), nn.GroupNorm(2, 8), nn.Flatten(), nn.Linear(8, 2))


def test_the_answer_is_that_of_the_rounded_weights(network, generator):
    rounded = deepcopy(network).half().float()
    rounded[1] = deepcopy(network[1])  # norms stay exact
    x = torch.rand(2, 3, 3, 3, generator=generator)
    rest_in_half(network, torch.float32)
    assert torch.equal(network(x), rounded(x))


def test_weights_are_narrow_before_and_after_a_call_and_after_a_failed_one(network, generator):
    rest_in_half(network, torch.float32)

    def kinds():
        return [parameter.dtype for parameter in network.parameters()]

    half, full = torch.float16, torch.float32
    expected = [half, half, full, full, half, half]
    assert kinds() == expected
    network(torch.rand(1, 3, 3, 3, generator=generator))
    assert kinds() == expected
    with pytest.raises(RuntimeError):
        network(torch.rand(1, 3, 9, 9, generator=generator))
    assert kinds() == expected


@pytest.mark.parametrize(
    ("settings", "narrow"),
    [
        ({}, True),
        ({"dtype": "fp32"}, False),
        ({"dtype": "fp32", "half_weights": True}, True),
    ],
)
def test_a_cpu_keeps_large_networks_in_half_unless_told_otherwise(
    stable_diffusion_folders: dict[str, Path], settings, narrow
):
    networks = load_stable_diffusion(
        StableDiffusionFiles(
            prior=str(stable_diffusion_folders["sd"]),
            controlnet=str(stable_diffusion_folders["controlnet"]),
            **settings,
        )
    )
    assert networks.dtype == torch.float32
    for network in (networks.unet, networks.controlnet, *networks.text.encoders):
        sizes = {torch.float16: 0, torch.float32: 0}
        for parameter in network.parameters():
            sizes[parameter.dtype] += parameter.numel()
        if narrow:
            assert sizes[torch.float16] > 0.95 * sum(sizes.values())
        else:
            assert sizes[torch.float16] == 0
    assert {parameter.dtype for parameter in networks.vae.parameters()} == {torch.float32}


def test_what_is_compiled_or_elsewhere_keeps_its_dtype():
    cpu, gpu = torch.device("cpu"), torch.device("cuda")
    compiled = StableDiffusionFiles(prior="sd", compile=True)
    plain = StableDiffusionFiles(prior="sd")
    assert rests_in_half(plain, torch.float32, cpu)
    assert not rests_in_half(compiled, torch.float32, cpu)
    assert not rests_in_half(plain, torch.bfloat16, gpu)

"""Which numbers a large prior computes in, by device and by what is asked for."""

from pathlib import Path

import pytest
import torch

from lasagna_relight.priors.precision import native_bf16, precision
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import stable_diffusion_prior
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion

CPU, GPU = torch.device("cpu"), torch.device("cuda")
FULL, HALF, BRAIN = torch.float32, torch.float16, torch.bfloat16


def a_cpu_with(monkeypatch: pytest.MonkeyPatch, *instructions: str) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: dict.fromkeys(instructions, True))


@pytest.mark.parametrize(
    ("instructions", "settings", "dtype", "weights", "named"),
    [
        (["amx_bf16", "avx512_bf16"], {}, BRAIN, BRAIN, "amx_bf16"),
        (["avx512_bf16"], {}, BRAIN, BRAIN, "avx512_bf16"),
        (["amx_bf16"], {"compile": True}, BRAIN, BRAIN, "amx_bf16"),
        (["amx_bf16"], {"dtype": "fp32"}, FULL, FULL, "--dtype fp32"),
        (["amx_bf16"], {"half_weights": True}, FULL, HALF, "--half-weights"),
        (["avx2"], {}, FULL, HALF, "none of amx_bf16, avx512_bf16"),
        (["avx2"], {"compile": True}, FULL, FULL, "none of"),
        (["avx2"], {"dtype": "fp32"}, FULL, FULL, "--dtype fp32"),
        (["avx2"], {"dtype": "fp32", "half_weights": True}, FULL, HALF, "--dtype fp32"),
        (["avx2"], {"dtype": "bf16"}, BRAIN, BRAIN, "--dtype bf16"),
    ],
)
def test_a_cpu_computes_in_bfloat16_where_it_is_fast_and_says_why(
    monkeypatch, instructions, settings, dtype, weights, named
):
    a_cpu_with(monkeypatch, *instructions)
    found = precision(StableDiffusionFiles(prior="sd", **settings), CPU)
    assert (found.dtype, found.weights) == (dtype, weights)
    assert named in found.reason


@pytest.mark.parametrize(("has_bf16", "dtype"), [(True, BRAIN), (False, HALF)])
def test_a_gpu_computes_in_16_bits_and_weights_with_it(monkeypatch, has_bf16, dtype):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: has_bf16)
    for half in (False, True):
        found = precision(StableDiffusionFiles(prior="sd", half_weights=half), GPU)
        assert (found.dtype, found.weights) == (dtype, dtype)


def test_without_onednn_no_cpu_is_fast_in_bfloat16(monkeypatch):
    a_cpu_with(monkeypatch, "amx_bf16")
    assert native_bf16() == "amx_bf16"
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert native_bf16() is None


@pytest.mark.parametrize(
    ("instructions", "settings", "weights"),
    [
        (["amx_bf16"], {}, BRAIN),
        (["amx_bf16"], {"half_weights": True}, HALF),
        (["avx2"], {}, HALF),
        (["avx2"], {"dtype": "fp32"}, FULL),
    ],
)
def test_large_networks_rest_as_chosen_and_the_edit_stays_in_float32(
    monkeypatch, stable_diffusion_folders: dict[str, Path], generator, instructions, settings,
    weights
):  # fmt: skip
    a_cpu_with(monkeypatch, *instructions)
    networks = load_stable_diffusion(
        StableDiffusionFiles(
            prior=str(stable_diffusion_folders["sd"]),
            controlnet=str(stable_diffusion_folders["controlnet"]),
            **settings,
        )
    )
    assert networks.dtype == (BRAIN if weights == BRAIN else FULL)
    at_rest = {networks.unet: weights, networks.controlnet: weights}
    # prompts are encoded in float32 from weights that rest in float16 wherever weights are narrow
    at_rest |= dict.fromkeys(networks.text.encoders, FULL if weights == FULL else HALF)
    for network, expected in at_rest.items():
        sizes: dict[torch.dtype, int] = {}
        for parameter in network.parameters():
            sizes[parameter.dtype] = sizes.get(parameter.dtype, 0) + parameter.numel()
        assert sizes[expected] > 0.95 * sum(sizes.values())
    assert {parameter.dtype for parameter in networks.vae.parameters()} == {FULL}
    source = torch.rand(1, 3, 64, 64, generator=generator)
    prior = stable_diffusion_prior(networks, source=source, prompt="a cup", guidance_scale=3.0)
    noise = prior.predict_noise(prior.codec.source_latents, torch.tensor([500]))
    for value in (prior.prompt.tokens, prior.codec.source_latents, noise):
        assert value.dtype == FULL

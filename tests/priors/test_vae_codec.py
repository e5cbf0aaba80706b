"""The codec of priors over pictures, on tiny random autoencoders."""

import math
from pathlib import Path

import pytest
import torch
from diffusers import AutoencoderKL, AutoencoderTiny

from lasagna_relight.priors.codecs import Codec
from lasagna_relight.priors.vae_codec import VaeCodec


@pytest.fixture(params=["large", "tiny"])
def vae(request, stable_diffusion_folders: dict[str, Path]):
    if request.param == "large":
        vae = AutoencoderKL.from_pretrained(stable_diffusion_folders["sd"] / "vae")
    else:
        vae = AutoencoderTiny.from_pretrained(stable_diffusion_folders["tiny_vae"])
    return vae.eval().requires_grad_(False)


def test_the_code_of_the_source_decodes_to_the_source(vae, generator):
    source = torch.rand(1, 3, 32, 48, generator=generator)
    codec = VaeCodec(vae, source)
    assert isinstance(codec, Codec)
    x0 = codec.encode(source, source)
    assert x0.shape == (1, 4, 4, 6)
    torch.testing.assert_close(codec.decode(x0, source), source, rtol=1e-5, atol=1e-6)


def test_latents_are_scaled_means_of_the_posterior(stable_diffusion_folders, generator):
    vae = AutoencoderKL.from_pretrained(stable_diffusion_folders["sd"] / "vae").eval()
    source = torch.rand(1, 3, 32, 32, generator=generator)
    with torch.no_grad():
        expected = vae.encode(2 * source - 1).latent_dist.mean * 0.18215
        found = VaeCodec(vae, source).encode(source, source)
    torch.testing.assert_close(found, expected)


def test_the_source_is_encoded_once(vae, generator, monkeypatch):
    source = torch.rand(1, 3, 32, 32, generator=generator)
    calls = []
    encode = vae.encode
    monkeypatch.setattr(vae, "encode", lambda x: calls.append(1) or encode(x))
    codec = VaeCodec(vae, source)
    for _ in range(3):
        codec.encode(source.clone(), source)
        codec.decode(codec.source_latents, source)
    assert len(calls) == 1
    codec.encode(0.5 * source, source)
    assert len(calls) == 2


def test_composites_are_clipped_at_white_and_pass_their_gradient(vae, generator):
    source = torch.rand(1, 3, 32, 32, generator=generator)
    codec = VaeCodec(vae, source)
    bright = (3 * source).requires_grad_()
    x0 = codec.encode(bright, source)
    torch.testing.assert_close(x0, codec.encode((3 * source).clamp(max=1), source))
    (gradient,) = torch.autograd.grad(x0.square().sum(), bright)
    assert gradient[bright > 1].abs().min() > 0
    unclipped = VaeCodec(vae, source, brightest=math.inf).encode(3 * source, source)
    assert (unclipped - x0).abs().max() > 1e-4

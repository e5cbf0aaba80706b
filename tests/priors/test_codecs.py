"""Codecs invert themselves and let gradients through."""

import pytest
import torch

from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.priors.codecs import (
    LogGainCodec,
    SpaceToDepthCodec,
    log_ratio,
)


def picture(generator):
    return 0.2 + 0.6 * torch.rand(1, 3, 16, 24, generator=generator)


@pytest.mark.parametrize("codec", [SpaceToDepthCodec(patch=4), LogGainCodec(patch=4, scale=0.6)])
def test_a_codec_decodes_what_it_encoded(generator, codec):
    source = picture(generator)
    log_gain = torch.rand(1, 1, 16, 24, generator=generator) - 0.5
    composite = source * log_gain.exp()
    decoded = codec.decode(codec.encode(composite, source), source)
    torch.testing.assert_close(decoded, composite, rtol=1e-3, atol=1e-3)


def test_no_edit_is_the_origin_of_log_gain_latents(generator):
    source = picture(generator)
    latents = LogGainCodec(patch=4, scale=0.6).encode(source, source)
    assert latents.shape == (1, 16, 4, 6)
    assert latents.abs().max() == 0


def test_the_gradient_of_a_brighter_latent_brightens_the_composite(generator):
    source = picture(generator)
    composite = source.clone().requires_grad_()
    LogGainCodec(patch=4, scale=0.6).encode(composite, source).sum().backward()
    assert composite.grad is not None
    assert (composite.grad > 0).all()


def test_the_log_ratio_stays_within_the_range_of_the_layers():
    ratio = log_ratio(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]))
    torch.testing.assert_close(ratio, torch.tensor([MAX_LOG_GAIN, -MAX_LOG_GAIN]))

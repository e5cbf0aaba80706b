"""One log gain, two layers, and the picture that they make."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lasagna_relight.compositing.stack import (
    MAX_LOG_GAIN,
    LayerStack,
    composite_picture,
    full_size_stack,
    row_bands,
)
from lasagna_relight.image_io import Picture

gains = arrays(np.float32, (5, 7), elements=st.floats(-3, 3, width=32))
pixels_8 = arrays(np.uint8, (5, 7, 3))
pixels_16 = arrays(np.uint16, (5, 7, 3))


@settings(deadline=None)
@given(gains)
def test_layers_are_in_range_and_never_both_at_work(gain):
    stack = full_size_stack(gain)
    for layer in (stack.shading, stack.lighting):
        assert layer.min() >= 0.1 - 1e-6
        assert layer.max() <= 1
    assert torch.all((stack.shading == 1) | (stack.lighting == 1))


@settings(deadline=None)
@given(gains)
def test_the_log_gain_comes_back_from_the_layers(gain):
    expected = np.clip(gain, -MAX_LOG_GAIN, MAX_LOG_GAIN)
    np.testing.assert_allclose(full_size_stack(gain).log_gain[0].numpy(), expected, atol=1e-6)


def test_no_gain_changes_no_bit(generator):
    image = torch.rand(3, 8, 9, generator=generator)
    assert torch.equal(LayerStack.from_log_gain(torch.zeros(1, 8, 9)).over(image), image)


def test_making_layers_leaves_the_log_gain_as_it_was(generator):
    gain = torch.randn(1, 4, 4, generator=generator)
    before = gain.clone()
    LayerStack.from_log_gain(gain)
    assert torch.equal(gain, before)


def test_strength_scales_the_log_gain(generator):
    gain = torch.randn(1, 6, 6, generator=generator) * 0.5
    stack = LayerStack.from_log_gain(gain)
    assert torch.allclose(stack.scaled(0.5).log_gain, gain * 0.5, atol=1e-6)
    assert torch.equal(stack.scaled(0.0).shading, torch.ones(1, 6, 6))


@settings(deadline=None)
@given(pixels_8, gains)
def test_the_ratios_between_channels_of_unclipped_pixels_are_those_of_the_source(pixels, gain):
    image = Picture(pixels=pixels).image()
    composite = full_size_stack(gain).over(image)
    unclipped = (composite < 1).all(dim=0)
    # a / b = c / d, written without division: a composite channel times another source channel
    left = composite[[0, 1, 2]] * image[[1, 2, 0]]
    right = composite[[1, 2, 0]] * image[[0, 1, 2]]
    assert torch.allclose(left[:, unclipped], right[:, unclipped], atol=1e-6)


@settings(deadline=None)
@given(st.one_of(pixels_8, pixels_16), gains)
def test_integer_composites_keep_the_ratios_up_to_rounding(pixels, gain):
    picture = Picture(pixels=pixels)
    relit = composite_picture(picture, gain).pixels.astype(np.int64)
    source = pixels.astype(np.int64)
    unclipped = (relit < picture.maximum).all(axis=-1)
    error = np.abs(relit * np.roll(source, -1, -1) - np.roll(relit, -1, -1) * source)
    slack = 0.5 * (source + np.roll(source, -1, -1)) + 1e-3 * picture.maximum
    assert (error <= slack)[unclipped].all()


@settings(deadline=None)
@given(st.one_of(pixels_8, pixels_16), gains)
def test_integer_composites_are_the_layers_over_the_picture_rounded(pixels, gain):
    picture = Picture(pixels=pixels)
    exact = full_size_stack(gain).over(picture.image()).numpy().transpose(1, 2, 0)
    error = np.abs(composite_picture(picture, gain).pixels - exact * picture.maximum)
    assert error.max() <= (0.5001 if picture.maximum == 255 else 0.55)


@settings(deadline=None)
@given(st.one_of(pixels_8, pixels_16), gains)
def test_pixels_without_gain_are_bit_exact(pixels, gain):
    gain[:, :4] = 0
    relit = composite_picture(Picture(pixels=pixels), gain)
    assert relit.pixels.dtype == pixels.dtype
    np.testing.assert_array_equal(relit.pixels[:, :4], pixels[:, :4])


def test_8_bits_become_16_by_257_and_back():
    pixels = np.arange(256, dtype=np.uint8).reshape(16, 16, 1).repeat(3, axis=2)
    picture = Picture(pixels=pixels, alpha=pixels[..., 0])
    wide = composite_picture(picture, np.zeros((16, 16), np.float32), bits=16)
    np.testing.assert_array_equal(wide.pixels, pixels.astype(np.uint16) * 257)
    np.testing.assert_array_equal(wide.alpha, pixels[..., 0].astype(np.uint16) * 257)
    back = composite_picture(wide, np.zeros((16, 16), np.float32), bits=8)
    np.testing.assert_array_equal(back.pixels, pixels)


def test_profile_alpha_and_greyness_go_with_the_composite():
    alpha = np.full((2, 2), 7, np.uint8)
    picture = Picture(
        pixels=np.zeros((2, 2, 3), np.uint8), alpha=alpha, icc_profile=b"x", was_grey=True
    )
    relit = composite_picture(picture, np.ones((2, 2), np.float32))
    assert relit.icc_profile == b"x"
    assert relit.was_grey
    np.testing.assert_array_equal(relit.alpha, alpha)


@pytest.mark.parametrize("gain", [np.zeros((3, 2), np.float32), np.full((2, 2), np.nan, "f4")])
def test_a_log_gain_that_does_not_fit_is_refused(gain):
    with pytest.raises(ValueError, match="log gain"):
        composite_picture(Picture(pixels=np.zeros((2, 2, 3), np.uint8)), gain)


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(1, 3_000_000))
def test_row_bands_cover_every_row_once(height, width):
    rows = [row for band in row_bands(height, width) for row in range(band.start, band.stop)]
    assert rows == list(range(height))

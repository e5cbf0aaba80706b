"""A small log gain at full size: on the picture's edges, inside the mask, without seams."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import interpolate

from lasagna_relight.compositing.crop import CropBox, box_around, crop_mask, crop_picture
from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.compositing.upsample import fill_beyond_mask, upsample_log_gain
from lasagna_relight.image_io import Picture


def noise_picture(height: int, width: int, dtype: type = np.uint8) -> Picture:
    rng = np.random.default_rng(0)
    maximum = np.iinfo(dtype).max
    return Picture(pixels=rng.integers(0, maximum + 1, (height, width, 3), dtype=dtype))


def disc(height: int, width: int, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    distance = np.hypot(rows - height / 2 + 0.5, columns - width / 2 + 0.5)
    return np.clip(radius - distance, 0, 1).astype(np.float32)


@pytest.mark.parametrize("tile_rows", [1, 7, 64, 1000])
def test_the_size_of_tiles_cannot_be_seen(generator, tile_rows):
    picture, mask = noise_picture(150, 200), disc(150, 200, 60)
    small = torch.randn(1, 16, 16, generator=generator)
    box = box_around(mask).square()
    whole = upsample_log_gain(small, picture, mask, box)
    tiled = upsample_log_gain(small, picture, mask, box, tile_rows=tile_rows)
    assert np.abs(whole - tiled).max() <= 1e-4


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_constant_gain_stays_constant_inside_the_mask_up_to_its_very_border(dtype):
    picture, mask = noise_picture(90, 120, dtype), disc(90, 120, 30)
    box = box_around(mask)
    small_mask = crop_mask(mask, box, (16, 16))
    small = torch.where(small_mask > 0.3, -0.8, 0.0)  # background zeros, as a solver leaves them
    full = upsample_log_gain(small, picture, mask, box)
    np.testing.assert_allclose(full, -0.8 * mask, atol=0.01)


def test_the_gain_is_exactly_zero_outside_the_mask(generator):
    mask = disc(80, 100, 20)
    small = torch.randn(1, 32, 32, generator=generator)
    full = upsample_log_gain(small, noise_picture(80, 100), mask, box_around(mask))
    assert (full[mask == 0] == 0).all()
    assert np.abs(full[mask == 1]).max() > 0


def test_an_edge_of_the_picture_is_followed_better_than_by_plain_interpolation():
    rows, columns = np.mgrid[0:256, 0:256]
    bright = columns + 0.4 * rows > 190
    pixels = np.where(bright[..., None], 200, 60).astype(np.uint8).repeat(3, axis=2)
    truth = np.where(bright, 0.7, -0.7).astype(np.float32)
    small = torch.from_numpy(truth.reshape(16, 16, 16, 16).mean(axis=(1, 3)))[None]
    picture, mask = Picture(pixels=pixels), np.ones((256, 256), np.float32)
    guided = upsample_log_gain(small, picture, mask, CropBox.whole(picture))
    plain = interpolate(small[None], size=(256, 256), mode="bicubic")[0, 0].numpy()
    assert np.abs(guided - truth).mean() < 0.5 * np.abs(plain - truth).mean()


def test_a_smooth_gain_over_a_textured_picture_comes_through():
    rows, columns = np.mgrid[0:300, 0:200] / 200
    truth = (np.sin(3 * rows) + columns - 1).astype(np.float32)
    small = interpolate(torch.from_numpy(truth)[None, None], size=(48, 32), mode="area")[0]
    picture, mask = noise_picture(300, 200), np.ones((300, 200), np.float32)
    full = upsample_log_gain(small, picture, mask, CropBox.whole(picture))
    assert np.abs(full - truth).mean() < 0.02


def test_a_ramp_lands_where_its_box_lies():
    picture, mask = noise_picture(100, 160), np.ones((100, 160), np.float32)
    box = CropBox(left=40, top=20, width=64, height=64)
    ramp = torch.linspace(-1, 1, 16).expand(1, 16, 16)
    full = upsample_log_gain(ramp, picture, mask, box)
    middle = full[30:70].mean(axis=0)
    assert abs(middle[72]) < 0.05
    assert middle[60] < -0.2
    assert middle[84] > 0.2
    assert np.abs(middle[:40] - middle[40]).max() < 0.1  # beyond the box its border goes on


@pytest.mark.parametrize("side", [8, 13])
def test_a_mirrored_gain_stays_mirrored_to_the_pixel(side):
    picture = Picture(pixels=np.full((90, 120, 3), 99, np.uint8))
    mask = np.ones((90, 120), np.float32)
    ramp = torch.linspace(-1, 1, side)
    small = (ramp[:, None] + 0.5 * ramp[None, :])[None]
    full = upsample_log_gain(small, picture, mask, CropBox.whole(picture))
    np.testing.assert_allclose(full, -full[::-1, ::-1], atol=1e-5)


def test_the_result_is_limited_and_finite(generator):
    small = torch.randn(1, 8, 8, generator=generator) * 100
    picture, mask = noise_picture(40, 40), np.ones((40, 40), np.float32)
    full = upsample_log_gain(small, picture, mask, CropBox.whole(picture))
    assert np.abs(full).max() <= MAX_LOG_GAIN


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 70), st.integers(1, 70))
def test_any_size_of_picture_and_gain_works(height, width, small_height, small_width):
    picture, mask = noise_picture(height, width), np.ones((height, width), np.float32)
    small = torch.full((1, small_height, small_width), 0.5)
    full = upsample_log_gain(small, picture, mask, CropBox.whole(picture))
    np.testing.assert_allclose(full, 0.5, atol=1e-3)


def test_a_mask_of_another_size_is_refused():
    with pytest.raises(ValueError, match="mask"):
        upsample_log_gain(
            torch.zeros(1, 4, 4),
            noise_picture(8, 8),
            np.ones((8, 9), np.float32),
            CropBox(left=0, top=0, width=8, height=8),
        )


def test_filling_keeps_the_inside_and_continues_it_outside(generator):
    mask = torch.from_numpy(disc(32, 32, 10))[None]
    gain = torch.randn(1, 32, 32, generator=generator)
    filled = fill_beyond_mask(torch.where(mask > 0, gain, 5.0), mask)
    assert torch.allclose(filled[mask == 1], gain[mask == 1], atol=1e-5)
    assert filled[mask == 0].max() < 4
    assert torch.isfinite(filled).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_crop_beyond_the_edges_repeats_pixels_and_empties_masks(dtype):
    pixels = np.full((10, 20, 3), np.iinfo(dtype).max, dtype=dtype)
    box = CropBox(left=0, top=0, width=20, height=10).square()
    assert (box.top, box.height) == (-5, 20)
    assert torch.equal(crop_picture(Picture(pixels=pixels), box, (4, 4)), torch.ones(3, 4, 4))
    mask = crop_mask(np.ones((10, 20), np.float32), box, (4, 4))
    assert torch.equal(mask[0, :, 0], torch.tensor([0.0, 1.0, 1.0, 0.0]))


def test_a_crop_averages_what_each_value_covers():
    pixels = np.zeros((8, 8, 3), np.uint8)
    pixels[::2] = 200
    image = crop_picture(Picture(pixels=pixels), CropBox(left=0, top=0, width=8, height=8), (2, 2))
    assert torch.allclose(image, torch.full((3, 2, 2), 100 / 255))


def test_the_box_holds_the_mask_and_its_margin_within_the_picture():
    mask = np.zeros((50, 60), np.float32)
    mask[10:30, 5:15] = 1
    box = box_around(mask, margin=0.1)
    assert (box.left, box.top, box.width, box.height) == (3, 8, 14, 24)
    assert box_around(mask * 0).width == 60
    assert box_around(mask, margin=9.0) == CropBox(left=0, top=0, width=60, height=50)

"""The bytes of a view: what comes back is what went in, within the stated bounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasagna_relight.relit.shard_codec import (
    KNEE,
    LARGEST,
    STEPS,
    PackedView,
    decode,
    encode,
    quantized,
)

RELATIVE, ABSOLUTE = 0.01, KNEE / (2 * STEPS) * 1.001
LIGHT = (
    st.floats(0, LARGEST, width=32) | st.floats(0, 2 * KNEE, width=32) | st.floats(0, 4, width=32)
)


@st.composite
def views(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (P, 3, R, R) made of a few drawn values, and alpha (R, R)."""
    side, pictures = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    light = np.array(draw(st.lists(LIGHT, min_size=1, max_size=8)), np.float32)
    mixed = np.random.default_rng(draw(st.integers(0, 2**32)))
    alpha = mixed.choice(np.uint8([0, 0, 1, 128, 255, 255]), (side, side))
    return mixed.choice(light, (pictures, 3, side, side)), alpha


def unpacked(packed: PackedView, pictures: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    sparse = decode(packed, pictures, side)
    frame = np.zeros((pictures, 3, side * side), np.float32)
    frame[:, :, sparse.places] = sparse.values
    alpha = np.zeros(side * side, np.uint8)
    alpha[sparse.places] = sparse.alpha
    return frame.reshape(pictures, 3, side, side), alpha.reshape(side, side)


@settings(deadline=None)
@given(views())
def test_light_comes_back_within_the_bounds_and_alpha_exactly(
    view: tuple[np.ndarray, np.ndarray],
) -> None:
    pictures, alpha = view
    again, alpha_again = unpacked(encode(pictures, alpha), len(pictures), len(alpha))
    assert np.array_equal(alpha_again, alpha)
    assert np.isfinite(again).all()
    assert not again[..., alpha == 0].any()
    light, decoded = (x[..., alpha > 0].astype(np.float64) for x in (pictures, again))
    error = np.abs(decoded - light)
    assert (error <= np.maximum(RELATIVE * light, ABSOLUTE)).all()


@settings(deadline=None)
@given(views())
def test_what_was_decoded_is_packed_to_the_same_bytes(view: tuple[np.ndarray, np.ndarray]) -> None:
    pictures, alpha = view
    packed = encode(pictures, alpha)
    again, _ = unpacked(packed, len(pictures), len(alpha))
    assert encode(again, alpha) == packed


def test_brighter_light_never_gets_a_lower_code() -> None:
    light = np.sort(np.concatenate([np.geomspace(1e-8, LARGEST, 5000), [0, KNEE, 1e9, -1]]))
    codes = quantized(light.astype(np.float32))
    assert (np.diff(codes) >= 0).all()
    assert codes[0] == 0
    assert codes[-1] == quantized(np.float32([LARGEST]))[0]


def test_smooth_shading_takes_few_bytes_and_noise_takes_more() -> None:
    ramp = np.linspace(0.1, 1, 64, dtype=np.float32)
    smooth = np.broadcast_to(ramp[:, None] * ramp, (4, 3, 64, 64))
    noisy = smooth * np.random.default_rng(0).uniform(0.5, 1.5, smooth.shape).astype(np.float32)
    alpha = np.full((64, 64), 255, np.uint8)
    few, many = (len(encode(pictures, alpha).payload) for pictures in (smooth, noisy))
    assert few < 2 * smooth.size / 10
    assert few < many / 4


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_byte_is_noticed(place: int, change: int) -> None:
    pictures = np.random.default_rng(1).random((2, 3, 8, 8), np.float32)
    packed = encode(pictures, np.full((8, 8), 255, np.uint8))
    damaged = bytearray(packed.payload)
    damaged[place % len(damaged)] ^= change
    try:
        sparse = decode(PackedView(box=packed.box, payload=bytes(damaged)), 2, 8)
    except ValueError:
        return
    # a bit that Zstandard does not use: then nothing may have changed
    assert np.array_equal(sparse.values, decode(packed, 2, 8).values)


@pytest.mark.parametrize("box", [(0, 0, 9, 8), (1, 0, 8, 8), (-1, 0, 8, 8), (0, 0, 4, 8)])
def test_a_box_that_does_not_fit_is_refused(box: tuple[int, int, int, int]) -> None:
    packed = encode(np.ones((1, 3, 8, 8), np.float32), np.full((8, 8), 255, np.uint8))
    with pytest.raises(ValueError, match=r"box|length"):
        decode(PackedView(box=box, payload=packed.payload), 1, 8)

"""Turning pictures turns the light in them."""

import pytest
import torch

from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.relit.symmetry import SYMMETRIES, Symmetry


def shaded_plane(x, y):
    """A picture that is brighter towards the light at (x, y)."""
    axis = torch.linspace(-1, 1, 9)
    return x * axis[None, :] - y * axis[:, None]


@pytest.mark.parametrize("symmetry", SYMMETRIES)
def test_the_bright_side_stays_on_the_side_of_the_light(symmetry):
    light = torch.tensor([0.6, 0.3, 0.74])
    turned = symmetry.vectors(light)
    expected = shaded_plane(turned[0], turned[1])
    torch.testing.assert_close(symmetry.picture(shaded_plane(0.6, 0.3)), expected)


@pytest.mark.parametrize("symmetry", SYMMETRIES)
def test_turning_back_undoes_turning(symmetry, generator):
    picture = torch.rand(2, 3, 8, 8, generator=generator)
    assert torch.equal(symmetry.inverse_picture(symmetry.picture(picture)), picture)


def test_a_flip_exchanges_left_and_right():
    becomes = Symmetry(quarters=0, flip=True).named_ids()
    left, right = DIRECTION_NAMES.index("left"), DIRECTION_NAMES.index("right")
    assert (becomes[left], becomes[right]) == (right, left)
    assert becomes[DIRECTION_NAMES.index("top")] == DIRECTION_NAMES.index("top")


def test_a_quarter_turn_leaves_one_rim_light_without_a_name():
    becomes = Symmetry(quarters=1, flip=False).named_ids()
    assert becomes.count(None) == 1
    assert becomes[DIRECTION_NAMES.index("right")] == DIRECTION_NAMES.index("top")


def test_the_ids_are_found_once_for_each_symmetry() -> None:
    ids = [symmetry.named_ids() for symmetry in SYMMETRIES]
    assert len(set(ids)) == len(SYMMETRIES)
    assert all(
        symmetry.named_ids() is known for symmetry, known in zip(SYMMETRIES, ids, strict=True)
    )

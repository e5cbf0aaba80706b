"""Blend modes: what the W3C and Photoshop say of them."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lasagna_relight.compositing.blend import color_dodge, divide, linear_dodge, multiply

unit = st.floats(0, 1, width=32)


@settings(deadline=None)
@given(unit)
def test_neutral_layers_change_nothing(value):
    base = torch.tensor([value])
    one, zero = torch.ones(1), torch.zeros(1)
    assert torch.equal(multiply(base, one), base)
    assert torch.equal(divide(base, one), base)
    assert torch.equal(color_dodge(base, zero), base)
    assert torch.equal(linear_dodge(base, zero), base)


@settings(deadline=None)
@given(unit, unit)
def test_every_mode_stays_in_the_unit_range(below, above):
    base, layer = torch.tensor([below]), torch.tensor([above])
    for mode in (multiply, divide, color_dodge, linear_dodge):
        assert 0 <= mode(base, layer).item() <= 1


def test_the_extremes_are_those_of_the_w3c():
    black, white, half = torch.zeros(1), torch.ones(1), torch.full((1,), 0.5)
    assert divide(half, black) == 1
    assert divide(black, black) == 0
    assert divide(torch.full((1,), 0.25), half) == 0.5
    assert color_dodge(half, white) == 1
    assert color_dodge(black, white) == 0
    assert multiply(half, half) == 0.25
    assert linear_dodge(half, half) == 1


@settings(deadline=None)
@given(st.floats(0, 1, width=32), st.floats(0.125, 1, width=32))
def test_divide_undoes_multiply(value, layer):
    base, over = torch.tensor([value]), torch.tensor([layer])
    assert torch.allclose(divide(multiply(base, over), over), base, atol=1e-6)

"""Regularizers at known values."""

import math

import torch

from lasagna_relight.compositing.stack import LayerStack
from lasagna_relight.relighting.regularizers import layer_l1, total_variation


def test_no_edit_costs_nothing():
    nothing, mask = torch.zeros(1, 1, 4, 4), torch.ones(1, 1, 4, 4)
    assert layer_l1(nothing, mask) == 0
    assert total_variation(nothing, mask) == 0


def test_the_l1_of_the_log_gain_is_that_of_its_two_layers(generator):
    log_gain = torch.rand(1, 1, 6, 6, generator=generator) * 4 - 2
    stack = LayerStack.from_log_gain(log_gain[0])
    layers = (stack.shading - 1).abs().mean() + (stack.lighting - 1).abs().mean()
    torch.testing.assert_close(layer_l1(log_gain, torch.ones(1, 1, 6, 6)), layers)


def test_variation_counts_a_step_once_and_only_inside_the_mask():
    step = torch.zeros(1, 1, 4, 4)
    step[..., 2:] = math.log(2)
    everywhere = torch.ones(1, 1, 4, 4)
    assert total_variation(step, everywhere) > 0
    left_half = everywhere.clone()
    left_half[..., 2:] = 0
    assert total_variation(step, left_half) == 0

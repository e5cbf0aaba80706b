"""Weights at rest in float16."""

from copy import deepcopy

import pytest
import torch
from torch import nn

from lasagna_relight.priors.half_weights import rest_in_half


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

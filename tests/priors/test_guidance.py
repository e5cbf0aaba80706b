"""Guidance at its fixed points."""

import pytest
import torch

from lasagna_relight.priors.guidance import guided


@pytest.mark.parametrize(("scale", "index"), [(0.0, 0), (1.0, 1)])
def test_scale_0_is_unconditional_and_scale_1_conditional(generator, scale, index):
    pair = torch.randn(2, 1, 4, 3, 3, generator=generator)
    torch.testing.assert_close(guided(pair[0], pair[1], scale), pair[index])


def test_the_authors_factor_of_12_is_scale_13(generator):
    unconditional, conditional = torch.randn(2, 1, 4, 3, 3, generator=generator)
    authors = conditional + 12 * (conditional - unconditional)
    torch.testing.assert_close(guided(unconditional, conditional, 13.0), authors)

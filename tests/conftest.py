"""Fixtures that every test may ask for."""

import pytest
import torch


@pytest.fixture
def generator() -> torch.Generator:
    """A CPU generator seeded 0: random tensors in tests come from it."""
    return torch.Generator().manual_seed(0)

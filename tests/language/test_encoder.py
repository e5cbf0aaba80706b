"""The shipped text encoder as a prior uses it."""

import pytest
import torch

from lasagna_relight.language.encoder import STATE_WIDTH, TextEncoder, shipped_encoder

PROMPTS = ["light from the left", "", "Licht von rechts, 45°"]


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return shipped_encoder()


def test_states_are_one_for_each_token_and_zero_elsewhere(encoder):
    states = encoder.encode(PROMPTS)
    assert states.tokens.shape == (3, 7, STATE_WIDTH)
    assert states.mask.sum(1).tolist() == [5, 1, 7]
    assert states.tokens[~states.mask].abs().sum() == 0
    assert states.tokens.isfinite().all()


def test_padding_does_not_change_the_states_of_a_prompt(encoder):
    alone = encoder.encode(PROMPTS[:1]).tokens[0]
    among = encoder.encode([*PROMPTS, "a " * 30]).tokens[0, : len(alone)]
    torch.testing.assert_close(alone, among, atol=1e-4, rtol=1e-4)


def test_the_order_of_the_words_matters(encoder):
    one, other = encoder.encode(["not left but right", "not right but left"]).tokens
    assert (one[0] - other[0]).norm() > 0.1


def test_the_shipped_encoder_is_frozen_and_small(encoder):
    assert not any(parameter.requires_grad for parameter in encoder.parameters())
    assert sum(parameter.numel() for parameter in encoder.parameters()) < 1.5e6


def test_the_shipped_encoder_is_loaded_once():
    assert shipped_encoder() is shipped_encoder()

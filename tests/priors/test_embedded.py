"""The embedded prior: files, conditions and guidance, on tiny random networks."""

import pytest
import torch

from lasagna_relight.errors import PriorError
from lasagna_relight.language.encoder import STATE_WIDTH, TextStates
from lasagna_relight.priors.embedded import (
    EmbeddedNetworks,
    EmbeddedPrior,
    condition,
    load_networks,
    save_networks,
)


@pytest.fixture
def networks():
    torch.manual_seed(0)
    fresh = EmbeddedNetworks.fresh(resolution=16, channels=(16, 32)).eval().requires_grad_(False)
    for parameter in fresh.parameters():  # a fresh ControlNet is silent: give its zeros a voice
        if parameter.abs().max() == 0:
            parameter.normal_(std=0.05)
    return fresh


def given(generator, light=(0.0, 0.6, 0.8)):
    return condition(
        source=torch.rand(1, 3, 16, 16, generator=generator),
        mask=torch.ones(1, 1, 16, 16),
        preview=torch.randn(1, 1, 16, 16, generator=generator),
        directions=torch.tensor([light]),
        words=TextStates(
            tokens=torch.randn(1, 5, STATE_WIDTH, generator=generator),
            mask=torch.ones(1, 5, dtype=torch.bool),
        ),
    )


def noisy(generator):
    return torch.randn(3, 16, 4, 4, generator=generator), torch.tensor([10, 400, 900])


def test_batched_guidance_equals_two_calls(networks, generator):
    known = given(generator)
    xt, t = noisy(generator)
    unconditional = EmbeddedPrior(networks=networks, given=known.without_light())
    conditional = EmbeddedPrior(networks=networks, given=known)
    both = EmbeddedPrior(networks=networks, given=known, guidance_scale=3.0)
    expected = -2 * unconditional.predict_noise(xt, t) + 3 * conditional.predict_noise(xt, t)
    torch.testing.assert_close(both.predict_noise(xt, t), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("part", ["picture", "words", "direction"])
def test_each_part_of_the_condition_reaches_the_noise(networks, generator, part):
    known = given(generator)
    xt, t = noisy(generator)
    full = EmbeddedPrior(networks=networks, given=known).predict_noise(xt, t)
    parts = {name: getattr(known, name) for name in ("picture", "words", "direction")}
    parts[part] = torch.zeros_like(parts[part])
    without = EmbeddedPrior(networks=networks, given=type(known)(**parts)).predict_noise(xt, t)
    assert (full - without).abs().max() > 1e-4


def test_a_fresh_controlnet_changes_nothing(generator):
    torch.manual_seed(0)
    fresh = EmbeddedNetworks.fresh(resolution=16, channels=(16, 32)).eval()
    xt, t = noisy(generator)
    known = given(generator).expanded(3)
    with torch.no_grad():
        alone = fresh.unet(
            xt, t, encoder_hidden_states=known.words, class_labels=known.direction
        ).sample
        torch.testing.assert_close(fresh(xt, t, known), alone)


def test_saved_networks_load_as_they_were_up_to_half_precision(networks, generator, tmp_path):
    save_networks(networks, tmp_path)
    xt, t = noisy(generator)
    known = given(generator)
    before = EmbeddedPrior(networks=networks, given=known).predict_noise(xt, t)
    after = EmbeddedPrior(networks=load_networks(tmp_path), given=known).predict_noise(xt, t)
    torch.testing.assert_close(after, before, rtol=0.05, atol=0.02)


@pytest.mark.parametrize(
    "missing",
    ["unet/config.json", "controlnet/diffusion_pytorch_model.safetensors",
     "scheduler/scheduler_config.json"],
)  # fmt: skip
def test_the_error_names_the_file_that_a_folder_lacks(networks, tmp_path, missing):
    save_networks(networks, tmp_path)
    (tmp_path / missing).unlink()
    with pytest.raises(PriorError, match=missing):
        load_networks(tmp_path)


def test_truncated_weights_are_refused_in_one_line(networks, tmp_path):
    save_networks(networks, tmp_path)
    weights = tmp_path / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(PriorError) as caught:
        load_networks(tmp_path)
    assert "\n" not in str(caught.value)

"""The loop learns, resumes exactly, and stops on nonsense."""

import pytest
import torch
from torch import nn

from lasagna_relight.errors import DivergenceError
from lasagna_relight.training.loop import TrainingConfig, averaged_weights, train


def problem(seed=0):
    torch.manual_seed(0)
    model = nn.Linear(4, 1)
    generator = torch.Generator().manual_seed(seed)

    def loss(_step):
        x = torch.randn(16, 4, generator=generator)
        return (model(x) - x.sum(-1, keepdim=True)).square().mean()

    return model, loss, generator


CONFIG = TrainingConfig(steps=40, learning_rate=0.05, warmup_steps=4, checkpoint_every=10)


def test_the_loss_falls_and_the_averaged_weights_stay_in_the_model(tmp_path):
    model, loss, generator = problem()
    losses = [step.loss for step in train(model, loss, CONFIG, tmp_path, generator)]
    assert losses[-1] < 0.2 * losses[0]
    torch.testing.assert_close(model.weight.detach(), averaged_weights(tmp_path)["weight"])


def test_an_interrupted_run_repeats_the_uninterrupted_one(tmp_path):
    model, loss, generator = problem()
    whole = [step.loss for step in train(model, loss, CONFIG, tmp_path / "whole", generator)]
    model, loss, generator = problem()
    interrupted = train(model, loss, CONFIG, tmp_path / "parts", generator)
    first = [next(interrupted).loss for _ in range(27)]
    interrupted.close()
    model, loss, generator = problem(seed=99)
    rest = [step.loss for step in train(model, loss, CONFIG, tmp_path / "parts", generator)]
    assert first[:20] + rest == whole


def test_a_loss_that_is_not_finite_stops_the_training(tmp_path):
    model, _, generator = problem()
    with pytest.raises(DivergenceError):
        list(train(model, lambda _: model.weight.sum() * torch.nan, CONFIG, tmp_path, generator))

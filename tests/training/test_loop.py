"""The loop learns, resumes exactly, shares its work among processes, and stops on nonsense."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from torch import nn

from lasagna_relight.errors import DivergenceError, RecipeError
from lasagna_relight.training.checkpoint import CHECKPOINT_NAME, read_log
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.loop import train
from lasagna_relight.training.processes import make_accelerator
from lasagna_relight.training.task import Task, Validation, part_generator

CPU = torch.device("cpu")
CONFIG = TrainingConfig(
    steps=40, learning_rate=0.05, warmup_steps=4, log_every=10, checkpoint_every=10, ema_decay=0.9
)


class Numbers:
    """A batch for the toy problem."""

    def __init__(self, x):
        self.x = x

    def to(self, device):
        return Numbers(self.x.to(device))


def batches(step, part):
    return Numbers(torch.randn(8, 4, generator=part_generator(0, "batch", step, part, CPU)))


def loss(model, batch, draws):
    noise = 0.01 * torch.randn(8, 1, generator=draws)
    return (model(batch.x) - batch.x.sum(-1, keepdim=True) + noise).square().mean()


def task(loss=loss):
    torch.manual_seed(0)
    return Task(
        model=nn.Linear(4, 1),
        batches=batches,
        loss=loss,
        estimate=lambda model, batch: model(batch.x),
        save=lambda model, folder: torch.save(model.state_dict(), folder / "model.pt"),
    )


def run(folder, config=CONFIG, task=task, validate=None):
    return train(task(), config, folder, make_accelerator(config, folder, "cpu"), validate)


def curve(folder):
    return [loss for record in read_log(folder) for loss in record["losses"]]


def test_the_loss_falls_and_the_averaged_weights_are_saved(tmp_path):
    list(run(tmp_path))
    losses = curve(tmp_path)
    assert len(losses) == CONFIG.steps
    assert losses[-1] < 0.2 * losses[0]
    saved = torch.load(tmp_path / "model.pt")["weight"]
    trained = torch.load(tmp_path / CHECKPOINT_NAME, weights_only=True)
    torch.testing.assert_close(saved, trained["averaged"]["weight"])
    assert not torch.equal(saved, trained["model"]["weight"])


def test_an_interrupted_run_repeats_the_uninterrupted_one(tmp_path):
    list(run(tmp_path / "whole"))
    interrupted = run(tmp_path / "parts")
    next(interrupted)
    next(interrupted)
    interrupted.close()
    with (tmp_path / "parts" / "training.jsonl").open("a") as log:
        log.write('{"step": 30, "losses": [1.0]}\n{"step": 3')  # logged after the checkpoint
    list(run(tmp_path / "parts"))
    assert curve(tmp_path / "parts") == curve(tmp_path / "whole")
    saved = [torch.load(tmp_path / name / "model.pt")["weight"] for name in ("parts", "whole")]
    assert torch.equal(*saved)


def test_a_finished_run_is_left_as_it_is(tmp_path):
    list(run(tmp_path))
    assert list(run(tmp_path)) == []


def test_parts_are_accumulated_to_the_mean_of_their_losses(tmp_path):
    def whole(step, part):
        return Numbers(torch.cat([batches(step, part).x for part in range(2)]))

    def quiet(model, batch, draws):
        return (model(batch.x) - batch.x.sum(-1, keepdim=True)).square().mean()

    def as_one():
        return Task(**{**vars(task(quiet)), "batches": whole})

    two = TrainingConfig(**{**vars(CONFIG), "parts": 2})
    list(run(tmp_path / "two", two, lambda: task(quiet)))
    list(run(tmp_path / "one", CONFIG, as_one))
    torch.testing.assert_close(
        torch.tensor(curve(tmp_path / "two")), torch.tensor(curve(tmp_path / "one"))
    )


def test_prepared_batches_are_those_of_the_loop(tmp_path):
    list(run(tmp_path / "inside"))
    ahead = TrainingConfig(**{**vars(CONFIG), "workers": 1})
    list(run(tmp_path / "ahead", ahead))
    assert curve(tmp_path / "ahead") == curve(tmp_path / "inside")


def test_the_best_validation_decides_what_is_saved(tmp_path):
    scores = iter([0.1, 0.5, 0.3, 0.2])
    seen = []

    def validate(model):
        seen.append(model.weight.clone())
        sheet = torch.zeros(4, 4, 3, dtype=torch.uint8).numpy()
        return Validation(score=next(scores), figures={}, sheet=sheet)

    config = TrainingConfig(**{**vars(CONFIG), "validate_every": 10})
    reports = list(run(tmp_path, config, validate=validate))
    assert [report.best for report in reports] == [True, True, False, False]
    assert torch.equal(torch.load(tmp_path / "model.pt")["weight"], seen[1])
    assert len(list((tmp_path / "sheets").glob("*.png"))) == 4


def test_the_schedule_warms_up_and_falls_to_its_share():
    rates = [CONFIG.rate(step) for step in range(CONFIG.steps)]
    assert rates[0] == pytest.approx(0.05 / 4)
    assert max(rates) == pytest.approx(0.05)
    assert rates[-1] == pytest.approx(0.05 * CONFIG.final_share, rel=0.15)


def test_a_loss_that_is_not_finite_stops_the_training(tmp_path):
    def nonsense(model, batch, draws):
        return model.weight.sum() * torch.nan

    with pytest.raises(DivergenceError, match="step 0"):
        list(run(tmp_path, task=lambda: task(nonsense)))
    assert not (tmp_path / CHECKPOINT_NAME).exists()


def test_the_checkpoint_of_another_model_is_refused(tmp_path):
    list(run(tmp_path))

    def other():
        return Task(**{**vars(task()), "model": nn.Linear(5, 1)})

    with pytest.raises(RecipeError, match="another training"):
        list(run(tmp_path, task=other))


def test_a_broken_checkpoint_is_named(tmp_path):
    (tmp_path / CHECKPOINT_NAME).write_bytes(b"PK nonsense")
    with pytest.raises(RecipeError, match="cannot be read"):
        list(run(tmp_path))


def test_parts_that_processes_cannot_share_are_refused():
    with pytest.raises(RecipeError, match="--parts 2"):
        TrainingConfig(steps=1, parts=3).parts_of(0, 2)


SCRIPT = """
import sys, time
sys.path.insert(0, {tests!r})
from pathlib import Path
import test_loop
from lasagna_relight.training.config import TrainingConfig
def slow(model, batch, draws):
    time.sleep({pause})
    return test_loop.loss(model, batch, draws)
config = TrainingConfig(**{{**vars(test_loop.CONFIG), "parts": 2}})
list(test_loop.run(Path({folder!r}), config, lambda: test_loop.task(slow)))
"""


def script(folder: Path, pause: float = 0.0) -> str:
    return SCRIPT.format(tests=str(Path(__file__).parent), folder=str(folder), pause=pause)


@pytest.mark.slow
def test_a_run_killed_at_any_moment_ends_with_the_same_curve(tmp_path):
    two = TrainingConfig(**{**vars(CONFIG), "parts": 2})
    list(run(tmp_path / "whole", two))
    killed = subprocess.Popen([sys.executable, "-c", script(tmp_path / "killed", pause=0.05)])
    while not read_log(tmp_path / "killed"):
        assert killed.poll() is None
        time.sleep(0.05)
    time.sleep(0.3)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    assert 0 < len(curve(tmp_path / "killed")) < CONFIG.steps
    list(run(tmp_path / "killed", two))
    assert curve(tmp_path / "killed") == curve(tmp_path / "whole")


THREADS_SCRIPT = """
tasks = Path("/proc/self/task")
names = [(task / "comm").read_text() for task in tasks.iterdir()] if tasks.is_dir() else []
assert not any("gloo" in name for name in names), names
"""


@pytest.mark.slow
def test_two_processes_train_as_one_does_and_leave_no_thread_of_their_group(tmp_path):
    two = TrainingConfig(**{**vars(CONFIG), "parts": 2})
    list(run(tmp_path / "one", two))
    command = ["torch.distributed.run", "--nproc-per-node", "2", "--standalone"]
    file = tmp_path / "script.py"
    file.write_text(script(tmp_path / "both") + THREADS_SCRIPT)
    done = subprocess.run(
        [sys.executable, "-m", *command, str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    torch.testing.assert_close(
        torch.tensor(curve(tmp_path / "both")), torch.tensor(curve(tmp_path / "one"))
    )

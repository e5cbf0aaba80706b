"""Every kind of training runs, is loaded back, and says clearly what it cannot do."""

import json
from dataclasses import replace

import pytest
import torch

from lasagna_relight.apps.cli import run
from lasagna_relight.apps.train_command import TRAININGS
from lasagna_relight.errors import PriorError, RecipeError
from lasagna_relight.evaluation.validation import held_out, validator
from lasagna_relight.priors.embedded import load_networks
from lasagna_relight.priors.predictor import (
    ContinuousPredictor,
    GainPredictor,
    load_predictor,
    save_predictor,
)
from lasagna_relight.relit.dataset import ShardFolder
from lasagna_relight.relit.organic import render_organic_shards
from lasagna_relight.training.checkpoint import read_log
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.loop import train
from lasagna_relight.training.loss import named_lights
from lasagna_relight.training.processes import make_accelerator
from lasagna_relight.training.recipes import RECIPES, training_named

SMALL = {"batch_size": "4", "resolution": "16", "channels": "16,32", "layers": "1"}


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    list(render_organic_shards(folder, views=12, resolution=16, extra_lights=4))
    return folder


@pytest.fixture(scope="module")
def predictor_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("predictor")
    torch.manual_seed(0)
    predictor = GainPredictor(resolution=16, patch=4, channels=(16, 32), layers=1)
    save_predictor(predictor, folder)
    return folder


def train_some(recipe, shards, run_folder, *, steps=3, options):
    chosen = training_named(recipe).with_options(options)
    config = replace(
        chosen.config, steps=steps, parts=1, workers=0, precision="no", log_every=1,
        checkpoint_every=100, warmup_steps=1,
    )  # fmt: skip
    task = chosen.task(TrainingData(folders=[shards], weights=[1.0]), config)
    batches = held_out(ShardFolder(shards), views=3, batch_size=2, seed=0)
    accelerator = make_accelerator(config, run_folder, "cpu")
    reports = list(train(task, config, run_folder, accelerator, validator(batches, task.estimate)))
    assert reports[-1].validation is not None
    return task, reports


def test_the_command_names_the_recipes():
    assert TRAININGS.split("|") == list(RECIPES)


def test_the_command_trains_validates_and_resumes(shards, tmp_path, capsys):
    arguments = ["train", "tiny", "--data", str(shards), "-o", str(tmp_path / "run"),
                 "--validation", str(shards), "--validation-views", "3", "--log-every", "2",
                 "--set", "head=harmonics", "--tracker", "tensorboard"]  # fmt: skip
    assert run([*arguments, "--steps", "4"]) == 0
    assert "covered" in capsys.readouterr().out
    assert run([*arguments, "--steps", "6"]) == 0
    assert [record["step"] for record in read_log(tmp_path / "run")] == [2, 4, 6]
    assert isinstance(load_predictor(tmp_path / "run"), ContinuousPredictor)
    assert list((tmp_path / "run" / "tensorboard").glob("events*"))
    assert run([*arguments, "--steps", "6"]) == 0
    assert "at step 6 already" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["tiny"], "no training data"),
        (["great", "--organic", "1"], "no training recipe"),
        (["tiny", "--organic", "1", "--set", "hed=named"], "tiny has"),
        (["tiny", "--organic", "1", "--set", "head"], "NAME=VALUE"),
        (["tiny", "--organic", "1", "--set", "channels=16,24"], "multiple"),
        (["tiny", "--organic", "1", "--set", "channels=16,32,32,32"], "halved"),
        (["tiny", "--data", "/nowhere"], "no shards"),
        (["tiny", "--organic", "1", "--weights", "x"], "--weights"),
        (["denoiser", "--organic", "1", "--photographs", "{here}"], "pairs.json"),
        (["sd15_controlnet", "--organic", "1", "--precision", "no"], "--set base"),
        (
            ["embedded_cpu", "--organic", "1", "--set", "resolution=32"],
            "cannot preview",
        ),
    ],
)
def test_what_cannot_be_trained_is_one_line(arguments, complaint, tmp_path, capsys):
    given = [word.format(here=tmp_path) for word in arguments]
    assert run(["train", *given, "-o", str(tmp_path / "run")]) == 2
    captured = capsys.readouterr()
    assert complaint in captured.err
    assert captured.err.count("\n") == 1
    assert not (tmp_path / "run" / "checkpoint.pt").exists()


@pytest.mark.parametrize("edit", ["picture", "log_gain", "twelve"])
def test_a_denoiser_of_each_edit_learns(edit, shards, tmp_path):
    options = {**SMALL, "edit": edit, "min_snr_gamma": "5"}
    _, reports = train_some("denoiser", shards, tmp_path, options=options)
    assert (tmp_path / "denoiser.safetensors").is_file()
    assert json.loads((tmp_path / "denoiser.json").read_text())["edit"] == edit
    assert -50 < reports[-1].validation.score <= 1


@pytest.mark.parametrize("prediction", ["v_prediction", "sample"])
def test_the_embedded_prior_trains_over_a_predictor(prediction, shards, predictor_folder, tmp_path):
    options = {
        **SMALL, "predictor": str(predictor_folder), "captions": "16", "prediction": prediction,
    }  # fmt: skip
    task, _ = train_some("embedded_cpu", shards, tmp_path, options=options)
    networks = load_networks(tmp_path)
    assert networks.prediction == prediction
    assert load_predictor(tmp_path).resolution == 16
    trained = dict(task.model.named_parameters())
    assert any(not torch.equal(p, trained[n]) for n, p in networks.named_parameters())


def test_a_training_goes_on_from_trained_networks(shards, predictor_folder, tmp_path):
    options = {"batch_size": "4", "resolution": "16", "channels": "16,32", "layers": "1",
               "captions": "16", "predictor": str(predictor_folder)}  # fmt: skip
    train_some("embedded_cpu", shards, tmp_path / "first", options=options)
    recipe = training_named("embedded_cpu").with_options(
        {**options, "start": str(tmp_path / "first")}
    )
    data = TrainingData(folders=[shards], weights=[1.0])
    task = recipe.task(data, recipe.config)
    first = load_networks(tmp_path / "first").state_dict()
    for name, value in task.model.state_dict().items():
        torch.testing.assert_close(value, first[name])
    wider = recipe.with_options({"channels": "32,32"})
    with pytest.raises(PriorError, match="other widths"):
        wider.task(data, recipe.config)
    unlike = recipe.with_options({"prediction": "epsilon"})
    with pytest.raises(PriorError, match="prediction=v_prediction"):
        unlike.task(data, recipe.config)


def test_a_predictor_begins_with_another_by_option(shards, predictor_folder):
    recipe = training_named("instant").with_options(
        {**SMALL, "head": "lambert", "start": str(predictor_folder)}
    )
    task = recipe.task(TrainingData(folders=[shards], weights=[1.0]), recipe.config)
    trained = load_predictor(predictor_folder)
    torch.testing.assert_close(
        task.model.get_parameter("backbone.conv_in.weight"),
        trained.get_parameter("unet.conv_in.weight"),
    )


def test_a_perfect_estimate_covers_everything_and_none_nothing(shards):
    batches = held_out(ShardFolder(shards), views=5, batch_size=2, seed=0)
    model = torch.nn.Linear(1, 1)

    def perfect(_model, batch):
        return batch.log_gains[:, named_lights(batch)[1]]

    def nothing(_model, batch):
        return torch.zeros_like(perfect(_model, batch))

    best = validator(batches, perfect)(model)
    assert best.score == pytest.approx(1)
    assert best.figures["correlation"] == pytest.approx(1, abs=1e-4)
    assert validator(batches, nothing)(model).score == pytest.approx(0)
    assert best.sheet.shape == (5 * 2 * 16, 7 * 16, 3)


def test_held_out_pictures_are_the_same_each_time(shards):
    first, second = (
        held_out(ShardFolder(shards), views=3, batch_size=2, seed=4)[0].source for _ in range(2)
    )
    assert torch.equal(first, second)


def test_an_option_may_be_none():
    recipe = training_named("denoiser").with_options({"min_snr_gamma": "none"})
    assert recipe.options.min_snr_gamma is None
    with pytest.raises(RecipeError, match="min_snr_gamma"):
        training_named("denoiser").with_options({"min_snr_gamma": "-1"})


@pytest.mark.parametrize("name", ["instant", "denoiser"])
def test_a_patch_is_set_as_text(name):
    assert training_named(name).with_options({"patch": "2"}).options.patch == 2
    with pytest.raises(RecipeError, match="--set patch: input should be 2, 4 or 8"):
        training_named(name).with_options({"patch": "3"})

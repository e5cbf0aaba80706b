"""The paper's training, on a tiny random Stable Diffusion of the same classes."""

import json
from dataclasses import replace

import pytest
import torch
from diffusers import AutoencoderKL, ControlNetModel, DDIMScheduler, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from lasagna_relight.errors import PriorError
from lasagna_relight.evaluation.validation import held_out, validator
from lasagna_relight.relit.dataset import ShardFolder
from lasagna_relight.relit.organic import render_organic_shards
from lasagna_relight.training.checkpoint import read_log
from lasagna_relight.training.controlnet import ControlNetOptions, _targets, load_base
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.loop import train
from lasagna_relight.training.processes import make_accelerator
from lasagna_relight.training.recipes import training_named


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    UNet2DConditionModel(
        sample_size=16, block_out_channels=(16, 32), layers_per_block=1, cross_attention_dim=16,
        norm_num_groups=8, attention_head_dim=8,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
    ).save_pretrained(folder / "unet")  # fmt: skip
    AutoencoderKL(
        block_out_channels=(8, 8, 8, 8), down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4, latent_channels=4, norm_num_groups=4,
    ).save_pretrained(folder / "vae")  # fmt: skip
    DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False,
        set_alpha_to_one=False, steps_offset=1,
    ).save_pretrained(folder / "scheduler")  # fmt: skip
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(letter + "</w>" for letter in letters)]
    words += ["<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    CLIPTokenizer(
        str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77
    ).save_pretrained(folder / "tokenizer")
    CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1,
            num_attention_heads=2, bos_token_id=len(words) - 2, eos_token_id=len(words) - 1,
            pad_token_id=len(words) - 1,
        )
    ).save_pretrained(folder / "text_encoder")  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    list(render_organic_shards(folder, views=6, resolution=32, extra_lights=2))
    return folder


def reports(base, shards, run, steps):
    recipe = training_named("sd15_controlnet").with_options(
        {"base": str(base), "resolution": "32", "batch_size": "2"}
    )
    config = replace(
        recipe.config, steps=steps, parts=1, workers=0, precision="no", log_every=1,
        checkpoint_every=2, warmup_steps=1, learning_rate=1e-3,
    )  # fmt: skip
    task = recipe.task(TrainingData(folders=[shards], weights=[1.0]), config)
    batches = held_out(ShardFolder(shards), views=1, batch_size=1, seed=0)
    validate = validator(batches, task.estimate) if steps == 2 else None
    yield from train(task, config, run, make_accelerator(config, run, "cpu"), validate)


def test_it_trains_the_controlnet_alone_and_resumes_to_the_same_curve(base, shards, tmp_path):
    list(reports(base, shards, tmp_path / "whole", 4))
    interrupted = reports(base, shards, tmp_path / "parts", 4)
    for _ in range(3):
        next(interrupted)
    interrupted.close()
    list(reports(base, shards, tmp_path / "parts", 4))
    whole, parts = (
        [record["losses"] for record in read_log(tmp_path / name)] for name in ("whole", "parts")
    )
    assert parts == whole
    trained = ControlNetModel.from_pretrained(tmp_path / "whole" / "controlnet")
    zero = trained.controlnet_mid_block.weight
    assert zero.abs().max() > 0  # the zero convolution has begun to speak


def test_its_pictures_are_judged(base, shards, tmp_path):
    *_, last = reports(base, shards, tmp_path, 2)
    assert last.validation is not None
    assert -100 < last.validation.score < 1
    assert last.best


def test_prompts_name_object_and_light(shards, generator):
    batch = held_out(ShardFolder(shards), views=6, batch_size=6, seed=0)[0]
    _, prompts = _targets(batch, ControlNetOptions(free_captions=0, no_prompt=0), generator)
    assert all(prompt.startswith("A photo of a object with ") for prompt in prompts)
    assert {int(prompt.split()[-2]) for prompt in prompts} <= set(range(12))
    _, prompts = _targets(batch, ControlNetOptions(free_captions=1, no_prompt=0), generator)
    assert len(set(prompts)) > 3
    pictures, prompts = _targets(batch, ControlNetOptions(no_prompt=1), generator)
    assert set(prompts) == {""}
    outside = batch.inside.expand_as(pictures) == 0
    torch.testing.assert_close(pictures[outside], batch.source[outside])


def test_a_base_without_a_part_is_named(base, tmp_path, stable_diffusion_folders):
    device = torch.device("cpu")
    with pytest.raises(PriorError, match="unet/"):
        load_base(tmp_path, device)
    with pytest.raises(PriorError, match="SDXL"):
        load_base(stable_diffusion_folders["xl"], device)
    assert load_base(base, device, torch.bfloat16).unet.dtype == torch.bfloat16

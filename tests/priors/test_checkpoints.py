"""What a user may name as a prior, and what is wrong with it: one line each."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from diffusers import UNet2DConditionModel
from safetensors.torch import load_file, save_file

from lasagna_relight.errors import MemoryShortageError, PriorError
from lasagna_relight.priors.base_model import ddim_of
from lasagna_relight.priors.checkpoints import (
    Checkpoint,
    load_part,
    locate,
    stored_dtypes,
)
from lasagna_relight.priors.loading_errors import naming_memory_shortage
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion

Folders = dict[str, Path]


@pytest.fixture
def base(stable_diffusion_folders: Folders, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return shutil.copytree(stable_diffusion_folders["sd"], tmp_path / "sd")


def refusal(prior: Path | str, **settings) -> str:
    with pytest.raises(PriorError) as caught:
        load_stable_diffusion(StableDiffusionFiles(prior=str(prior), **settings))
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no model")
    assert "unet/" in refusal(tmp_path)


@pytest.mark.parametrize("part", ["unet", "vae", "scheduler", "text_encoder", "tokenizer"])
def test_the_error_names_the_part_that_a_folder_lacks(base: Path, part: str) -> None:
    shutil.rmtree(base / part)
    assert part in refusal(base)


def test_a_controlnet_of_another_base_is_refused(stable_diffusion_folders: Folders) -> None:
    folders = stable_diffusion_folders
    message = refusal(folders["sd"], controlnet=str(folders["other_controlnet"]))
    assert "cross_attention_dim 48" in message
    assert "another base" in message


def test_missing_shards_are_named(base: Path) -> None:
    folder = base / "unet"
    UNet2DConditionModel.from_pretrained(folder).save_pretrained(folder, max_shard_size="200KB")
    (folder / "diffusion_pytorch_model.safetensors").unlink()
    shards = sorted(folder.glob("*-of-*.safetensors"))
    assert len(shards) > 1
    load_stable_diffusion(StableDiffusionFiles(prior=str(base)))
    shards[0].unlink()
    assert shards[0].name in refusal(base)


def test_truncated_weights_are_refused(base: Path) -> None:
    weights = base / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2000])
    assert "unet" in refusal(base)


def test_broken_configuration_is_refused(base: Path) -> None:
    (base / "unet" / "config.json").write_text("{")
    assert "config.json" in refusal(base)


def test_pickled_weights_are_refused_with_the_reason_unless_allowed(base: Path) -> None:
    weights = base / "unet" / "diffusion_pytorch_model.safetensors"
    torch.save(load_file(weights), weights.with_suffix(".bin"))
    weights.unlink()
    message = refusal(base)
    assert "run any code" in message
    assert "--allow-pickle" in message
    load_stable_diffusion(StableDiffusionFiles(prior=str(base), allow_pickle=True))


def test_a_pickled_single_file_is_refused_unopened(tmp_path: Path) -> None:
    (tmp_path / "model.ckpt").write_bytes(b"not even a pickle")
    assert "--allow-pickle" in refusal(tmp_path / "model.ckpt")


def test_files_of_several_dtypes_are_brought_to_one(base: Path) -> None:
    weights = base / "unet" / "diffusion_pytorch_model.safetensors"
    halves = {
        name: value.half() if index % 2 else value
        for index, (name, value) in enumerate(load_file(weights).items())
    }
    save_file(halves, weights)
    assert set(stored_dtypes(base / "unet")) == {"F16", "F32"}
    networks = load_stable_diffusion(StableDiffusionFiles(prior=str(base), dtype="fp32"))
    assert {parameter.dtype for parameter in networks.unet.parameters()} == {torch.float32}


def test_the_half_precision_variant_is_found(base: Path) -> None:
    for part, stem in (("unet", "diffusion_pytorch_model"), ("text_encoder", "model")):
        whole = base / part / f"{stem}.safetensors"
        whole.rename(base / part / f"{stem}.fp16.safetensors")
    load_stable_diffusion(StableDiffusionFiles(prior=str(base)))


def test_a_scheduler_that_predicts_pictures_is_refused() -> None:
    with pytest.raises(PriorError, match="predicts sample"):
        ddim_of({"prediction_type": "sample"}, "prior")


@pytest.mark.parametrize("name", ["nothing", "./a/b", "a/b/c", "missing.safetensors"])
def test_what_is_neither_here_nor_a_hub_id_is_refused(name: str) -> None:
    with pytest.raises(PriorError, match="no folder and no file"):
        locate(name)


def test_a_full_device_is_told_with_what_would_help() -> None:
    with pytest.raises(MemoryShortageError, match="--offload"), naming_memory_shortage("cuda"):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB")
    with pytest.raises(MemoryShortageError, match="--half-weights"), naming_memory_shortage("cpu"):
        torch.empty(2**50)
    with pytest.raises(RuntimeError, match="shapes"), naming_memory_shortage("cpu"):
        raise RuntimeError("shapes differ")


def test_a_part_without_weights_is_refused(base: Path) -> None:
    (base / "unet" / "diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(PriorError, match="holds no weights"):
        load_part(UNet2DConditionModel, Checkpoint(name="sd", path=base), "unet", torch.float32)


def test_the_index_of_a_model_need_not_be_there(base: Path) -> None:
    (base / "model_index.json").unlink()
    assert json.loads((base / "unet" / "config.json").read_text())["cross_attention_dim"] == 32
    load_stable_diffusion(StableDiffusionFiles(prior=str(base)))

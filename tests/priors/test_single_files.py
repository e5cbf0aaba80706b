"""Stable Diffusion 2.x from one file, and files that are something else."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import StableDiffusionNetworks, stable_diffusion_prior
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion

Files = dict[str, Path]


def loaded(prior: Path | str, **settings: Any) -> StableDiffusionNetworks:
    settings = {name: str(value) for name, value in settings.items()}
    return load_stable_diffusion(StableDiffusionFiles(prior=str(prior), dtype="fp32", **settings))


def answer(networks: StableDiffusionNetworks) -> tuple[Tensor, Tensor]:
    """Guided noise and the source's latents, of one picture, prompt and noise."""
    draws = torch.Generator().manual_seed(4)
    source = torch.rand(1, 3, 64, 64, generator=draws)
    told = stable_diffusion_prior(networks, source=source, prompt="a cup", guidance_scale=3.0)
    xt = torch.randn(1, 4, 8, 8, generator=draws)
    return told.predict_noise(xt, torch.tensor([600])), told.codec.source_latents


def parts(networks: StableDiffusionNetworks) -> list[dict[str, Tensor]]:
    """The weights of every part, and the schedule."""
    assert networks.controlnet is not None
    assert networks.control_embedding is not None
    found = (networks.unet, networks.controlnet, networks.control_embedding, networks.vae)
    schedule = {"schedule": networks.schedule.alphas_cumprod}
    return [part.state_dict() for part in (*found, *networks.text.encoders)] + [schedule]


def refusal(prior: Path, **settings: Any) -> str:
    with pytest.raises(PriorError) as caught:
        loaded(prior, **settings)
    message = str(caught.value)
    assert message.startswith(str(settings.get("controlnet", prior)))
    assert "\n" not in message
    return message


@pytest.fixture
def named(stable_diffusion_folders: Files, single_files: Files) -> dict[str, Path]:
    """Folders and files of 2.x and 1.x by short names."""
    return {
        "sd2": stable_diffusion_folders["sd2"],
        "sd": stable_diffusion_folders["sd"],
        "xl": stable_diffusion_folders["xl"],
        **{f"{name}.safetensors": path for name, path in single_files.items()},
    }


def test_a_single_file_of_2_holds_what_its_folder_does_and_answers_alike(
    named: dict[str, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = loaded(named["sd2"], controlnet=named["controlnet2 folder.safetensors"])
    capfd.readouterr()
    file = loaded(
        named["sd2.safetensors"], base=named["sd2"], controlnet=named["controlnet2.safetensors"]
    )
    assert capfd.readouterr().err == ""  # no bars, no warnings
    for found, expected in zip(parts(file), parts(folder), strict=True):
        assert found.keys() == expected.keys()
        assert all(torch.equal(found[name], expected[name]) for name in expected)
    for found, expected in zip(answer(file), answer(folder), strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)
    without, _ = answer(loaded(named["sd2"]))
    assert (answer(folder)[0] - without).abs().max() > 0.05  # the ControlNet says something


def test_its_openclip_text_encoder_is_heard(named: dict[str, Path], tmp_path: Path) -> None:
    """Every one of the 23 layers that count, and not the 24th."""
    tensors = load_file(named["sd2.safetensors"])
    expected = loaded(named["sd2"]).hear("a cup").tokens
    for layer, heard in ((0, True), (22, True), (23, False)):
        changed = dict(tensors)
        name = f"cond_stage_model.model.transformer.resblocks.{layer}.attn.in_proj_weight"
        changed[name] = -30 * changed[name]
        save_file(changed, tmp_path / "changed.safetensors")
        found = loaded(tmp_path / "changed.safetensors", base=named["sd2"]).hear("a cup").tokens
        assert bool((found - expected).abs().max() > 1e-3) is heard


def test_a_controlnet_without_the_prefix_of_its_names_is_the_same(
    named: dict[str, Path], tmp_path: Path
) -> None:
    tensors = load_file(named["controlnet2.safetensors"])
    bare = {name.removeprefix("control_model."): value for name, value in tensors.items()}
    save_file(bare, tmp_path / "bare.safetensors")
    found = loaded(named["sd2"], controlnet=tmp_path / "bare.safetensors")
    expected = loaded(named["sd2"], controlnet=named["controlnet2.safetensors"])
    assert torch.equal(answer(found)[0], answer(expected)[0])


def test_what_is_predicted_is_said_by_the_option_the_file_or_the_base(
    named: dict[str, Path], tmp_path: Path
) -> None:
    noise = tmp_path / "base"
    shutil.copytree(named["sd2"], noise)
    scheduler = json.loads((noise / "scheduler" / "scheduler_config.json").read_text())
    scheduler["prediction_type"] = "epsilon"
    (noise / "scheduler" / "scheduler_config.json").write_text(json.dumps(scheduler))
    tensors, silent = load_file(named["sd2.safetensors"]), named["sd2.safetensors"]
    files = {}
    for said in ("v", "v_prediction", "epsilon"):
        files[said] = tmp_path / f"{said}.safetensors"
        save_file(tensors, files[said], metadata={"modelspec.prediction_type": said})
    files["marked"] = tmp_path / "marked.safetensors"
    save_file({**tensors, "v_pred": torch.zeros(0)}, files["marked"])
    for file, base, option, expected in (
        (silent, noise, "auto", "epsilon"),
        (silent, named["sd2"], "auto", "v_prediction"),
        (silent, noise, "v", "v_prediction"),
        (silent, named["sd2"], "epsilon", "epsilon"),
        (files["v"], noise, "auto", "v_prediction"),
        (files["v_prediction"], noise, "auto", "v_prediction"),
        (files["marked"], noise, "auto", "v_prediction"),
        (files["epsilon"], named["sd2"], "auto", "epsilon"),
        (files["v"], noise, "epsilon", "epsilon"),
    ):
        assert loaded(file, base=base, prediction=option).prediction_type == expected
    assert loaded(named["sd2"], prediction="epsilon").prediction_type == "epsilon"


def test_the_prediction_changes_the_answer(named: dict[str, Path]) -> None:
    velocity, _ = answer(loaded(named["sd2"], prediction="v"))
    noise, _ = answer(loaded(named["sd2"], prediction="epsilon"))
    assert (velocity - noise).abs().max() > 0.05


@pytest.mark.parametrize(
    ("file", "base"), [("sd", "sd2"), ("sd2", "sd"), ("sd2", "xl"), ("xl", "sd"), ("xl", "sd2")]
)
def test_a_base_of_another_kind_is_named(named: dict[str, Path], file: str, base: str) -> None:
    kinds = {"sd": "1.x", "sd2": "2.x", "xl": "XL"}
    message = refusal(named[f"{file}.safetensors"], base=named[base])
    assert f"is Stable Diffusion {kinds[file]}" in message
    assert f"is of {kinds[base]}" in message


@pytest.mark.parametrize(("file", "prior"), [("controlnet", "sd2"), ("controlnet2", "sd")])
def test_a_controlnet_of_another_kind_is_named(
    named: dict[str, Path], file: str, prior: str
) -> None:
    message = refusal(named[prior], controlnet=named[f"{file}.safetensors"])
    assert "a ControlNet of another base (Stable Diffusion" in message


UNET = "model.diffusion_model."


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        ({"lora_unet_down_blocks_0.lora_up.weight": 1}, "is a LoRA"),
        ({"conditioner.embedders.0.model.ln_final.bias": 1}, "is the refiner"),
        ({f"{UNET}joint_blocks.0.bias": 1}, "is Stable Diffusion 3"),
        ({"double_blocks.0.bias": 1}, "a transformer such as Flux"),
        ({"down_blocks.0.resnets.0.norm1.bias": 1}, "one part in diffusers layout"),
        ({"decoder.up.0.bias": 1}, "holds no Stable Diffusion"),
        ({f"{UNET}input_blocks.0.0.weight": 4}, "no text encoder"),
        ({f"{UNET}input_blocks.0.0.weight": 4, "cond_stage_model.model.x": 1}, "no autoencoder"),
        (
            {
                f"{UNET}input_blocks.0.0.weight": 9, "cond_stage_model.model.x": 1,
                "first_stage_model.x": 1,
            },
            "takes 9 channels (inpainting",
        ),
    ],
)  # fmt: skip
def test_a_file_that_is_no_base_is_told_for_what_it_is(
    stable_diffusion_folders: Files, tmp_path: Path, tensors: dict[str, int], said: str
) -> None:
    file = tmp_path / "file.safetensors"
    save_file({name: torch.zeros(2, width, 3, 3) for name, width in tensors.items()}, file)
    for settings in ({}, {"base": stable_diffusion_folders["sd2"]}):
        assert said in refusal(file, **settings)


def test_a_truncated_file_is_told(named: dict[str, Path], tmp_path: Path) -> None:
    file = tmp_path / "file.safetensors"
    file.write_bytes(named["sd2.safetensors"].read_bytes()[:-1000])
    assert "fetch it again" in refusal(file, base=named["sd2"])


def test_a_control_lora_is_told(named: dict[str, Path], tmp_path: Path) -> None:
    file = tmp_path / "file.safetensors"
    save_file({"lora_controlnet": torch.zeros(1), "input_hint_block.0.bias": torch.ones(1)}, file)
    assert "Control-LoRA" in refusal(named["sd2"], controlnet=file)

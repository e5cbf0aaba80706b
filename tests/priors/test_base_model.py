"""Stable Diffusion from one file in the original layout, and from the cache of the hub."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.checkpoints import locate
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.priors.stable_diffusion import stable_diffusion_prior
from lasagna_relight.priors.stable_diffusion_files import load_stable_diffusion

Files = dict[str, Path]


def answer(prior: Path | str, generator: torch.Generator, **settings):
    networks = load_stable_diffusion(
        StableDiffusionFiles(prior=str(prior), dtype="fp32", **settings)
    )
    draws = torch.Generator().manual_seed(4)
    source = torch.rand(1, 3, 64, 64, generator=draws)
    told = stable_diffusion_prior(networks, source=source, prompt="a cup", guidance_scale=3.0)
    xt = torch.randn(1, 4, 8, 8, generator=draws)
    return told.predict_noise(xt, torch.tensor([600])), told.codec.source_latents


def test_a_single_file_answers_as_its_folder_does(
    stable_diffusion_folders: Files, single_files: Files, generator, capfd
) -> None:
    sd = stable_diffusion_folders["sd"]
    capfd.readouterr()
    noise, latents = answer(
        single_files["sd"], generator, base=str(sd), controlnet=str(single_files["controlnet"])
    )
    assert capfd.readouterr().err == ""  # no bars, no warnings
    expected_noise, expected_latents = answer(
        sd, generator, controlnet=str(single_files["controlnet folder"])
    )
    without, _ = answer(sd, generator)
    assert (expected_noise - without).abs().max() > 0.05  # the ControlNet says something
    torch.testing.assert_close(noise, expected_noise, rtol=0.01, atol=0.01)
    torch.testing.assert_close(latents, expected_latents, rtol=0.01, atol=0.001)


def test_a_single_file_of_xl_answers_as_its_folder_does_and_hears_both_encoders(
    stable_diffusion_folders: Files, single_files: Files, generator, tmp_path: Path, capfd
) -> None:
    xl = stable_diffusion_folders["xl"]
    controlnet = str(stable_diffusion_folders["xl_controlnet"])
    expected_noise, expected_latents = answer(xl, generator, controlnet=controlnet)
    capfd.readouterr()
    noise, latents = answer(single_files["xl"], generator, base=str(xl), controlnet=controlnet)
    assert capfd.readouterr().err == ""
    torch.testing.assert_close(noise, expected_noise, rtol=0.01, atol=0.01)
    torch.testing.assert_close(latents, expected_latents, rtol=0.01, atol=0.001)
    tensors = load_file(single_files["xl"])
    tensors["conditioner.embedders.1.model.text_projection"] *= -8
    save_file(tensors, tmp_path / "turned.safetensors")
    turned, _ = answer(tmp_path / "turned.safetensors", generator, base=str(xl))
    without, _ = answer(single_files["xl"], generator, base=str(xl))
    assert (turned - without).abs().max() > 0.02


def test_a_single_file_of_a_controlnet_is_no_base_and_the_other_way_round(
    stable_diffusion_folders: Files, single_files: Files
) -> None:
    sd = stable_diffusion_folders["sd"]
    for prior, settings in (
        (single_files["controlnet"], {"base": str(sd)}),
        (sd, {"controlnet": str(single_files["sd"])}),
    ):
        with pytest.raises(PriorError, match=r"\.safetensors") as caught:
            load_stable_diffusion(StableDiffusionFiles(prior=str(prior), **settings))
        assert "\n" not in str(caught.value)


def test_a_pickled_single_file_is_opened_where_that_is_allowed(
    stable_diffusion_folders: Files, single_files: Files, generator, tmp_path: Path
) -> None:
    sd = str(stable_diffusion_folders["sd"])
    torch.save({"state_dict": load_file(single_files["sd"])}, tmp_path / "sd.ckpt")
    noise, _ = answer(tmp_path / "sd.ckpt", generator, base=sd, allow_pickle=True)
    expected, _ = answer(single_files["sd"], generator, base=sd)
    assert torch.equal(noise, expected)


def test_a_single_file_that_lacks_weights_is_refused(
    stable_diffusion_folders: Files, single_files: Files, tmp_path: Path
) -> None:
    tensors = load_file(single_files["sd"])
    del tensors["model.diffusion_model.output_blocks.0.0.in_layers.2.weight"]
    save_file(tensors, tmp_path / "part.safetensors")
    with pytest.raises(PriorError, match="missing"):
        load_stable_diffusion(
            StableDiffusionFiles(
                prior=str(tmp_path / "part.safetensors"),
                base=str(stable_diffusion_folders["sd"]),
            )
        )


@pytest.fixture
def hub(stable_diffusion_folders: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache as huggingface_hub keeps it, and no network."""
    from huggingface_hub import constants

    for name, folder in (("sd", "sd"), ("light", "controlnet")):
        kept = tmp_path / f"models--someone--{name}"
        (kept / "refs").mkdir(parents=True)
        (kept / "refs" / "main").write_text("0123abc")
        shutil.copytree(stable_diffusion_folders[folder], kept / "snapshots" / "0123abc")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return tmp_path


def test_hub_ids_are_read_from_its_cache_without_a_network(hub: Path, generator) -> None:
    assert locate("someone/sd").path == hub / "models--someone--sd" / "snapshots" / "0123abc"
    noise, _ = answer("someone/sd", generator, controlnet="someone/light")
    folders = [
        hub / f"models--someone--{name}" / "snapshots" / "0123abc" for name in ("sd", "light")
    ]
    expected, _ = answer(folders[0], generator, controlnet=str(folders[1]))
    assert torch.equal(noise, expected)


def test_weights_of_a_hub_id_are_fetched_only_where_they_are_wanted(
    tmp_path: Path, single_files: Files, stable_diffusion_folders: Files, monkeypatch
) -> None:
    import huggingface_hub

    asked: list[list[str]] = []

    def fetch(name: str, *, allow_patterns: list[str], ignore_patterns: list[str]) -> str:
        asked.append(allow_patterns)
        return str(stable_diffusion_folders["sd"])

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    locate("someone/sd")
    locate("someone/sd", weights=False)
    load_stable_diffusion(StableDiffusionFiles(prior=str(single_files["sd"]), base="someone/sd"))
    assert ["*.safetensors" in patterns for patterns in asked] == [True, False, False]
    assert all("*.json" in patterns for patterns in asked)


def test_a_hub_id_that_is_not_cached_is_one_line_that_says_what_to_do(hub: Path) -> None:
    with pytest.raises(PriorError, match="fetch it elsewhere and name its folder") as caught:
        locate("someone/else")
    assert str(caught.value).startswith(
        "someone/else: no folder here, and the hub does not give it"
    )
    assert "\n" not in str(caught.value)


def test_the_command_says_so_too(hub: Path) -> None:
    """In a process of its own, with the hub's own variables: offline, nothing cached."""
    command = ["doctor", "--prior", "someone/else", "--json"]
    code = "import sys; from lasagna_relight.apps.cli import main; sys.argv[0] = 'lasagna'; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, check=False,
        env={"HF_HUB_OFFLINE": "1", "HF_HUB_CACHE": str(hub), "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("lasagna: error: someone/else:")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_the_wrong_kind_of_folder_is_named(stable_diffusion_folders: Files, capfd) -> None:
    sd = stable_diffusion_folders["sd"]
    for settings, kinds in (
        ({"controlnet": str(sd / "unet")}, ("UNet2DConditionModel", "ControlNetModel")),
        ({"tiny_vae": str(sd / "vae")}, ("AutoencoderKL", "AutoencoderTiny")),
    ):
        with pytest.raises(PriorError) as caught:
            load_stable_diffusion(StableDiffusionFiles(prior=str(sd), **settings))
        assert all(kind in str(caught.value) for kind in kinds)
    assert capfd.readouterr().err == ""


def test_a_folder_whose_weights_are_of_another_network_is_refused(
    stable_diffusion_folders: Files, tmp_path: Path, capfd
) -> None:
    """diffusers would fill what is missing with noise, and warn."""
    folder = shutil.copytree(stable_diffusion_folders["controlnet"], tmp_path / "controlnet")
    weights = stable_diffusion_folders["sd"] / "unet" / "diffusion_pytorch_model.safetensors"
    shutil.copy(weights, folder / weights.name)
    assert json.loads((folder / "config.json").read_text())["_class_name"] == "ControlNetModel"
    with pytest.raises(PriorError, match="weights of a ControlNetModel are missing"):
        load_stable_diffusion(
            StableDiffusionFiles(prior=str(stable_diffusion_folders["sd"]), controlnet=str(folder))
        )
    assert capfd.readouterr().err == ""

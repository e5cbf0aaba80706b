"""What a step would hold in memory, against what it holds."""

import json
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.profiler import ProfilerActivity, profile

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.prior_names import StableDiffusionFiles
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.trial import estimate_memory, side_of, trial_step

Folders = dict[str, Path]

WEIGHTS = ("*.safetensors", "*.bin", "vocab.json", "merges.txt")


def allocated(work: Callable[[], Any]) -> int:
    """The most bytes that PyTorch's CPU allocator held at once for ``work``, scratch included."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        work()
    assert profiled.profiler is not None
    assert profiled.profiler.kineto_results is not None
    events: list[Any] = [
        event for event in profiled.profiler.kineto_results.events() if event.name() == "[memory]"
    ]
    now = most = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        now += event.nbytes()
        most = max(most, now)
    return most


def files(folders: Folders, **settings: Any) -> StableDiffusionFiles:
    return StableDiffusionFiles(
        prior=str(folders["sd"]), controlnet=str(folders["controlnet"]), **settings
    )


def size_of(*networks: torch.nn.Module | None) -> int:
    """Bytes of their parameters and buffers."""
    return sum(
        tensor.nbytes
        for network in networks
        if network is not None
        for tensor in (*network.parameters(), *network.buffers())
    )


@pytest.mark.parametrize(
    ("recipe", "settings"),
    [
        ("target", {"dtype": "fp32"}),
        ("target", {"dtype": "bf16"}),
        ("sds", {"dtype": "fp32", "half_weights": True}),
        ("faithful", {"dtype": "fp32"}),
    ],
)
def test_the_estimate_is_near_what_pytorch_allocates(
    stable_diffusion_folders: Folders, recipe: str, settings: dict[str, Any]
) -> None:
    """Within a fifth, scratch memory of the operators included."""
    prior = files(stable_diffusion_folders, **settings)
    estimate = estimate_memory(prior, recipe=recipe, side=128)
    relighter = Relighter.load(prior=prior, recipe=recipe)
    trial_step(relighter, 128)
    activations = allocated(lambda: trial_step(relighter, 128))
    assert estimate.peak - estimate.weights == pytest.approx(activations, rel=0.2)


def test_the_estimate_of_the_embedded_prior_is_near_too() -> None:
    estimate = estimate_memory("embedded", recipe="target")
    relighter = Relighter.load(recipe="target")
    assert estimate.side == side_of(relighter)
    trial_step(relighter)
    activations = allocated(lambda: trial_step(relighter))
    assert estimate.peak - estimate.weights == pytest.approx(activations, rel=0.2)


def test_weights_are_counted_as_they_rest(stable_diffusion_folders: Folders) -> None:
    def weights(**settings: Any) -> int:
        return estimate_memory(files(stable_diffusion_folders, **settings), side=64).weights

    networks = Relighter.load(prior=files(stable_diffusion_folders, dtype="fp32"))
    assert networks.large is not None
    large = networks.large.networks
    halved = size_of(large.unet, large.controlnet, large.control_embedding)
    kept = size_of(large.vae, networks.predictor) + large.schedule.alphas_cumprod.nbytes
    whole = halved + kept + size_of(*large.text.encoders)
    assert weights(dtype="fp32") == pytest.approx(whole, rel=0.001)
    for narrow in (weights(dtype="bf16"), weights(dtype="fp32", half_weights=True)):
        assert kept + 0.5 * halved < narrow < whole - 0.45 * halved


def test_larger_pictures_and_batches_and_gradients_need_more(
    stable_diffusion_folders: Folders,
) -> None:
    prior = files(stable_diffusion_folders, dtype="fp32")
    by_side = [estimate_memory(prior, side=side).peak for side in (64, 96, 128, 192)]
    assert by_side == sorted(set(by_side))
    by_batch = [
        estimate_memory(files(stable_diffusion_folders, dtype="fp32", batch=batch), side=128).peak
        for batch in (1, 2, 4)
    ]
    assert by_batch == sorted(set(by_batch))
    assert estimate_memory(prior, recipe="sds", side=128).peak > by_side[2]


@pytest.mark.parametrize(
    "settings", [{"attention_slicing": True}, {"offload": True}, {"compile": True}, {"tiny_vae": 1}]
)
def test_every_option_can_be_estimated(
    stable_diffusion_folders: Folders, settings: dict[str, Any]
) -> None:
    if "tiny_vae" in settings:
        settings = {"tiny_vae": str(stable_diffusion_folders["tiny_vae"])}
    assert estimate_memory(files(stable_diffusion_folders, **settings), side=64).peak > 0


def test_xl_is_estimated_with_both_encoders(stable_diffusion_folders: Folders) -> None:
    folders = stable_diffusion_folders
    prior = StableDiffusionFiles(
        prior=str(folders["xl"]), controlnet=str(folders["xl_controlnet"]), dtype="fp32"
    )
    relighter = Relighter.load(prior=prior)
    trial_step(relighter, 128)
    estimate = estimate_memory(prior, side=128)
    activations = allocated(lambda: trial_step(relighter, 128))
    assert estimate.peak - estimate.weights == pytest.approx(activations, rel=0.2)


def test_the_exact_shapes_of_stable_diffusion_take_no_memory_and_no_weights(
    stable_diffusion_folders: Folders, tmp_path: Path
) -> None:
    """1.5's UNet from its configuration: 3.3 GB that are neither on the disk nor in memory."""
    folder = tmp_path / "sd"
    shutil.copytree(stable_diffusion_folders["sd"], folder, ignore=shutil.ignore_patterns(*WEIGHTS))
    config = json.loads((folder / "unet" / "config.json").read_text())
    config |= {
        "block_out_channels": [320, 640, 1280, 1280], "layers_per_block": 2, "sample_size": 64,
        "cross_attention_dim": 32, "attention_head_dim": 8, "norm_num_groups": 32,
        "down_block_types": ["CrossAttnDownBlock2D"] * 3 + ["DownBlock2D"],
        "up_block_types": ["UpBlock2D"] + ["CrossAttnUpBlock2D"] * 3,
    }  # fmt: skip
    (folder / "unet" / "config.json").write_text(json.dumps(config))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    estimate = estimate_memory(StableDiffusionFiles(prior=str(folder), dtype="fp32"))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert estimate.weights > 3e9
    assert estimate.peak > estimate.weights
    assert grown < 3e8


def test_a_single_file_is_estimated_from_its_base(
    stable_diffusion_folders: Folders, tmp_path: Path
) -> None:
    sd = str(stable_diffusion_folders["sd"])
    (tmp_path / "sd.safetensors").write_bytes(b"not opened")
    single = StableDiffusionFiles(prior=str(tmp_path / "sd.safetensors"), base=sd)
    folder = StableDiffusionFiles(prior=sd)
    assert estimate_memory(single, side=64) == estimate_memory(folder, side=64)
    with pytest.raises(PriorError, match="--base"):
        estimate_memory(StableDiffusionFiles(prior=single.prior))


def test_numbers_are_back_after_an_estimate(generator: torch.Generator) -> None:
    estimate_memory("embedded", recipe="target")
    picture = torch.rand(1, 3, 4, 4, generator=generator)
    assert type(picture) is torch.Tensor
    assert 0 < picture.mean().item() < 1

"""Other people's editors on tiny random models of the real classes."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pytest
import torch

from lasagna_relight.errors import PriorError
from lasagna_relight.evaluation.cases import pair_cases
from lasagna_relight.evaluation.editors import (
    SDEDIT_STRENGTH,
    STEPS,
    instruct_method,
    sdedit_method,
)
from lasagna_relight.evaluation.method import Method

pytest.importorskip("transformers")
pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
LETTERS = string.ascii_lowercase + string.digits + ",.:"
WORDS = ["<|startoftext|>", "<|endoftext|>", *LETTERS, *(f"{c}</w>" for c in LETTERS)]


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of a tiny Stable Diffusion, its ControlNet and a tiny InstructPix2Pix, 64 px."""
    from diffusers import ControlNetModel

    root = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    unet = _write_pipeline(root / "sd", "StableDiffusionPipeline", channels=4)
    _write_pipeline(root / "instruct", "StableDiffusionInstructPix2PixPipeline", channels=8)
    controlnet = ControlNetModel.from_unet(
        unet, conditioning_embedding_out_channels=(8, 8, 8, 8)
    )  # fmt: skip
    controlnet.save_pretrained(root / "controlnet")
    return {name: root / name for name in ("sd", "instruct", "controlnet")}


def _check(method: Method, ball_folder: Path, evaluations: int) -> None:
    case = pair_cases(ball_folder)[0]
    scene = case.load()
    answer, again = (method.solve(case, scene, 0) for _ in range(2))
    other = method.solve(case, scene, 1)
    outside = scene.coverage.expand(3, -1, -1) == 0
    assert torch.equal(answer.image[outside], scene.source[outside])
    assert not torch.equal(answer.image, scene.source)
    assert torch.equal(answer.image, again.image)
    assert not torch.equal(answer.image, other.image)
    assert answer.log_gain is None
    assert answer.evaluations == evaluations


def test_sdedit_repaints_the_object_alone(models, ball_folder) -> None:
    expected = 2 * int(STEPS * SDEDIT_STRENGTH)
    _check(sdedit_method(models["sd"]), ball_folder, expected)


def test_sdedit_with_a_controlnet_repaints_the_object_alone(models, ball_folder) -> None:
    method = sdedit_method(models["sd"], controlnet=models["controlnet"], steps=5)
    assert method.name == "sdedit-controlnet"
    _check(method, ball_folder, 2 * int(5 * SDEDIT_STRENGTH))


def test_instruct_pix2pix_repaints_the_object_alone(models, ball_folder) -> None:
    _check(instruct_method(models["instruct"], steps=4), ball_folder, 3 * 4)


def test_folders_that_are_no_models_are_refused_on_one_line(models, tmp_path) -> None:
    for make, folder in (
        (sdedit_method, tmp_path),
        (instruct_method, tmp_path / "missing"),
        (sdedit_method, models["controlnet"]),
    ):
        with pytest.raises(PriorError) as caught:
            make(folder)
        assert str(folder) in str(caught.value)
        assert "\n" not in str(caught.value)


def _write_pipeline(folder: Path, kind: str, *, channels: int):
    from diffusers import AutoencoderKL, DDIMScheduler, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    unet = UNet2DConditionModel(
        sample_size=8,
        in_channels=channels,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        attention_head_dim=4,
        norm_num_groups=8,
        cross_attention_dim=32,
    )
    unet.save_pretrained(folder / "unet")
    AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 16, 16),
        norm_num_groups=4,
        sample_size=32,
    ).save_pretrained(folder / "vae")
    DDIMScheduler().save_pretrained(folder / "scheduler")
    CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(WORDS), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
            num_attention_heads=4, bos_token_id=0, eos_token_id=1, pad_token_id=1,
        )
    ).save_pretrained(folder / "text_encoder")  # fmt: skip
    place = folder / "tokenizer"
    place.mkdir(parents=True)
    (place / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(WORDS)}))
    (place / "merges.txt").write_text("#version: 0.2\n")
    config = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77}
    (place / "tokenizer_config.json").write_text(json.dumps(config))
    index = {
        "_class_name": kind,
        "scheduler": ["diffusers", "DDIMScheduler"],
        "unet": ["diffusers", "UNet2DConditionModel"],
        "vae": ["diffusers", "AutoencoderKL"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "CLIPTokenizer"],
        "safety_checker": [None, None],
        "feature_extractor": [None, None],
    }
    (folder / "model_index.json").write_text(json.dumps(index))
    return unet

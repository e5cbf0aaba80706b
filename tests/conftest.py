"""Fixtures that every test may ask for."""

import json
import string
from pathlib import Path

import pytest
import torch


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --pages` drives the pages in a real browser too: some minutes on a quiet machine."""
    parser.addoption("--pages", action="store_true", help="test the pages in Chromium too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without --pages, the browser's tests say how to run them; the quick one runs anyway."""
    if not config.getoption("--pages"):
        for item in items:
            if item.get_closest_marker("browser") and not item.get_closest_marker("smoke"):
                item.add_marker(pytest.mark.skip(reason="give --pages: make test-pages"))


@pytest.fixture
def generator() -> torch.Generator:
    """A CPU generator seeded 0: random tensors in tests come from it."""
    return torch.Generator().manual_seed(0)


@pytest.fixture(scope="session")
def stable_diffusion_folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Tiny random models of the real classes in diffusers layout.

    "sd", "sd2" and "xl" are bases of 64, 64 and 32 px, "controlnet" and "xl_controlnet" belong to
    the first and the last, "other_controlnet" to neither, "tiny_vae" is an AutoencoderTiny,
    "velocity" is "sd" with another scheduler. "sd2" predicts velocity. The ControlNets' zero
    convolutions are filled, so that they say something.
    """
    pytest.importorskip("transformers", reason="the sd extra is not installed")
    root = tmp_path_factory.mktemp("stable_diffusion")
    torch.manual_seed(0)
    folders = {name: root / name for name in ("sd", "xl", "tiny_vae", "velocity", "sd2")}
    _write_base(folders["sd"], xl=False)
    _write_base(folders["xl"], xl=True)
    _write_base(folders["velocity"], xl=False, prediction_type="v_prediction")
    with torch.random.fork_rng():
        _write_base(folders["sd2"], xl=False, second=True, prediction_type="v_prediction")
    from diffusers import AutoencoderTiny, ControlNetModel

    channels = (8, 8, 8, 8)
    AutoencoderTiny(
        encoder_block_out_channels=channels,
        decoder_block_out_channels=channels,
        num_encoder_blocks=(1, 1, 1, 1),
        num_decoder_blocks=(1, 1, 1, 1),
    ).save_pretrained(folders["tiny_vae"])
    for name, xl, width in (
        ("controlnet", False, 32),
        ("xl_controlnet", True, 48),
        ("other_controlnet", False, 48),
    ):
        controlnet = ControlNetModel.from_unet(
            _unet(xl=xl, width=width), conditioning_embedding_out_channels=(8, 8, 8, 8)
        )
        for parameter in controlnet.parameters():
            if parameter.abs().max() == 0:
                torch.nn.init.normal_(parameter, std=0.05)
        for parameter in controlnet.controlnet_cond_embedding.parameters():
            torch.nn.init.normal_(parameter, std=0.2)
        folders[name] = root / name
        controlnet.save_pretrained(folders[name])
    return folders


def _unet(*, xl: bool, width: int, second: bool = False):
    from diffusers import UNet2DConditionModel

    added = {
        "addition_embed_type": "text_time",
        "addition_time_embed_dim": 8,
        "projection_class_embeddings_input_dim": 16 + 6 * 8,
        "use_linear_projection": True,
    }
    return UNet2DConditionModel(
        sample_size=4 if xl else 8,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        attention_head_dim=[4, 8] if second else 4,
        norm_num_groups=8,
        cross_attention_dim=width,
        **(added if xl else {"use_linear_projection": second}),
    )


def _write_base(
    folder: Path, *, xl: bool, second: bool = False, prediction_type: str = "epsilon"
) -> None:
    """Of 2.x (``second``) the text encoder is OpenCLIP's, without the last of its 24 layers."""
    from diffusers import AutoencoderKL, PNDMScheduler
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    _unet(xl=xl, width=48 if xl else 32, second=second).save_pretrained(folder / "unet")
    AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8, 8, 16, 16),
        norm_num_groups=4,
        latent_channels=4,
        sample_size=32,
    ).save_pretrained(folder / "vae")
    PNDMScheduler(
        beta_schedule="scaled_linear",
        beta_start=0.00085,
        beta_end=0.012,
        prediction_type=prediction_type,
        skip_prk_steps=True,
        steps_offset=1,
    ).save_pretrained(folder / "scheduler")
    letters = string.ascii_lowercase + string.digits + ",."
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{c}</w>" for c in letters)]
    kinds = {"": (CLIPTextModel, 32), "_2": (CLIPTextModelWithProjection, 16)}
    for ending in ("", "_2") if xl else ("",):
        kind, width = kinds[ending]
        config = CLIPTextConfig(
            vocab_size=len(words), hidden_size=width, intermediate_size=64,
            num_hidden_layers=23 if second else 3, hidden_act="gelu" if second else "quick_gelu",
            num_attention_heads=4, projection_dim=width, bos_token_id=0, eos_token_id=1,
            pad_token_id=1,
        )  # fmt: skip
        kind(config).save_pretrained(folder / f"text_encoder{ending}")
        tokenizer = folder / f"tokenizer{ending}"
        tokenizer.mkdir(parents=True)
        (tokenizer / "vocab.json").write_text(json.dumps({w: i for i, w in enumerate(words)}))
        (tokenizer / "merges.txt").write_text("#version: 0.2\n")
        (tokenizer / "tokenizer_config.json").write_text(
            json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": 77})
        )
    second = {
        "text_encoder_2": ["transformers", "CLIPTextModelWithProjection"],
        "tokenizer_2": ["transformers", "CLIPTokenizer"],
    }
    (folder / "model_index.json").write_text(
        json.dumps(
            {
                "_class_name": "StableDiffusionXLPipeline" if xl else "StableDiffusionPipeline",
                "scheduler": ["diffusers", "PNDMScheduler"],
                "unet": ["diffusers", "UNet2DConditionModel"],
                "vae": ["diffusers", "AutoencoderKL"],
                "text_encoder": ["transformers", "CLIPTextModel"],
                "tokenizer": ["transformers", "CLIPTokenizer"],
                **(second if xl else {"safety_checker": [None, None]}),
                "feature_extractor": [None, None],
            }
        )
    )

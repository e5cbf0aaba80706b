"""Tiny models as one file in the original layout of Stable Diffusion.

The names are those of CompVis' latent diffusion and of the first ControlNets. diffusers reads such
files and writes none.
"""

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn


@pytest.fixture(scope="session")
def single_files(
    stable_diffusion_folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """The fixture's "sd", "sd2" and "xl" as one file each; ControlNets of "sd" and "sd2" as one
    file and as a folder each. Those of "sd2" are in float32, the others in float16."""
    from diffusers import AutoencoderKL, ControlNetModel, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    root = tmp_path_factory.mktemp("single_files")
    files: dict[str, Path] = {}
    for name, seed in (("sd", 5), ("sd2", 6)):
        folder = stable_diffusion_folders[name]
        unet = UNet2DConditionModel.from_pretrained(folder / "unet")
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            controlnet = ControlNetModel.from_unet(unet)
            for parameter in controlnet.parameters():
                torch.nn.init.normal_(parameter, std=0.05)
        ending = name.removeprefix("sd")
        files[name] = root / f"{name}.safetensors"
        files[f"controlnet{ending}"] = root / f"control{ending}.safetensors"
        files[f"controlnet{ending} folder"] = root / f"controlnet{ending}"
        controlnet.save_pretrained(files[f"controlnet{ending} folder"])
        dtype = torch.float32 if name == "sd2" else torch.float16
        write_controlnet(files[f"controlnet{ending}"], controlnet, dtype)
        write_base(
            files[name], unet, AutoencoderKL.from_pretrained(folder / "vae"),
            CLIPTextModel.from_pretrained(folder / "text_encoder"),
            is_open_clip=name == "sd2", dtype=dtype,
        )  # fmt: skip
    xl = stable_diffusion_folders["xl"]
    write_base(
        root / "xl.safetensors", UNet2DConditionModel.from_pretrained(xl / "unet"),
        AutoencoderKL.from_pretrained(xl / "vae"),
        CLIPTextModel.from_pretrained(xl / "text_encoder"),
        CLIPTextModelWithProjection.from_pretrained(xl / "text_encoder_2"),
    )  # fmt: skip
    return {**files, "xl": root / "xl.safetensors"}


RESNET = {
    "norm1": "in_layers.0", "conv1": "in_layers.2", "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0", "conv2": "out_layers.3", "conv_shortcut": "skip_connection",
}  # fmt: skip
ENDS = {
    "time_embedding.linear_1": "time_embed.0", "time_embedding.linear_2": "time_embed.2",
    "conv_in": "input_blocks.0.0", "conv_norm_out": "out.0", "conv_out": "out.2",
    "controlnet_mid_block": "middle_block_out.0", "add_embedding.linear_1": "label_emb.0.0",
    "add_embedding.linear_2": "label_emb.0.2",
}  # fmt: skip
OPEN_CLIP = {
    "text_projection.weight": "text_projection",
    "text_model.embeddings.position_embedding.weight": "positional_embedding",
    "text_model.embeddings.token_embedding.weight": "token_embedding.weight",
    "text_model.final_layer_norm.weight": "ln_final.weight",
    "text_model.final_layer_norm.bias": "ln_final.bias",
}
OPEN_CLIP_LAYER = {
    "layer_norm1": "ln_1", "layer_norm2": "ln_2", "mlp.fc1": "mlp.c_fc", "mlp.fc2": "mlp.c_proj",
    "self_attn.out_proj": "attn.out_proj",
}  # fmt: skip
LOOK = {"conv_in": 0, "conv_out": 14} | {f"blocks.{i}": 2 * i + 2 for i in range(6)}


def write_base(
    file: Path,
    unet: nn.Module,
    vae: nn.Module,
    text: nn.Module,
    second: nn.Module | None = None,
    *,
    is_open_clip: bool = False,
    dtype: torch.dtype = torch.float16,
) -> None:
    """UNet, autoencoder and text encoders in one file, in float16 as they are shared mostly.

    The text encoder of 2.x is OpenCLIP's, with a last layer and a projection that nobody uses.
    """
    tensors = {
        f"model.diffusion_model.{_unet_name(name, unet)}": value
        for name, value in unet.state_dict().items()
    }
    tensors |= {
        f"first_stage_model.{_vae_name(name, vae)}": _as_convolution(name, value)
        for name, value in vae.state_dict().items()
    }
    place = "cond_stage_model" if second is None else "conditioner.embedders.0"
    if is_open_clip:
        tensors |= {
            f"cond_stage_model.model.{name}": value
            for name, value in _with_unused(_open_clip(text.state_dict())).items()
        }
    else:
        tensors |= {
            f"{place}.transformer.{_text_name(name)}": value
            for name, value in text.state_dict().items()
        }
    if second is not None:
        tensors |= {
            f"conditioner.embedders.1.model.{name}": value
            for name, value in _open_clip(second.state_dict()).items()
        }
    _save(file, tensors, dtype)


def write_controlnet(file: Path, controlnet: nn.Module, dtype: torch.dtype = torch.float16) -> None:
    """A ControlNet in one file."""
    tensors = {
        f"control_model.{_unet_name(name, controlnet)}": value
        for name, value in controlnet.state_dict().items()
    }
    _save(file, tensors, dtype)


def _save(file: Path, tensors: dict[str, Tensor], dtype: torch.dtype) -> None:
    save_file({name: value.to(dtype).contiguous() for name, value in tensors.items()}, file)


def _unet_name(name: str, network: nn.Module) -> str:
    layers = network.config["layers_per_block"]  # pyright: ignore
    stem, ending = name.rsplit(".", 1)
    if stem in ENDS:
        return f"{ENDS[stem]}.{ending}"
    if found := re.fullmatch(r"controlnet_cond_embedding\.(.*)", stem):
        return f"input_hint_block.{LOOK[found[1]]}.{ending}"
    if found := re.fullmatch(r"controlnet_down_blocks\.(\d+)", stem):
        return f"zero_convs.{found[1]}.0.{ending}"
    if found := re.fullmatch(r"mid_block\.(resnets|attentions)\.(\d+)\.(.*)", stem):
        place = 1 if found[1] == "attentions" else 2 * int(found[2])
        return f"middle_block.{place}.{_layer(found[1], found[3])}.{ending}"
    found = re.fullmatch(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.*)", stem)
    assert found is not None, name
    way, block, kind, index, rest = found[1], int(found[2]), found[3], int(found[4]), found[5]
    if way == "down":
        if kind == "downsamplers":
            return f"input_blocks.{(layers + 1) * (block + 1)}.0.op.{ending}"
        place = f"input_blocks.{(layers + 1) * block + index + 1}"
    elif kind == "upsamplers":
        has_attention = hasattr(network.up_blocks[block], "attentions")  # pyright: ignore
        last = (layers + 1) * block + layers
        return f"output_blocks.{last}.{2 if has_attention else 1}.conv.{ending}"
    else:
        place = f"output_blocks.{(layers + 1) * block + index}"
    return f"{place}.{1 if kind == 'attentions' else 0}.{_layer(kind, rest)}.{ending}"


def _layer(kind: str, rest: str) -> str:
    return RESNET[rest] if kind == "resnets" else rest


def _vae_name(name: str, vae: nn.Module) -> str:
    last = len(vae.config["block_out_channels"]) - 1  # pyright: ignore
    name = re.sub(r"encoder\.down_blocks\.(\d+)\.resnets\.", r"encoder.down.\1.block.", name)
    name = re.sub(
        r"encoder\.down_blocks\.(\d+)\.downsamplers\.0", r"encoder.down.\1.downsample", name
    )
    name = re.sub(
        r"decoder\.up_blocks\.(\d+)\.(resnets\.|upsamplers\.0)",
        lambda found: (
            f"decoder.up.{last - int(found[1])}."
            + ("block." if found[2] == "resnets." else "upsample")
        ),
        name,
    )
    name = re.sub(r"mid_block\.resnets\.(\d)", lambda f: f"mid.block_{int(f[1]) + 1}", name)
    name = name.replace("mid_block.attentions.0.", "mid.attn_1.")
    for theirs, original in (
        ("group_norm", "norm"), ("to_q", "q"), ("to_k", "k"), ("to_v", "v"),
        ("to_out.0", "proj_out"),
    ):  # fmt: skip
        name = name.replace(f"attn_1.{theirs}.", f"attn_1.{original}.")
    return name.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")


def _as_convolution(name: str, value: Tensor) -> Tensor:
    """The autoencoder's attention was made of 1 x 1 convolutions."""
    if re.search(r"attentions\.0\.to_\w+(\.0)?\.weight", name):
        return value[..., None, None]
    return value


def _text_name(name: str) -> str:
    return name if name.startswith("text_model.") else f"text_model.{name}"


def _open_clip(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """A text encoder as OpenCLIP keeps it: queries, keys and values in one."""
    tensors = {
        name if name.startswith("text_") else f"text_model.{name}": value
        for name, value in tensors.items()
    }
    kept = {OPEN_CLIP[name]: value for name, value in tensors.items() if name in OPEN_CLIP}
    if "text_projection" in kept:
        kept["text_projection"] = kept["text_projection"].T
    for name, value in tensors.items():
        found = re.fullmatch(r"text_model\.encoder\.layers\.(\d+)\.(.*)\.(weight|bias)", name)
        if found is None:
            continue
        block, layer, ending = found.groups()
        stem = f"transformer.resblocks.{block}"
        if layer in OPEN_CLIP_LAYER:
            kept[f"{stem}.{OPEN_CLIP_LAYER[layer]}.{ending}"] = value
        elif layer.endswith("q_proj"):
            asked = [tensors[name.replace("q_proj", f"{part}_proj")] for part in "qkv"]
            kept[f"{stem}.attn.in_proj_{ending}"] = torch.cat(asked)
    return kept


def _with_unused(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """OpenCLIP's 24th layer, projection and scale, which Stable Diffusion 2.x leaves out."""
    last = {
        name.replace(".22.", ".23."): torch.full_like(value, 9.0)
        for name, value in tensors.items()
        if ".resblocks.22." in name
    }
    width = tensors["ln_final.weight"].numel()
    unused = {"text_projection": torch.full((width, width), 9.0), "logit_scale": torch.tensor(4.6)}
    return {**tensors, **last, **unused}

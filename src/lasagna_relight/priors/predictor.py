"""The feed-forward gain predictor: picture and mask to the log gains of all twelve directions.

Dense supervision teaches it about ten times faster than one direction per example does (DESIGN.md
section 9). It is a U-Net over patches, without noise.
"""

import json
from pathlib import Path

import torch
from einops import rearrange
from jaxtyping import Float
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from lasagna_relight.errors import PriorError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.priors.gain_unet import GainUNet

WEIGHTS_NAME = "predictor.safetensors"
CONFIG_NAME = "predictor.json"


class GainPredictor(nn.Module):
    """Log gains of the twelve named directions from a masked picture.

    Args:
        resolution: side of the pictures it was trained on, in pixels.
        patch: side of the patches that become channels.
        channels: width of each level of the network.
        layers: residual blocks per level.
    """

    def __init__(
        self,
        *,
        resolution: int = 64,
        patch: int = 4,
        channels: tuple[int, ...] = (96, 160),
        layers: int = 2,
    ) -> None:
        super().__init__()
        self.resolution = resolution
        self.patch = patch
        self.config = {
            "resolution": resolution,
            "patch": patch,
            "channels": list(channels),
            "layers": layers,
        }
        self.unet = GainUNet(
            in_channels=4 * patch**2,
            out_channels=len(DIRECTION_NAMES) * patch**2,
            channels=channels,
            layers=layers,
        )
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] real overload

    def forward(
        self, source: Float[Tensor, "batch 3 size size"], mask: Float[Tensor, "batch 1 size size"]
    ) -> Float[Tensor, "batch 12 size size"]:
        """Log gains of the named directions, in the order of ``DIRECTION_NAMES``.

        Args:
            source: sRGB-encoded pictures in [0, 1]; what lies outside the mask is ignored.
            mask: coverage of the object in [0, 1].
        """
        seen = torch.cat([source * mask * 2 - mask, mask], 1)
        patches = rearrange(seen, "b c (h p) (w q) -> b (c p q) h w", p=self.patch, q=self.patch)
        patches = patches.contiguous(memory_format=torch.channels_last)
        gains = self.unet(patches)
        return rearrange(gains, "b (c p q) h w -> b c (h p) (w q)", p=self.patch, q=self.patch)


def save_predictor(predictor: GainPredictor, folder: Path, *, force: bool = False) -> None:
    """Writes config and half-precision weights into ``folder``."""
    with atomic_path(folder / CONFIG_NAME, force=force) as beside:
        beside.write_text(json.dumps(predictor.config) + "\n")
    weights = {name: value.half() for name, value in predictor.state_dict().items()}
    with atomic_path(folder / WEIGHTS_NAME, force=force) as beside:
        save_file({name: value.contiguous() for name, value in weights.items()}, beside)


def load_predictor(folder: Path) -> GainPredictor:
    """The predictor in ``folder``, in float32, ready to predict.

    Raises:
        PriorError: a file is missing or holds something else.
    """
    for name in (CONFIG_NAME, WEIGHTS_NAME):
        if not (folder / name).is_file():
            raise PriorError(f"{folder}: {name} is missing: give a complete prior folder")
    try:
        config = json.loads((folder / CONFIG_NAME).read_text())
        config["channels"] = tuple(config["channels"])
        predictor = GainPredictor(**config)
        weights = load_file(folder / WEIGHTS_NAME)
        predictor.load_state_dict({name: value.float() for name, value in weights.items()})
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise PriorError(f"{folder}: not a gain predictor of this version ({reason})") from error
    return predictor.eval().requires_grad_(False)

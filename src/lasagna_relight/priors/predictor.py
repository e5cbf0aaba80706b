"""The feed-forward gain predictor: picture and mask to the log gains of all twelve directions.

Dense supervision teaches it about ten times faster than one direction per example does (DESIGN.md
section 9). It is a U-Net over patches, without noise.
"""

import json
from pathlib import Path
from typing import Any, Literal

import torch
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.errors import PriorError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS
from lasagna_relight.priors.gain_unet import HEAD_WIDTH, GainUNet
from lasagna_relight.priors.harmonics import HARMONICS, harmonics
from lasagna_relight.priors.light_heads import DirectionDecoder, LambertHead
from lasagna_relight.priors.weight_files import Bits, read_weights, weights_at, write_weights

WEIGHTS_NAME = "predictor.safetensors"
CONFIG_NAME = "predictor.json"

OUTPUT = "conv_out."
"""Weights of the last layer of a `GainUNet`."""

SEEN_CHANNELS = 4
"""Three of the picture, and the mask."""

Network = Literal["unet", "dit"]
Head = Literal["harmonics", "decoder", "lambert"]


class GainPredictor(nn.Module):
    """Log gains of the twelve named directions from a masked picture.

    Args:
        resolution: side of the pictures it was trained on, in pixels.
        patch: side of the patches that become channels.
        channels: width of each level of the network.
        layers: residual blocks per level, or blocks of a transformer.
        network: "unet", or "dit", a transformer (see `backbone.Transformer`).
    """

    def __init__(
        self,
        *,
        resolution: int = 64,
        patch: int = 4,
        channels: tuple[int, ...] = (96, 160),
        layers: int = 2,
        network: Network = "unet",
    ) -> None:
        super().__init__()
        self.resolution = resolution
        self.patch = patch
        self.config = {
            "resolution": resolution,
            "patch": patch,
            "channels": list(channels),
            "layers": layers,
            "network": network,
        }
        # called unet in the weights that ship, whatever it is
        self.unet = _network(self.config, len(DIRECTION_NAMES) * patch**2)

    def forward(
        self, source: Float[Tensor, "batch 3 size size"], mask: Float[Tensor, "batch 1 size size"]
    ) -> Float[Tensor, "batch 12 size size"]:
        """Log gains of the named directions, in the order of ``DIRECTION_NAMES``.

        Args:
            source: sRGB-encoded pictures in [0, 1]; what lies outside the mask is ignored.
            mask: coverage of the object in [0, 1].
        """
        cells = self.unet(_seen(source, mask, self.patch))
        return rearrange(
            cells.float(), "b (c p q) h w -> b c (h p) (w q)", p=self.patch, q=self.patch
        )


class ContinuousPredictor(nn.Module):
    """Log gains under light from any direction, smooth in the direction.

    One pass over the picture gives features for each patch; a head reads them for as many
    directions as asked. The head "harmonics" takes them as coefficients of spherical harmonics of
    degree three for the log gain of each pixel; "decoder" is a `DirectionDecoder`; "lambert" a
    `LambertHead`, whose normals are found along with the gains.

    Args:
        resolution: side of the pictures it was trained on, in pixels.
        patch: side of the patches that become channels.
        channels: width of each level of the network.
        layers: residual blocks per level, or blocks of a transformer.
        network: "unet", or "dit", a transformer (see `backbone.Transformer`).
        head: "harmonics", "decoder" or "lambert".
    """

    def __init__(
        self,
        *,
        resolution: int = 64,
        patch: int = 4,
        channels: tuple[int, ...] = (96, 160),
        layers: int = 2,
        network: Network = "unet",
        head: Head = "harmonics",
    ) -> None:
        super().__init__()
        self.resolution = resolution
        self.patch = patch
        self.config = {
            "resolution": resolution,
            "patch": patch,
            "channels": list(channels),
            "layers": layers,
            "network": network,
            "head": head,
        }
        self.lambert = LambertHead(patch**2) if head == "lambert" else None
        width = HARMONICS * patch**2 if head == "harmonics" else 2 * HEAD_WIDTH * patch
        self.decoder = DirectionDecoder(width, patch**2) if head == "decoder" else None
        self.backbone = _network(self.config, self.lambert.width if self.lambert else width)

    def forward(
        self,
        source: Float[Tensor, "batch 3 size size"],
        mask: Float[Tensor, "batch 1 size size"],
        directions: Float[Tensor, "batch lights 3"] | None = None,
    ) -> Float[Tensor, "batch lights size size"]:
        """Log gains under light from ``directions`` (unit vectors), or from the twelve named.

        Args:
            source: sRGB-encoded pictures in [0, 1]; what lies outside the mask is ignored.
            mask: coverage of the object in [0, 1].
            directions: towards the lights, for each picture its own.
        """
        if directions is None:
            named = [direction.vector for direction in NAMED_DIRECTIONS.values()]
            directions = source.new_tensor(named).expand(len(source), -1, -1)
        cells = self.backbone(_seen(source, mask, self.patch)).float()
        basis = harmonics(directions)
        if self.lambert is not None:
            cells = self.lambert(cells, basis, directions)
        elif self.decoder is not None:
            cells = self.decoder(cells, basis)
        else:
            coefficients = rearrange(cells, "b (k p) h w -> b k p h w", k=HARMONICS)
            cells = torch.einsum("bkphw,blk->blphw", coefficients, basis)
        return rearrange(cells, "b l (p q) h w -> b l (h p) (w q)", p=self.patch, q=self.patch)


Predictor = GainPredictor | ContinuousPredictor


def begin_with(predictor: Predictor, trained: Predictor) -> None:
    """Copies the weights of ``trained`` into ``predictor``.

    All of them where only the resolutions differ; else those of the network, but for an output of
    another width.

    Raises:
        PriorError: the networks differ otherwise.
    """
    if _weights_fit(predictor.state_dict(), trained.state_dict()):
        predictor.load_state_dict(trained.state_dict())
        return
    mine, theirs = (
        p.unet if isinstance(p, GainPredictor) else p.backbone for p in (predictor, trained)
    )
    weights, wanted = theirs.state_dict(), mine.state_dict()
    differ = {
        name
        for name in weights.keys() | wanted.keys()
        if name not in weights or name not in wanted or weights[name].shape != wanted[name].shape
    }
    if any(not name.startswith(OUTPUT) for name in differ):
        raise PriorError(
            f"a network of {trained.config} cannot begin one of {predictor.config}: "
            "give it the same patch, channels, layers and network"
        )
    mine.load_state_dict(
        {name: weights[name] for name in weights if name not in differ}, strict=False
    )


def _weights_fit(mine: dict[str, Tensor], theirs: dict[str, Tensor]) -> bool:
    """Whether both have the same names and shapes."""
    return {name: value.shape for name, value in mine.items()} == {
        name: value.shape for name, value in theirs.items()
    }


def _network(config: dict[str, Any], out_channels: int) -> nn.Module:
    """The network that ``config`` describes, from what is seen to ``out_channels`` a patch."""
    patch, channels = config["patch"], tuple(config["channels"])
    if config["network"] == "dit":
        from lasagna_relight.priors.backbone import Transformer  # brings diffusers

        return Transformer(
            in_channels=SEEN_CHANNELS * patch**2,
            out_channels=out_channels,
            side=config["resolution"] // patch,
            width=channels[0],
            layers=config["layers"],
        )
    unet = GainUNet(
        in_channels=SEEN_CHANNELS * patch**2,
        out_channels=out_channels,
        channels=channels,
        layers=config["layers"],
    )
    return unet.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] real overload


def _seen(source: Tensor, mask: Tensor, patch: int) -> Tensor:
    """What the networks see: the picture within the mask, in [-1, 1], and the mask, as patches."""
    seen = torch.cat([source * mask * 2 - mask, mask], 1)
    cells = rearrange(seen, "b c (h p) (w q) -> b (c p q) h w", p=patch, q=patch)
    return cells.contiguous(memory_format=torch.channels_last)


def save_predictor(
    predictor: Predictor, folder: Path, *, bits: Bits = 16, force: bool = False
) -> None:
    """Writes config and weights into ``folder``; see `weight_files` for ``bits``."""
    with atomic_path(folder / CONFIG_NAME, force=force) as beside:
        beside.write_text(json.dumps(predictor.config) + "\n")
    write_weights(predictor.state_dict(), folder / WEIGHTS_NAME, bits=bits, force=force)


def predictor_of(config: dict[str, Any]) -> Predictor:
    """A predictor of this configuration, its weights random.

    Raises:
        TypeError, KeyError: it is none of this version.
    """
    kind = ContinuousPredictor if "head" in config else GainPredictor
    return kind(**{**config, "channels": tuple(config["channels"])})


def load_predictor(folder: Path) -> Predictor:
    """The predictor in ``folder``, in float32, ready to predict.

    Raises:
        PriorError: a file is missing or holds something else.
    """
    for name in (CONFIG_NAME, WEIGHTS_NAME):
        if not weights_at(folder / name).is_file():
            raise PriorError(
                f"{folder} is no prior, {name} is missing: see docs/training.md, or drop --prior"
            )
    try:
        predictor = predictor_of(json.loads((folder / CONFIG_NAME).read_text()))
        predictor.load_state_dict(read_weights(folder / WEIGHTS_NAME))
    except (ValueError, TypeError, KeyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise PriorError(f"{folder}: not a gain predictor of this version ({reason})") from error
    return predictor.eval().requires_grad_(False)

"""The networks over patches that denoisers are made of, from one set of numbers."""

import torch
from diffusers import DiTTransformer2DModel, UNet2DModel
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.priors.gain_unet import GROUPS, HEAD_WIDTH
from lasagna_relight.priors.predictor import Network

Cells = Float[Tensor, "batch _ side side"]
"""Feature maps; what comes out may have other channels than what goes in."""


class TimedUNet(nn.Module):
    """diffusers' ``UNet2DModel`` with attention in its last level."""

    def __init__(
        self,
        *,
        in_channels: int,
        out_channels: int,
        side: int,
        channels: tuple[int, ...],
        layers: int,
    ) -> None:
        super().__init__()
        plain = len(channels) - 1
        self.unet = UNet2DModel(
            sample_size=side,
            in_channels=in_channels,
            out_channels=out_channels,
            block_out_channels=channels,
            layers_per_block=layers,
            down_block_types=("DownBlock2D",) * plain + ("AttnDownBlock2D",),
            up_block_types=("AttnUpBlock2D",) + ("UpBlock2D",) * plain,
            norm_num_groups=GROUPS,
            attention_head_dim=HEAD_WIDTH,
        )
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue] real overload

    def forward(self, cells: Cells, timesteps: Tensor | int = 0) -> Cells:
        """What the network makes of ``cells`` at ``timesteps``, one or one for each."""
        cells = cells.contiguous(memory_format=torch.channels_last)
        return self.unet(cells, timestep=timesteps).sample


class Transformer(nn.Module):
    """diffusers' ``DiTTransformer2DModel`` (Peebles and Xie, arXiv 2212.09748), of one class."""

    def __init__(
        self, *, in_channels: int, out_channels: int, side: int, width: int, layers: int
    ) -> None:
        super().__init__()
        self.dit = DiTTransformer2DModel(
            num_attention_heads=width // HEAD_WIDTH,
            attention_head_dim=HEAD_WIDTH,
            in_channels=in_channels,
            out_channels=out_channels,
            num_layers=layers,
            sample_size=side,
            patch_size=1,
            num_embeds_ada_norm=1,
        )
        for block in self.dit.transformer_blocks:
            # there is one class alone: to leave it out at random would only add noise
            block.norm1.emb.class_embedder.dropout_prob = 0.0  # pyright: ignore

    def forward(self, cells: Cells, timesteps: Tensor | int = 0) -> Cells:
        """What the network makes of ``cells`` at ``timesteps``, one or one for each."""
        rows = torch.as_tensor(timesteps, device=cells.device).expand(len(cells))
        return self.dit(cells, timestep=rows, class_labels=torch.zeros_like(rows).long()).sample


def make_backbone(
    network: Network,
    *,
    in_channels: int,
    out_channels: int,
    side: int,
    channels: tuple[int, ...],
    layers: int,
) -> TimedUNet | Transformer:
    """A network with random weights that keeps the size of its input.

    Args:
        network: "unet" or "dit".
        in_channels: of what comes in.
        out_channels: of what comes out.
        side: height and width in cells.
        channels: width of each level of the UNet; the transformer's width is the first.
        layers: residual blocks per level, or blocks of the transformer.
    """
    if network == "dit":
        return Transformer(
            in_channels=in_channels,
            out_channels=out_channels,
            side=side,
            width=channels[0],
            layers=layers,
        )
    return TimedUNet(
        in_channels=in_channels,
        out_channels=out_channels,
        side=side,
        channels=channels,
        layers=layers,
    )

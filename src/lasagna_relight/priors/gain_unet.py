"""The convolutional network of the gain predictor: a U-Net without timesteps, in plain PyTorch.

Layer by layer and name by name it is diffusers' ``UNet2DModel`` at a timestep that never changes,
so that its time embedding is part of the biases (`without_timestep` folds it in). It stands here
because importing diffusers takes about four times as long as an instant relighting itself does.
"""

import torch
import torch.nn.functional as F
from einops import rearrange
from jaxtyping import Float
from torch import Tensor, nn

GROUPS = 16
HEAD_WIDTH = 32

FeatureMap = Float[Tensor, "batch _ height width"]


class ResidualBlock(nn.Module):
    """Two normalized convolutions beside a shortcut."""

    def __init__(self, channels_in: int, channels: int) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(GROUPS, channels_in)
        self.conv1 = nn.Conv2d(channels_in, channels, 3, padding=1)
        self.norm2 = nn.GroupNorm(GROUPS, channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        same = channels_in == channels
        self.conv_shortcut = nn.Identity() if same else nn.Conv2d(channels_in, channels, 1)

    def forward(self, x: FeatureMap) -> FeatureMap:
        hidden = self.conv1(F.silu(self.norm1(x)))
        return self.conv_shortcut(x) + self.conv2(F.silu(self.norm2(hidden)))


class SelfAttention(nn.Module):
    """Every place looks at every other, beside a shortcut."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.group_norm = nn.GroupNorm(GROUPS, channels)
        self.to_q, self.to_k, self.to_v = (nn.Linear(channels, channels) for _ in range(3))
        self.to_out = nn.Sequential(nn.Linear(channels, channels))

    def forward(self, x: FeatureMap) -> FeatureMap:
        places = rearrange(self.group_norm(x), "b c h w -> b (h w) c")
        query, key, value = (
            rearrange(project(places), "b n (heads d) -> b heads n d", d=HEAD_WIDTH)
            for project in (self.to_q, self.to_k, self.to_v)
        )
        seen = F.scaled_dot_product_attention(query, key, value)
        answer = self.to_out(rearrange(seen, "b heads n d -> b n (heads d)"))
        return x + rearrange(answer, "b (h w) c -> b c h w", h=x.shape[-2])


class Resample(nn.Module):
    """A convolution that halves the size, or one after the size has been doubled."""

    def __init__(self, channels: int, *, factor: float) -> None:
        super().__init__()
        self.factor = factor
        self.conv = nn.Conv2d(channels, channels, 3, stride=2 if factor < 1 else 1, padding=1)

    def forward(self, x: FeatureMap) -> Float[Tensor, "batch _ rows columns"]:
        if self.factor > 1:
            x = F.interpolate(x, scale_factor=self.factor, mode="nearest")
        return self.conv(x)


class Level(nn.Module):
    """The blocks of one resolution, with attention after each where asked for."""

    def __init__(self, widths: list[tuple[int, int]], *, attention: bool) -> None:
        super().__init__()
        self.resnets = nn.ModuleList(ResidualBlock(*pair) for pair in widths)
        attended = [channels for _, channels in widths] if attention else []
        self.attentions = nn.ModuleList(SelfAttention(channels) for channels in attended)

    def block(self, index: int, x: FeatureMap) -> FeatureMap:
        """What the block of this index, and its attention, make of ``x``."""
        x = self.resnets[index](x)
        return self.attentions[index](x) if len(self.attentions) else x


class DownLevel(Level):
    """A level on the way down, which ends at half the size unless it is the last."""

    def __init__(self, widths: list[tuple[int, int]], *, attention: bool, resample: bool) -> None:
        super().__init__(widths, attention=attention)
        halve = [Resample(widths[-1][1], factor=0.5)] if resample else []
        self.downsamplers = nn.ModuleList(halve)

    def forward(self, x: FeatureMap) -> list[Tensor]:
        """The feature maps after each of its parts."""
        maps = []
        for index in range(len(self.resnets)):
            x = self.block(index, x)
            maps.append(x)
        return [*maps, *(halve(x) for halve in self.downsamplers)]


class UpLevel(Level):
    """A level on the way up, over skips; it ends at twice the size unless it is the finest."""

    def __init__(self, widths: list[tuple[int, int]], *, attention: bool, resample: bool) -> None:
        super().__init__(widths, attention=attention)
        double = [Resample(widths[-1][1], factor=2.0)] if resample else []
        self.upsamplers = nn.ModuleList(double)

    def forward(self, x: FeatureMap, skips: list[Tensor]) -> Float[Tensor, "batch _ rows columns"]:
        """The answer; what it takes of ``skips``, from the end, is gone from there."""
        for index in range(len(self.resnets)):
            x = self.block(index, torch.cat([x, skips.pop()], 1))
        for double in self.upsamplers:
            x = double(x)
        return x


class MiddleLevel(nn.Module):
    """Block, attention, block at the smallest resolution."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.resnets = nn.ModuleList(ResidualBlock(channels, channels) for _ in range(2))
        self.attentions = nn.ModuleList([SelfAttention(channels)])

    def forward(self, x: FeatureMap) -> FeatureMap:
        return self.resnets[1](self.attentions[0](self.resnets[0](x)))


class GainUNet(nn.Module):
    """A U-Net from feature maps to feature maps of the same size.

    Args:
        in_channels: of the input.
        out_channels: of the output.
        channels: width of each level, from the finest; the coarsest has attention.
        layers: residual blocks per level on the way down; one more on the way up.
    """

    def __init__(
        self, *, in_channels: int, out_channels: int, channels: tuple[int, ...], layers: int
    ) -> None:
        super().__init__()
        self.conv_in = nn.Conv2d(in_channels, channels[0], 3, padding=1)
        self.down_blocks, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        skips = [channels[0]]
        last = len(channels) - 1
        for index, width in enumerate(channels):
            widths = [(skips[-1], width)] + [(width, width)] * (layers - 1)
            self.down_blocks.append(
                DownLevel(widths, attention=index == last, resample=index < last)
            )
            skips += [width] * (layers + (index < last))
        self.mid_block = MiddleLevel(channels[-1])
        below = channels[-1]
        for index, width in reversed(list(enumerate(channels))):
            widths = []
            for _ in range(layers + 1):
                widths.append((below + skips.pop(), width))
                below = width
            self.up_blocks.append(UpLevel(widths, attention=index == last, resample=index > 0))
        self.conv_norm_out = nn.GroupNorm(GROUPS, channels[0])
        self.conv_out = nn.Conv2d(channels[0], out_channels, 3, padding=1)

    def forward(self, x: FeatureMap) -> FeatureMap:
        """Answers (B, out_channels, H, W); sides divisible by 2 ** (levels - 1)."""
        x = self.conv_in(x)
        skips = [x]
        for level in self.down_blocks:
            skips += level(x)
            x = skips[-1]
        x = self.mid_block(x)
        for level in self.up_blocks:
            x = level(x, skips)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


def without_timestep(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Weights of a diffusers ``UNet2DModel`` asked at timestep 0, as those of a `GainUNet`.

    The embedding of timestep 0 is one vector; what each block makes of it joins the bias of the
    block's first convolution.
    """
    half = weights["time_embedding.linear_1.weight"].shape[1] // 2
    zero = torch.cat([torch.ones(half), torch.zeros(half)])  # cosines and sines of nothing
    for layer in ("linear_1", "linear_2"):
        weight = weights[f"time_embedding.{layer}.weight"].float()
        zero = F.silu(weight @ zero + weights[f"time_embedding.{layer}.bias"].float())
    folded = {
        name: value.float() for name, value in weights.items() if not name.startswith("time_emb")
    }
    for name in [name for name in folded if name.endswith("time_emb_proj.weight")]:
        block = name.removesuffix("time_emb_proj.weight")
        shift = folded.pop(name) @ zero + folded.pop(f"{block}time_emb_proj.bias")
        folded[f"{block}conv1.bias"] = folded[f"{block}conv1.bias"] + shift
    return folded

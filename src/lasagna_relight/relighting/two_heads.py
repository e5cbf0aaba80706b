"""The authors' two-headed U-Net: a picture to its shading and its lighting layer."""

import torch
from torch import Tensor, nn

from lasagna_relight.types import Image, Mask

WIDTHS = (16, 32, 64, 128)
RANGE = (0.1, 1.0)


class TwoHeadedUNet(nn.Module):
    """One encoder of widths 16-32-64-128 and two decoders, 0.67 M parameters.

    DESIGN.md records the authors' widths and their count, 0.68 M, but not every layer: the
    arrangement (two convolutions a level, transposed convolutions upwards) is the usual U-Net's.

    Normalization is by the statistics of the picture at hand, always: that is what the authors'
    BatchNorm does while it is trained on one picture. Theirs switches to running averages
    afterwards, and so shows another edit than the one it solved.
    """

    def __init__(self) -> None:
        super().__init__()
        inputs = (3, *WIDTHS[:-1])
        self.encoder = nn.ModuleList(
            _double_convolution(width, wider) for width, wider in zip(inputs, WIDTHS, strict=True)
        )
        self.shading_head = _Head()
        self.lighting_head = _Head()

    def forward(self, source: Image) -> tuple[Mask, Mask]:
        """Shading and lighting, each clip(sigmoid, 0.1, 1), (1, 1, H, W).

        Args:
            source: (1, 3, H, W) in [0, 1]; H and W are multiples of 8.
        """
        features: list[Tensor] = []
        x = source
        for index, block in enumerate(self.encoder):
            x = block(x if index == 0 else nn.functional.max_pool2d(x, 2))
            features.append(x)
        shading, lighting = self.shading_head(features), self.lighting_head(features)
        return torch.sigmoid(shading).clamp(*RANGE), torch.sigmoid(lighting).clamp(*RANGE)


class _Head(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        steps = [*zip(WIDTHS[:0:-1], WIDTHS[-2::-1], strict=True)]
        self.enlarge = nn.ModuleList(
            nn.ConvTranspose2d(width, narrower, 2, stride=2) for width, narrower in steps
        )
        self.join = nn.ModuleList(
            _double_convolution(2 * narrower, narrower) for _, narrower in steps
        )
        self.last = nn.Conv2d(WIDTHS[0], 1, 1)

    def forward(self, features: list[Tensor]) -> Tensor:
        x = features[-1]
        for enlarge, join, beside in zip(self.enlarge, self.join, features[-2::-1], strict=True):
            x = join(torch.cat([beside, enlarge(x)], 1))
        return self.last(x)


def _double_convolution(width: int, wider: int) -> nn.Sequential:
    def layers(inputs: int) -> list[nn.Module]:
        return [
            nn.Conv2d(inputs, wider, 3, padding=1),
            nn.InstanceNorm2d(wider, affine=True),
            nn.ReLU(),
        ]

    return nn.Sequential(*layers(width), *layers(wider))

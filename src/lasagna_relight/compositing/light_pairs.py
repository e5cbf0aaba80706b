"""Several lights as several pairs of layers, one over the other.

Light adds up in linear light and layers multiply in encoded values, so a pair holds what its light
changes of the picture as the pairs below it have made it: the quotient of two mixes. Light only
adds, so a mix that clips at white below clips at white above, and the stack of pairs is the mix.
The limit is the range of a layer: where a light brightens what lies below it more than tenfold,
no pair can hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.errors import LasagnaError


class InseparableError(LasagnaError):
    """A light changes what lies below it by more than a pair of layers can hold."""


@dataclass(frozen=True, kw_only=True)
class LightPair:
    """One light as shading and lighting.

    Attributes:
        name: of the light, "" where it is the only one.
        log_gain: (H, W, 1), or (H, W, 3) where its light has a color.
    """

    name: str
    log_gain: Float[np.ndarray, "height width channels"]

    @property
    def planes(self) -> list[np.ndarray]:
        """One log gain (H, W), or three."""
        return [self.log_gain[..., channel] for channel in range(self.log_gain.shape[2])]

    def layer_name(self, layer: str) -> str:
        """What the ``layer`` of this pair is called in an editor."""
        return f"{self.name}: {layer}" if self.name else layer


def separate_pairs(
    mixes: Iterable[tuple[str, Float[np.ndarray, "height width channels"]]],
    whole: Float[np.ndarray, "height width channels"],
) -> Iterator[LightPair]:
    """The pairs of growing mixes, each of which holds the lights of the one before and its own.

    Enlarged along the picture's edges, a mix may dip a little below the one before. There it is
    held between that one and ``whole``, the last of them: no pair then darkens what has clipped.

    Raises:
        InseparableError: some pair would leave the range of layers, so that the stack of pairs
            would not be the mix.
    """
    below: np.ndarray | None = None
    for name, measured in mixes:
        mix = np.minimum(measured, whole)
        if below is not None:
            mix = np.maximum(mix, below)
        log_gain = mix if below is None else mix - below
        if np.abs(log_gain).max() > MAX_LOG_GAIN + 1e-4:
            raise InseparableError(f"{name} brightens what lies below it more than tenfold")
        yield LightPair(name=name, log_gain=log_gain)
        below = mix

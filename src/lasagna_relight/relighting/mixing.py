"""The mix: one picture's gains for the basis, weighted and added in linear light, small and fast.

Light adds up in linear light, so the gains of the basis are predicted once, and every mix of lights
is a weighted sum. It is taken at the size of the networks; the guided enlargement then brings it to
any size (`compositing.upsample`). The studio computes the same in the browser
(web/src/mixing.ts); tests compare the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.color import linear_to_srgb, srgb_to_linear
from lasagna_relight.compositing.upsample import fill_beyond_mask
from lasagna_relight.relighting.api import SmallView
from lasagna_relight.relighting.basis import front_weights
from lasagna_relight.relighting.lights import LightRig, LightSource

DARKEST = 0.02
"""Brightness below which a picture holds more noise than light."""

FAINTEST = 1e-5
"""Linear light that stands for none, so that its logarithm is finite."""

LinearMap = Float[Tensor, "channels height width"]


@dataclass(frozen=True, kw_only=True)
class LightBasis:
    """What a mix needs of a picture: it under each light of the basis, in linear light, small.

    Attributes:
        brightness: (R, R) mean of the encoded channels, spread beyond the mask, at least 0.02.
        linear: (34, R, R) linear light of that brightness under each direction of
            `basis.basis_vectors`, of half precision, as the studio's page gets it.
    """

    brightness: Float[Tensor, "height width"]
    linear: Float[Tensor, "lights height width"]

    def linear_under(self, log_gain: Float[Tensor, "height width"]) -> LinearMap:
        """Linear light (1, R, R) under a gain that has been solved for one light."""
        return srgb_to_linear(self.brightness * log_gain.exp())[None]

    def log_gain_of(self, linear: LinearMap) -> LinearMap:
        """Log gain over encoded values that makes this linear light of the picture."""
        return (linear_to_srgb(linear.clamp(min=FAINTEST)) / self.brightness).log()


def light_basis(view: SmallView, basis_gains: Float[Tensor, "1 lights height width"]) -> LightBasis:
    """The basis of a view whose log gains are those of `instant.predict_basis`."""
    mask = view.mask[0].cpu()
    brightness = fill_beyond_mask(view.source[0].cpu().mean(0, keepdim=True), mask)[0]
    brightness = brightness.clamp(min=DARKEST)
    filled = [fill_beyond_mask(gain[None], mask)[0] for gain in basis_gains[0].cpu()]
    linear = srgb_to_linear(brightness * torch.stack(filled).exp())
    return LightBasis(brightness=brightness, linear=linear.half().float())


def growing_mixes(
    basis: LightBasis, rig: LightRig, solved: Mapping[int, Tensor] | None = None
) -> Iterator[tuple[str, LinearMap]]:
    """Log gains of more and more lights: what surrounds first, then each light over the last.

    Yields the name of what came in, and the log gain of all so far: (1, R, R), or (3, R, R) where
    any light of the rig has a color. The last is the mix; an empty rig yields nothing.

    Args:
        basis: of the picture.
        rig: the lights.
        solved: log gains (R, R), spread beyond the mask, that stand in place of the basis for
            lights that were solved alone, by their place in the rig.
    """
    channels = 3 if rig.is_colored else 1
    scale = 2.0**rig.exposure_stops
    total = torch.zeros(channels, *basis.brightness.shape)
    around = _surrounding(basis, rig, channels)
    if around is not None:
        total = total + scale * around
        yield _surrounding_name(rig), basis.log_gain_of(total)
    for index, light in enumerate(rig.lights):
        alone = None if solved is None else solved.get(index)
        total = total + scale * _one_light(basis, light, alone, channels)
        yield _light_name(index, light), basis.log_gain_of(total)


def _surrounding(basis: LightBasis, rig: LightRig, channels: int) -> LinearMap | None:
    if rig.fill == 0 and rig.environment is None:
        return None
    weights = rig.fill * front_weights()[:, None].expand(-1, 3)
    if rig.environment is not None:
        weights = weights + rig.environment.intensity * rig.environment.weights
    return torch.einsum("khw,kc->chw", basis.linear, weights[:, :channels])


def _one_light(
    basis: LightBasis, light: LightSource, alone: Tensor | None, channels: int
) -> LinearMap:
    tint = torch.tensor(light.tint[:channels])[:, None, None] * light.intensity
    if alone is not None:
        return tint * basis.linear_under(alone)
    return tint * torch.einsum("khw,k->hw", basis.linear, light.weights)[None]


def _surrounding_name(rig: LightRig) -> str:
    if rig.environment is None:
        return "Fill"
    return rig.environment.name if rig.fill == 0 else f"{rig.environment.name} and fill"


def _light_name(index: int, light: LightSource) -> str:
    return f"Light {index + 1}, {light.direction.nearest_name}"

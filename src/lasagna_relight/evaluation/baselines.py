"""What every table needs beside our recipes: references, a hand's gradient, and Lambert's law."""

from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.color import linear_to_srgb, srgb_to_linear
from lasagna_relight.compositing.upsample import upsample_log_gain
from lasagna_relight.evaluation.case import Case, Scene
from lasagna_relight.evaluation.method import Answer, Method, layered
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.instant import predict_all_directions
from lasagna_relight.relit.mixing import FRONT_SIDE
from lasagna_relight.types import Image, LogGain, Mask

IDENTITY = "identity"
ORACLE = "oracle"
RAMP = "ramp"
LAMBERT = "lambert"

RAMP_STRENGTH = 0.5
"""Log gain of the gradient tool at the object's two ends, for a light at right angles."""

IN_SHADOW = 0.1
"""A light that gives a point less than this share of its brightest light counts as shadowed."""

FILL = 0.05
"""Light that Lambert's shading leaves where the lamp does not reach, as a share of the albedo."""


def reference_methods() -> list[Method]:
    """No edit at all, and the best that one gain map can do."""
    return [
        Method(name=IDENTITY, summary="no edit", family="reference", solve=_identity),
        Method(
            name=ORACLE,
            summary="the gain from the true picture: the best that two luminosity layers can do",
            family="reference",
            needs_truth=True,
            solve=_oracle,
        ),
    ]


def ramp_method(strength: float = RAMP_STRENGTH) -> Method:
    """What a user does by hand with a gradient tool."""
    return Method(
        name=RAMP,
        summary="a straight brightness gradient towards the light, as drawn by hand",
        family="baseline",
        settings=f"strength={strength}",
        solve=partial(_ramp, strength),
    )


def lambert_method(relighter: Relighter, settings: str) -> Method:
    """Lambert's law over normals that the predictor's gains contain."""
    return Method(
        name=LAMBERT,
        summary="Lambert's law over normals from the predictor's gains under nine lights (least "
        "squares photometric stereo; no depth network can be had here)",
        family="baseline",
        settings=settings,
        solve=partial(_lambert, relighter),
    )


def ramp_log_gain(direction: LightDirection, mask: Mask, strength: float) -> LogGain:
    """(1, H, W): rises straight towards the light from -strength to strength over the object.

    Scaled by the sine of the light's angle from the camera: a light from the front changes
    nothing.
    """
    across, up, _ = direction.vector
    height, width = mask.shape[-2:]
    x = torch.arange(width, dtype=mask.dtype).expand(height, width)
    y = -torch.arange(height, dtype=mask.dtype)[:, None].expand(height, width)
    way = across * x + up * y
    inside = way[mask[0] > 0.5]
    if inside.numel() == 0:
        inside = way.flatten()
    low, high = inside.min(), inside.max()
    middle, half = (low + high) / 2, ((high - low) / 2).clamp(min=1e-6)
    off_axis = (across**2 + up**2) ** 0.5
    return (strength * off_axis * ((way - middle) / half).clamp(-1, 1))[None] * mask


def scaled_normals(
    brightness: Float[Tensor, "nine height width"], lights: Float[Tensor, "nine 3"]
) -> Float[Tensor, "3 height width"]:
    """Normals times albedo by least squares over the lights that reach each point.

    Source: Woodham, "Photometric method for determining surface orientation from multiple images",
    Optical Engineering 19(1), 1980.

    Args:
        brightness: linear light under each lamp alone.
        lights: unit vectors towards the lamps.
    """
    reached = (brightness >= IN_SHADOW * brightness.amax(0)).to(brightness.dtype)
    matrix = torch.einsum("lhw,li,lj->hwij", reached, lights, lights)
    matrix = matrix + 1e-3 * torch.eye(3)
    right = torch.einsum("lhw,lhw,li->hwi", reached, brightness, lights)
    return torch.linalg.solve(matrix, right).permute(2, 0, 1)


def _identity(case: Case, scene: Scene, seed: int) -> Answer:
    return Answer(image=scene.source)


def _oracle(case: Case, scene: Scene, seed: int) -> Answer:
    assert scene.oracle is not None
    return layered(scene, scene.oracle)


def _ramp(strength: float, case: Case, scene: Scene, seed: int) -> Answer:
    return layered(scene, ramp_log_gain(case.direction, scene.coverage, strength))


def _lambert(relighter: Relighter, case: Case, scene: Scene, seed: int) -> Answer:
    view = relighter.look(scene.picture, scene.mask)
    twelve = predict_all_directions(relighter.predictor, view.source, view.mask)[0].cpu()
    small = lambert_log_gain(twelve, case.direction, view.source.cpu()[0])
    inside = small * view.mask.cpu()[0]
    full = upsample_log_gain(inside, scene.picture, scene.mask.mask, view.box)
    return layered(scene, torch.as_tensor(full)[None])


def lambert_log_gain(
    twelve: Float[Tensor, "12 height width"], direction: LightDirection, source: Image
) -> LogGain:
    """(1, H, W): log gain of Lambert's law under ``direction``, given those of the twelve names."""
    lights = torch.tensor([light.vector for light in NAMED_DIRECTIONS.values()])[:FRONT_SIDE]
    base = source.mean(-3, keepdim=True).clamp(min=0.02)
    linear = srgb_to_linear(base * twelve[:FRONT_SIDE].exp())
    normals = scaled_normals(linear, lights)
    facing = torch.einsum("ihw,i->hw", normals, torch.tensor(direction.vector)).clamp(min=0)
    shaded = torch.lerp(facing, normals.norm(dim=0), FILL)
    return (linear_to_srgb(shaded.clamp(min=1e-5))[None] / base).log()

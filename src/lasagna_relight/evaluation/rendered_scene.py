"""A view rendered one light at a time, as a photograph with a known truth for every direction.

The source is lit by one lamp on the camera's side and a room; the truth is the same object, at the
same exposure, under the lamp asked for and the little fill that training gives it. Unlike the
oracle's composite, the truth holds whatever one gain cannot make: highlights keep their color.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.color import linear_to_srgb, luminance
from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.case import Reference, Scene
from lasagna_relight.image_io import Picture
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.relit.dataset import SMALLEST_COVERAGE
from lasagna_relight.relit.mixing import FILL, FRONT_SIDE
from lasagna_relight.relit.shards import View
from lasagna_relight.seeding import generator

HELD_OUT_SEED = 10_000_000
"""First seed of procedural objects for evaluation; training stays below."""

BACKGROUND = 0.35
"""Encoded gray behind the object."""

WHITE = 0.9
"""Linear value of the source's bright parts (their 97th percentile)."""

ORDER = (
    "left", "behind right", "top right", "bottom", "front", "right", "bottom left", "behind top",
    "top", "bottom right", "top left", "behind left",
)  # fmt: skip
"""The twelve, in the order in which views are asked for them: neighbors are far apart."""


def asked_lights(index: int, lights: int) -> list[str]:
    """Which lights are asked of view ``index``: all twelve come up equally often."""
    return [ORDER[(index * lights + turn) % len(ORDER)] for turn in range(min(lights, len(ORDER)))]


def words_for(name: str) -> str:
    """How a person asks for one of the twelve directions."""
    if name.startswith("behind"):
        return f"light from behind, from the {name.removeprefix('behind ')}"
    return f"light from the {name}"


def rendered_scene(view: View, asked: str, name: str) -> Scene:
    """``view`` as a photograph, to be relit from ``asked``.

    The source's lamp and room depend on ``name`` and ``asked`` alone.

    Raises:
        DatasetError: the view shows nearly nothing of its object.
    """
    alpha = view.alpha
    if alpha.mean() <= SMALLEST_COVERAGE:
        raise DatasetError(f"{name}: the view shows nearly nothing of its object: leave it out")
    draws = generator(0, "evaluation", name, asked)
    sources = [n for n in DIRECTION_NAMES[:FRONT_SIDE] if n != asked]
    weights = torch.tensor([3.0 if n == "front" else 1.0 for n in sources])
    key = sources[int(torch.multinomial(weights, 1, generator=draws))]
    room = 0.1 + 0.5 * torch.rand((), generator=draws)
    lit = view.lights[DIRECTION_NAMES.index(key)] + room * view.ambient
    unit = _object_mean(view.lights[:FRONT_SIDE].mean(0), alpha)
    source = lit * (unit / _object_mean(lit, alpha))
    exposure = WHITE / luminance(source)[alpha > 0.5].quantile(0.97).clamp(min=1e-3)
    targets = torch.lerp(view.lights[: len(DIRECTION_NAMES)], view.ambient[None], FILL)
    encoded = _on_gray(targets * exposure, alpha)
    pixels = (_on_gray(source * exposure, alpha) * 255).round().byte().permute(1, 2, 0)
    return Scene(
        picture=Picture(pixels=np.ascontiguousarray(pixels.numpy())),
        mask=ResolvedMask(mask=alpha[0].numpy(), method="file"),
        target=encoded[DIRECTION_NAMES.index(asked)],
        references=tuple(
            Reference(direction=direction, image=image)
            for direction, image in zip(NAMED_DIRECTIONS.values(), encoded, strict=True)
        ),
    )


def _on_gray(
    linear: Float[Tensor, "*batch 3 size size"], alpha: Float[Tensor, "1 size size"]
) -> Float[Tensor, "*batch 3 size size"]:
    return linear_to_srgb(linear.clamp(0, 1)) * alpha + BACKGROUND * (1 - alpha)


def _object_mean(picture: Float[Tensor, "3 size size"], alpha: Tensor) -> Tensor:
    mean = (luminance(picture) * alpha).sum() / alpha.sum()
    return mean.clamp(min=1e-4)

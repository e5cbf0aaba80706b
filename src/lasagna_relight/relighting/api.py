"""Relighting whole pictures: crop, solve small, bring the edit to full size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Literal

import torch

from lasagna_relight.compositing.crop import CropBox, box_around, crop_mask, crop_picture
from lasagna_relight.compositing.upsample import upsample_log_gain
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.language.encoder import shipped_encoder
from lasagna_relight.language.reader import read_light
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.masking.select import ResolvedMask, resolve_mask
from lasagna_relight.priors.embedded import EmbeddedNetworks, load_networks
from lasagna_relight.priors.predictor import GainPredictor, load_predictor
from lasagna_relight.relighting.instant import (
    instant_log_gain,
    predict_all_directions,
    with_exposure_kept,
    with_front_fill,
)
from lasagna_relight.relighting.optimize import RelightingStep, relight, with_steps
from lasagna_relight.relighting.recipes import DEFAULT_RECIPE, Recipe, recipe_named
from lasagna_relight.relighting.result import RelitPicture
from lasagna_relight.relighting.turned import turned_prior
from lasagna_relight.seeding import generator
from lasagna_relight.types import Image, LogGain, Mask

Light = str | LightDirection
FILL_OF_WORDS = 0.1
"""Fill from the camera beside a light given in words, as a share of it. Words are vague about the
angle, and a hard light at a wrong angle is the worse picture; angles are taken as they are."""

MARGIN = 0.06
"""Room around the object in the crop, as a share of its longer side."""


@dataclass(frozen=True, kw_only=True)
class SmallView:
    """What the networks see of a picture: a square crop around its object.

    Attributes:
        box: where it lies in the picture.
        source: (1, 3, R, R) sRGB-encoded in [0, 1].
        mask: (1, 1, R, R).
    """

    box: CropBox
    source: Image
    mask: Mask


@dataclass(frozen=True, kw_only=True)
class Relighter:
    """A recipe with its networks loaded; relights any number of pictures.

    Attributes:
        recipe: how edits are solved.
        predictor: previews all directions.
        networks: the prior; None where the recipe asks none.
        device: where the networks are.
    """

    recipe: Recipe
    predictor: GainPredictor
    networks: EmbeddedNetworks | None
    device: str

    @classmethod
    def load(
        cls,
        *,
        prior: Literal["embedded"] | Path = "embedded",
        recipe: str | None = None,
        device: str = "cpu",
    ) -> "Relighter":
        """Loads the networks that ``recipe`` needs, the package's own or those in a folder.

        Raises:
            RecipeError: there is no such recipe.
            PriorError: the folder lacks a file, or holds another kind of prior.
        """
        chosen = recipe_named(recipe or DEFAULT_RECIPE)
        folder = shipped_prior() if prior == "embedded" else prior
        networks = None if chosen.objective is None else load_networks(folder, device)
        predictor = load_predictor(folder).to(device)
        return cls(recipe=chosen, predictor=predictor, networks=networks, device=device)

    def look(self, picture: Picture, mask: ResolvedMask) -> SmallView:
        """The crop of ``picture`` around its mask, at the resolution of the networks."""
        side = self.predictor.resolution
        box = box_around(mask.mask, margin=MARGIN).square()
        return SmallView(
            box=box,
            source=crop_picture(picture, box, (side, side))[None].to(self.device),
            mask=crop_mask(mask.mask, box, (side, side))[None].to(self.device),
        )

    def solve(
        self,
        view: SmallView,
        direction: LightDirection,
        *,
        prompt: str | None = None,
        fill: float = 0.0,
        keep_exposure: bool = False,
        seed: int = 0,
        steps: int | None = None,
    ) -> Iterator[RelightingStep]:
        """Solves the edit of one view for one light, step by step, at the small size.

        Args:
            view: from :meth:`look`.
            direction: where the light stands.
            prompt: the words, which the prior reads beside the direction.
            fill: light from the camera beside it, as a share of it.
            keep_exposure: raise the whole edit until the object is as bright as it was.
            seed: the same seed gives the same edit on one machine.
            steps: in place of the recipe's.

        Raises:
            DivergenceError: the edit is no longer finite.
        """
        recipe = with_steps(self.recipe, steps)
        twelve = predict_all_directions(self.predictor, view.source, view.mask)
        preview = instant_log_gain(twelve, direction, view.source, view.mask)
        for step in self._solve_key(view, preview, direction, prompt, recipe, seed):
            log_gain = with_front_fill(step.log_gain, twelve, view.source, view.mask, fill)
            if keep_exposure:
                log_gain = with_exposure_kept(log_gain, view.source, view.mask)
            yield replace(step, log_gain=log_gain)

    def _solve_key(
        self,
        view: SmallView,
        preview: LogGain,
        direction: LightDirection,
        prompt: str | None,
        recipe: Recipe,
        seed: int,
    ) -> Iterator[RelightingStep]:
        if self.networks is None:
            yield RelightingStep(index=0, total=0, log_gain=preview)
            return
        prior = turned_prior(
            self.networks,
            source=view.source,
            mask=view.mask,
            preview=preview,
            direction=direction,
            words=None if prompt is None else shipped_encoder().encode([prompt]),
            guidance_scale=recipe.guidance_scale,
        )
        yield from relight(
            view.source,
            prior,
            recipe,
            mask=view.mask,
            start=preview if recipe.from_preview else None,
            generator=generator(seed, "relight"),
        )

    def relight(
        self,
        picture: Picture | Path | str,
        light: Light,
        *,
        mask: Literal["auto", "none"] | Path | ResolvedMask = "auto",
        strength: float = 1.0,
        seed: int = 0,
        steps: int | None = None,
        on_step: Callable[[RelightingStep], None] | None = None,
    ) -> RelitPicture:
        """One picture under one light.

        Args:
            picture: a picture, or the path of one.
            light: words such as "light from the left", or a direction.
            mask: "auto", "none" for the whole picture, the path of a mask of its size, or a mask
                that was found before.
            strength: scales the log gain after the solve; 0 is no edit.
            seed: the same seed gives the same result on one machine.
            steps: in place of the recipe's.
            on_step: called after each step.

        Raises:
            InputError: picture, mask or words cannot be used; see `errors`.
            DivergenceError: the edit is no longer finite.
        """
        if not isinstance(picture, Picture):
            picture = read_picture(Path(picture))
        prompt = light if isinstance(light, str) else None
        direction = read_light(light).direction if isinstance(light, str) else light
        resolved = mask if isinstance(mask, ResolvedMask) else resolve_mask(picture, mask)
        view = self.look(picture, resolved)
        evaluations = 0
        log_gain = torch.zeros_like(view.mask)
        fill = 0.0 if prompt is None else FILL_OF_WORDS
        for step in self.solve(view, direction, prompt=prompt, fill=fill, seed=seed, steps=steps):
            log_gain, evaluations = step.log_gain, step.evaluations
            if on_step is not None:
                on_step(step)
        full = upsample_log_gain(strength * log_gain[0].cpu(), picture, resolved.mask, view.box)
        return RelitPicture(
            source=picture,
            log_gain=full,
            mask=resolved,
            direction=direction,
            prompt=prompt,
            recipe=self.recipe.name,
            evaluations=evaluations,
        )


def shipped_prior() -> Path:
    """Where the package keeps the weights of its own prior."""
    return Path(str(resources.files("lasagna_relight"))) / "data" / "embedded"

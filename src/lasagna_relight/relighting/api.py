"""Relighting whole pictures: crop, solve small, bring the edit to full size."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import torch

from lasagna_relight.compositing.crop import CropBox, box_around, crop_mask, crop_picture
from lasagna_relight.compositing.upsample import upsample_log_gain
from lasagna_relight.errors import DirectionError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.language.encoder import shipped_encoder
from lasagna_relight.language.reader import read_light
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.masking.select import ResolvedMask, resolve_mask
from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.priors.loading_errors import naming_memory_shortage
from lasagna_relight.priors.predictor import Predictor, load_predictor
from lasagna_relight.priors.prior_names import StableDiffusionFiles, is_large_prior
from lasagna_relight.relighting.instant import (
    predict_lights,
    with_exposure_kept,
    with_front_fill,
)
from lasagna_relight.relighting.optimize import RelightingStep, relight, with_steps
from lasagna_relight.relighting.prompts import Prompts
from lasagna_relight.relighting.recipes import (
    DEFAULT_LARGE_RECIPE,
    DEFAULT_RECIPE,
    Recipe,
    recipe_named,
)
from lasagna_relight.relighting.result import RelitPicture
from lasagna_relight.seeding import generator
from lasagna_relight.types import Image, LogGain, Mask

if TYPE_CHECKING:
    from lasagna_relight.relighting.large import LargePrior

Light = str | LightDirection
FILL_OF_WORDS = 0.1
"""Fill from the camera beside a light given in words, as a share of it. Words are vague about the
angle, and a hard light at a wrong angle is the worse picture; angles are taken as they are."""

MARGIN = 0.06
"""Room around the object in the crop, as a share of its longer side."""


@dataclass(frozen=True, kw_only=True)
class SmallView:
    """What the networks see of a picture: a crop around its object.

    Attributes:
        box: where it lies in the picture.
        source: (1, 3, R, R) sRGB-encoded in [0, 1]; large priors see (1, 3, H, W).
        mask: (1, 1, R, R), or (1, 1, H, W).
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
        networks: the prior's, `EmbeddedNetworks`; None where the recipe asks none, or a large one.
        device: where the networks are.
        large: Stable Diffusion in place of them.
    """

    recipe: Recipe
    predictor: Predictor
    networks: Any
    device: str
    large: "LargePrior | None" = None

    @classmethod
    def load(
        cls,
        *,
        prior: Literal["embedded"] | Path | str | StableDiffusionFiles = "embedded",
        recipe: str | None = None,
        device: str = "cpu",
        prompts: Prompts | None = None,
    ) -> "Relighter":
        """Loads the networks that ``recipe`` needs, the package's own or those that are named.

        Args:
            prior: "embedded"; a folder of another embedded prior; or Stable Diffusion: a folder, a
                single file or a hub id, or what else to load with it.
            recipe: by name; `instant` for an embedded prior and `target` for a large one if absent.
            device: where the networks compute.
            prompts: for a large prior; the authors' if absent.

        Raises:
            RecipeError: there is no such recipe.
            PriorError: a folder lacks a file, or holds another kind of prior.
            MemoryShortageError: the networks do not fit.
        """
        named = not isinstance(prior, StableDiffusionFiles)
        if named and prior != "embedded" and is_large_prior(str(prior)):
            prior = StableDiffusionFiles(prior=str(prior))
        if isinstance(prior, StableDiffusionFiles):
            chosen = recipe_named(recipe or DEFAULT_LARGE_RECIPE, large=True)
            from lasagna_relight.relighting.large import LargePrior  # brings diffusers

            return cls(
                recipe=chosen,
                predictor=load_predictor(shipped_prior()).to(device),
                networks=None,
                device=device,
                large=LargePrior.load(prior, device, prompts or Prompts()),
            )
        chosen = recipe_named(recipe or DEFAULT_RECIPE)
        folder = shipped_prior() if prior == "embedded" else Path(prior)
        networks = None
        if chosen.objective is not None:
            # here, not above: it brings diffusers, which takes longer than an instant solve
            from lasagna_relight.priors.embedded import load_networks

            networks = load_networks(folder, device)
        predictor = load_predictor(folder).to(device)
        return cls(recipe=chosen, predictor=predictor, networks=networks, device=device)

    def look(self, picture: Picture, mask: ResolvedMask) -> SmallView:
        """The crop of ``picture`` around its mask, at the resolution of the networks.

        Embedded networks see a square; large ones the crop as it is, aspect ratio kept up to the
        multiple of pixels that their latents need.
        """
        box = box_around(mask.mask, margin=MARGIN)
        if self.large is None:
            box = box.square()
            size = (self.predictor.resolution, self.predictor.resolution)
        else:
            size = self.large.working_size(box)
        return SmallView(
            box=box,
            source=crop_picture(picture, box, size)[None].to(self.device),
            mask=crop_mask(mask.mask, box, size)[None].to(self.device),
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
            fill: light from the camera beside it, as a share of it; not with a large prior.
            keep_exposure: raise the whole edit until the object is as bright as it was; likewise.
            seed: the same seed gives the same edit on one machine.
            steps: in place of the recipe's.

        Raises:
            DivergenceError: the edit is no longer finite.
            MemoryShortageError: the device is full.
        """
        recipe = with_steps(self.recipe, steps)
        if self.large is not None:
            with naming_memory_shortage(self.device):
                told = self.large.told(view.source, direction, prompt, recipe)
                yield from self._distilled(view, told, recipe, None, seed)
            return
        twelve, preview = predict_lights(self.predictor, view.source, view.mask, [direction])
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
        from lasagna_relight.relighting.turned import turned_prior  # brings diffusers

        prior = turned_prior(
            self.networks,
            source=view.source,
            mask=view.mask,
            preview=preview,
            direction=direction,
            words=None if prompt is None else shipped_encoder().encode([prompt]),
            guidance_scale=recipe.guidance_scale,
        )
        yield from self._distilled(view, prior, recipe, preview, seed)

    def _distilled(
        self,
        view: SmallView,
        prior: DiffusionPrior,
        recipe: Recipe,
        preview: LogGain | None,
        seed: int,
    ) -> Iterator[RelightingStep]:
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
            mask: "auto", "none" for the whole picture, the path of a mask of its size, or one
                that `resolve_mask` has made of this picture.
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
        if not isinstance(direction, LightDirection):
            raise DirectionError(f"light {light!r} is neither words nor a LightDirection")
        if not isinstance(mask, ResolvedMask):
            mask = resolve_mask(picture, mask)
        mask.refuse_another_size(picture)
        resolved = mask
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

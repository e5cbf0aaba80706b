"""Coloring whole pictures: crop, solve small, bring the layer to full size."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lasagna_relight.colorization.enlarge import color_layer
from lasagna_relight.colorization.first_guess import first_guess
from lasagna_relight.colorization.hints import Hints, read_hints, small_hints
from lasagna_relight.colorization.optimize import colorize, with_steps
from lasagna_relight.colorization.paint import Canvas, ColorizationStep
from lasagna_relight.colorization.paper import as_drawing, luma_of, resolve_color_mask
from lasagna_relight.colorization.recipes import (
    DEFAULT_RECIPE,
    LARGE_GUIDANCE,
    PaintRecipe,
    recipe_named,
)
from lasagna_relight.colorization.result import ColorizedPicture
from lasagna_relight.compositing.color_layer import PAINT_MODES, PaintMode
from lasagna_relight.compositing.crop import CropBox, box_around, crop_mask
from lasagna_relight.errors import InputError, RecipeError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.language.colors import main_color
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.priors.base import DiffusionPrior
from lasagna_relight.priors.loading_errors import naming_memory_shortage
from lasagna_relight.priors.prior_names import StableDiffusionFiles, is_large_prior
from lasagna_relight.seeding import generator

if TYPE_CHECKING:
    from lasagna_relight.colorization.large import ColorPrompt, LargeColorPrior

MARGIN = 0.06
"""Room around the object in the crop, as a share of its longer side; as in training."""


@dataclass(frozen=True, kw_only=True)
class Colorizer:
    """A prior with its networks loaded; colors any number of pictures.

    Attributes:
        networks: of the embedded prior; None with a large one.
        device: where the networks are.
        recipe: how layers are solved, unless a call says otherwise.
        large: Stable Diffusion in place of the embedded prior.
    """

    networks: Any
    device: str
    recipe: PaintRecipe
    large: LargeColorPrior | None = None

    @classmethod
    def load(
        cls,
        *,
        prior: Literal["embedded"] | Path | str | StableDiffusionFiles = "embedded",
        recipe: str | None = None,
        device: str = "cpu",
        prompt: ColorPrompt | None = None,
    ) -> Colorizer:
        """Loads a prior: the package's own or the one that is named.

        Args:
            prior: "embedded"; a folder of another color prior; or Stable Diffusion: a folder, a
                single file or a hub id, or what else to load with it.
            recipe: by name; `target` if absent.
            device: where the networks compute.
            prompt: for a large prior; the words as they are if absent.

        Raises:
            RecipeError: there is no such recipe.
            PriorError: a folder lacks a file, or holds another kind of prior.
            MemoryShortageError: the networks do not fit.
        """
        chosen = recipe_named(recipe or DEFAULT_RECIPE)
        named = not isinstance(prior, StableDiffusionFiles)
        if named and prior != "embedded" and is_large_prior(str(prior)):
            prior = StableDiffusionFiles(prior=str(prior))
        if isinstance(prior, StableDiffusionFiles):
            from lasagna_relight.colorization.large import ColorPrompt, LargeColorPrior

            large = LargeColorPrior.load(prior, device, prompt or ColorPrompt())
            return cls(networks=None, device=device, recipe=chosen, large=large)
        from lasagna_relight.priors.color_prior import load_color_networks  # brings diffusers

        folder = shipped_color_prior() if prior == "embedded" else Path(prior)
        return cls(networks=load_color_networks(folder, device), device=device, recipe=chosen)

    def look(
        self,
        picture: Picture,
        words: str,
        mask: ResolvedMask,
        hints: Hints,
        mode: PaintMode,
    ) -> tuple[CropBox, Canvas]:
        """The crop of ``picture`` around its mask as a canvas, at the resolution of the prior."""
        box = box_around(mask.mask, margin=MARGIN)
        if self.large is None:
            box = box.square()
            size = (self.networks.resolution, self.networks.resolution)
        else:
            size = self.large.working_size(box)
        drawing = as_drawing(picture)
        plane = drawing.bare if mode == "color" else luma_of(picture)
        base = 1 - crop_mask(1 - plane, box, size)[None]
        colors, hinted = small_hints(hints, box, size)
        small_mask = crop_mask(mask.mask, box, size)[None]
        guess = first_guess(words, drawing if mode == "color" else None, mask.mask, box, small_mask)
        canvas = Canvas(
            base=base.expand(1, 3, *size).to(self.device),
            mask=small_mask.to(self.device),
            hints=colors.to(self.device),
            hinted=hinted.to(self.device),
            guess=guess.to(self.device),
            mode=mode,
        )
        return box, canvas

    def solve(
        self, canvas: Canvas, words: str, recipe: PaintRecipe, *, seed: int = 0
    ) -> Iterator[ColorizationStep]:
        """Solves the layer of one canvas, step by step, at the small size.

        Raises:
            DivergenceError: the layer is no longer finite.
            MemoryShortageError: the device is full.
        """
        with naming_memory_shortage(self.device):
            prior = self.told(canvas, words, recipe)
            said = recipe.from_guess and main_color(words) is not None
            yield from colorize(
                canvas,
                prior,
                recipe,
                start=canvas.guessed() if said else None,
                generator=generator(seed, "colorize"),
            )

    def told(self, canvas: Canvas, words: str, recipe: PaintRecipe) -> DiffusionPrior:
        """The prior of one canvas and some words."""
        if self.large is not None:
            scale = recipe.guidance_scale if recipe.name == "faithful" else LARGE_GUIDANCE
            return self.large.told(canvas, words, scale)
        from lasagna_relight.priors.color_prior import ColorCondition, ColorPrior, shown_picture
        from lasagna_relight.priors.color_words import word_features

        gray = canvas.mode == "chroma"
        shown = shown_picture(
            canvas.base[:, :1],
            canvas.mask,
            gray=gray,
            hints=canvas.hints,
            hinted=canvas.hinted,
            guess=canvas.guess,
        )
        return ColorPrior(
            networks=self.networks,
            given=ColorCondition(shown=shown, words=word_features([words]).to(self.device)),
            gray=gray,
            guidance_scale=recipe.guidance_scale,
        )

    def colorize(
        self,
        picture: Picture | Path | str,
        words: str,
        *,
        hints: Picture | Path | str | None = None,
        mask: Literal["auto", "none"] | Path | ResolvedMask = "auto",
        mode: PaintMode = "color",
        recipe: str | None = None,
        seed: int = 0,
        steps: int | None = None,
        on_step: Callable[[ColorizationStep], None] | None = None,
    ) -> ColorizedPicture:
        """One picture in the colors that words ask for.

        Args:
            picture: a drawing or a gray photograph, or the path of one.
            words: such as "a red sneaker with a white sole".
            hints: a transparent picture of its size with a few dots of color, or the path of one.
            mask: "auto", "none" for the whole picture, the path of a mask of its size, or one
                that `resolve_color_mask` has made of this picture.
            mode: "color" is colors with an alpha over the lines; "chroma" keeps all lightness.
            recipe: in place of the loaded one.
            seed: the same seed gives the same result on one machine.
            steps: in place of the recipe's.
            on_step: called after each step.

        Raises:
            InputError: picture, mask, hints or words cannot be used; see `errors`.
            DivergenceError: the layer is no longer finite.
        """
        work = self.coloring(
            picture, words, hints=hints, mask=mask, mode=mode, recipe=recipe, seed=seed, steps=steps
        )
        while True:
            try:
                step = next(work)
            except StopIteration as end:
                return end.value
            if on_step is not None:
                on_step(step)

    def coloring(
        self,
        picture: Picture | Path | str,
        words: str,
        *,
        hints: Picture | Path | str | None = None,
        mask: Literal["auto", "none"] | Path | ResolvedMask = "auto",
        mode: PaintMode = "color",
        recipe: str | None = None,
        seed: int = 0,
        steps: int | None = None,
    ) -> Generator[ColorizationStep, None, ColorizedPicture]:
        """:meth:`colorize` step by step, for those who do other work between; returns the picture.

        Args and what is raised, at the first step: as there.
        """
        if not words.strip():
            raise InputError('the words are empty: say a color, such as "a red shoe"')
        if mode not in PAINT_MODES:
            raise RecipeError(f"the mode {mode!r} is unknown: color, or chroma")
        chosen = with_steps(self.recipe if recipe is None else recipe_named(recipe), steps)
        if not isinstance(picture, Picture):
            picture = read_picture(Path(picture))
        painted = read_hints(Path(hints) if isinstance(hints, str) else hints, picture)
        if not isinstance(mask, ResolvedMask):
            mask = resolve_color_mask(picture, mask)
        mask.refuse_another_size(picture)
        box, canvas = self.look(picture, words, mask, painted, mode)
        layer, evaluations = canvas.blank(), 0
        for step in self.solve(canvas, words, chosen, seed=seed):
            layer, evaluations = step.layer, step.evaluations
            yield step
        return ColorizedPicture(
            source=picture,
            layer=color_layer(
                layer.detach().float().cpu(), picture, mask.mask, box, painted, mode=mode
            ),
            mask=mask,
            words=words,
            recipe=chosen.name,
            evaluations=evaluations,
        )


def shipped_color_prior() -> Path:
    """Where the package keeps the weights of its own color prior."""
    return Path(str(resources.files("lasagna_relight"))) / "data" / "colors"

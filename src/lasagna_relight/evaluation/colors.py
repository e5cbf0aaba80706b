"""How well colors follow words, and how near they come to the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import interpolate

from lasagna_relight.colorization.api import Colorizer
from lasagna_relight.colorization.enlarge import color_layer
from lasagna_relight.colorization.hints import read_hints
from lasagna_relight.colorization.paper import as_drawing
from lasagna_relight.colorization.recipes import recipe_named
from lasagna_relight.compositing.color_layer import ColorLayer, PaintMode, composite_colored
from lasagna_relight.evaluation.color_cases import ColorCase
from lasagna_relight.evaluation.likeness import ssim
from lasagna_relight.evaluation.metrics import psnr
from lasagna_relight.image_io import Picture
from lasagna_relight.language.colors import BASIC_TERMS, basic_terms, main_color
from lasagna_relight.priors.color_codec import paint_of
from lasagna_relight.seeding import generator

SAMPLING_STEPS = 20


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a method is asked to color.

    Attributes:
        base: drawing or gray photograph.
        words: what the user says.
        hints: of the user, or None.
        mode: of the layer.
    """

    base: Picture
    words: str
    hints: Picture | None = None
    mode: PaintMode = "color"


ColorMethod = Callable[[ColorCase, Request], np.ndarray]
"""A case and a request to (H, W, 3) uint8."""


@dataclass(frozen=True, kw_only=True)
class TermResult:
    """One case colored with one term: which term people would use for what came out."""

    method: str
    uid: str
    asked: str
    seen: str


@dataclass(frozen=True, kw_only=True)
class TruthResult:
    """One case colored with its true words.

    Attributes:
        method: name.
        uid: of the case.
        setting: "words", "words and hints", or "gray, words" in mode chroma.
        psnr: to the truth on the object, decibels.
        ssim: likewise.
        line_change: largest change of a pixel that is line, in 255ths; None without a line.
    """

    method: str
    uid: str
    setting: str
    psnr: float
    ssim: float
    line_change: int | None


def identity(_case: ColorCase, request: Request) -> np.ndarray:
    """The base as it is."""
    return request.base.pixels


def flat_fill(case: ColorCase, request: Request) -> np.ndarray:
    """The mask filled with the color of the words under the lines; hints are painted on."""
    word = main_color(request.words)
    color = np.array((0.62, 0.62, 0.62) if word is None else word.rgb, np.float32)
    colors = np.broadcast_to(color, (*case.mask.mask.shape, 3)).copy()
    if request.mode == "chroma":
        layer = ColorLayer(colors=colors, cover=case.mask.mask, mode="chroma")
        return composite_colored(request.base, layer).pixels
    base = request.base.pixels.astype(np.float32) / 255
    cover = case.mask.mask[..., None]
    painted = base * (1 - cover + cover * colors)
    if request.hints is not None:
        hints = read_hints(request.hints, request.base)
        painted = np.where(hints.painted[..., None], hints.colors * base, painted)
    return np.rint(painted * 255).astype(np.uint8)


def solved(colorizer: Colorizer, recipe: str) -> ColorMethod:
    """A recipe with a prior."""

    def method(case: ColorCase, request: Request) -> np.ndarray:
        result = colorizer.colorize(
            request.base, request.words, hints=request.hints, mask=case.mask, mode=request.mode,
            recipe=recipe,
        )  # fmt: skip
        return result.pixels

    return method


def guess_alone(colorizer: Colorizer) -> ColorMethod:
    """The first guess as the layer: what the rule for words and parts makes, and no prior."""

    def method(case: ColorCase, request: Request) -> np.ndarray:
        base, mode = request.base, request.mode
        hints = read_hints(request.hints, base)
        box, canvas = colorizer.look(base, request.words, case.mask, hints, mode)
        guess = canvas.with_hints(canvas.guessed()).cpu()
        layer = color_layer(guess, base, case.mask.mask, box, hints, mode=mode)
        return composite_colored(base, layer).pixels

    return method


def plain_sample(colorizer: Colorizer) -> ColorMethod:
    """One picture drawn from the embedded prior by DDIM, enlarged: no layer, no distillation."""

    def method(case: ColorCase, request: Request) -> np.ndarray:
        hints = read_hints(request.hints, request.base)
        box, canvas = colorizer.look(request.base, request.words, case.mask, hints, request.mode)
        prior = colorizer.told(canvas, request.words, recipe_named("target"))
        draws = generator(0, "sample", case.uid)
        x0 = prior.codec.encode(canvas.base, canvas.base)
        xt = torch.randn(x0.shape, generator=draws)
        times = torch.linspace(len(prior.schedule) - 20, 20, SAMPLING_STEPS).long()
        for now, after in zip(times, [*times[1:], torch.tensor(0)], strict=True):
            noise = prior.predict_noise(xt, now[None])
            x0 = prior.schedule.x0_from_noise(xt, noise, now[None])
            xt = prior.schedule.add_noise(x0, noise, after[None])
        picture = paint_of(x0)
        if request.mode == "color":
            picture = picture * canvas.base
        full = interpolate(picture, size=(box.height, box.width), mode="bilinear")[0]
        out = request.base.pixels.copy()
        top, left = max(0, box.top), max(0, box.left)
        bottom = min(request.base.height, box.top + box.height)
        right = min(request.base.width, box.left + box.width)
        inside = full[:, top - box.top : bottom - box.top, left - box.left : right - box.left]
        colors = inside.clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).numpy()
        region = out[top:bottom, left:right]
        cover = case.mask.mask[top:bottom, left:right, None] > 0.5
        out[top:bottom, left:right] = np.where(cover, colors, region)
        return out

    return method


def score_terms(name: str, method: ColorMethod, cases: Sequence[ColorCase]) -> Iterator[TermResult]:
    """Every case asked for in each of the eleven basic color terms.

    What is looked at is the median color of the object, lines apart; its term is that of
    `language.colors.basic_terms`.
    """
    for case in cases:
        open_place = (case.mask.mask > 0.99) & ~as_drawing(case.sketch).is_line
        open_place &= case.sketch.pixels[..., 0] > 0.8 * 255
        if not open_place.any():
            continue
        for term in BASIC_TERMS:
            request = Request(base=case.sketch, words=f"a {term} {case.title}")
            pixels = method(case, request)
            (seen,) = basic_terms(np.median(pixels[open_place], 0)[None] / 255)
            yield TermResult(method=name, uid=case.uid, asked=term, seen=seen)


def score_truth(
    name: str, method: ColorMethod, cases: Sequence[ColorCase]
) -> Iterator[TruthResult]:
    """Every case asked for in its true colors: by words, with hints, and over its gray picture."""
    for case in cases:
        settings = {
            "words": Request(base=case.sketch, words=case.words),
            "words and hints": Request(base=case.sketch, words=case.words, hints=case.hints),
            "gray, words": Request(base=case.gray, words=case.words, mode="chroma"),
        }
        mask = torch.from_numpy(case.mask.mask)[None]
        for setting, request in settings.items():
            pixels = method(case, request)
            target = case.truth if request.mode == "color" else case.colored
            got, wanted = _tensor(pixels), _tensor(target)
            change = None
            if request.mode == "color":
                lines = as_drawing(case.sketch).is_line
                moved = np.abs(pixels.astype(int) - request.base.pixels)[lines]
                change = int(moved.max()) if moved.size else None
            yield TruthResult(
                method=name,
                uid=case.uid,
                setting=setting,
                psnr=float(psnr(got, wanted, mask)),
                ssim=float(ssim(got, wanted, mask)),
                line_change=change,
            )


def _tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.astype(np.float32) / 255).permute(2, 0, 1)


def term_table(results: Sequence[TermResult]) -> str:
    """Share of right terms for each method and term, in Markdown."""
    lines = ["| method | all | " + " | ".join(BASIC_TERMS) + " |"]
    lines.append("|---" * (len(BASIC_TERMS) + 2) + "|")
    for method in dict.fromkeys(result.method for result in results):
        mine = [result for result in results if result.method == method]
        cells = [_share(mine)]
        cells += [_share([r for r in mine if r.asked == term]) for term in BASIC_TERMS]
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def truth_table(results: Sequence[TruthResult]) -> str:
    """Means over cases for each method and setting, in Markdown."""
    lines = [
        "| method | asked by | PSNR | SSIM | largest change of a line |",
        "|---|---|---|---|---|",
    ]
    for method, setting in dict.fromkeys((result.method, result.setting) for result in results):
        mine = [r for r in results if (r.method, r.setting) == (method, setting)]
        changes = [r.line_change for r in mine if r.line_change is not None]
        shown = f"{max(changes)} of 255" if changes else ""
        decibels = np.mean([r.psnr for r in mine])
        likeness = np.mean([r.ssim for r in mine])
        lines.append(f"| {method} | {setting} | {decibels:.2f} | {likeness:.3f} | {shown} |")
    return "\n".join(lines)


def _share(results: Sequence[TermResult]) -> str:
    if not results:
        return ""
    return f"{np.mean([result.asked == result.seen for result in results]):.0%}"

"""The closed-form fit, and the objectives over a prior whose score is known."""

import pytest
import torch
from diffusers import DDIMScheduler

from lasagna_relight.colorization.edit import PaintEdit
from lasagna_relight.colorization.fit import fit_layer
from lasagna_relight.colorization.optimize import colorize
from lasagna_relight.colorization.paint import Canvas
from lasagna_relight.colorization.recipes import recipe_named
from lasagna_relight.distillation.sds import sds
from lasagna_relight.priors.color_codec import PaintCodec, PictureCodec
from lasagna_relight.priors.gaussian import GaussianPrior
from lasagna_relight.priors.schedule import NoiseSchedule

SCHEDULE = NoiseSchedule.from_scheduler(DDIMScheduler(beta_schedule="squaredcos_cap_v2"))


def canvas_with_a_line(size: int = 16) -> Canvas:
    base = torch.ones(1, 3, size, size)
    base[..., size // 2] = 0.0
    blank = torch.zeros(1, 3, size, size)
    return Canvas(base=base, mask=torch.ones(1, 1, size, size), hints=blank,
                  hinted=torch.zeros(1, 1, size, size), guess=blank, mode="color")  # fmt: skip


def two_halves(size: int = 16) -> torch.Tensor:
    paint = torch.empty(1, 3, size, size)
    paint[..., : size // 2] = torch.tensor([0.9, 0.1, 0.1]).view(1, 3, 1, 1)
    paint[..., size // 2 :] = torch.tensor([0.1, 0.2, 0.9]).view(1, 3, 1, 1)
    return paint


def test_the_fit_finds_paint_under_ink_and_stops_at_lines() -> None:
    canvas, paint = canvas_with_a_line(), two_halves()
    noisy = (
        canvas.base * paint + 0.1 * torch.sin(torch.arange(256.0) * 7).view(1, 1, 16, 16)
    ).clamp(0, 1)
    fitted = fit_layer(noisy * canvas.base, canvas, smoothness=2.0)[:, :3]
    assert (fitted[..., :6] - paint[..., :6]).abs().mean() < 0.06
    assert (fitted[..., 11:] - paint[..., 11:]).abs().mean() < 0.06


def test_a_hint_spreads_inside_its_region_alone() -> None:
    canvas, paint = canvas_with_a_line(), two_halves()
    hints, hinted = torch.zeros_like(paint), torch.zeros(1, 1, 16, 16)
    hints[:, 1, 8, 4], hinted[..., 8, 4] = 1.0, 1.0
    with_hint = Canvas(
        base=canvas.base, mask=canvas.mask, hints=hints, hinted=hinted, guess=hints, mode="color"
    )
    plain = fit_layer(paint * canvas.base, canvas, smoothness=5.0)
    pulled = fit_layer(paint * canvas.base, with_hint, smoothness=5.0)
    change = (pulled - plain)[:, 1].abs()
    assert change[..., 8, 4] > 0.5
    assert change[..., :, 6].mean() > 5 * change[..., :, 12].mean()


def test_the_codec_reads_paint_out_of_the_composite(generator: torch.Generator) -> None:
    canvas = canvas_with_a_line()
    paint = two_halves()
    codec = PaintCodec()
    latents = codec.encode(canvas.base * paint, canvas.base)
    assert latents.shape == (1, 12, 4, 4)
    back = codec.decode(latents, canvas.base)
    assert (back - canvas.base * paint)[..., 2:6].abs().max() < 0.05


@pytest.mark.parametrize("level", [0.0, 0.02, 0.5, 1.0])
def test_the_codec_reads_black_as_black_and_white_as_white(level: float) -> None:
    canvas = canvas_with_a_line()
    codec = PaintCodec()
    for pencil in (1.0, 0.4):
        base = 1 - pencil * (1 - canvas.base)
        picture = base * level
        for _ in range(5):  # as a solve does from round to round
            latents = codec.encode(picture, base)
            assert (latents - (2 * level - 1)).abs().max() < 1e-5
            picture = codec.decode(latents, base)


def test_paint_under_solid_ink_counts_as_white() -> None:
    ink = torch.zeros(1, 3, 8, 8)
    assert (PaintCodec().encode(ink, ink) == 1).all()


def test_both_objectives_recover_the_paint_that_a_known_score_wants() -> None:
    canvas, paint = canvas_with_a_line(), two_halves()
    codec = PaintCodec()
    wanted = codec.encode(canvas.base * paint, canvas.base)
    prior = GaussianPrior(schedule=SCHEDULE, mean=wanted, std=0.05, codec=codec)
    for name in ("target", "sds"):
        *_, last = colorize(
            canvas, prior, recipe_named(name), generator=torch.Generator().manual_seed(0)
        )
        error = (last.layer[:, :3] - paint).abs()
        assert error[..., 1:6].mean() < 0.1, name
        assert error[..., 10:15].mean() < 0.1, name


def test_score_distillation_leaves_paper_blank() -> None:
    canvas = canvas_with_a_line()
    mask = canvas.mask.clone()
    mask[..., :4] = 0
    half = Canvas(
        base=canvas.base,
        mask=mask,
        hints=canvas.hints,
        hinted=canvas.hinted,
        guess=canvas.guess,
        mode="color",
    )
    prior = GaussianPrior(
        schedule=SCHEDULE,
        mean=PaintCodec().encode(two_halves(), torch.ones(1, 3, 16, 16)),
        std=0.1,
        codec=PaintCodec(),
    )
    *_, last = colorize(
        half, prior, recipe_named("sds"), generator=torch.Generator().manual_seed(0)
    )
    assert last.layer[:, 3, :, :3].max() < 0.2
    assert last.layer[:, 3, :, 8:].min() > 0.8


def test_where_the_prior_agrees_there_is_no_gradient(generator: torch.Generator) -> None:
    canvas = canvas_with_a_line()
    layer = canvas.blank()
    prior = GaussianPrior(
        schedule=SCHEDULE,
        mean=PictureCodec().encode(canvas.composite(layer), canvas.base),
        std=1e-3,
        codec=PictureCodec(),
    )
    score = sds(PaintEdit(canvas=canvas, values=layer, done=0.0), prior, generator)
    assert score.magnitude < 0.05

"""Held-out pictures that a training is judged by as it goes on.

The score is the share of the distance from no edit to the true gain that the model's edits cover,
over all named lights of the pictures, as in `evaluation.rendered`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from lasagna_relight.compositing.stack import MAX_LOG_GAIN
from lasagna_relight.evaluation.metrics import absolute_error, correlation, covered_share, psnr
from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.relit.dataset import Batch, random_batch
from lasagna_relight.relit.views import ViewSource
from lasagna_relight.seeding import generator
from lasagna_relight.training.loss import named_lights
from lasagna_relight.training.task import Validate, Validation

SHOWN = ("top", "right", "bottom", "left", "front", "behind left")
ROWS = 8
GROUPS = {"front": (8,), "sides": tuple(range(8)), "rim": (9, 10, 11)}


def held_out(source: ViewSource, *, views: int, batch_size: int, seed: int) -> list[Batch]:
    """``views`` pictures before backgrounds, in batches: the same for the same seed.

    Raises:
        DatasetError: the source has no views.
    """
    batches = []
    for number in range(-(-views // batch_size)):
        draws = generator(seed, "validation", number)
        count = min(batch_size, views - number * batch_size)
        batches.append(random_batch(source.draw(count, draws, (number, 0)), draws))
    return batches


def validator(batches: Sequence[Batch], estimate: Callable[[nn.Module, Any], Tensor]) -> Validate:
    """What the training loop calls now and then.

    Args:
        batches: the pictures.
        estimate: of a task: log gains of the named lights of a batch.
    """

    @torch.no_grad()
    def validate(model: nn.Module) -> Validation:
        edited = torch.zeros(len(DIRECTION_NAMES))
        unedited = torch.zeros(len(DIRECTION_NAMES))
        alike, decibels, rows = [], [], []
        device = next(model.parameters()).device
        for batch in batches:
            names, lights = named_lights(batch)
            on_device = batch.to(device)
            found = estimate(model, on_device).cpu().clamp(-MAX_LOG_GAIN, MAX_LOG_GAIN)
            true = batch.log_gains[:, lights]
            count = len(lights)
            source, inside = (
                picture[:, None].expand(-1, count, -1, -1, -1)
                for picture in (batch.source, batch.inside)
            )
            pictures, truths = (source * g[:, :, None].exp() for g in (found, true))
            edited[names] += absolute_error(pictures, truths, inside).sum(0)
            unedited[names] += absolute_error(source, truths, inside).sum(0)
            decibels.append(psnr(pictures, truths, inside).flatten())
            alike.append(correlation(found[:, :, None], true[:, :, None], source, inside).flatten())
            rows += _rows(batch, found, ROWS - len(rows))
        covered = {
            name: covered_share(
                edited[list(ids)].sum(), unedited[list(ids)].sum(), torch.zeros(())
            ).item()
            for name, ids in GROUPS.items()
        }
        score = covered_share(edited.sum(), unedited.sum(), torch.zeros(())).item()
        figures = {f"covered_{name}": value for name, value in covered.items()}
        figures["psnr_db"] = torch.cat(decibels).mean().item()
        figures["correlation"] = torch.cat(alike).nanmean().item()
        return Validation(score=score, figures=figures, sheet=np.concatenate(rows))

    return validate


def _rows(batch: Batch, found: Tensor, count: int) -> list[np.ndarray]:
    """For some pictures: the source, then under each light of ``SHOWN`` the edit over the truth."""
    names, lights = named_lights(batch)
    shown = [(names.index(DIRECTION_NAMES.index(n)) if DIRECTION_NAMES.index(n) in names else None)
             for n in SHOWN]  # fmt: skip
    rows = []
    for index in range(min(count, len(batch.source))):
        source = batch.source[index]
        black = torch.zeros_like(source)
        inside = batch.inside[index]
        edits, truths = [], []
        for place in shown:
            if place is None:
                edits.append(black)
                truths.append(black)
                continue
            for gain, column in (
                (found[index, place], edits),
                (batch.log_gains[index, lights[place]], truths),
            ):
                column.append(source * torch.lerp(torch.ones_like(gain), gain.exp(), inside))
        above, below = torch.cat([source, *edits], -1), torch.cat([source * inside, *truths], -1)
        pixels = torch.cat([above, below], -2).clamp(0, 1).permute(1, 2, 0)
        rows.append((pixels * 255).round().byte().numpy())
    return rows

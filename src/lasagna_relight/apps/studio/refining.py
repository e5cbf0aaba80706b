"""Refinement of one light as a job that a page follows, and may leave and find again."""

from __future__ import annotations

import base64
import time

import numpy as np
import torch
from torch import Tensor

from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.model import StudioRelighter
from lasagna_relight.apps.studio.queue import Steps
from lasagna_relight.apps.studio.sessions import Session
from lasagna_relight.compositing.upsample import fill_beyond_mask
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relighting.api import SmallView

SECONDS_BETWEEN_PICTURES = 0.4
"""So often at most the page gets a new map; every step it gets a number."""


def refinement(
    relighter: StudioRelighter,
    session: Session,
    name: str,
    direction: LightDirection,
    recipe: str,
    limits: StudioLimits,
) -> Steps:
    """Events of one refinement: ``step``s with index, total, and now and then a map; then ``done``.

    A map is the small log gain, spread beyond the mask, as float32 in base64. The result is kept
    in the session under ``name``, unless the mask has changed meanwhile.
    """
    looked = session.seen()
    view = looked.view
    sent, filled = -1.0, None
    for step in relighter.solve(view, direction, recipe):
        event = {"kind": "step", "index": step.index, "total": step.total}
        is_last = step.index == step.total
        if is_last or time.monotonic() - sent >= SECONDS_BETWEEN_PICTURES:
            filled = spread_beyond_mask(view, step.log_gain)
            event["map"] = encoded(filled)
            sent = time.monotonic()
        yield event
    if filled is None or session.revision != looked.revision:
        yield {"kind": "stale"}
        return
    session.remember(name, filled, limits.refinements)
    yield {"kind": "done", "refined": name}


def spread_beyond_mask(view: SmallView, log_gain: Tensor) -> Tensor:
    """(R, R) of a solve's (1, 1, R, R), as the mix takes it."""
    return fill_beyond_mask(log_gain[0].detach().float().cpu(), view.mask[0].cpu())[0]


def encoded(values: Tensor) -> str:
    """float32 numbers in base64."""
    return base64.b64encode(values.contiguous().numpy().astype("<f4").tobytes()).decode()


def decoded(text: str, session: Session) -> Tensor:
    """The map (R, R) of a session that `encoded` wrote.

    Raises:
        ValueError: it is none, or of another size.
    """
    side = session.seen().view.source.shape[-1]
    values = np.frombuffer(base64.b64decode(text, validate=True), dtype="<f4")
    if values.size != side * side or not np.isfinite(values).all():
        raise ValueError("a map of another size")
    return torch.from_numpy(values.astype(np.float32)).view(side, side).clamp(-5, 5)

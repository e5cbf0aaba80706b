"""What the trainings of predictors minimize."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from lasagna_relight.relit.dataset import Batch
from lasagna_relight.relit.light_basis import light_weights, mix_log_gains

LOG_SHARE = 0.25
"""Weight of the error in the log gain itself beside the error of the composite."""

EXTRA_SHARE = 0.3
"""Weight of lights without a name, where they are mixtures of the named ones."""

LIGHTS_A_STEP = 8
"""How many lights a continuous predictor is asked about at each step: its head costs per light."""

LIMIT = 2.4


def composite_error(
    predicted: Float[Tensor, "batch lights size size"],
    log_gains: Float[Tensor, "batch lights size size"],
    batch: Batch,
) -> Tensor:
    """Mean absolute error of composites, and a share of that of the log gains, on the object."""
    brightness = batch.source.mean(1, keepdim=True)
    composite = (predicted.clamp(-LIMIT, LIMIT).exp() - log_gains.exp()).abs() * brightness
    error = composite + LOG_SHARE * F.smooth_l1_loss(
        predicted, log_gains, reduction="none", beta=0.1
    ) * (brightness + 0.05)
    inside = batch.inside.expand_as(error)
    return (error * inside).sum() / inside.sum().clamp(min=1)


def named_lights(batch: Batch) -> tuple[list[int], list[int]]:
    """Ids of the names that the batch holds a light for, and where those lights are."""
    places = [(name, light) for name, light in enumerate(batch.named) if light is not None]
    return [name for name, _ in places], [light for _, light in places]


def predictor_loss(predictor: nn.Module, batch: Batch) -> Tensor:
    """Error over the named lights, and over the other lights as mixtures of the named ones."""
    gains = predictor(batch.source, batch.mask)
    names, lights = named_lights(batch)
    loss = composite_error(gains[:, names], batch.log_gains[:, lights], batch)
    extra = batch.directions[:, len(batch.named) :]
    if extra.shape[1] == 0:
        return loss
    brightness = batch.source.mean(1, keepdim=True)
    mixed = torch.cat(
        [
            mix_log_gains(gains, light_weights(extra[:, index]), brightness)
            for index in range(extra.shape[1])
        ],
        1,
    )
    others = batch.log_gains[:, len(batch.named) :]
    return loss + EXTRA_SHARE * composite_error(mixed, others, batch)


def continuous_loss(predictor: nn.Module, batch: Batch, draws: torch.Generator) -> Tensor:
    """Error over some lights of the batch, each at its own direction.

    Args:
        predictor: a continuous one.
        batch: on the device of ``draws``.
        draws: which of the lights.
    """
    count = batch.directions.shape[1]
    chosen = torch.randperm(count, generator=draws, device=draws.device)[:LIGHTS_A_STEP]
    gains = predictor(batch.source, batch.mask, batch.directions[:, chosen])
    return composite_error(gains, batch.log_gains[:, chosen], batch)

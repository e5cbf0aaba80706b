"""What a training minimizes."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.priors.predictor import GainPredictor
from lasagna_relight.relit.dataset import Batch
from lasagna_relight.relit.light_basis import light_weights, mix_log_gains

LOG_SHARE = 0.25
"""Weight of the error in the log gain itself beside the error of the composite."""


def composite_error(
    predicted: Float[Tensor, "batch lights size size"],
    log_gains: Float[Tensor, "batch lights size size"],
    batch: Batch,
) -> Tensor:
    """Mean absolute error of composites, and a share of that of the log gains, inside the mask."""
    brightness = batch.source.mean(1, keepdim=True)
    limit = 2.4
    composite = (predicted.clamp(-limit, limit).exp() - log_gains.exp()).abs() * brightness
    error = composite + LOG_SHARE * F.smooth_l1_loss(
        predicted, log_gains, reduction="none", beta=0.1
    ) * (brightness + 0.05)
    inside = batch.mask.expand_as(error)
    return (error * inside).sum() / inside.sum().clamp(min=1)


def predictor_loss(predictor: GainPredictor, batch: Batch) -> Tensor:
    """Error over the named lights, and over the other lights as mixtures of the named ones."""
    gains = predictor(batch.source, batch.mask)
    places = [(name, light) for name, light in enumerate(batch.named) if light is not None]
    names, lights = (list(ids) for ids in zip(*places, strict=True))
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
    return loss + 0.3 * composite_error(mixed, batch.log_gains[:, len(batch.named) :], batch)

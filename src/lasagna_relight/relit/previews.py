"""What a trained predictor expects of any light: the preview that a prior builds upon."""

import torch
from jaxtyping import Float

from lasagna_relight.priors.predictor import ContinuousPredictor, Predictor
from lasagna_relight.relit.light_basis import light_weights, mix_log_gains
from lasagna_relight.types import Image, LogGain, Mask


@torch.no_grad()
def expected_log_gains(
    predictor: Predictor,
    source: Image,
    mask: Mask,
    directions: Float[torch.Tensor, "batch 3"],
) -> LogGain:
    """Log gain of each picture under its light, inside its mask.

    A predictor of the twelve named lights has others mixed of them in linear light.
    """
    if isinstance(predictor, ContinuousPredictor):
        return predictor(source, mask, directions[:, None]) * mask
    brightness = source.mean(1, keepdim=True)
    weights = light_weights(directions)
    return mix_log_gains(predictor(source, mask), weights, brightness) * mask

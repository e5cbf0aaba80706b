"""The feed-forward path: the gains of many directions in one pass, and any other from them."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS, LightDirection
from lasagna_relight.priors.predictor import ContinuousPredictor, Predictor
from lasagna_relight.relighting.basis import basis_vectors
from lasagna_relight.relit.light_basis import light_weights, mix_log_gains
from lasagna_relight.relit.symmetry import SYMMETRIES, Symmetry
from lasagna_relight.types import Image, LogGain, Mask

FRONT = DIRECTION_NAMES.index("front")
MOST_EXPOSURE = 0.25
"""Log gain, over encoded values, that `with_exposure_kept` may add: about two thirds of a stop."""


@torch.no_grad()
def predict_all_directions(
    predictor: Predictor,
    source: Image,
    mask: Mask,
    symmetries: Sequence[Symmetry] = SYMMETRIES,
) -> Float[Tensor, "1 12 height width"]:
    """Log gains of the twelve named directions, averaged over the symmetries of the square.

    A turned picture under a turned light is the same question, so the eight answers are turned
    back and averaged. Of a predictor of named lights alone, a name whose place a turn leaves empty
    is left out of that turn's share.

    Args:
        predictor: the network.
        source: (1, 3, R, R) at the predictor's resolution, sRGB-encoded.
        mask: (1, 1, R, R).
        symmetries: under which it is asked; the first alone is the picture as it is.
    """
    if isinstance(predictor, ContinuousPredictor):
        return predict_vectors(predictor, source, mask, _named_vectors(source), symmetries)
    answers = predictor(*_turned(source, mask, symmetries))
    total = torch.zeros_like(answers[:1])
    count = torch.zeros(1, len(DIRECTION_NAMES), 1, 1, device=answers.device)
    for symmetry, answer in zip(symmetries, answers, strict=True):
        turned_back = symmetry.inverse_picture(answer)
        for name, becomes in enumerate(symmetry.named_ids()):
            if becomes is not None:
                total[0, name] += turned_back[becomes]
                count[0, name] += 1
    return total / count


@torch.no_grad()
def predict_basis(
    predictor: Predictor,
    source: Image,
    mask: Mask,
    symmetries: Sequence[Symmetry] = SYMMETRIES,
) -> Float[Tensor, "1 lights height width"]:
    """Log gains of all directions of `basis.basis_vectors`, the named ones first.

    A continuous predictor is asked about each; what any other one does not know is mixed of its
    twelve.

    Args:
        predictor: the network.
        source: (1, 3, R, R) at the predictor's resolution, sRGB-encoded.
        mask: (1, 1, R, R).
        symmetries: see `predict_all_directions`.
    """
    vectors = basis_vectors().to(source)
    if isinstance(predictor, ContinuousPredictor):
        return predict_vectors(predictor, source, mask, vectors, symmetries)
    twelve = predict_all_directions(predictor, source, mask, symmetries)
    others = light_weights(vectors[len(DIRECTION_NAMES) :])
    brightness = source.mean(-3, keepdim=True)
    mixed = [mix_log_gains(twelve, weights[None], brightness) for weights in others]
    return torch.cat([twelve, *mixed], 1)


@torch.no_grad()
def predict_lights(
    predictor: Predictor, source: Image, mask: Mask, directions: Sequence[LightDirection]
) -> tuple[Float[Tensor, "1 12 height width"], Float[Tensor, "1 lights height width"]]:
    """Log gains of the twelve named directions, and of others within the mask.

    A continuous predictor is asked about the directions themselves, all in one pass; of the
    answers of any other one they are mixed.

    Args:
        predictor: the network.
        source: (1, 3, R, R) at the predictor's resolution, sRGB-encoded.
        mask: (1, 1, R, R).
        directions: towards the lights.
    """
    if isinstance(predictor, ContinuousPredictor):
        asked = source.new_tensor([direction.vector for direction in directions])
        vectors = torch.cat([_named_vectors(source), asked.view(-1, 3)])
        gains = predict_vectors(predictor, source, mask, vectors)
        return gains[:, : len(DIRECTION_NAMES)], gains[:, len(DIRECTION_NAMES) :] * mask
    twelve = predict_all_directions(predictor, source, mask)
    mixed = [instant_log_gain(twelve, direction, source, mask) for direction in directions]
    return twelve, torch.cat(mixed, 1)


@torch.no_grad()
def predict_vectors(
    predictor: ContinuousPredictor,
    source: Image,
    mask: Mask,
    vectors: Float[Tensor, "lights 3"],
    symmetries: Sequence[Symmetry] = SYMMETRIES,
) -> Float[Tensor, "1 lights height width"]:
    """Log gains under light from ``vectors``: the mean under ``symmetries``, turned back.

    Args:
        predictor: one that answers for any direction.
        source: (1, 3, R, R) at the predictor's resolution, sRGB-encoded.
        mask: (1, 1, R, R).
        vectors: unit vectors towards the lights.
        symmetries: of the square, under which it is asked.
    """
    turned = torch.stack([symmetry.vectors(vectors) for symmetry in symmetries])
    answers = predictor(*_turned(source, mask, symmetries), turned)
    turned_back = [
        symmetry.inverse_picture(answer)
        for symmetry, answer in zip(symmetries, answers, strict=True)
    ]
    return torch.stack(turned_back).mean(0, keepdim=True)


def _turned(source: Image, mask: Mask, symmetries: Sequence[Symmetry]) -> tuple[Tensor, Tensor]:
    return (
        torch.cat([symmetry.picture(source) for symmetry in symmetries]),
        torch.cat([symmetry.picture(mask) for symmetry in symmetries]),
    )


def _named_vectors(like: Tensor) -> Float[Tensor, "12 3"]:
    return like.new_tensor([direction.vector for direction in NAMED_DIRECTIONS.values()])


def with_front_fill(
    log_gain: LogGain,
    all_directions: Float[Tensor, "1 12 height width"],
    source: Image,
    mask: Mask,
    fill: float,
) -> LogGain:
    """The light of ``log_gain`` with ``fill`` times as much from the camera, at the same total.

    Light adds up in linear light, so a key light may be solved alone and filled afterwards.
    """
    if fill == 0:
        return log_gain
    front = all_directions[:, FRONT : FRONT + 1]
    weights = log_gain.new_tensor([[1.0, fill]]) / (1 + fill)
    brightness = source.mean(-3, keepdim=True)
    return mix_log_gains(torch.cat([log_gain, front], 1), weights, brightness) * mask


def with_exposure_kept(
    log_gain: LogGain, source: Image, mask: Mask, most: float = MOST_EXPOSURE
) -> LogGain:
    """The log gain raised until the object is as bright on average as it was, at most ``most``.

    A light from the side leaves half of an object dark; a photographer opens the lens for it. The
    shift is one number over the object, and never darkens.
    """
    brightness = source.mean(-3, keepdim=True) * mask
    before = brightness.sum()
    after = (brightness * log_gain.exp()).sum().clamp(min=1e-6)
    shift = (before.clamp(min=1e-6) / after).log().clamp(0, most)
    return log_gain + shift * mask


def instant_log_gain(
    all_directions: Float[Tensor, "1 12 height width"],
    direction: LightDirection,
    source: Image,
    mask: Mask,
) -> LogGain:
    """Log gain of a light from anywhere: a mixture of the twelve in linear light, (1, 1, H, W)."""
    weights = light_weights(all_directions.new_tensor([direction.vector]))
    brightness = source.mean(-3, keepdim=True)
    return mix_log_gains(all_directions, weights, brightness) * mask

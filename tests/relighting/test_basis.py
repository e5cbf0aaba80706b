"""The directions of the mix, and any other from three of them."""

import pytest
import torch
import torch.nn.functional as F

from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.priors.predictor import ContinuousPredictor, GainPredictor
from lasagna_relight.relighting.basis import basis_triangles, basis_vectors, basis_weights
from lasagna_relight.relighting.instant import predict_all_directions, predict_basis, predict_lights
from lasagna_relight.relighting.scene import Scene

SHAPE = {"resolution": 16, "patch": 4, "channels": (16, 32), "layers": 1}


def test_the_named_directions_come_first_and_none_comes_twice() -> None:
    named = torch.tensor([direction.vector for direction in NAMED_DIRECTIONS.values()])
    torch.testing.assert_close(basis_vectors()[:12], named)
    torch.testing.assert_close(basis_vectors().norm(dim=1), torch.ones(34))
    assert torch.pdist(basis_vectors()).min() > 0.3


def test_the_triangles_close_around_the_sphere() -> None:
    corners = basis_triangles()[1]
    assert len(corners) == 2 * 34 - 4  # Euler: no gap, no overlap
    sides = torch.cat([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]).sort(1).values
    _, counts = sides.unique(dim=0, return_counts=True)
    assert (counts == 2).all()


def test_a_direction_is_the_weighted_sum_of_three(generator) -> None:
    lights = F.normalize(torch.randn(2000, 3, generator=generator), dim=-1)
    weights = basis_weights(lights)
    assert weights.min() >= 0
    assert ((weights > 1e-6).sum(-1) <= 3).all()
    torch.testing.assert_close(weights @ basis_vectors(), lights, atol=1e-5, rtol=0)
    assert weights.sum(-1).max() < 1.15
    torch.testing.assert_close(basis_weights(basis_vectors()), torch.eye(34), atol=1e-5, rtol=0)


@pytest.mark.parametrize("kind", [ContinuousPredictor, GainPredictor])
def test_a_basis_begins_with_the_named_gains_and_goes_on_with_those_between(kind, generator):
    torch.manual_seed(0)
    predictor = kind(**SHAPE).eval()
    source, mask = torch.rand(1, 3, 16, 16, generator=generator), torch.ones(1, 1, 16, 16)
    gains = predict_basis(predictor, source, mask)
    assert gains.shape == (1, 34, 16, 16)
    twelve = predict_all_directions(predictor, source, mask)
    torch.testing.assert_close(gains[:, :12], twelve)
    directions = [_direction(vector) for vector in basis_vectors()[12:]]
    _, others = predict_lights(predictor, source, mask, directions)
    torch.testing.assert_close(gains[:, 12:], others, atol=1e-4, rtol=1e-4)


def test_a_surrounding_in_twelve_rows_still_reads() -> None:
    rows = [[0.1, 0.2, 0.3]] * 12
    rig = Scene.model_validate({"environment": {"weights": rows}}).rig()
    assert rig.environment is not None
    assert rig.environment.weights.shape == (34, 3)
    torch.testing.assert_close(rig.environment.weights[:12], torch.tensor(rows))
    assert rig.environment.weights[12:].abs().max() == 0


def _direction(vector: torch.Tensor) -> LightDirection:
    x, y, z = vector.tolist()
    return LightDirection.from_vector((x, y, z))

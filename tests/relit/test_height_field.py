"""Procedural objects obey the light."""

import torch

from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.relit.height_field import (
    render_organic_view,
    render_organic_views,
    surface_normals,
    visibility,
)
from lasagna_relight.relit.solids import Solid, ellipsoids, union

NO_BLEND = torch.zeros(1)


def ball(size=64, radius=0.7, center=(0.0, 0.0, 0.0)):
    """Front and back, (1, 1, size, size): a batch of one object of one part."""
    surfaces = ellipsoids(
        size, torch.tensor([center]), torch.full((1, 3), radius), torch.eye(3)[None]
    )
    return tuple(surface[None] for surface in surfaces)


def test_the_normals_of_a_ball_point_away_from_its_center():
    solid = union(*ball(), NO_BLEND)
    (normals,) = surface_normals(solid.front, solid.inside)
    axis = (torch.arange(64) + 0.5) / 32 - 1
    x, y = axis.expand(64, 64), -axis[:, None].expand(64, 64)
    inner = x**2 + y**2 < 0.4**2
    torch.testing.assert_close(normals[0][inner], x[inner] / 0.7, atol=0.03, rtol=0)
    torch.testing.assert_close(normals[1][inner], y[inner] / 0.7, atol=0.03, rtol=0)


def test_a_ball_in_front_casts_its_shadow_away_from_the_light():
    near, _ = ball(radius=0.2, center=(0.0, 0.0, 0.6))
    plate = torch.zeros(1, 64, 64)
    solid = Solid(front=torch.maximum(near[0], plate), back=plate - 1, part=plate.long())
    (visible,) = visibility(solid, [-0.707, 0.0, 0.707], torch.tensor([0.05]))
    assert visible[32, 52] < 0.3  # right of the ball
    assert visible[32, 8] > 0.95  # left of it


def test_objects_of_one_batch_do_not_touch_each_other(generator):
    fronts, backs = zip(ball(radius=0.3), ball(radius=0.6), strict=True)
    both = union(torch.cat(fronts), torch.cat(backs), torch.zeros(2))
    softness = torch.tensor([0.05, 0.1])
    together = visibility(both, [0.6, 0.0, 0.8], softness)
    for index, radius in enumerate((0.3, 0.6)):
        alone = union(*ball(radius=radius), NO_BLEND)
        torch.testing.assert_close(
            visibility(alone, [0.6, 0.0, 0.8], softness[index : index + 1])[0], together[index]
        )


def test_a_batch_shows_many_finite_objects(generator):
    views = render_organic_views(12, resolution=32, extra_lights=2, generator=generator)
    assert views.lights.shape == (12, 14, 3, 32, 32)
    assert torch.isfinite(views.lights).all()
    assert (views.alpha.mean((1, 2, 3)) > 0.02).sum() >= 11
    assert len(torch.unique(views.alpha.mean((1, 2, 3)))) == 12


def test_each_side_light_brightens_its_own_side():
    means = {name: torch.zeros(2, 2) for name in ("left", "right", "top", "bottom")}
    for seed in range(6):
        view = render_organic_view(resolution=32, extra_lights=0, seed=seed)
        for name, total in means.items():
            picture = view.lights[DIRECTION_NAMES.index(name)].mean(0)
            total[0] += torch.stack([picture[:, :16].sum(), picture[:, 16:].sum()])
            total[1] += torch.stack([picture[:16].sum(), picture[16:].sum()])
    assert means["left"][0, 0] / means["left"][0, 1] > means["right"][0, 0] / means["right"][0, 1]
    assert means["top"][1, 0] / means["top"][1, 1] > means["bottom"][1, 0] / means["bottom"][1, 1]


def test_a_seed_decides_the_view():
    first, second, other = (
        render_organic_view(resolution=16, extra_lights=2, seed=seed) for seed in (3, 3, 4)
    )
    assert torch.equal(first.lights, second.lights)
    assert not torch.equal(first.lights, other.lights)
    assert first.lights.shape == (14, 3, 16, 16)
    torch.testing.assert_close(first.directions.norm(dim=-1), torch.ones(14))

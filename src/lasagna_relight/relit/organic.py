"""Procedural objects for training: as folders of shards, or rendered afresh while it trains.

Both are the same for a seed wherever they run, and both resume.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch

from lasagna_relight.relit.height_field import render_organic_view, render_organic_views
from lasagna_relight.relit.shards import write_shard
from lasagna_relight.relit.views import Views, ViewTable
from lasagna_relight.seeding import generator

VIEWS_PER_SHARD = 128


@dataclass(frozen=True, kw_only=True)
class OrganicProgress:
    """How far the rendering is."""

    shard: Path
    views_done: int
    views_total: int


def render_organic_shards(
    folder: Path, *, views: int, resolution: int = 64, extra_lights: int = 4, first_seed: int = 0
) -> Iterator[OrganicProgress]:
    """Renders ``views`` procedural objects into ``folder``; finished shards are kept.

    View ``n`` has the seed ``first_seed + n``, whatever was rendered before it, so a killed run
    continues to the same content. Use distant first seeds for disjoint splits.

    Raises:
        OutputError: the folder cannot be written.
    """
    for start in range(0, views, VIEWS_PER_SHARD):
        seeds = range(first_seed + start, first_seed + min(start + VIEWS_PER_SHARD, views))
        path = folder / f"organic-{seeds.start:08d}.safetensors"
        if not path.exists():
            rendered = [
                render_organic_view(resolution=resolution, extra_lights=extra_lights, seed=seed)
                for seed in seeds
            ]
            write_shard(path, rendered)
        yield OrganicProgress(shard=path, views_done=start + len(seeds), views_total=views)


@dataclass(frozen=True, kw_only=True)
class OrganicStream:
    """A pool of procedural objects that is renewed as training goes on, without end.

    At every step one render of ``renew`` objects may be drawn from for the first time and the
    oldest for the last. What is in the pool is a function of seed and step alone, so an
    interrupted training finds it again; each part of a step has a pool of its own.

    Attributes:
        resolution: side of the views in pixels.
        seed: decides all objects.
        device: where they are rendered and kept.
        renew: objects per render.
        every: steps between renders.
        renders: how many renders the pool holds.
        extra_lights: beside the twelve named.
    """

    resolution: int
    seed: int
    device: torch.device
    renew: int
    every: int
    renders: int
    extra_lights: int = 4
    _pools: dict[int, ViewTable] = field(default_factory=dict, repr=False)
    _held: dict[tuple[int, int], int] = field(default_factory=dict, repr=False)

    def draw(self, count: int, generator: torch.Generator, turn: tuple[int, int]) -> Views:
        """``count`` views of the pool at this turn; renders what is not there yet."""
        step, part = turn
        newest = step // self.every
        oldest = max(0, newest - self.renders + 1)
        ages = torch.randint(
            oldest, newest + 1, (count,), generator=generator, device=generator.device
        ).tolist()
        rows = torch.randint(
            self.renew, (count,), generator=generator, device=generator.device
        ).tolist()
        for age in sorted(set(ages)):
            self._render(age, part)
        places = [
            age % self.renders * self.renew + row for age, row in zip(ages, rows, strict=True)
        ]
        return self._pools[part].read(places)

    def _render(self, number: int, part: int) -> None:
        """Puts a render into its place in the pool, that of one too old by now."""
        place = number % self.renders
        if self._held.get((place, part)) == number:
            return
        draws = generator(self.seed, "organic", number, part, device=self.device)
        views = render_organic_views(
            self.renew,
            resolution=self.resolution,
            extra_lights=self.extra_lights,
            generator=draws,
        )
        if part not in self._pools:
            self._pools[part] = ViewTable(self.renders * self.renew, views, self.device)
        self._pools[part].write(place * self.renew, views)
        self._held[place, part] = number

"""Folders of shards of procedural objects: resumable, and the same for a seed wherever they run."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lasagna_relight.relit.height_field import render_organic_view
from lasagna_relight.relit.shards import write_shard

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

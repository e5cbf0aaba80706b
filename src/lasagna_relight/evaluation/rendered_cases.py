"""Cases from renderings one light at a time: procedural height fields, and ReLiT shards.

A view is asked for some of the twelve lights; see `rendered_scene` for its pictures.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from lasagna_relight.evaluation.case import UNKNOWN_LICENCE, Case, case_name
from lasagna_relight.evaluation.rendered_scene import (
    HELD_OUT_SEED,
    asked_lights,
    rendered_scene,
    words_for,
)
from lasagna_relight.image_io import whole_files
from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relit.height_field import render_organic_view
from lasagna_relight.relit.shards import Shard, View, read_records

ORGANIC_RESOLUTION = 128
HEIGHT_FIELD, MESH = "height field", "procedural mesh"
SOURCES = {"organic": HEIGHT_FIELD, "procedural": MESH, "sweethome3d-furniture": "furniture"}
"""The category of what ReLiT's sources hold; a source that is not listed is its own."""

HELD_OUT = "test-"
"""How the shards of the test split begin; `lasagna relit pack` splits by object."""


def organic_cases(*, views: int, lights: int, first_seed: int = HELD_OUT_SEED) -> list[Case]:
    """Procedural objects of the seeds that no training uses, each under ``lights`` of twelve."""
    return [
        case
        for index in range(views)
        for case in _view_cases(
            name=f"organic-{first_seed + index}",
            category=HEIGHT_FIELD,
            licence="Apache-2.0",
            view=partial(_organic_view, first_seed + index),
            index=index,
            lights=lights,
        )
    ]


def held_out_shards(folder: Path) -> list[Path]:
    """The shards of ``folder``: those of the test split if there are such, else all."""
    shards = whole_files(folder, "*.safetensors")
    return [shard for shard in shards if shard.name.startswith(HELD_OUT)] or shards


def shard_cases(shards: Sequence[Path], *, views: int, lights: int) -> list[Case]:
    """Views of shards that training never saw, categories in turn, spread over their objects.

    An object's second view comes only after the first of every object.

    Raises:
        DatasetError: a shard cannot be read.
    """
    by_category: dict[str, list[_Place]] = {}
    seen: dict[str, int] = {}
    for shard in shards:
        for number, record in enumerate(read_records(shard)):
            uid = str(record.get("uid", f"{shard.stem}-{number}"))
            seen[uid] = turn = seen.get(uid, -1) + 1
            place = (turn, shard, number, record)
            by_category.setdefault(category_of(record), []).append(place)
    each = -(-views // max(len(by_category), 1))
    picked = [_spread(places, each) for _, places in sorted(by_category.items())]
    in_turn = [place for place in chain(*zip_longest(*picked)) if place is not None]
    cases = []
    for index, (_, shard, number, record) in enumerate(in_turn[:views]):
        cases += _view_cases(
            name=f"{shard.stem}-{number:04d}",
            category=category_of(record),
            licence=str(record.get("licence", UNKNOWN_LICENCE)),
            view=partial(_view_in_shard, shard, number),
            index=index,
            lights=lights,
            group=str(record.get("uid", f"{shard.stem}-{number}")),
        )
    return cases


def category_of(record: dict[str, Any]) -> str:
    """What sort of object a view shows, by its source's name without version and file."""
    words = str(record.get("source", "")).split()
    name = Path(words[0]).name if words else ""
    return SOURCES.get(name, name)


_Place = tuple[int, Path, int, dict[str, Any]]


def _spread(places: list[_Place], count: int) -> list[_Place]:
    """``count`` of the places, first views of objects first, evenly over those of one turn."""
    chosen: list[_Place] = []
    for turn in range(1 + max(place[0] for place in places)):
        own = [place for place in places if place[0] == turn]
        wanted = min(count - len(chosen), len(own))
        chosen += [own[i * len(own) // wanted] for i in range(wanted)]
    return chosen


def _view_cases(
    *,
    name: str,
    category: str,
    licence: str,
    view: Callable[[], View],
    index: int,
    lights: int,
    group: str | None = None,
) -> Iterator[Case]:
    for asked in asked_lights(index, lights):
        yield Case(
            name=case_name(name, asked),
            kind="rendered",
            group=group or name,
            direction=NAMED_DIRECTIONS[asked],
            words=words_for(asked),
            licence=licence,
            load=lambda asked=asked: rendered_scene(view(), asked, name),
            category=category,
        )


@lru_cache(maxsize=2)
def _organic_view(seed: int) -> View:
    return render_organic_view(resolution=ORGANIC_RESOLUTION, extra_lights=0, seed=seed)


@lru_cache(maxsize=2)
def _view_in_shard(shard: Path, number: int) -> View:
    return Shard(shard).read(number)

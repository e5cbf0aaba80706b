"""Cases from wherever they come: photographs, ReLiT shards, procedural objects, digital art.

Each loader gives a list of `Case`; pictures are read or rendered when a case is loaded.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.case import UNKNOWN_LICENCE, Case, Reference, Scene, case_name
from lasagna_relight.evaluation.light_pairs import frontal_light, side_lights
from lasagna_relight.evaluation.photometric_folder import (
    PhotometricCase,
    read_cases,
    read_lights_of,
)
from lasagna_relight.evaluation.published_sets import PhotographSet, read_published
from lasagna_relight.evaluation.rendered_cases import held_out_shards, organic_cases, shard_cases
from lasagna_relight.evaluation.rendered_scene import words_for
from lasagna_relight.image_io import READABLE_SUFFIXES, Picture, read_picture
from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.masking.select import resolve_mask

ORGANIC = "organic"
VIEWS, LIGHTS = 16, 2
ART_DIRECTIONS = ("left", "right", "top", "bottom")
LICENCE_FILES = ("LICENCE", "LICENSE", "LICENCE.txt", "LICENSE.txt", "licence.txt", "license.txt")


def cases_from(source: str) -> list[Case]:
    """The cases that ``source`` names.

    Args:
        source: ``organic``; or a folder with ``pairs.json``, of ReLiT shards, of a published
            photometric-stereo set, or of pictures; or one shard. ``:VIEWSxLIGHTS`` behind it says
            how many objects or pictures are used at most, and how many lights are asked of each,
            as in ``organic:16x2``. Of shards, as many objects of each category as can be.

    Raises:
        DatasetError: it is none of these, or a case in it cannot be used.
    """
    views, lights = VIEWS, LIGHTS
    counted = re.fullmatch(r"(.+):([1-9]\d*)x([1-9]\d*)", source)
    if counted:
        source, views, lights = counted[1], int(counted[2]), int(counted[3])
    if source == ORGANIC:
        return organic_cases(views=views, lights=lights)
    path = Path(source)
    if path.is_file() and path.suffix == ".safetensors":
        return shard_cases([path], views=views, lights=lights)
    if not path.is_dir():
        raise DatasetError(f"{source}: no such cases: give {ORGANIC}, a folder, or a ReLiT shard")
    if (path / "pairs.json").exists():
        return _limited(pair_cases(path), counted is not None, views, lights)
    shards = held_out_shards(path)
    if shards:
        return shard_cases(shards, views=views, lights=lights)
    pictures = [p for p in sorted(path.iterdir()) if p.suffix.lower() in READABLE_SUFFIXES]
    if pictures and not (path / "light_directions.txt").exists():
        return art_cases(pictures, views=views, lights=lights, licence=licence_of(path))
    photographs = [
        case for found in read_published(path) for case in set_cases(found, licence_of(path))
    ]
    return _limited(photographs, counted is not None, views, lights)


def licence_of(folder: Path) -> str:
    """First line of the folder's licence file, or that there is none."""
    for name in LICENCE_FILES:
        if (folder / name).is_file():
            text = (folder / name).read_text(encoding="utf-8", errors="replace").strip()
            return text.splitlines()[0].strip() if text else UNKNOWN_LICENCE
    return UNKNOWN_LICENCE


def pair_cases(folder: Path) -> list[Case]:
    """The pairs of a folder with ``pairs.json``.

    Raises:
        DatasetError: see `photometric_folder.read_cases`.
    """
    licence = licence_of(folder)
    return [case_of_pair(pair, licence) for pair in read_cases(folder)]


def case_of_pair(pair: PhotometricCase, licence: str = UNKNOWN_LICENCE) -> Case:
    """One entry of ``pairs.json``, its set's other photographs as references."""
    place = pair.source.parent
    found = PhotographSet(
        name=pair.set_name,
        lights=read_lights_of(place),
        mask=pair.mask,
        read=partial(_read_below, place),
    )
    case = _photograph_case(found, pair.source.name, pair.target.name, pair.direction_name, licence)
    return replace(case, direction=pair.target_direction)


def set_cases(found: PhotographSet, licence: str = UNKNOWN_LICENCE) -> list[Case]:
    """Pairs of a published set: from the light nearest the camera to the farthest of each side."""
    source = frontal_light(found.lights)
    return [
        _photograph_case(found, source, target, side, licence)
        for side, target in side_lights(found.lights).items()
        if target != source
    ]


def art_cases(
    pictures: Sequence[Path], *, views: int, lights: int, licence: str = UNKNOWN_LICENCE
) -> list[Case]:
    """Pictures that nobody knows the truth of, the object found by the automatic mask."""
    count = min(views, len(pictures))
    cases = []
    for index in range(count):
        path = pictures[index * len(pictures) // count]
        for turn in range(lights):
            name = ART_DIRECTIONS[(index + turn) % len(ART_DIRECTIONS)]
            cases.append(
                Case(
                    name=case_name(path.stem, name),
                    kind="art",
                    group=path.stem,
                    direction=NAMED_DIRECTIONS[name],
                    words=words_for(name),
                    licence=licence,
                    load=partial(_art_scene, path),
                )
            )
    return cases


def _limited(cases: list[Case], wanted: bool, objects: int, lights: int) -> list[Case]:
    """The first ``lights`` cases of each of the first ``objects`` objects, where that is asked."""
    if not wanted:
        return cases
    groups = list(dict.fromkeys(case.group for case in cases))[:objects]
    return [
        case
        for group in groups
        for case in [case for case in cases if case.group == group][:lights]
    ]


def _photograph_case(
    found: PhotographSet, source: str, target: str, side: str, licence: str
) -> Case:
    return Case(
        name=case_name(found.name, f"{Path(source).stem}-{Path(target).stem}"),
        kind="photographs",
        group=found.name,
        direction=found.lights[target],
        words=words_for(side),
        licence=licence,
        load=partial(_photograph_scene, found, source, target),
    )


def _photograph_scene(found: PhotographSet, source: str, target: str) -> Scene:
    picture = found.read(source)
    references = []
    for name, direction in found.lights.items():
        if name == source:
            continue
        other = found.read(name)
        if other.pixels.shape != picture.pixels.shape:
            raise DatasetError(f"{found.name}/{name} is of another size than {source}: "
                               "a set needs one camera")  # fmt: skip
        references.append((name, Reference(direction=direction, image=other.image())))
    return Scene(
        picture=picture,
        mask=resolve_mask(picture, found.mask),
        target=dict(references)[target].image,
        references=tuple(reference for _, reference in references),
    )


@lru_cache(maxsize=2)
def _art_scene(path: Path) -> Scene:
    picture = read_picture(path)
    return Scene(picture=picture, mask=resolve_mask(picture, "auto"))


def _read_below(folder: Path, name: str) -> Picture:
    return read_picture(folder / name)

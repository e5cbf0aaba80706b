"""Folders of photographs: a whole one, and each way in which one can be broken."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation.photometric_folder import read_cases


def test_a_whole_folder_gives_every_pair_with_its_light(ball_folder: Path) -> None:
    left, right = read_cases(ball_folder)
    assert (left.source.name, left.target.name, left.direction_name) == (
        "front.png",
        "left.png",
        "left",
    )
    assert left.target_direction.azimuth_deg == pytest.approx(-55, abs=0.1)
    assert right.target_direction.azimuth_deg == pytest.approx(55, abs=0.1)
    assert left.mask.is_file()


def _edit(name: str, change: Callable[[list[dict]], object]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        pairs = json.loads((folder / name).read_text())
        change(pairs)
        (folder / name).write_text(json.dumps(pairs))

    return edit


def _write(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


def _drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def _swap_lights(folder: Path) -> None:
    path = folder / "ball" / "light_directions.txt"
    front, left, right = path.read_text().splitlines()
    path.write_text("\n".join([front, right, left]))


BREAKAGES = {
    "no mask": (_drop("ball/mask.png"), "mask.png is missing"),
    "no pairs": (_drop("pairs.json"), "pairs.json: cannot be read"),
    "no names": (_drop("ball/filenames.txt"), "filenames.txt: cannot be read"),
    "no lights": (_drop("ball/light_directions.txt"), "light_directions.txt: cannot be read"),
    "no picture": (_drop("ball/right.png"), "right.png: the picture is missing"),
    "truncated JSON": (_write("pairs.json", '[{"set": "ba'), "pairs.json"),
    "not a list": (_write("pairs.json", '{"set": "ball"}'), "pairs.json"),
    "no entries": (_write("pairs.json", "[]"), "lists no pairs"),
    "a misspelt key": (
        _edit("pairs.json", lambda pairs: pairs[1].update(targets=pairs[1].pop("target"))),
        "entry 2, target",
    ),
    "a picture not listed": (
        _edit("pairs.json", lambda pairs: pairs[0].update(source="back.png")),
        "back.png: pairs.json names it",
    ),
    "a set that is not there": (
        _edit("pairs.json", lambda pairs: pairs[0].update(set="cube")),
        "cube: mask.png is missing",
    ),
    "a pair's vector too long": (
        _edit("pairs.json", lambda pairs: pairs[0].update(target_dir=[0, 0, 1.2])),
        "length 1.2: give a unit vector",
    ),
    "one direction too few": (
        _write("ball/light_directions.txt", "0 0 1\n1 0 0\n"),
        "2 directions for 3 names",
    ),
    "a listed vector too short": (
        _write("ball/light_directions.txt", "0 0 1\n0.5 0 0\n1 0 0\n"),
        "line 2: (0.5, 0.0, 0.0) has length 0.5",
    ),
    "a vector of words": (
        _write("ball/light_directions.txt", "0 0 1\nfrom the left\n1 0 0\n"),
        "line 2: 'from the left' is no vector",
    ),
    "a vector not finite": (
        _write("ball/light_directions.txt", "0 0 1\nnan 0 0\n1 0 0\n"),
        "line 2",
    ),
    "lights in another order": (_swap_lights, "degrees from the one in light_directions.txt"),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_broken_folder_is_refused_on_one_line(ball_folder: Path, breakage: str) -> None:
    spoil, message = BREAKAGES[breakage]
    spoil(ball_folder)
    with pytest.raises(DatasetError) as caught:
        read_cases(ball_folder)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)

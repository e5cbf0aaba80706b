"""A relighter that needs no weights, and pictures to give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lasagna_relight.image_io import Picture, atomic_path, write_picture
from lasagna_relight.language.reader import LightReading
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relighting.api import Relighter

READ = LightReading(
    direction=LightDirection(azimuth_deg=-55, elevation_deg=0), nearest_name="left", confidence=0.9
)
"""What the words of tests are read as where the networks stay out of it."""


@dataclass
class FakeStep:
    index: int
    total: int


@dataclass
class FakeResult:
    """The picture itself, and an empty file for every layer format."""

    picture: Picture
    mask: SimpleNamespace

    @property
    def pixels(self) -> np.ndarray:
        return self.picture.pixels

    def save(self, path: Path, *, layers: tuple[str, ...] = ("psd",), force: bool = False) -> None:
        write_picture(path, self.picture.pixels, force=force)
        for layer in layers:
            with atomic_path(path.with_suffix(f".{layer}"), force=force) as temporary:
                temporary.touch()


class FakeRelighter:
    """Relights nothing, and remembers what it was asked."""

    __class__ = Relighter  # pyright: ignore[reportAssignmentType] for isinstance, as mocks do

    def __init__(self) -> None:
        self.loaded_with: list[dict] = []
        self.asked: list[dict] = []
        self.steps = 3
        self.before_step: Callable[[Picture, int], None] = lambda picture, index: None

    def load(self, **settings: object) -> FakeRelighter:
        self.loaded_with.append(settings)
        return self

    def relight(
        self,
        picture: Picture,
        *,
        light: str | LightDirection,
        on_step: Callable[[FakeStep], None] | None = None,
        **settings: object,
    ) -> FakeResult:
        self.asked.append({"photo": picture.path, "light": light, **settings})
        for index in range(self.steps + 1):
            self.before_step(picture, index)
            if on_step is not None:
                on_step(FakeStep(index=index, total=self.steps))
        return FakeResult(picture=picture, mask=SimpleNamespace(warning=None))


@pytest.fixture
def relighter(monkeypatch: pytest.MonkeyPatch) -> FakeRelighter:
    """Stands in for the real one in the commands; words are not read, and masks not looked for."""
    fake = FakeRelighter()
    for command in ("relight_photos", "demo_command"):
        monkeypatch.setattr(f"lasagna_relight.apps.{command}.Relighter", fake)
    monkeypatch.setattr("lasagna_relight.apps.relight_photos.read_light", lambda words: READ)
    monkeypatch.setattr(
        "lasagna_relight.apps.read_ahead._find_mask", lambda picture, choice: choice
    )
    return fake


@pytest.fixture
def make_photo(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small picture of random colors below the test's folder."""

    def make(name: str = "photo.jpg", *, height: int = 24, width: int = 32) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
        write_picture(path, pixels)
        return path

    return make


@pytest.fixture
def study_run(tmp_path: Path) -> Path:
    """The folder of a run with four cases, and pictures of a good and of a bad method."""
    from lasagna_relight.evaluation.results import (
        CaseEntry,
        MethodEntry,
        Result,
        RunRecord,
        append,
        opened_for_appending,
        pretty,
    )

    folder = tmp_path / "run"
    folder.mkdir()
    names, methods = [f"ball_{i}" for i in range(4)], ["identity", "oracle", "good", "bad"]
    record = RunRecord(
        command="lasagna evaluate run balls",
        seed=0,
        provenance={"torch": "any"},
        cases=[
            CaseEntry(
                name=name, kind="rendered", group=name, words="light from the left",
                azimuth_deg=-55, elevation_deg=0, licence="Apache-2.0", source="balls",
                category="", asked=len(methods),
            )
            for name in names
        ],
        methods=[
            MethodEntry(name=m, summary=f"the {m} one", family="recipe", at_most=None)
            for m in methods
        ],
        absent={},
    )  # fmt: skip
    (folder / "run.json").write_text(pretty(record))
    draws = np.random.default_rng(0)
    with opened_for_appending(folder) as file:
        for name in names[:3] + names[3:]:
            place = folder / "pictures" / name
            place.mkdir(parents=True)
            for picture in ["_source", *methods]:
                pixels = draws.integers(0, 256, (24, 24, 3), dtype=np.uint8)
                write_picture(place / f"{picture}.jpg", pixels)
            for method in methods:
                if (name, method) == ("ball_3", "oracle"):
                    continue  # nobody knows the truth of this one
                append(file, Result(
                    key=f"{name}{method}", case=name, kind="rendered", group=name, method=method,
                    family="recipe", seed=0, scores={},
                ))  # fmt: skip
    return folder


@pytest.fixture
def study_folder(study_run: Path, tmp_path: Path) -> Path:
    """A study of that run: four questions and one known answer for each rater."""
    from lasagna_relight.apps import cli

    folder = tmp_path / "study"
    words = ["study", "create", str(study_run), "-o", str(folder), "--methods", "good,bad"]
    assert cli.run([*words, "--questions", "4", "--checks", "1"]) == 0
    return folder

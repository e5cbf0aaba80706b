"""A relighter that needs no weights, and pictures to give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lasagna_relight.image_io import Picture, atomic_path, write_picture
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relighting.api import Relighter


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
    monkeypatch.setattr("lasagna_relight.apps.relight_photos.read_light", lambda words: None)
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

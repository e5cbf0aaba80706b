"""A relit picture is written whole, with what its source said of itself, or not at all."""

from pathlib import Path

import numpy as np
import pytest

from lasagna_relight.errors import MaskError, OutputError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.image_io.picture import Metadata
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.masking import ResolvedMask
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.result import RelitPicture

XMP = b"<x>words</x>"


def relit() -> RelitPicture:
    ones = np.ones((12, 16), dtype=np.float32)
    pixels = np.full((12, 16, 3), 100, dtype=np.uint8)
    return RelitPicture(
        source=Picture(pixels=pixels, metadata=Metadata(xmp=XMP)),
        log_gain=0.2 * ones,
        mask=ResolvedMask(mask=ones, method="none"),
        direction=LightDirection(azimuth_deg=0, elevation_deg=0),
        prompt=None,
        recipe="instant",
        evaluations=0,
    )


def test_an_old_layer_file_stops_the_picture_too(tmp_path: Path) -> None:
    (tmp_path / "a.npz").touch()
    with pytest.raises(OutputError, match=r"a\.npz exists"):
        relit().save(tmp_path / "a.png", layers=["psd", "npz"])
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_an_unknown_format_stops_the_picture_too(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="xcf"):
        relit().save(tmp_path / "a.png", layers=["xcf"])
    assert list(tmp_path.iterdir()) == []


def test_what_the_source_says_of_itself_goes_along(tmp_path: Path) -> None:
    relit().save(tmp_path / "a.png")
    assert read_picture(tmp_path / "a.png").metadata.xmp == XMP


def test_a_mask_made_before_is_taken_and_must_fit() -> None:
    relighter, picture = Relighter.load(), relit().source
    ready = relit().mask
    assert relighter.relight(picture, "light from the left", mask=ready).mask is ready
    small = ResolvedMask(mask=np.ones((3, 4), dtype=np.float32), method="none")
    with pytest.raises(MaskError, match="4 x 3"):
        relighter.relight(picture, "light from the left", mask=small)

"""Mixes of lights: they add up in linear light, and their files are exact."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from psd_tools import PSDImage

from lasagna_relight.color import linear_to_srgb, srgb_to_linear
from lasagna_relight.compositing.crop import CropBox
from lasagna_relight.compositing.light_pairs import InseparableError, separate_pairs
from lasagna_relight.compositing.mix_files import read_mix_npz
from lasagna_relight.errors import ImageError
from lasagna_relight.image_io import Picture, read_picture
from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.relighting.api import SmallView
from lasagna_relight.relighting.lights import Environment, LightRig, LightSource
from lasagna_relight.relighting.lit import Finish, LitPicture, lit_picture
from lasagna_relight.relighting.mixing import LightBasis, growing_mixes, light_basis
from lasagna_relight.relighting.scene import Scene, scene_of

SIDE = 16
WARM, BLUE = (1.0, 0.8, 0.6), (0.4, 0.6, 1.0)


def light(name: str, **values) -> LightSource:
    return LightSource(direction=NAMED_DIRECTIONS[name], **values)


@pytest.fixture
def basis(generator) -> LightBasis:
    source = 0.25 + 0.5 * torch.rand(1, 3, SIDE, SIDE, generator=generator)
    gains = 0.5 * torch.randn(1, 34, 1, 1, generator=generator)
    gains = gains + 0.2 * torch.randn(1, 34, SIDE, SIDE, generator=generator) - 0.2
    view = SmallView(
        box=CropBox(left=0, top=0, width=48, height=48),
        source=source,
        mask=torch.ones(1, 1, SIDE, SIDE),
    )
    return light_basis(view, gains)


def last(basis: LightBasis, rig: LightRig, **options) -> torch.Tensor:
    *_, (_, mix) = growing_mixes(basis, rig, **options)
    return mix


def linear_of(basis: LightBasis, log_gain: torch.Tensor) -> torch.Tensor:
    return srgb_to_linear(basis.brightness * log_gain.exp())


def test_lights_add_up_in_linear_light(basis: LightBasis) -> None:
    one, two = light("left", intensity=0.3), light("top right", intensity=0.2)
    alone = [linear_of(basis, last(basis, LightRig(lights=(each,)))) for each in (one, two)]
    both = linear_of(basis, last(basis, LightRig(lights=(one, two))))
    torch.testing.assert_close(both, alone[0] + alone[1], rtol=1e-4, atol=1e-5)


def test_the_order_of_lights_does_not_matter_to_the_mix(basis: LightBasis) -> None:
    lights = (light("left", color=WARM), light("behind right", color=BLUE), light("front"))
    torch.testing.assert_close(
        last(basis, LightRig(lights=lights)), last(basis, LightRig(lights=lights[::-1]))
    )


def test_one_named_light_of_intensity_1_is_its_own_gain(basis: LightBasis) -> None:
    mix = last(basis, LightRig(lights=(light("right"),)))
    expected = (linear_to_srgb(basis.linear[2]) / basis.brightness).log()
    torch.testing.assert_close(mix[0], expected, rtol=1e-3, atol=2e-3)


def test_a_stop_of_exposure_doubles_the_light(basis: LightBasis) -> None:
    plain, brighter = (
        linear_of(basis, last(basis, LightRig(lights=(light("left"),), fill=0.2, exposure_stops=s)))
        for s in (0.0, 1.0)
    )
    torch.testing.assert_close(brighter, 2 * plain, rtol=1e-4, atol=1e-5)


def test_an_environment_of_one_direction_is_that_light(basis: LightBasis) -> None:
    weights = torch.zeros(34, 3)
    weights[6] = 1  # left
    around = last(basis, LightRig(environment=Environment(weights=weights)))
    torch.testing.assert_close(
        around, last(basis, LightRig(lights=(light("left"),))), atol=2e-3, rtol=0
    )


def test_a_solved_light_stands_in_for_the_basis(basis: LightBasis, generator) -> None:
    solved = 0.3 * torch.randn(SIDE, SIDE, generator=generator)
    rig = LightRig(lights=(light("left"),))
    torch.testing.assert_close(
        last(basis, rig, solved={0: solved})[0], solved, atol=1e-4, rtol=1e-4
    )


def test_each_mix_grows_out_of_the_one_before(basis: LightBasis) -> None:
    rig = LightRig(lights=(light("left", color=WARM), light("top")), fill=0.2)
    names, mixes = zip(*growing_mixes(basis, rig), strict=True)
    assert names == ("Fill", "Light 1, left", "Light 2, top")
    assert all(mix.shape == (3, SIDE, SIDE) for mix in mixes)
    assert (mixes[1] >= mixes[0]).all()
    assert (mixes[2] >= mixes[1]).all()


@pytest.fixture
def picture(generator) -> Picture:
    pixels = torch.randint(0, 256, (48, 48, 3), generator=generator).numpy().astype(np.uint8)
    return Picture(pixels=pixels)


def lit(
    picture: Picture, basis: LightBasis, rig: LightRig, finish: Finish | None = None
) -> LitPicture:
    mask = np.ones((48, 48), dtype=np.float32)
    mask[:6] = 0
    finish = finish or Finish()
    return lit_picture(
        picture,
        ResolvedMask(mask=mask, method="file"),
        CropBox(left=0, top=0, width=48, height=48),
        basis,
        rig,
        solved={},
        finish=finish,
        recipe_text=scene_of(rig, finish).model_dump_json(),
    )


RIGS = {
    "one": LightRig(lights=(light("left"),)),
    "colored pair over fill": LightRig(
        lights=(light("left", color=WARM, intensity=0.8), light("behind right", color=BLUE)),
        fill=0.3,
    ),
    "three": LightRig(
        lights=(light("left"), light("top"), light("front", intensity=0.4)), fill=0.1
    ),
    "bright": LightRig(lights=(light("left", intensity=3), light("right", intensity=3)), fill=0.4),
}


@pytest.mark.parametrize("rig", RIGS.values(), ids=RIGS)
@pytest.mark.parametrize("finish", [Finish(), Finish(strength=1.4, shading=0.6, lighting=0.7)])
def test_a_psd_with_separate_lights_is_the_mix(
    rig: LightRig, finish: Finish, picture: Picture, basis: LightBasis, tmp_path: Path
) -> None:
    result = lit(picture, basis, rig, finish)
    result.save(tmp_path / "relit.png", layers=["psd"])
    document = PSDImage.open(tmp_path / "relit.psd")
    names = [layer.name for layer in document]
    assert len(names) == 1 + 2 * len(result.mixes)
    flat = document.composite(force=True)
    assert flat is not None
    seen = np.asarray(flat.convert("RGB")).astype(int)
    assert np.abs(seen - result.picture.pixels.astype(int)).max() <= 1
    assert np.array_equal(read_picture(tmp_path / "relit.png").pixels, result.picture.pixels)


def test_beyond_the_mask_not_a_bit_changes(picture: Picture, basis: LightBasis) -> None:
    result = lit(picture, basis, RIGS["colored pair over fill"])
    assert np.array_equal(result.picture.pixels[:6], picture.pixels[:6])
    assert not np.array_equal(result.picture.pixels[6:], picture.pixels[6:])


def test_no_light_at_all_is_no_edit(picture: Picture, basis: LightBasis, tmp_path: Path) -> None:
    result = lit(picture, basis, LightRig())
    assert np.array_equal(result.picture.pixels, picture.pixels)
    result.save(tmp_path / "relit.png", layers=["psd", "ora", "npz", "png"])


def test_a_colored_light_on_a_grey_picture_makes_a_colored_file(
    basis: LightBasis, tmp_path
) -> None:
    grey = Picture(pixels=np.full((48, 48, 3), 120, np.uint8), was_grey=True)
    lit(grey, basis, RIGS["colored pair over fill"]).save(tmp_path / "relit.png")
    pixels = read_picture(tmp_path / "relit.png").pixels
    assert (pixels[20, :, 0] != pixels[20, :, 2]).any()


def test_opacity_is_what_an_editor_makes_of_it() -> None:
    log_gain = np.array([-1.0, 0.0, 0.8])
    finish = Finish(shading=0.5, lighting=0.25)
    expected = [1 - 0.5 * (1 - np.exp(-1)), 1.0, 1 + 0.25 * (np.exp(0.8) - 1)]
    np.testing.assert_allclose(np.exp(finish.over(log_gain)), expected, rtol=1e-6)
    np.testing.assert_array_equal(Finish().over(log_gain), log_gain)


def test_lights_that_no_pair_can_hold_are_not_taken_apart(picture, basis, tmp_path: Path) -> None:
    faint = light("behind left", intensity=0.001)
    rig = LightRig(lights=(faint, light("front", intensity=4)))
    result = lit(picture, basis, rig)
    with pytest.raises(InseparableError):
        list(separate_pairs(result.full_mixes(), result.log_gain))
    result.save(tmp_path / "relit.png", layers=["psd", "ora"])
    document = PSDImage.open(tmp_path / "relit.psd")
    assert [layer.name for layer in document][1:] == ["All lights: Shading", "All lights: Lighting"]
    flat = document.composite(force=True)
    assert flat is not None
    difference = np.asarray(flat.convert("RGB")).astype(int) - result.picture.pixels
    assert np.abs(difference).max() <= 1


def test_an_npz_keeps_the_mix_and_its_lights(picture, basis, tmp_path: Path) -> None:
    rig = RIGS["colored pair over fill"]
    result = lit(picture, basis, rig)
    result.save(tmp_path / "relit.png", layers=["npz"])
    log_gain, mask, text = read_mix_npz(tmp_path / "relit.npz")
    np.testing.assert_array_equal(log_gain, result.log_gain)
    assert mask.shape == (48, 48)
    again = Scene.model_validate_json(text).rig()
    assert len(again.lights) == 2
    assert again.fill == rig.fill
    assert again.lights[1].direction == rig.lights[1].direction
    (tmp_path / "broken.npz").write_bytes(b"no")
    with pytest.raises(ImageError, match=r"broken\.npz"):
        read_mix_npz(tmp_path / "broken.npz")


def test_a_scene_takes_nothing_that_it_does_not_know() -> None:
    good = json.loads(scene_of(RIGS["three"], Finish()).model_dump_json())
    assert Scene.model_validate(good).rig() == RIGS["three"]
    for change in ({"fil": 1}, {"fill": -1}, {"lights": [{"azimuth": 1}]}, {"exposure": "nan"}):
        with pytest.raises(ValueError):
            Scene.model_validate({**good, **change})

"""`lasagna relight`, with a relighter that needs no weights."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lasagna_relight.apps import cli
from lasagna_relight.errors import DivergenceError
from lasagna_relight.image_io import Picture
from lasagna_relight.language.reader import LightReading
from lasagna_relight.light_direction import LightDirection
from lasagna_relight.relighting.lights import LightRig

WORDS = "light from the left"
MakePhoto = Callable[..., Path]


def files_in(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def test_the_relit_picture_and_its_layers_go_beside_the_photo(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    photo = make_photo("photo.jpg")
    assert cli.run(["relight", str(photo), WORDS]) == 0
    assert files_in(tmp_path) == {"photo.jpg", "photo.relit.png", "photo.relit.psd"}
    output = capsys.readouterr()
    assert output.out.splitlines() == [
        str(tmp_path / "photo.relit.png"),
        str(tmp_path / "photo.relit.psd"),
    ]
    assert output.err == ""


def test_quiet_prints_nothing(relighter, make_photo: MakePhoto, capsys) -> None:
    assert cli.run(["relight", str(make_photo()), WORDS, "--quiet"]) == 0
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", "")


def test_every_option_reaches_the_relighter(relighter, make_photo: MakePhoto) -> None:
    photo, mask = make_photo(), make_photo("mask.png")
    options = ["--mask", str(mask), "--strength", "1.5", "--seed", "7", "--steps", "9"]
    options += ["--recipe", "target", "--device", "cpu", "--prior", str(photo.parent)]
    assert cli.run(["relight", str(photo), WORDS, *options]) == 0
    (loaded,) = relighter.loaded_with
    assert {name: loaded[name] for name in ("prior", "recipe", "device")} == {
        "prior": photo.parent, "recipe": "target", "device": "cpu",
    }  # fmt: skip
    assert relighter.asked == [
        {"photo": photo, "light": WORDS, "mask": mask, "strength": 1.5, "seed": 7, "steps": 9}
    ]


@pytest.mark.parametrize(
    ("options", "azimuth", "elevation"),
    [
        (["--azimuth", "-90"], -90, 0),
        (["--elevation", "45"], 0, 45),
        (["--azimuth", "30", "--elevation", "-10.5"], 30, -10.5),
    ],
)
def test_angles_stand_in_place_of_words(
    relighter, make_photo: MakePhoto, options: list[str], azimuth: float, elevation: float
) -> None:
    photos = [str(make_photo("a.jpg")), str(make_photo("b.jpg"))]
    assert cli.run(["relight", *photos, *options]) == 0
    expected = LightDirection(azimuth_deg=azimuth, elevation_deg=elevation)
    assert [asked["light"] for asked in relighter.asked] == [expected, expected]


@pytest.mark.parametrize(
    ("layers", "endings"),
    [
        ("none", set()),
        ("psd,ora", {"photo.relit.psd", "photo.relit.ora"}),
        (" NPZ ,npz", {"photo.relit.npz"}),
    ],
)
def test_layers_are_those_asked_for(
    relighter, make_photo: MakePhoto, tmp_path: Path, layers: str, endings: set[str]
) -> None:
    assert cli.run(["relight", str(make_photo()), WORDS, "--layers", layers]) == 0
    assert files_in(tmp_path) == {"photo.jpg", "photo.relit.png"} | endings


def test_every_file_that_is_written_is_printed(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    assert cli.run(["relight", str(make_photo()), WORDS, "--layers", "psd,npz"]) == 0
    printed = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert printed == files_in(tmp_path) - {"photo.jpg"}


def test_words_may_be_longer_than_a_file_name(relighter, make_photo: MakePhoto) -> None:
    words = WORDS + " and softly" * 100
    assert cli.run(["relight", str(make_photo()), words]) == 0
    assert relighter.asked[0]["light"] == words


def test_output_may_be_a_file_or_a_folder(relighter, make_photo: MakePhoto, tmp_path) -> None:
    photo = str(make_photo())
    for output in ("other.tif", "new/folder"):
        assert cli.run(["relight", photo, WORDS, "-o", str(tmp_path / output)]) == 0
    assert {"other.tif", "other.psd", "new/folder/photo.relit.png"} <= files_in(tmp_path)


def test_a_folder_stands_for_its_photos_but_not_for_earlier_results(
    relighter, make_photo: MakePhoto, tmp_path: Path
) -> None:
    for name in ("a.jpg", "b.PNG", ".hidden.png"):
        make_photo(name)
    (tmp_path / "notes.txt").write_text("no photo")
    for _ in range(2):
        assert cli.run(["relight", str(tmp_path), WORDS, "--force"]) == 0
    names = [asked["photo"].name for asked in relighter.asked]
    assert names == ["a.jpg", "b.PNG"] * 2
    assert len(relighter.loaded_with) == 2  # once for each command, not for each photo


def test_one_bad_photo_in_a_folder_does_not_stop_the_others(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    make_photo("a.jpg")
    (tmp_path / "b.jpg").write_bytes(b"")
    make_photo("c.jpg")
    assert cli.run(["relight", str(tmp_path), WORDS]) == 2
    assert {"a.relit.png", "c.relit.png"} <= files_in(tmp_path)
    error, summary = capsys.readouterr().err.splitlines()
    assert error.startswith("lasagna: error: ")
    assert "b.jpg" in error
    assert summary == "lasagna: 2 of 3 photos relit, 1 failed"


def test_a_diverged_solve_is_one_line_and_exit_1(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    def diverge(picture: Picture, index: int) -> None:
        raise DivergenceError(step=index)

    relighter.before_step = diverge
    assert cli.run(["relight", str(make_photo()), WORDS]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert files_in(tmp_path) == {"photo.jpg"}


def test_an_interrupt_ends_with_130_and_leaves_nothing(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    def interrupt(picture: Picture, index: int) -> None:
        raise KeyboardInterrupt

    relighter.before_step = interrupt
    assert cli.run(["relight", str(make_photo()), WORDS]) == 130
    assert capsys.readouterr().err == ""
    assert files_in(tmp_path) == {"photo.jpg"}


def test_lights_as_options_become_one_rig(relighter, make_photo: MakePhoto, monkeypatch) -> None:
    asked: list[LightRig] = []

    def light_picture(_, picture: Picture, rig: LightRig, **settings: object):
        asked.append(rig)
        return relighter.relight(picture, light="", **settings)

    monkeypatch.setattr("lasagna_relight.apps.relight_photos.light_picture", light_picture)
    photo = str(make_photo())
    lights = ["--light", "left, warm, 0.8", "--light", "behind right, #88aaff, 0.4"]
    assert cli.run(["relight", photo, *lights, "--fill", "0.2"]) == 0
    (rig,) = asked
    assert [light.intensity for light in rig.lights] == [0.8, 0.4]
    assert rig.fill == 0.2
    assert rig.is_colored


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--light", "warm"], "where the light"),
        (["--light", "left", "--azimuth", "3"], "--azimuth"),
        (["--fill", "9"], "fill 9 is outside"),
        (["--environment", "nowhere.hdr"], "nowhere.hdr"),
        (["light from the left", "--light", "left"], "twice"),
    ],
)
def test_lights_that_cannot_be_are_one_line_and_exit_2(
    relighter, make_photo: MakePhoto, capsys, options: list[str], says: str
) -> None:
    assert cli.run(["relight", str(make_photo()), *options]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert says in error


def test_words_beside_angles_are_refused(relighter, make_photo: MakePhoto, capsys) -> None:
    assert cli.run(["relight", str(make_photo("a.png")), "left", "--azimuth", "30"]) == 2
    assert 'given twice, as "left"' in capsys.readouterr().err


def test_an_unknown_option_points_to_the_help_of_its_command(capsys) -> None:
    assert cli.run(["relight", "a.png", "left", "--frobnicate"]) == 2
    assert capsys.readouterr().err.strip().endswith("see lasagna relight --help")


def test_words_that_are_hardly_understood_are_relit_with_a_warning(
    relighter, make_photo: MakePhoto, capsys, monkeypatch
) -> None:
    left = LightDirection(azimuth_deg=-55, elevation_deg=0)
    unsure = LightReading(direction=left, nearest_name="left", confidence=0.3)
    monkeypatch.setattr("lasagna_relight.apps.relight_photos.read_light", lambda words: unsure)
    photo = str(make_photo("a.png"))
    assert cli.run(["relight", photo, "light from inside the lamp"]) == 0
    assert "which is not sure" in capsys.readouterr().err
    assert cli.run(["relight", photo, "light from inside the lamp", "--force", "--quiet"]) == 0
    assert capsys.readouterr().err == ""

"""The command as a process: help, pipes, light, demo."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from lasagna_relight.apps import cli, demo_command, light_command
from lasagna_relight.apps.options import COLOR_RECIPE_NAMES, DEFAULT_RECIPE, RECIPE_NAMES
from lasagna_relight.colorization import recipes as color_recipes
from lasagna_relight.errors import DirectionError
from lasagna_relight.image_io import read_picture
from lasagna_relight.language.reader import LightReading
from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relighting import recipes
from lasagna_relight.relighting.recipes import RECIPES


def test_help_loads_no_torch() -> None:
    program = (
        "import sys; from lasagna_relight.apps import cli; cli.run(['relight', '--help']); "
        "heavy = {'torch', 'numpy', 'diffusers'} & set(sys.modules); sys.exit(str(heavy or ''))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stderr.strip() == ""
    assert "photo.relit.png" in done.stdout.replace("\n", " ")


@pytest.mark.parametrize(
    "command", [[], ["relight"], ["light"], ["demo"], ["evaluate"], ["colorize"]]
)
def test_every_command_has_help(command: list[str], capsys: pytest.CaptureFixture) -> None:
    assert cli.run([*command, "--help"]) == 0
    assert "Usage: lasagna" in capsys.readouterr().out


def test_help_names_every_recipe() -> None:
    assert RECIPE_NAMES.split("|") == list(RECIPES)
    assert COLOR_RECIPE_NAMES.split("|") == list(color_recipes.RECIPES)


@pytest.mark.parametrize("command", ["relight", "demo"])
def test_help_says_which_recipe_is_the_default(command: str, capsys: pytest.CaptureFixture) -> None:
    assert DEFAULT_RECIPE == recipes.DEFAULT_RECIPE
    assert cli.run([command, "--help"]) == 0
    assert f"({DEFAULT_RECIPE})" in capsys.readouterr().out


def test_version_is_that_of_the_installed_package(capsys: pytest.CaptureFixture) -> None:
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("lasagna 0.")


def test_a_bare_command_prints_its_help_and_no_error(capsys: pytest.CaptureFixture) -> None:
    assert cli.run([]) == 2
    output = capsys.readouterr()
    assert "relight" in output.out + output.err
    assert "error" not in output.err


@pytest.fixture
def _reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reads a prompt that is the name of a direction, and refuses others."""

    def read(prompt: str) -> LightReading:
        if prompt not in NAMED_DIRECTIONS:
            raise DirectionError(f'"{prompt}" names no direction')
        direction = NAMED_DIRECTIONS[prompt]
        return LightReading(direction=direction, nearest_name=prompt, confidence=0.75)

    monkeypatch.setattr(light_command, "read_light", read)


@pytest.mark.usefixtures("_reader")
def test_light_prints_name_angles_and_confidence(capsys: pytest.CaptureFixture) -> None:
    assert cli.run(["light", "left", "top"]) == 0
    left, top = capsys.readouterr().out.splitlines()
    assert left.split() == [
        "left",
        "azimuth",
        "-55",
        "elevation",
        "0",
        "confidence",
        "0.75",
        "left",
    ]
    assert top.split() == ["top", "azimuth", "0", "elevation", "55", "confidence", "0.75", "top"]


@pytest.mark.usefixtures("_reader")
def test_light_reads_lines_on_stdin_and_goes_on_after_a_bad_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("left\n\nmake it nice\nbehind top\n"))
    assert cli.run(["light", "--json"]) == 2
    output = capsys.readouterr()
    readings = [json.loads(line) for line in output.out.splitlines()]
    assert [reading["nearest_name"] for reading in readings] == ["left", "behind top"]
    assert readings[0]["azimuth_deg"] == -55
    assert readings[1]["azimuth_deg"] == 180
    assert output.err == 'lasagna: error: "make it nice" names no direction\n'


def test_demo_ends_with_the_path_of_a_contact_sheet(
    relighter, make_photo, tmp_path: Path, monkeypatch, capsys
) -> None:
    make_photo("data/samples/a.png", height=60, width=20)
    make_photo("data/samples/b.png", height=20, width=60)
    monkeypatch.setattr(demo_command, "files", lambda package: tmp_path)
    output = tmp_path / "out"
    assert cli.run(["demo", "-o", str(output)]) == 0
    sheet = Path(capsys.readouterr().out.splitlines()[-1])
    pixels = read_picture(sheet).pixels
    assert pixels.shape[1] > 2 * pixels.shape[0]  # two rows of five
    assert np.unique(pixels.reshape(-1, 3), axis=0).shape[0] > 100
    assert len(list(output.glob("*.from-*.png"))) == 8
    assert cli.run(["demo", "-o", str(output), "--quiet"]) == 0
    assert capsys.readouterr().out == f"{sheet}\n"

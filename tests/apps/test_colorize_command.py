"""`lasagna colorize`: files, folders and what is wrong with a command line."""

from pathlib import Path

import numpy as np
import pytest

from lasagna_relight.apps import cli
from lasagna_relight.image_io import read_picture, write_picture
from lasagna_relight.priors.color_prior import ColorNetworks, save_color_networks


@pytest.fixture(scope="module")
def prior(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("colors")
    networks = ColorNetworks.fresh(resolution=32, channels=(16, 32), shown_widths=(8, 8, 16))
    save_color_networks(networks, folder)
    return str(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two drawings of a square."""
    for name in ("a", "b"):
        plane = np.full((60, 60), 255, np.uint8)
        plane[15:45, 15:45] = 0
        plane[18:42, 18:42] = 255
        write_picture(tmp_path / f"{name}.png", np.repeat(plane[..., None], 3, 2))
    return tmp_path


def test_a_folder_is_colored_and_not_its_results(
    folder: Path, prior: str, capsys: pytest.CaptureFixture
) -> None:
    line = ["colorize", str(folder), "a red box", "--prior", prior, "--steps", "1"]
    assert cli.run([*line, "--layers", "psd,png"]) == 0
    printed = capsys.readouterr().out.split()
    assert [Path(path).name for path in printed] == [
        "a.colored.png", "a.colored.psd", "a.colored.color.png",
        "b.colored.png", "b.colored.psd", "b.colored.color.png",
    ]  # fmt: skip
    colored = read_picture(folder / "a.colored.png").pixels
    assert np.ptp(colored[30, 30]) > 0
    assert (colored[2, 2] == 255).all()
    assert cli.run([*line, "--force", "--layers", "none"]) == 0
    assert not (folder / "a.colored.colored.png").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.png"], "words for the colors are missing"),
        (["missing.png", "red"], "missing.png does not exist"),
        (["a.png", "red", "box"], "the words need quotes: lasagna colorize a.png"),
        (["a.png", " "], "the words are empty"),
        (["a.png", "red", "--mode", "sepia"], "--mode 'sepia' is unknown"),
        (["a.png", "red", "--recipe", "dds"], "unknown for colors"),
        (["a.png", "red", "--hints", "none.png"], "the hints none.png are no file"),
        (["a.png", "red", "--hints", "b.png", "--prior", "PRIOR"], "have no transparency"),
        (["a.png", "red", "--mask", "none.png"], "the mask none.png is no file"),
        (["a.png", "red", "--prior", "."], "is no color prior"),
        (["a.png", "red", "--controlnet", "x"], "--controlnet is for Stable Diffusion"),
        (["a.png", "red", "--layers", "xcf"], '--layers knows no "xcf"'),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    folder: Path,
    prior: str,
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    asked = [prior if argument == "PRIOR" else argument for argument in arguments]
    assert cli.run(["colorize", *asked]) == 2
    error = capsys.readouterr().err.strip()
    assert said in error
    assert error.startswith("lasagna: error: ")
    assert "\n" not in error
    assert not list(folder.glob("*.colored.*"))


def test_nothing_is_overwritten_without_force(
    folder: Path, prior: str, capsys: pytest.CaptureFixture
) -> None:
    (folder / "a.colored.png").write_text("mine")
    assert cli.run(["colorize", str(folder / "a.png"), "red", "--prior", prior]) == 2
    assert "a.colored.png" in capsys.readouterr().err
    assert (folder / "a.colored.png").read_text() == "mine"

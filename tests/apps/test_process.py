"""The command as its users run it: a process, with the weights that come with the package."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from lasagna_relight.apps import cli
from lasagna_relight.image_io import read_picture
from lasagna_relight.relighting.api import shipped_prior

WORDS = "light from the left"
LASAGNA = str(Path(sys.executable).with_name("lasagna"))
MakePhoto = Callable[..., Path]

needs_weights = pytest.mark.skipif(
    not shipped_prior().is_dir(), reason="this checkout has no weights of the embedded prior"
)


def lasagna(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [LASAGNA, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]


@needs_weights
def test_a_photo_is_relit_without_a_word_on_stderr(make_photo: MakePhoto, tmp_path: Path) -> None:
    photo = make_photo(height=48, width=64)
    options = ["--recipe", "sds", "--steps", "1", "--mask", "none"]
    done = lasagna("relight", photo, WORDS, *options)
    assert (done.returncode, done.stderr) == (0, "")
    relit = tmp_path / "photo.relit.png"
    assert done.stdout == f"{relit}\n{tmp_path / 'photo.relit.psd'}\n"
    before, after = read_picture(photo).pixels, read_picture(relit).pixels
    assert before.shape == after.shape
    assert not np.array_equal(before, after)
    assert (tmp_path / "photo.relit.psd").stat().st_size > 0


@needs_weights
def test_the_same_seed_gives_the_same_picture(make_photo: MakePhoto, tmp_path: Path) -> None:
    photo = str(make_photo(height=48, width=64))
    pictures = []
    for seed, name in [("1", "a.png"), ("1", "b.png"), ("2", "c.png")]:
        output = tmp_path / name
        options = ["--mask", "none", "--layers", "none", "--steps", "1", "--recipe", "sds"]
        assert cli.run(["relight", photo, WORDS, "-o", str(output), "--seed", seed, *options]) == 0
        pictures.append(output.read_bytes())
    assert pictures[0] == pictures[1]
    assert pictures[0] != pictures[2]


@needs_weights
def test_strength_0_changes_nothing(make_photo: MakePhoto, tmp_path: Path) -> None:
    photo, output = make_photo("photo.png"), tmp_path / "out.png"
    options = ["--strength", "0", "--mask", "none", "--recipe", "instant"]
    assert cli.run(["relight", str(photo), WORDS, "-o", str(output), *options]) == 0
    assert np.array_equal(read_picture(photo).pixels, read_picture(output).pixels)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--recipe", "carbonara"], "carbonara"),
        pytest.param(["--mask", "{mask}", "--recipe", "instant"], "mask.png", marks=needs_weights),
        (["--prior", "{empty}"], "empty"),
    ],
)
def test_what_the_relighter_refuses_is_one_line_and_leaves_no_file(
    make_photo: MakePhoto, tmp_path: Path, capsys, options: list[str], named: str
) -> None:
    photo, mask, empty = make_photo(), make_photo("mask.png", height=9, width=9), tmp_path / "empty"
    empty.mkdir()
    filled = [option.format(mask=mask, empty=empty) for option in options]
    assert cli.run(["relight", str(photo), WORDS, *filled]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("lasagna: error: ")
    assert output.err.count("\n") == 1
    assert named in output.err
    assert {p.name for p in tmp_path.rglob("*") if p.is_file()} == {"photo.jpg", "mask.png"}


def test_a_failing_process_exits_with_2_and_one_line(tmp_path: Path) -> None:
    done = lasagna("relight", tmp_path / "missing.jpg", WORDS)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lasagna: error: ")
    assert done.stderr.count("\n") == 1


def test_an_interrupted_process_exits_with_130_and_no_traceback() -> None:
    process = subprocess.Popen(
        [LASAGNA, "light"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # a background job of a shell ignores interrupts, and its children inherit that
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{WORDS}\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith("left")  # it is up, and waits for more
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, "")


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    lines = f"{WORDS}\n" * 100
    command = f'"{LASAGNA}" light | head -n 1'
    done = subprocess.run(command, input=lines, shell=True, capture_output=True, text=True)
    assert done.stdout.startswith("left")
    assert done.stderr == ""

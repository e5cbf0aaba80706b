"""Whatever is wrong with the input: one line on stderr, exit code 2, and no file."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from lasagna_relight.apps import cli
from lasagna_relight.image_io import write_picture

WORDS = "light from the left"
MakePhoto = Callable[..., Path]


def refusal(arguments: list[str], capsys: pytest.CaptureFixture) -> str:
    """The one line on stderr of a command that must be refused."""
    assert cli.run(["relight", *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("lasagna: error: ")
    assert output.err.count("\n") == 1
    return output.err


def files_in(folder: Path) -> set[str]:
    return {p.name for p in folder.rglob("*") if p.is_file()}


def write_whole(path: Path) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    write_picture(path, noise)
    return path.read_bytes()


def write_bomb(path: Path) -> None:
    """200 megapixels in some kilobytes."""
    PillowImage.new("1", (20_000, 10_000)).save(path)


def write_truncated(path: Path) -> None:
    whole = write_whole(path)
    path.write_bytes(whole[: len(whole) // 2])


BAD_PHOTOS: dict[str, Callable[[Path], object]] = {
    "missing.jpg": lambda path: None,
    "empty.jpg": lambda path: path.touch(),
    "truncated.jpg": write_truncated,
    "truncated.png": write_truncated,
    "text.png": lambda path: path.write_text("I am no picture\n" * 99),
    "bomb.png": write_bomb,
}


@pytest.mark.parametrize("name", BAD_PHOTOS)
def test_a_photo_that_cannot_be_read_is_refused(
    relighter, tmp_path: Path, capsys, name: str
) -> None:
    BAD_PHOTOS[name](tmp_path / name)
    before = files_in(tmp_path)
    assert name in refusal([str(tmp_path / name), WORDS], capsys)
    assert files_in(tmp_path) == before
    assert relighter.loaded_with == []


def test_a_photo_with_an_impossible_name_is_refused(relighter, capsys) -> None:
    refusal(["a" * 300 + ".jpg", WORDS], capsys)


def test_a_missing_photo_is_refused_even_where_its_output_exists(
    relighter, tmp_path: Path, make_photo: MakePhoto, capsys
) -> None:
    output = str(make_photo("other.png"))
    missing = str(tmp_path / "missing.jpg")
    assert "missing.jpg" in refusal([missing, WORDS, "-o", output, "--force"], capsys)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--azimuth", "181"], "azimuth 181"),
        (["--azimuth", "nan"], "azimuth nan"),
        (["--elevation", "-91"], "elevation -91"),
        ([WORDS, "--azimuth", "30"], WORDS),
        ([WORDS, "--azimuth", "right"], "--azimuth"),
        ([WORDS, "--strength", "2.5"], "2.5"),
        ([WORDS, "--strength", "nan"], "nan"),
        ([WORDS, "--seed", "-1"], "--seed"),
        ([WORDS, "--steps", "0"], "--steps"),
        ([WORDS, "--layers", "psd,xcf"], "xcf"),
        ([WORDS, "--layers", ""], "--layers"),
        ([WORDS, "--mask", "nowhere.png"], "nowhere.png"),
        ([WORDS, "--prior", "nowhere"], "nowhere"),
        ([WORDS, "--device", "abacus"], "abacus"),
        ([WORDS, "--strenth", "1"], "--strenth"),
        ([WORDS, "-o", "out.xyz"], "out.xyz"),
    ],
)
def test_an_option_out_of_range_is_refused_before_weights_are_loaded(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys, options: list[str], named: str
) -> None:
    assert named in refusal([str(make_photo()), *options], capsys)
    assert files_in(tmp_path) == {"photo.jpg"}
    assert relighter.loaded_with == []


def test_a_photo_without_words_is_told_what_is_missing(make_photo: MakePhoto, capsys) -> None:
    photo = str(make_photo())
    assert "words for the light are missing" in refusal([photo], capsys)
    assert "words for the light are missing" in refusal([photo, photo], capsys)
    assert "words for the light are missing" in refusal([str(Path(photo).parent)], capsys)


def test_words_without_a_photo_are_told_what_is_missing(capsys) -> None:
    assert "no photo is named" in refusal([WORDS], capsys)


@pytest.mark.parametrize("words", [["light", "from", "the", "left"], ["light", "from the left"]])
def test_words_without_quotes_are_told_to_be_quoted(
    make_photo: MakePhoto, capsys, words: list[str]
) -> None:
    photo = str(make_photo())
    assert f'need quotes: lasagna relight {photo} "{WORDS}"' in refusal([photo, *words], capsys)


def test_words_alone_without_quotes_are_told_to_be_quoted(capsys) -> None:
    assert f'need quotes: lasagna relight photo.jpg "{WORDS}"' in refusal(WORDS.split(), capsys)


@pytest.mark.parametrize("missing", ["photo", "missing.jpg", "folder/photo"])
def test_a_missing_photo_is_not_taken_for_words(capsys, missing: str) -> None:
    assert f"{missing} does not exist" in refusal([missing, WORDS], capsys)


def test_a_missing_photo_among_others_is_not_taken_for_words(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    assert cli.run(["relight", str(make_photo()), str(tmp_path / "missing.jpg"), WORDS]) == 2
    assert "missing.jpg does not exist" in capsys.readouterr().err
    assert (tmp_path / "photo.relit.png").exists()


def test_a_folder_without_photos_is_refused(relighter, tmp_path: Path, capsys) -> None:
    assert "holds no photo" in refusal([str(tmp_path), WORDS], capsys)


def test_two_photos_that_would_become_one_file_are_refused(
    relighter, make_photo: MakePhoto, capsys
) -> None:
    photos = [str(make_photo("a.jpg")), str(make_photo("a.png"))]
    assert "would both become" in refusal([*photos, WORDS], capsys)


def test_several_photos_into_one_file_are_refused(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    photos = [str(make_photo("a.jpg")), str(make_photo("b.jpg"))]
    assert "out.png" in refusal([*photos, WORDS, "-o", str(tmp_path / "out.png")], capsys)


@pytest.mark.parametrize("existing", ["photo.relit.png", "photo.relit.psd"])
def test_an_existing_output_is_kept_unless_forced(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys, existing: str
) -> None:
    photo = str(make_photo())
    (tmp_path / existing).write_text("precious")
    assert "--force" in refusal([photo, WORDS], capsys)
    assert files_in(tmp_path) == {"photo.jpg", existing}
    assert (tmp_path / existing).read_text() == "precious"
    assert relighter.loaded_with == []
    assert cli.run(["relight", photo, WORDS, "--force"]) == 0
    assert (tmp_path / existing).read_bytes() != b"precious"


@pytest.mark.parametrize(
    "options", [[], ["--strength", "3"], ["--layers", "xcf"], ["--mask", "nowhere.png"]]
)
def test_a_refusal_by_options_or_by_an_existing_output_loads_no_torch(
    make_photo: MakePhoto, tmp_path: Path, options: list[str]
) -> None:
    program = (
        "import sys; from lasagna_relight.apps import cli; code = cli.run(sys.argv[1:]); "
        "sys.exit(99 if 'torch' in sys.modules else code)"
    )
    (tmp_path / "photo.relit.png").touch()
    command = [sys.executable, "-c", program, "relight", str(make_photo()), WORDS, *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_photo_itself_is_never_overwritten(relighter, make_photo: MakePhoto, capsys) -> None:
    photo = make_photo()
    before = photo.read_bytes()
    assert "itself" in refusal([str(photo), WORDS, "-o", str(photo), "--force"], capsys)
    assert photo.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused_before_the_solve(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    photo = make_photo("locked/photo.jpg")
    photo.parent.chmod(0o500)
    try:
        assert "locked" in refusal([str(photo), WORDS], capsys)
    finally:
        photo.parent.chmod(0o700)
    assert relighter.loaded_with == []


def test_an_output_below_a_file_is_refused_before_the_solve(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    photo = make_photo()
    assert "photo.jpg" in refusal([str(photo), WORDS, "-o", str(photo / "out")], capsys)
    output = str(tmp_path / "nowhere" / "out.png")
    assert "nowhere" in refusal([str(photo), WORDS, "-o", output], capsys)
    assert relighter.loaded_with == []


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Writes fail beyond ``size`` bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_fails_halfway_leaves_no_partial_file(
    relighter, make_photo: MakePhoto, tmp_path: Path, capsys
) -> None:
    photo = make_photo(height=128, width=128)
    with files_no_larger_than(8192):
        assert "photo.relit.png" in refusal([str(photo), WORDS], capsys)
    assert files_in(tmp_path) == {"photo.jpg"}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB, where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(mount).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_no_partial_file(
    relighter, make_photo: MakePhoto, small_disk: Path, capsys
) -> None:
    photo = make_photo(height=256, width=256)
    message = refusal([str(photo), WORDS, "-o", str(small_disk)], capsys)
    assert "No space left" in message
    assert files_in(small_disk) == set()

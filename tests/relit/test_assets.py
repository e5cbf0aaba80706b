import zipfile
from pathlib import Path

import pytest

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.assets import (
    CATALOGUE,
    Asset,
    read_catalogue,
    read_properties,
    reason_by_catalogue,
)

PROPERTIES = r"""
# a comment=not a key
version=1.8
license=Public domain
id#1=House#caf\u00e9
name#1=Caf\u00e9 chair
category#1=Kitchen
model#1=/house/chair/chair.obj
width#1=50
depth#1=50
height#1=90
doorOrWindow#1=false
creator#1=Ada
id#2=House#pane
name#2=Pane
category#2=Kitchen
model#2=/house/pane/pane.obj
width#2=50
depth#2=50
height#2=50
doorOrWindow#2=false
id#3=House#gone
name#3=Gone
category#3=Kitchen
model#3=/house/gone.obj
width#3=50
depth#3=50
height#3=50
doorOrWindow#3=false
"""
TRIANGLE = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"


def catalogue(folder: Path, **extra: str) -> Path:
    archive = folder / "house.sh3f"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(CATALOGUE, PROPERTIES)
        file.writestr("house/chair/chair.obj", TRIANGLE)
        file.writestr("house/pane/pane.obj", TRIANGLE)
        file.writestr("house/pane/pane.mtl", "newmtl a\nd 0.2\nnewmtl b\n d 0.5\n")
        for name, text in extra.items():
            file.writestr(name, text)
    return archive


def turned_catalogue(folder: Path, rotation: str, model: str) -> Path:
    archive = folder / "turned.sh3f"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(CATALOGUE, f"{PROPERTIES}modelRotation#1={rotation}\n")
        file.writestr("house/chair/chair.obj", model)
    return archive


def by_name(assets: list[Asset]) -> dict[str, Asset]:
    return {asset.uid.rpartition("/")[2]: asset for asset in assets}


def test_a_catalogue_keeps_title_licence_and_creator(tmp_path: Path) -> None:
    chair = by_name(read_catalogue(catalogue(tmp_path), tmp_path / "models"))["café"]
    assert (chair.title, chair.licence, chair.attribution) == ("Café chair", "Public domain", "Ada")
    assert chair.source == "sweethome3d-furniture 1.8 house.sh3f"
    assert chair.rejected == ""
    assert chair.path.read_text() == TRIANGLE


def test_glass_and_missing_models_are_rejected_with_the_reason(tmp_path: Path) -> None:
    assets = by_name(read_catalogue(catalogue(tmp_path), tmp_path / "models"))
    assert assets["pane"].rejected == "glass"
    assert assets["gone"].rejected == "no model file"


def test_reading_a_catalogue_twice_gives_the_same(tmp_path: Path) -> None:
    archive = catalogue(tmp_path)
    first = read_catalogue(archive, tmp_path / "models")
    assert read_catalogue(archive, tmp_path / "models") == first


@pytest.mark.parametrize("name", ["../evil.obj", "house/../../evil.obj", "c:/evil.obj", "a\\b"])
def test_a_member_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    archive = catalogue(tmp_path, **{name: "evil"})
    with pytest.raises(DatasetError, match="refuses the member"):
        read_catalogue(archive, tmp_path / "models")
    assert not list(tmp_path.rglob("*evil*"))


def test_an_absolute_member_lands_inside_the_folder(tmp_path: Path) -> None:
    read_catalogue(catalogue(tmp_path, **{"/inside.obj": TRIANGLE}), tmp_path / "models")
    assert (tmp_path / "models" / "house" / "inside.obj").is_file()


@pytest.mark.parametrize("content", [b"", b"no zip"])
def test_a_file_that_is_no_zip_is_named(tmp_path: Path, content: bytes) -> None:
    archive = tmp_path / "broken.sh3f"
    archive.write_bytes(content)
    with pytest.raises(DatasetError, match=r"broken\.sh3f"):
        read_catalogue(archive, tmp_path / "models")


@pytest.mark.parametrize(
    ("title", "category", "door", "sides", "reason"),
    [
        ("Chair", "Kitchen", False, (50.0, 50.0, 90.0), ""),
        ("Drawer", "Kitchen", False, (50.0, 50.0, 90.0), ""),
        ("Chair", "Kitchen", True, (50.0, 50.0, 90.0), "door, window or staircase"),
        ("Spiral", "Staircases", False, (50.0, 50.0, 90.0), "door, window or staircase"),
        ("Oriental rug", "Bedroom", False, (50.0, 50.0, 90.0), "title has rug"),
        ("Poster", "Bedroom", False, (50.0, 1.0, 90.0), "flat"),
        ("Pencil", "Office", False, (1.0, 1.0, 20.0), "a rod"),
    ],
)
def test_what_teaches_nothing_about_light_is_left_out(
    title: str, category: str, door: bool, sides: tuple[float, float, float], reason: str
) -> None:
    assert reason_by_catalogue(title, category, door, sides) == reason


def test_properties_understand_escapes_comments_and_continuations() -> None:
    text = "# no=1\n! no=2\nkey\\\n  end = a\\:b \\u00e9\nkey#1=x=y\n\nempty=\n"
    assert read_properties(text) == {"keyend": "a:b é", "key#1": "x=y", "empty": ""}


def test_a_models_rotation_turns_its_points_and_normals(tmp_path: Path) -> None:
    """What points along z in the file stands upright, along y, as the catalogue asks."""
    model = "mtllib a.mtl\nv 1 2 3 0.5 0.5 0.5\n  vn 0 0 1\nvt 0 1\nv 0 0 0\nv 1 0 0\nf 1 2 3\n"
    archive = turned_catalogue(tmp_path, "1 0 0 0 0 1 0 -1 0", model)
    chair = by_name(read_catalogue(archive, tmp_path / "models"))["café"]
    assert chair.path.read_text() == (
        "mtllib a.mtl\nv 1 3 -2 0.5 0.5 0.5\nvn 0 1 0\nvt 0 1\nv 0 0 0\nv 1 0 0\nf 1 2 3\n"
    )
    assert chair.path.parent.joinpath("chair.obj").read_text() == model, "the original stays"
    assert by_name(read_catalogue(archive, tmp_path / "models"))["café"] == chair


@pytest.mark.parametrize(
    ("rotation", "model", "reason"),
    [
        ("1 0 0", TRIANGLE, "not nine numbers"),
        ("1 0 0 0 1 0 0 0 up", TRIANGLE, "not nine numbers"),
        ("1 0 0 0 1 0 0 0 -1", TRIANGLE, "no rotation"),
        ("2 0 0 0 1 0 0 0 1", TRIANGLE, "no rotation"),
        ("nan 0 0 0 1 0 0 0 1", TRIANGLE, "no rotation"),
        ("1 0 0 0 0 1 0 -1 0", "v 0 0\n", "line 1 is no point"),
        ("1 0 0 0 0 1 0 -1 0", "vn a b c\n", "line 1 is no point"),
    ],
)
def test_a_rotation_that_cannot_be_applied_is_that_objects_reason(
    tmp_path: Path, rotation: str, model: str, reason: str
) -> None:
    archive = turned_catalogue(tmp_path, rotation, model)
    assert reason in by_name(read_catalogue(archive, tmp_path / "models"))["café"].rejected
    assert not list(tmp_path.rglob("*turned-*"))

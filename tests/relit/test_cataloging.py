import json
import struct
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import trimesh

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.assets import Asset, unpack
from lasagna_relight.relit.cataloging import CatalogConfig, catalog_assets
from lasagna_relight.relit.licenses import is_allowed, short_name
from lasagna_relight.relit.limited_reader import LimitedReader
from lasagna_relight.relit.mesh_measure import Limits, Measure, measure

LIMITS = Limits(triangles=5000)
BOX_OBJ = trimesh.creation.box().export(file_type="obj", include_normals=False)
PLY_HEADER = (
    "ply\nformat binary_little_endian 1.0\nelement vertex {vertices}\nproperty float x\n"
    "property float y\nproperty float z\nelement face {faces}\n"
    "property list uchar int vertex_indices\nend_header\n"
)


def measured(path: Path, root: Path | None = None, limits: Limits = LIMITS) -> Measure:
    return measure(path, root or path.parent, limits)


def gltf(**changes: object) -> str:
    scene = {
        "asset": {"version": "2.0"},
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [{"count": 36, "componentType": 5126, "type": "VEC3"}],
    }
    return json.dumps({**scene, **changes})


@pytest.mark.parametrize("suffix", ["obj", "ply", "stl", "glb"])
def test_every_format_is_measured(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"ball.{suffix}"
    trimesh.creation.icosphere(subdivisions=2).export(path)
    found = measured(path)
    assert (found.rejected, found.triangles, found.textured) == ("", 320, False)
    assert len(found.sha256) == 64


def test_usdz_is_measured_with_its_transforms_and_polygons(tmp_path: Path) -> None:
    usd = pytest.importorskip("pxr")
    from pxr import Usd, UsdGeom, UsdUtils

    assert usd
    stage = Usd.Stage.CreateNew(str(tmp_path / "box.usda"))
    root = UsdGeom.Xform.Define(stage, "/box")
    mesh = UsdGeom.Mesh.Define(stage, "/box/mesh")
    box = trimesh.creation.box()
    mesh.CreatePointsAttr([tuple(map(float, point)) for point in box.vertices])
    quads = [4] * 3
    mesh.CreateFaceVertexCountsAttr(quads)
    mesh.CreateFaceVertexIndicesAttr([0, 1, 3, 2, 4, 5, 7, 6, 0, 1, 5, 4])
    UsdGeom.XformCommonAPI(root).SetScale((2, 2, 2))
    stage.GetRootLayer().Save()
    path = tmp_path / "box.usdz"
    assert UsdUtils.CreateNewUsdzPackage(str(tmp_path / "box.usda"), str(path))
    assert measured(path) == Measure(triangles=6, textured=False, sha256=measured(path).sha256)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.obj", b"", "empty file"),
        ("a.obj", b"# nothing\n", "empty"),
        ("a.obj", b"v 0 0 0\nv 1 0 0\n", "no surface"),
        ("a.obj", b"v 0 0 0\nv 1 1 1\nv 2 2 2\nf 1 2 3\n", "degenerate: no area"),
        ("a.obj", b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", "degenerate: flat"),
        ("a.obj", b"v 0 0 0\nv nan 0 0\nv 0 1 1\nf 1 2 3\n", "vertices that are not finite"),
        ("a.glb", b"glTFxx", "corrupt header"),
        ("a.glb", struct.pack("<4sIII4s", b"glTF", 2, 99, 500, b"JSON") + b"{}", "corrupt"),
        ("a.gltf", b'{"meshes": [{}]}', "corrupt header"),
        ("a.gltf", b"[1]", "corrupt header"),
        ("a.stl", b"\0" * 90, "corrupt header (the number of triangles"),
        ("a.ply", b"ply\nformat", "corrupt header (no PLY header)"),
        ("a.ply", PLY_HEADER.format(vertices=8, faces=12).encode(), "cannot be read"),
        ("a.ply", PLY_HEADER.format(vertices=8, faces=10**9).encode(), "over 5000 triangles"),
        ("a.ply", PLY_HEADER.format(vertices=10**9, faces=1).encode(), "over 5000 triangles"),
        ("a.stl", bytes(80) + struct.pack("<I", 6000) + bytes(50 * 6000), "over 5000 triangles"),
        ("a.obj", b"f 1 2 3\n" * 5001, "over 5000 triangles"),
        ("a.usdz", b"no zip", "a.usdz: cannot be read as an archive"),
    ],
)
def test_a_faulty_model_is_rejected_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    found = measured(path).rejected
    assert found
    assert reason in found
    assert "\n" not in found


def test_a_billion_instances_are_counted_before_anything_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "many.gltf"
    path.write_text(gltf(nodes=[{"mesh": 0}] * 1000))
    assert measured(path).rejected == "over 5000 triangles"
    path.write_text(gltf(accessors=[{"count": 3 * 10**9, "componentType": 5126, "type": "VEC3"}]))
    assert measured(path).rejected == "over 5000 triangles"


def test_a_missing_texture_is_noted_and_the_object_kept(tmp_path: Path) -> None:
    (tmp_path / "a.mtl").write_text("newmtl m\nmap_Kd -s 1 1 1 wood.png\n")
    (tmp_path / "a.obj").write_text(f"mtllib a.mtl\nmtllib gone.mtl\nusemtl m\n{BOX_OBJ}")
    found = measured(tmp_path / "a.obj")
    assert (found.rejected, found.notes) == ("", "missing: gone.mtl, wood.png")


def test_a_model_may_not_refer_to_files_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.mtl").write_text("newmtl m\n")
    inner = tmp_path / "models" / "chair"
    inner.mkdir(parents=True)
    (inner / "a.obj").write_text(f"mtllib ../../secret.mtl\n{BOX_OBJ}")
    assert measured(inner / "a.obj", tmp_path / "models").rejected == (
        "refers to secret.mtl, which is outside its folder"
    )
    assert measured(inner / "a.obj", tmp_path).rejected == ""


def test_the_hash_covers_the_materials(tmp_path: Path) -> None:
    (tmp_path / "a.mtl").write_text("newmtl m\n")
    (tmp_path / "a.obj").write_text(f"mtllib a.mtl\n{BOX_OBJ}")
    before = measured(tmp_path / "a.obj").sha256
    assert measured(tmp_path / "a.obj").sha256 == before
    (tmp_path / "a.mtl").write_text("newmtl m\nKd 1 0 0\n")
    assert measured(tmp_path / "a.obj").sha256 != before


def test_a_file_over_the_size_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    path.write_text(BOX_OBJ)
    assert measured(path, limits=Limits(file_bytes=10)).rejected == "a file of over 10 bytes"


def test_a_model_that_takes_too_long_costs_itself_only(tmp_path: Path) -> None:
    (tmp_path / "good.obj").write_text(BOX_OBJ)
    with LimitedReader(Limits(seconds=1e-6)) as reader:
        late = reader.measure(tmp_path / "good.obj", tmp_path)
    assert late.rejected == "not read within 1e-06 s"


def test_a_reader_that_dies_is_started_again(tmp_path: Path) -> None:
    (tmp_path / "good.obj").write_text(BOX_OBJ)
    with LimitedReader(LIMITS) as reader:
        assert reader.measure(tmp_path / "good.obj", tmp_path).rejected == ""
        reader._process.kill()
        reader._process.join()
        assert reader.measure(tmp_path / "good.obj", tmp_path).rejected == "its reader crashed"
        assert reader.measure(tmp_path / "good.obj", tmp_path).triangles == 12


# --- the whole list ---


class QuickReader(LimitedReader):
    """Measures in this process: starting another takes seconds."""

    def measure(self, path: Path, root: Path) -> Measure:
        return measure(path, root, self._limits)


@pytest.fixture
def listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Asset]]:
    monkeypatch.setattr("lasagna_relight.relit.cataloging.LimitedReader", QuickReader)

    def run(*sources: object, **changes: object) -> dict[str, Asset]:
        config = CatalogConfig(models=tmp_path / "unpacked", limits=LIMITS, **changes)
        return {a.uid: a for a in catalog_assets([str(s) for s in sources], config)}

    return run


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    (folder / "seats").mkdir(parents=True)
    (folder / "seats" / "oak_chair.obj").write_text(BOX_OBJ)
    (folder / "copy.obj").write_text(BOX_OBJ)
    (folder / "bad.glb").write_bytes(b"x")
    (folder / "readme.txt").write_text("no model")
    trimesh.creation.icosphere(subdivisions=1).export(folder / "ball.ply")
    return folder


def test_a_folder_becomes_records_with_their_fates(
    models: Path, listed: Callable[..., dict[str, Asset]]
) -> None:
    found = listed(models, licence="CC0", attribution="Ada")
    assert list(found) == [
        "models/bad.glb", "models/ball.ply", "models/copy.obj", "models/seats/oak_chair.obj",
    ]  # fmt: skip
    assert found["models/ball.ply"].rejected == ""
    assert found["models/ball.ply"].triangles == 80
    assert found["models/bad.glb"].rejected.startswith("corrupt header")
    chair = found["models/seats/oak_chair.obj"]
    assert chair.rejected == "duplicate of models/copy.obj"
    assert (chair.title, chair.tags) == ("oak chair", ("seats",))
    assert (chair.licence, chair.attribution) == ("CC0", "Ada")


def test_a_licence_off_the_list_is_kept_as_the_reason(
    models: Path, listed: Callable[..., dict[str, Asset]]
) -> None:
    found = listed(models / "ball.ply", licence="CC BY-NC 4.0", licenses=("CC-BY", "CC0"))
    assert [a.rejected for a in found.values()] == ["licence not allowed: CC BY-NC 4.0"]
    found = listed(models / "ball.ply", licence="CC BY 4.0", licenses=("CC-BY", "CC0"))
    assert [a.rejected for a in found.values()] == [""]


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def test_a_faulty_archive_is_one_record_and_the_rest_goes_on(
    models: Path, listed: Callable[..., dict[str, Asset]], tmp_path: Path
) -> None:
    zipped(models / "climbs.zip", **{"../../evil.obj": BOX_OBJ.encode()})
    zipped(models / "bomb.zip", **{"a.obj": bytes(100 * 2**20)})
    (models / "torn.sh3f").write_bytes(b"PK\3\4 torn")
    zipped(models / "good.zip", **{"in/side.obj": BOX_OBJ.replace("0.5", "0.7").encode()})
    found = listed(models)
    assert "leaves the folder" in found["models/climbs"].rejected
    assert "times its size: refused" in found["models/bomb"].rejected
    assert "cannot be read as an archive" in found["models/torn"].rejected
    assert found["good/in/side.obj"].rejected == ""
    assert found["models/ball.ply"].rejected == ""
    assert not list(tmp_path.rglob("evil*"))
    assert not list((tmp_path / "unpacked").rglob("a.obj"))


def test_a_damaged_member_leaves_no_half_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", **{"a.obj": np.random.default_rng(0).bytes(5000)})
    data = bytearray(path.read_bytes())
    data[1000:1100] = bytes(100)
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=r"the member 'a\.obj' is damaged"):
        unpack(path, tmp_path / "out")
    assert not list((tmp_path / "out").glob("*.obj"))


def test_equal_uids_are_numbered(models: Path, listed: Callable[..., dict[str, Asset]]) -> None:
    found = listed(models / "ball.ply", models / "ball.ply")
    assert list(found) == ["models/ball.ply", "models/ball.ply~2"]
    assert found["models/ball.ply~2"].rejected == "duplicate of models/ball.ply"


def test_procedural_objects_are_a_source(
    listed: Callable[..., dict[str, Asset]], tmp_path: Path
) -> None:
    found = listed("procedural:stone:2", "procedural:stone:1")
    assert [a.rejected for a in found.values()] == ["", "", "duplicate by uid"]
    first = found["procedural/stone/000000"]
    assert first.licence == "Apache-2.0"
    assert first.triangles is not None
    assert first.path.is_relative_to(tmp_path / "unpacked")


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("nowhere", "nowhere: no folder, archive"),
        ("procedural:many", "write procedural:COUNT"),
        ("procedural:dragon:3", "'dragon' is no procedural family"),
        ("objaverse:gone.txt", "gone.txt: no such file"),
    ],
)
def test_a_source_named_wrongly_ends_the_run_with_one_line(
    listed: Callable[..., dict[str, Asset]], source: str, complaint: str
) -> None:
    with pytest.raises(DatasetError, match=complaint):
        listed(source)


def test_the_probe_decides_last(models: Path, tmp_path: Path) -> None:
    seen: list[str] = []

    def probe(asset: Asset) -> str:
        seen.append(asset.uid)
        return "nothing visible"

    config = CatalogConfig(models=tmp_path, limits=LIMITS)
    found = list(catalog_assets([str(models)], config, probe=probe))
    assert seen == ["models/ball.ply", "models/copy.obj"]
    assert [a.rejected for a in found if a.uid in seen] == ["nothing visible"] * 2


# --- Objaverse ---


@pytest.fixture
def objaverse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """A module with the interface of the package: three objects, of which one is ours to use."""
    fake = types.ModuleType("objaverse")
    annotations = {
        "one": {
            "name": "A cup",
            "license": "by",
            "user": {"displayName": "Ada", "username": "ada1"},
            "tags": [{"name": "Cup"}],
        },
        "two": {"name": "A jug", "license": "by-nc", "user": {"username": "bob"}, "tags": []},
        "three": {"name": "A pot", "license": "cc0", "user": {}, "tags": []},
    }
    fake.downloaded = []

    def load_objects(uids: list[str], download_processes: int = 1) -> dict[str, str]:
        sys.stdout.write("downloading")
        fake.downloaded += uids
        files = {}
        for uid in uids:
            path = tmp_path / "cache" / f"{uid}.glb"
            path.parent.mkdir(exist_ok=True)
            trimesh.creation.icosphere(subdivisions=1, radius=len(uid)).export(path)
            files[uid] = str(path)
        return files

    fake.load_uids = lambda: list(annotations)
    fake.load_annotations = lambda uids=None: {u: annotations[u] for u in uids or annotations}
    fake.load_objects = load_objects
    monkeypatch.setitem(sys.modules, "objaverse", fake)
    return fake


def test_objaverse_objects_bring_licence_author_and_tags(
    objaverse: types.ModuleType,
    listed: Callable[..., dict[str, Asset]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "list.txt").write_text("# mine\none\ntwo.glb  # a jug\n\nnone\nthree\n")
    found = listed(f"objaverse:{tmp_path / 'list.txt'}", licenses=("CC-BY", "CC0"))
    cup = found["objaverse/one"]
    assert (cup.title, cup.licence, cup.attribution) == ("A cup", "CC-BY-4.0", "Ada")
    assert (cup.tags, cup.rejected, cup.triangles) == (("cup",), "", 80)
    assert found["objaverse/two"].rejected == "licence not allowed: CC-BY-NC-4.0"
    assert found["objaverse/two"].attribution == "bob"
    assert found["objaverse/none"].rejected == "no such object in Objaverse"
    assert objaverse.downloaded == ["one", "three"]
    assert capsys.readouterr().out == ""


def test_objaverse_without_network_or_package_is_one_line(
    objaverse: types.ModuleType,
    listed: Callable[..., dict[str, Asset]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "list.txt").write_text("one\n")

    def unreachable() -> list[str]:
        raise OSError("<urlopen error no route>")

    objaverse.load_uids = unreachable
    with pytest.raises(DatasetError, match=r"Objaverse cannot be reached .*no route"):
        listed(f"objaverse:{tmp_path / 'list.txt'}")
    monkeypatch.setitem(sys.modules, "objaverse", None)
    with pytest.raises(DatasetError, match="needs the package objaverse: pip install"):
        listed(f"objaverse:{tmp_path / 'list.txt'}")


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("CC-BY-4.0", "cc-by-4.0"),
        ("cc by-sa 3.0", "cc-by-sa-3.0"),
        ("Creative Commons Attribution-NonCommercial 4.0", "cc-by-nc-4.0"),
        ("Creative Commons Attribution 3.0 United States license  Ada", "cc-by-3.0"),
        ("CC-0", "cc0"),
        ("Public domain", "public domain"),
        ("Apache-2.0", "apache 2.0"),
    ],
)
def test_licences_have_one_name_however_written(written: str, short: str) -> None:
    assert short_name(written) == short
    assert is_allowed(written, [short])
    assert not is_allowed(written, ["MIT"])

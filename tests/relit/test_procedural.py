from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.procedural import (
    FAMILIES,
    ProceduralMesh,
    materialize,
    measured,
    procedural_asset,
    procedural_assets,
    procedural_mesh,
    write_ply,
)

SEEDS = (0, 1, 2)
OBJECTS = [(family, seed) for family in FAMILIES for seed in SEEDS]


@pytest.fixture(scope="module")
def meshes() -> dict[tuple[str, int], ProceduralMesh]:
    return {(family, seed): procedural_mesh(family, seed) for family, seed in OBJECTS}


def as_trimesh(mesh: ProceduralMesh) -> trimesh.Trimesh:
    return trimesh.Trimesh(mesh.vertices.astype(float), mesh.faces, process=False)


@pytest.mark.parametrize(("family", "seed"), OBJECTS)
def test_an_object_is_closed_finite_and_of_a_sensible_size(
    meshes: dict[tuple[str, int], ProceduralMesh], family: str, seed: int
) -> None:
    mesh = meshes[family, seed]
    for values in (mesh.vertices, mesh.normals, mesh.colors, mesh.roughness, mesh.metallic):
        assert np.isfinite(values).all()
    assert 5_000 <= len(mesh.faces) <= 60_000
    assert mesh.faces.min() >= 0
    assert mesh.faces.max() < len(mesh.vertices)
    assert np.linalg.norm(mesh.vertices, axis=1).max() == pytest.approx(1, abs=1e-5)
    assert mesh.colors.min() >= 0
    assert mesh.colors.max() <= 1
    assert mesh.roughness.min() > 0
    solid = as_trimesh(mesh)
    assert solid.is_watertight
    assert solid.volume > 0.001


@pytest.mark.parametrize("family", FAMILIES)
def test_normals_point_the_way_the_faces_do(
    meshes: dict[tuple[str, int], ProceduralMesh], family: str
) -> None:
    mesh = meshes[family, 0]
    solid = as_trimesh(mesh)
    faces = mesh.normals[mesh.faces].mean(1)
    agreement = (faces * solid.face_normals).sum(1)[solid.area_faces > 0]
    assert (agreement > 0).mean() > 0.95  # deep relief folds a few faces


def test_the_same_family_and_seed_give_the_same_object(
    meshes: dict[tuple[str, int], ProceduralMesh],
) -> None:
    again = procedural_mesh("animal", 1)
    for name in ("vertices", "faces", "colors", "roughness"):
        assert np.array_equal(getattr(again, name), getattr(meshes["animal", 1], name))


def test_no_two_objects_are_alike(meshes: dict[tuple[str, int], ProceduralMesh]) -> None:
    shapes = {mesh.vertices.tobytes() for mesh in meshes.values()}
    paints = {mesh.colors.tobytes() for mesh in meshes.values()}
    assert len(shapes) == len(paints) == len(OBJECTS)


def test_surfaces_have_concavities(meshes: dict[tuple[str, int], ProceduralMesh]) -> None:
    """Over the families together: much of the convex hull is not filled."""
    filled = [
        as_trimesh(mesh).volume / as_trimesh(mesh).convex_hull.volume for mesh in meshes.values()
    ]
    assert np.median(filled) < 0.75
    assert max(filled) < 1.0


def test_a_ply_gives_back_places_faces_and_colors(
    meshes: dict[tuple[str, int], ProceduralMesh], tmp_path: Path
) -> None:
    mesh = meshes["blob", 0]
    write_ply(mesh, tmp_path / "blob.ply")
    read = trimesh.load_mesh(tmp_path / "blob.ply", process=False)
    assert np.array_equal(read.vertices, mesh.vertices.astype(float))
    assert np.array_equal(read.faces, mesh.faces)
    assert np.array_equal(read.vertex_normals.shape, mesh.normals.shape)
    encoded = read.visual.vertex_colors[:, :3].astype(np.float32) / 255
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    assert np.abs(linear - mesh.colors).max() < 0.006
    assert list(tmp_path.iterdir()) == [tmp_path / "blob.ply"]


def test_an_asset_is_made_when_it_is_needed_and_kept(tmp_path: Path) -> None:
    asset = procedural_asset("stone", 4, tmp_path)
    assert asset.uid == "procedural/stone/000004"
    assert not asset.path.exists()
    path = materialize(asset)
    before = path.stat().st_mtime_ns
    assert materialize(asset) == asset.path == path
    assert path.stat().st_mtime_ns == before
    assert materialize(asset, tmp_path / "else").read_bytes() == path.read_bytes()


def test_a_measured_asset_knows_its_mesh(
    meshes: dict[tuple[str, int], ProceduralMesh], tmp_path: Path
) -> None:
    asset = measured(procedural_asset("stone", 0, tmp_path))
    assert asset.triangles == len(meshes["stone", 0].faces)
    assert asset.title == meshes["stone", 0].title
    assert asset.tags[:2] == ("procedural", "stone")
    assert len(asset.sha256) == 64
    assert not asset.path.exists()


def test_objects_are_spread_over_the_families(tmp_path: Path) -> None:
    assets = list(procedural_assets(2 * len(FAMILIES) + 1, tmp_path))
    assert len({asset.uid for asset in assets}) == 2 * len(FAMILIES) + 1
    assert {asset.uid.split("/")[1] for asset in assets} == set(FAMILIES)
    assert {a.uid.split("/")[1] for a in procedural_assets(3, tmp_path, family="food")} == {"food"}


def test_unknown_families_and_uids_are_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="'dragon' is no procedural family: choose of blob"):
        procedural_mesh("dragon", 0)
    with pytest.raises(DatasetError, match="not the uid of a procedural object"):
        materialize(replace(procedural_asset("blob", 0, tmp_path), uid="procedural/../x"))

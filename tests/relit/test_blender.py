"""What Blender really renders; skipped without bpy here or in $LASAGNA_BLENDER_PYTHON."""

import importlib.util
import math
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from lasagna_relight.light_direction import NAMED_DIRECTIONS
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.blender_process import BlenderProcess, RenderConfig
from lasagna_relight.relit.procedural import procedural_assets, procedural_mesh, write_ply
from lasagna_relight.relit.sampling import extra_directions
from lasagna_relight.relit.scene import Camera, Environment, Glaze, Ground, SceneSpec, Tweak
from lasagna_relight.relit.visibility import visibility_probe
from lasagna_relight.seeding import generator

PYTHON = os.environ.get("LASAGNA_BLENDER_PYTHON", sys.executable)
pytestmark = [
    pytest.mark.render,
    pytest.mark.skipif(
        sys.executable == PYTHON and importlib.util.find_spec("bpy") is None,
        reason="needs the render extra",
    ),
]

LIGHTS = tuple(d.vector for d in NAMED_DIRECTIONS.values()) + extra_directions(4, generator(0))
WHITE = Glaze(albedo=(1, 1, 1), roughness=1)


def write_sphere(path: Path, rows: int = 32, columns: int = 64) -> Path:
    ring = [
        (math.pi * i / rows, math.tau * j / columns)
        for i in range(rows + 1)
        for j in range(columns)
    ]
    points = [(math.sin(a) * math.cos(b), math.cos(a), math.sin(a) * math.sin(b)) for a, b in ring]
    lines = ["{} {:.6f} {:.6f} {:.6f}".format(kind, *p) for kind in ("v", "vn") for p in points]
    for i in range(rows):
        for j in range(columns):
            right = (j + 1) % columns
            quad = (i * columns + j, i * columns + right)
            below = ((i + 1) * columns + right, (i + 1) * columns + j)
            lines.append("f " + " ".join(f"{k + 1}//{k + 1}" for k in (*quad, *below)))
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def blender(tmp_path_factory: pytest.TempPathFactory):
    process = BlenderProcess(
        RenderConfig(python=PYTHON), tmp_path_factory.mktemp("blender") / "blender.log"
    )
    yield process
    process.close()


def render(blender: BlenderProcess, asset: Path, **changes: object) -> dict[str, np.ndarray]:
    fields = {
        "asset": str(asset),
        "camera": Camera(azimuth_deg=70, elevation_deg=25, fill=0.75),
        "lights": LIGHTS,
        "samples": 64,
    }
    return render_json(
        blender, asset, SceneSpec.model_validate({**fields, **changes}).model_dump(mode="json")
    )


def render_json(blender: BlenderProcess, asset: Path, scene: dict) -> dict[str, np.ndarray]:
    output = asset.with_suffix(".npz")
    reply = blender.ask({"scene": scene, "output": str(output)})
    assert reply["ok"], reply
    with np.load(output) as arrays:
        return {
            name: arrays[name].astype(np.float32 if name != "alpha" else np.uint8)
            for name in arrays.files
        }


@pytest.fixture(scope="module")
def sphere(blender: BlenderProcess, tmp_path_factory: pytest.TempPathFactory):
    path = write_sphere(tmp_path_factory.mktemp("sphere") / "sphere.obj")
    return render(blender, path, glaze=WHITE)


def write_box(path: Path, width: float, height: float, depth: float) -> Path:
    """A box with its height along y, as OBJ files have it."""
    lines = [f"v {x * width} {y * height} {z * depth}" for x, y, z in BOX_CORNERS]
    lines += ["f " + " ".join(str(corner + 1) for corner in side) for side in BOX_SIDES]
    path.write_text("\n".join(lines) + "\n")
    return path


BOX_CORNERS = [(x, y, z) for x in (0, 1) for y in (0, 1) for z in (0, 1)]
BOX_SIDES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]


def write_usdz_box(path: Path, width: float, height: float, depth: float) -> Path:
    """The same box as a USDZ package, of a red material, scaled by its root."""
    from pxr import Gf, Sdf, Usd, UsdGeom, UsdShade, UsdUtils

    stage = Usd.Stage.CreateNew(str(path.with_suffix(".usda")))
    UsdGeom.SetStageUpAxis(stage, UsdGeom.Tokens.y)
    root = UsdGeom.Xform.Define(stage, "/box")
    stage.SetDefaultPrim(root.GetPrim())
    UsdGeom.XformCommonAPI(root).SetScale((width, height, depth))
    mesh = UsdGeom.Mesh.Define(stage, "/box/mesh")
    mesh.CreatePointsAttr([tuple(map(float, corner)) for corner in BOX_CORNERS])
    mesh.CreateFaceVertexCountsAttr([4] * 6)
    mesh.CreateFaceVertexIndicesAttr([corner for side in BOX_SIDES for corner in side])
    mesh.CreateSubdivisionSchemeAttr("none")
    red = UsdShade.Material.Define(stage, "/box/red")
    shader = UsdShade.Shader.Define(stage, "/box/red/surface")
    shader.CreateIdAttr("UsdPreviewSurface")
    color = shader.CreateInput("diffuseColor", Sdf.ValueTypeNames.Color3f)
    color.Set(Gf.Vec3f(0.8, 0.1, 0.1))
    red.CreateSurfaceOutput().ConnectToSource(shader.ConnectableAPI(), "surface")
    UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(red)
    stage.GetRootLayer().Save()
    assert UsdUtils.CreateNewUsdzPackage(str(path.with_suffix(".usda")), str(path))
    return path


def sphere_normals(size: int, radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Normals (3, R, R) of a sphere seen from afar, from picture coordinates alone."""
    rows, columns = np.mgrid[:size, :size]
    x = (columns + 0.5 - size / 2) / radius
    y = (size / 2 - rows - 0.5) / radius
    inside = x * x + y * y < 1
    return np.stack([x, y, np.sqrt(np.clip(1 - x * x - y * y, 0, None))]), inside


def test_light_comes_from_where_the_scene_says(sphere: dict[str, np.ndarray]) -> None:
    normals = sphere["normals"]
    for picture, direction in zip(sphere["lights"], sphere["directions"], strict=True):
        shading = picture.mean(0)
        lit = (sphere["alpha"][0] == 255) & (shading > 0.1)
        fitted, *_ = np.linalg.lstsq(normals[:, lit].T, shading[lit], rcond=None)
        length = np.linalg.norm(fitted)
        assert math.degrees(math.acos(min(1.0, fitted @ direction / length))) < 1
        assert length == pytest.approx(1, abs=0.1)  # rim lights: 1.075, by the gloss there


def test_normals_are_right_up_and_towards_the_camera(sphere: dict[str, np.ndarray]) -> None:
    expected, inside = sphere_normals(64, radius=0.75 * 32)
    inside &= sphere["alpha"][0] == 255
    error = np.degrees(np.arccos(np.clip((sphere["normals"] * expected).sum(0)[inside], -1, 1)))
    assert np.median(error) < 12  # perspective: the sphere's rim shows less than half of it
    assert np.corrcoef(sphere["normals"][0][inside], expected[0][inside])[0, 1] > 0.99
    assert np.corrcoef(sphere["normals"][1][inside], expected[1][inside])[0, 1] > 0.99


def test_a_light_from_the_left_is_brighter_on_the_left_of_the_picture(
    sphere: dict[str, np.ndarray],
) -> None:
    names = list(NAMED_DIRECTIONS)
    left = sphere["lights"][names.index("left")].mean(0)
    top = sphere["lights"][names.index("top")].mean(0)
    assert left[:, :32].sum() > 2 * left[:, 32:].sum()
    assert top[:32].sum() > 2 * top[32:].sum()


def test_white_has_value_one_in_front_light_and_in_ambient_light(
    sphere: dict[str, np.ndarray],
) -> None:
    front = sphere["lights"][list(NAMED_DIRECTIONS).index("front")]
    assert front[:, 31:33, 31:33].mean() == pytest.approx(1, abs=0.02)
    assert sphere["ambient"][:, 24:40, 24:40].mean() == pytest.approx(1, abs=0.02)


def test_the_object_fills_the_share_that_the_camera_asks_for(sphere: dict[str, np.ndarray]) -> None:
    columns = np.flatnonzero(sphere["alpha"][0].max(0) > 127)
    rows = np.flatnonzero(sphere["alpha"][0].max(1) > 127)
    for extent in (columns, rows):
        assert (extent[-1] - extent[0] + 1) / 64 == pytest.approx(0.75, abs=0.04)
        assert (extent[-1] + extent[0] + 1) / 2 == pytest.approx(32, abs=1)


def test_outside_the_object_everything_is_zero(sphere: dict[str, np.ndarray]) -> None:
    outside = sphere["alpha"][0] == 0
    assert outside.any()
    for name in ("lights", "ambient", "albedo", "normals"):
        assert not sphere[name][..., outside].any()


def test_the_same_scene_gives_the_same_pixels(blender: BlenderProcess, tmp_path: Path) -> None:
    path = write_sphere(tmp_path / "sphere.obj", rows=8, columns=12)
    first, second = (render(blender, path, samples=4, resolution=16) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)


def shifted(face: str, count: int) -> list[int]:
    return [int(corner.partition("/")[0]) + count for corner in face.split()[:0:-1]]


def test_doubled_faces_let_no_light_through(blender: BlenderProcess, tmp_path: Path) -> None:
    path = write_sphere(tmp_path / "doubled.obj")
    lines = path.read_text().splitlines()
    vertices = [line for line in lines if line.startswith("v ")]
    inward = [f"vn {-float(x)} {-float(y)} {-float(z)}" for _, x, y, z in map(str.split, vertices)]
    reversed_faces = [
        " ".join(["f", *(f"{k}//{k}" for k in shifted(line, len(vertices)))])
        for line in lines
        if line.startswith("f ")
    ]
    path.write_text("\n".join([*lines, *vertices, *inward, *reversed_faces]) + "\n")
    view = render(blender, path, glaze=WHITE, resolution=32, samples=32)
    for name in ("behind left", "behind right", "behind top"):
        index = list(NAMED_DIRECTIONS).index(name)
        facing = np.einsum("c,chw->hw", view["directions"][index], view["normals"])
        dark = (view["alpha"][0] == 255) & (facing < -0.2)
        assert dark.sum() > 50
        assert view["lights"][index][:, dark].max() == 0


@pytest.mark.parametrize("content", ["", "v 0 0 0\nv 1 0 0\n", "nonsense"])
def test_a_mesh_without_faces_is_an_error_and_no_file(
    blender: BlenderProcess, tmp_path: Path, content: str
) -> None:
    (tmp_path / "empty.obj").write_text(content)
    scene = SceneSpec(
        asset=str(tmp_path / "empty.obj"),
        camera=Camera(azimuth_deg=0, elevation_deg=0),
        lights=LIGHTS,
    )
    request = {"scene": scene.model_dump(mode="json"), "output": str(tmp_path / "out.npz")}
    assert "no faces" in blender.ask(request)["error"]
    assert not list(tmp_path.glob("*out*"))


@pytest.fixture
def small_disk(tmp_path: Path):
    """A file system of 64 kB, where one may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(mount).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_told_as_such_and_leaves_no_file(
    blender: BlenderProcess, tmp_path: Path, small_disk: Path
) -> None:
    asset = write_sphere(tmp_path / "sphere.obj", rows=8, columns=12)
    scene = SceneSpec(
        asset=str(asset), camera=Camera(azimuth_deg=0, elevation_deg=0), lights=LIGHTS, samples=16
    ).model_dump(mode="json")
    reply = blender.ask({"scene": scene, "output": str(small_disk / "view.npz")})
    assert not reply["ok"]
    assert reply["disk_full"]
    assert "No space left" in reply["error"]
    assert not list(small_disk.iterdir())


PLAIN_WORKER = Path(__file__).parents[2] / "benchmarks" / "relit_plain_worker.py"
ALL_ON = """
import importlib.util

spec = importlib.util.spec_from_file_location("plain", {plain!r})
plain = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plain)

def all_on(spec, directions, exr):
    for direction in directions:
        plain.add_light(spec, direction)
    plain.bpy.context.scene.cycles.samples = spec["samples"]
    plain.bpy.ops.render.render(write_still=True)
    return [plain.read_passes(exr)]

plain.one_by_one = all_on
plain.worker.render_scene = plain.plain_scene
plain.worker.main()
"""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory):
    """A worker that renders light after light with Cycles' own camera."""
    config = RenderConfig(python=PYTHON, worker=PLAIN_WORKER)
    process = BlenderProcess(config, tmp_path_factory.mktemp("plain") / "blender.log")
    yield process
    process.close()


@pytest.mark.parametrize("distance", [None, 3.0])
def test_a_view_is_what_cycles_renders_light_by_light_with_its_own_camera(
    blender: BlenderProcess, plain: BlenderProcess, tmp_path: Path, distance: float | None
) -> None:
    """Same place in the frame, same shadows, same bounces; low suns, a floor and a mirror too."""
    asset = write_box(tmp_path / "box.obj", 1, 0.7, 0.4)
    low = tuple((math.sin(a), 0.0, math.cos(a)) for a in np.linspace(0, math.tau, 12))
    changes = {
        "lights": LIGHTS + low,
        "camera": Camera(azimuth_deg=30, elevation_deg=0, fill=0.9),
        "glaze": Glaze(albedo=(0.8, 0.5, 0.3), roughness=0.2),
        "ground": Ground(albedo=(0.6, 0.6, 0.6)),
        "pose_deg": (0.0, 35.0, 0.0),
        "light_distance": distance,
        "samples": 32 * (len(LIGHTS) + len(low)),
    }
    ours, theirs = (render(process, asset, **changes) for process in (blender, plain))
    assert np.abs(ours["alpha"] / 255.0 - theirs["alpha"] / 255.0).mean() < 0.005
    apart = ~binary_dilation(theirs["alpha"][0] > 0, iterations=2)
    assert not ours["alpha"][0][apart].any(), "no other copy is seen"
    inside = (ours["alpha"][0] == 255) & (theirs["alpha"][0] == 255)
    for name in ("albedo", "normals", "ambient"):
        difference = (ours[name] - theirs[name])[:, inside]
        assert abs(difference.mean()) < 0.01, name
        assert difference.std() < 0.06, name
    for index, (a, b) in enumerate(zip(ours["lights"], theirs["lights"], strict=True)):
        mean_a, mean_b = (np.minimum(x, 4)[:, inside].mean() for x in (a, b))
        assert abs(mean_a - mean_b) < 0.02 * mean_b + 0.002, index


def test_a_large_view_takes_several_renders_and_shows_the_same(
    blender: BlenderProcess, tmp_path: Path
) -> None:
    asset = write_box(tmp_path / "box.obj", 1, 0.7, 0.4)
    small = render(blender, asset, glaze=WHITE, resolution=64, samples=256)
    large = render(blender, asset, glaze=WHITE, resolution=512, samples=16)
    inside = small["alpha"][0] == 255
    shrunk = large["lights"].reshape(16, 3, 64, 8, 64, 8).mean((3, 5))
    difference = np.abs(shrunk - small["lights"])[..., inside].mean((1, 2))
    assert difference.max() < 0.03


def test_copies_of_the_object_do_not_stand_in_the_light_of_one_another(
    blender: BlenderProcess, tmp_path: Path
) -> None:
    """Sixteen low suns from one side: half of the copies stand behind another one."""
    asset = write_sphere(tmp_path / "sphere.obj")
    level = Camera(azimuth_deg=0, elevation_deg=0)
    view = render(
        blender,
        asset,
        glaze=WHITE,
        camera=level,
        lights=[(1.0, 0.0, 0.0)] * 16,
        softness_deg=0.5,
        samples=512,
    )
    means = view["lights"].mean((1, 2, 3))
    assert means.min() > 0.95 * means.max()
    assert not view["lights"][..., : view["lights"].shape[-1] // 2 - 4].any(), "or shine on it"


@pytest.mark.parametrize("distance", [None, 3.0])
def test_lights_add_up(blender: BlenderProcess, tmp_path: Path, distance: float | None) -> None:
    """The sum of the single lights is what Blender renders while all of them are on."""
    asset = write_sphere(tmp_path / "sphere.obj")
    changes = {"glaze": WHITE, "samples": 256, "light_distance": distance}
    each = render(blender, asset, **changes)
    (tmp_path / "all_on.py").write_text(ALL_ON.format(plain=str(PLAIN_WORKER)))
    config = RenderConfig(python=PYTHON, worker=tmp_path / "all_on.py")
    other = BlenderProcess(config, tmp_path / "blender.log")
    together = render(other, asset, **changes)["lights"]
    other.close()
    assert together.shape[0] == 1
    inside = each["alpha"][0] == 255
    difference = (each["lights"].sum(0) - together[0])[:, inside]
    level = together[0][:, inside].mean()
    assert abs(difference.mean()) < 0.005 * level
    assert difference.std() < 0.05 * level


def test_a_usdz_is_rendered_as_the_same_model_in_another_format(
    blender: BlenderProcess, tmp_path: Path
) -> None:
    pytest.importorskip("pxr")
    box = (1.0, 2.0, 3.0)
    theirs = render(blender, write_usdz_box(tmp_path / "usd.usdz", *box), samples=16)
    ours = render(blender, write_box(tmp_path / "obj.obj", *box), samples=16)
    differing = np.abs(theirs["alpha"].astype(float) - ours["alpha"]) > 64
    assert differing.mean() < 0.01, "upright, and of the same shape"
    inside = (theirs["alpha"][0] == 255) & (ours["alpha"][0] == 255)
    red = np.median(theirs["albedo"][:, inside], axis=1)
    assert np.allclose(red, [0.8, 0.1, 0.1], rtol=0.05), "of its own material"
    assert theirs["lights"][list(NAMED_DIRECTIONS).index("front")].mean() > 0.01


def test_the_probe_tells_what_can_be_seen(tmp_path: Path) -> None:
    """A ball and a procedural object can; a needle, a file without faces and blackness cannot."""
    (tmp_path / "empty.obj").write_text("v 0 0 0\n")
    black = tmp_path / "black.obj"
    write_box(black, 1, 1, 1)
    black.write_text(f"mtllib black.mtl\nusemtl black\n{black.read_text()}")
    (tmp_path / "black.mtl").write_text("newmtl black\nKd 0 0 0\nKs 0 0 0\nNs 0\nillum 1\n")
    models = {
        "ball": write_sphere(tmp_path / "ball.obj", rows=8, columns=12),
        "needle": write_box(tmp_path / "needle.obj", 0.01, 1, 0.01),
        "empty": tmp_path / "empty.obj",
        "black": black,
    }
    with visibility_probe(RenderConfig(python=PYTHON)) as look:
        seen = {
            name: look(
                Asset(
                    uid=name, title=name, source="test", licence="CC0", attribution="me", path=path
                )
            )
            for name, path in models.items()
        }  # fmt: skip
        made = next(procedural_assets(1, tmp_path))
        assert look(made) == ""
        assert not made.path.exists(), "made for the look alone"
    assert seen["ball"] == ""
    assert "nothing visible: it covers" in seen["needle"]
    assert "the probe render failed" in seen["empty"]
    assert "no faces" in seen["empty"]
    assert seen["black"] == "nothing visible: it is black under every light"


def test_memory_does_not_grow_from_view_to_view(blender: BlenderProcess, tmp_path: Path) -> None:
    """Cycles keeps the object for the lights of a view, and for no longer."""
    asset = write_sphere(tmp_path / "sphere.obj", rows=120, columns=240)

    def resident() -> int:
        assert blender._process is not None
        pages = Path(f"/proc/{blender._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    few = {"samples": 16, "resolution": 16}
    render(blender, asset, **few)
    render(blender, asset, **few)
    before = resident()
    for _ in range(6):
        render(blender, asset, **few)
    assert resident() - before < 40 * 2**20


def test_a_near_light_is_as_bright_at_the_center_and_falls_off(
    blender: BlenderProcess, tmp_path: Path
) -> None:
    asset = write_sphere(tmp_path / "sphere.obj")
    front = list(NAMED_DIRECTIONS).index("front")
    near = render(blender, asset, glaze=WHITE, light_distance=4.0)["lights"][front]
    # the nearest point is at distance 3 where irradiance was set for distance 4
    assert near[:, 31:33, 31:33].mean() == pytest.approx((4 / 3) ** 2, rel=0.05)


def test_the_ground_bounces_light_up_and_shades_nothing(
    blender: BlenderProcess, tmp_path: Path
) -> None:
    asset = write_sphere(tmp_path / "sphere.obj")
    level = {"camera": Camera(azimuth_deg=70, elevation_deg=0, fill=0.75), "glaze": WHITE}
    floating = render(blender, asset, **level)
    standing = render(blender, asset, **level, ground=Ground(albedo=(1, 0, 0)))
    names = list(NAMED_DIRECTIONS)
    added = standing["lights"][names.index("top")] - floating["lights"][names.index("top")]
    assert added[0, 40:54, 28:36].mean() > 0.1, "the underside is lit from the floor"
    assert added[0].mean() > 5 * abs(added[2].mean()), "in the floor's color"
    below = names.index("bottom")
    assert standing["lights"][below].mean() > 0.9 * floating["lights"][below].mean()
    assert (standing["alpha"] == floating["alpha"]).all()


def test_the_surroundings_go_from_below_to_above(blender: BlenderProcess, tmp_path: Path) -> None:
    asset = write_sphere(tmp_path / "sphere.obj")
    sky = Environment(above=(2, 2, 2), below=(0, 0, 0))
    ambient = render(
        blender, asset, camera=Camera(azimuth_deg=0, elevation_deg=0), glaze=WHITE, environment=sky
    )["ambient"]
    assert ambient[:, 14:20, 30:34].mean() > 2 * ambient[:, 44:50, 30:34].mean()
    assert ambient[:, 30:34, 30:34].mean() == pytest.approx(1, abs=0.05)


def test_a_tweak_changes_the_materials_and_nothing_else(
    blender: BlenderProcess, tmp_path: Path
) -> None:
    asset = write_sphere(tmp_path / "sphere.obj")
    plain = render(blender, asset)
    darker = render(blender, asset, tweak=Tweak(value=0.5))
    inside = plain["alpha"][0] == 255
    ratio = darker["albedo"][:, inside] / plain["albedo"][:, inside]
    assert ratio.mean() == pytest.approx(0.5, abs=0.02)
    assert (plain["alpha"] == darker["alpha"]).all()


@pytest.mark.skipif(
    subprocess.run([PYTHON, "-c", "import pyoidn"], capture_output=True, check=False).returncode
    != 0,
    reason="needs pyoidn beside bpy",
)
def test_denoising_comes_nearer_to_the_truth(
    blender: BlenderProcess, tmp_path: Path, sphere: dict[str, np.ndarray]
) -> None:
    asset = write_sphere(tmp_path / "sphere.obj")
    truth = render(blender, asset, glaze=WHITE, samples=1024, seed=1)["lights"]
    noisy = render(blender, asset, glaze=WHITE, samples=8)["lights"]
    clean = render(blender, asset, glaze=WHITE, samples=8, denoise=True)["lights"]
    assert np.square(clean - truth).mean() < 0.5 * np.square(noisy - truth).mean()


def test_vertex_colors_and_roughness_of_a_ply_are_shaded(
    blender: BlenderProcess, tmp_path: Path
) -> None:
    """Its bytes are sRGB, so the albedo is their linear value."""
    mesh = procedural_mesh("stone", 0)
    orange = np.tile(np.float32([0.6, 0.2, 0.05]), (len(mesh.vertices), 1))
    dull = replace(mesh, colors=orange, roughness=np.ones_like(mesh.roughness))
    glossy = replace(dull, roughness=np.full_like(mesh.roughness, 0.1))
    pictures = []
    for name, painted in (("dull", dull), ("glossy", glossy)):
        write_ply(painted, tmp_path / f"{name}.ply")
        pictures.append(render(blender, tmp_path / f"{name}.ply"))
    inside = pictures[0]["alpha"][0] == 255
    albedo = np.median(pictures[0]["albedo"][:, inside].astype(float), axis=1)
    assert np.allclose(albedo, [0.6, 0.2, 0.05], rtol=0.04)
    bright = [float(np.percentile(view["lights"].astype(float), 99.97)) for view in pictures]
    assert bright[1] > 1.5 * bright[0], "highlights"

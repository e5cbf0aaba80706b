"""The studio's server: what pages get, what they are refused, and in what words."""

from __future__ import annotations

import base64
import io
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from fastapi.testclient import TestClient
from PIL import Image
from psd_tools import PSDImage

from lasagna_relight.apps.studio.app import build_app
from lasagna_relight.apps.studio.limits import StudioLimits
from lasagna_relight.apps.studio.rehearsal import SIDE, RehearsalColorizer, RehearsalRelighter
from lasagna_relight.apps.studio.words import in_page_words, shown_name
from lasagna_relight.errors import ImageError
from lasagna_relight.relighting.basis import basis_weights

LIMITS = StudioLimits(
    upload_bytes=2 * 2**20,
    request_bytes=2**20,
    picture_pixels=2_000_000,
    preview_side=512,
    sessions=4,
)
LEFT = {"id": "a", "azimuth": -55.0, "elevation": 0.0, "softness": 0.2, "color": "#ffd2a1"}
BEHIND = {"id": "b", "azimuth": 125.0, "elevation": 0.0, "color": "#6b9bff", "intensity": 0.7}
SCENE = {"lights": [LEFT, BEHIND], "fill": 0.2}


def picture_bytes(width: int = 96, height: int = 64, kind: str = "PNG", **options) -> bytes:
    """A colorful picture, smooth with some noise."""
    rows, columns = np.mgrid[:height, :width]
    noise = np.random.default_rng(0).integers(0, 24, (height, width, 3))
    base = np.stack([columns * 200 / width + 20, rows * 180 / height + 30, 120 + 0 * rows], -1)
    image = Image.fromarray((base + noise).clip(0, 255).astype(np.uint8))
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def fake() -> RehearsalRelighter:
    return RehearsalRelighter()


@pytest.fixture
def client(fake: RehearsalRelighter) -> Iterator[TestClient]:
    app = build_app(fake, colorizer=RehearsalColorizer(), limits=LIMITS)
    with TestClient(app, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def opened(client: TestClient) -> dict:
    answer = client.post("/api/sessions", content=picture_bytes(), headers={"x-name": "a.png"})
    return looked_at(client, answer.json())


def looked_at(client: TestClient, opened: dict) -> dict:
    """The picture under its exact mask."""
    while not opened.get("final"):
        url = f"/api/sessions/{opened['id']}/look?after={opened['revision']}"
        opened = client.get(url).json()
    return opened


def events(client: TestClient, session: str, job: str, **headers: str) -> list[dict]:
    told = client.get(f"/api/sessions/{session}/jobs/{job}", headers=headers).text
    return [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]


def pixels_of(content: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def test_an_opened_picture_comes_with_mask_preview_and_numbers(client, opened) -> None:
    assert (opened["name"], opened["width"], opened["height"]) == ("a.png", 96, 64)
    base = f"/api/sessions/{opened['id']}"
    preview = pixels_of(client.get(f"{base}/preview.png").content)
    assert np.array_equal(preview, pixels_of(picture_bytes()))
    assert pixels_of(client.get(f"{base}/masks/{opened['revision']}/mask.png").content).shape == (
        64,
        96,
        3,
    )
    content = client.get(f"{base}/masks/{opened['revision']}/numbers").content
    cells = SIDE * SIDE
    halves = 34 * cells
    linear = np.frombuffer(content, dtype="<f2", count=halves)
    maps = np.frombuffer(content, dtype="<f4", offset=2 * halves)
    assert maps.size == 3 * cells
    assert np.isfinite(linear).all()
    assert linear.min() > 0
    assert np.isfinite(maps).all()
    assert client.get(base).json() == opened


def test_a_first_light_comes_before_the_exact_one(client, fake) -> None:
    fake.seconds_to_look = 0.3
    answer = client.post("/api/sessions", content=picture_bytes(1024, 512)).json()
    assert answer["revision"] == 0
    base = f"/api/sessions/{answer['id']}"
    assert pixels_of(client.get(f"{base}/preview.png").content).shape == (256, 512, 3)
    first = client.get(f"{base}/look?after=0").json()
    masks = [pixels_of(client.get(f"{base}/masks/1/mask.png").content)]
    early = client.post(f"{base}/export/png", json=SCENE)  # waits for the exact mask
    exact = client.get(f"{base}/look?after=1").json()
    masks.append(pixels_of(client.get(f"{base}/masks/2/mask.png").content))
    assert (first["revision"], first["final"], exact["revision"], exact["final"]) == (1, 0, 2, 1)
    assert masks[0].mean() > 1.2 * masks[1].mean()
    assert masks[0].shape == masks[1].shape
    # a box of the small preview comes in pixels of the picture
    assert first["box"][2] == pytest.approx(exact["box"][2] * 0.4 / 0.35, rel=0.02)
    assert early.content == client.post(f"{base}/export/png", json=SCENE).content


def test_a_picture_that_cannot_be_lit_says_so_when_it_is_looked_at(client) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (32, 32)).save(buffer, "PNG")
    opened = client.post("/api/sessions", content=buffer.getvalue()).json()
    base = f"/api/sessions/{opened['id']}"
    for answer in (
        client.get(f"{base}/look?after=0"),
        client.post(f"{base}/mix", json=SCENE),
        client.post(f"{base}/export/png", json=SCENE),
    ):
        assert answer.status_code == 422
        assert "transparent all over" in answer.json()["detail"]


def test_a_picture_that_is_closed_while_it_is_looked_at_leaves_nothing(client, fake) -> None:
    fake.seconds_to_look = 0.2
    opened = client.post("/api/sessions", content=picture_bytes()).json()
    client.delete(f"/api/sessions/{opened['id']}")
    assert client.get(f"/api/sessions/{opened['id']}/look?after=0").status_code == 410
    looked_at(client, client.post("/api/sessions", content=picture_bytes()).json())
    root = tempfile.gettempdir()
    assert list(Path(root).glob(f"lasagna-studio-*/{opened['id']}")) == []


def test_samples_open_like_any_picture(client) -> None:
    samples = client.get("/api/config").json()["samples"]
    assert len(samples) == 4
    for sample in samples:
        assert client.get(f"/api/samples/{sample['file']}").status_code == 200
        assert client.post(f"/api/samples/{sample['file']}/open").status_code == 200


def test_the_table_of_triangles_weighs_lights_as_the_package_does(client) -> None:
    table = client.get("/api/config").json()["basis"]
    inverses = torch.tensor(table["inverses"]).view(-1, 3, 3)
    corners = torch.tensor(table["corners"]).view(-1, 3)
    vectors = torch.nn.functional.normalize(torch.randn(50, 3, generator=torch.Generator()), dim=1)
    for vector, expected in zip(vectors, basis_weights(vectors), strict=True):
        best = (inverses @ vector).amin(1).argmax()
        weights = torch.zeros(table["size"])
        weights[corners[best]] = (inverses[best] @ vector).clamp(min=0)
        torch.testing.assert_close(weights, expected)


@pytest.mark.parametrize("file_format", ["png", "tiff", "jpeg", "psd", "ora", "npz"])
def test_every_format_leaves_as_a_download_and_leaves_nothing_behind(
    client, opened, file_format: str
) -> None:
    answer = client.post(f"/api/sessions/{opened['id']}/export/{file_format}", json=SCENE)
    assert answer.status_code == 200, answer.text
    assert "a.relit." in answer.headers["content-disposition"]
    assert len(answer.content) > 1000
    folders = list(Path(tempfile.gettempdir()).glob(f"lasagna-studio-*/{opened['id']}/export-*"))
    assert folders == []


def test_png_psd_and_the_servers_preview_agree(client, opened) -> None:
    base = f"/api/sessions/{opened['id']}"
    shown = pixels_of(client.post(f"{base}/mix", json=SCENE).content)
    psd = PSDImage.open(io.BytesIO(client.post(f"{base}/export/psd", json=SCENE).content))
    assert [layer.name for layer in psd][1:] == [
        f"{light}: {layer}"
        for light in ("Fill", "Light 1, left", "Light 2, behind right")
        for layer in ("Shading", "Lighting")
    ]
    flat = psd.composite(force=True)
    assert flat is not None
    assert np.abs(np.asarray(flat.convert("RGB")).astype(int) - shown).max() <= 1
    source = pixels_of(picture_bytes())
    assert np.abs(shown - source).max() > 20
    assert np.array_equal(shown[:2], source[:2])  # beyond the mask


def test_lights_in_words_come_back_as_numbers(client) -> None:
    light = client.post("/api/words", json={"words": "behind right, #88aaff, 0.4"}).json()
    assert (light["azimuth"], light["intensity"], light["color"]) == (125.0, 0.4, "#88aaff")
    refused = client.post("/api/words", json={"words": "a nice kitchen"})
    assert refused.status_code == 422
    assert "does not say where the light stands" in refused.json()["detail"]
    assert "--" not in refused.json()["detail"]


def test_a_painted_mask_takes_the_place_of_the_found_one(client, opened) -> None:
    base = f"/api/sessions/{opened['id']}"
    left_half = np.zeros((64, 96), np.uint8)
    left_half[:, :48] = 255
    buffer = io.BytesIO()
    Image.fromarray(left_half).save(buffer, "PNG")
    described = client.post(f"{base}/mask/painted", content=buffer.getvalue()).json()
    assert described["revision"] == opened["revision"] + 1
    shown = pixels_of(client.post(f"{base}/mix", json=SCENE).content)
    source = pixels_of(picture_bytes())
    assert np.array_equal(shown[:, 48:], source[:, 48:])
    assert not np.array_equal(shown[:, :48], source[:, :48])
    whole = client.post(f"{base}/mask/whole").json()
    assert "whole picture" in whole["note"]
    assert client.post(f"{base}/mask/auto").json()["mask"] == "u2netp"


def test_an_empty_mask_and_one_of_another_shape_are_refused(client, opened) -> None:
    for size, words in (((96, 64), "selects nothing"), ((64, 64), "another shape")):
        buffer = io.BytesIO()
        Image.new("L", size, 0 if size[0] == 96 else 255).save(buffer, "PNG")
        url = f"/api/sessions/{opened['id']}/mask/painted"
        answer = client.post(url, content=buffer.getvalue())
        assert answer.status_code == 422
        assert words in answer.json()["detail"]


def test_a_refinement_streams_steps_maps_and_its_end(client, opened, fake) -> None:
    asked = {"azimuth": -55, "elevation": 0, "recipe": "target"}
    job = client.post(f"/api/sessions/{opened['id']}/refine", json=asked).json()["job"]
    told = events(client, opened["id"], job)
    steps = [event for event in told if event["kind"] == "step"]
    assert [step["index"] for step in steps] == list(range(fake.steps + 1))
    assert len(base64.b64decode(steps[-1]["map"])) == 4 * SIDE * SIDE
    assert [event["kind"] for event in told[-2:]] == ["done", "end"]
    plain = client.post(f"/api/sessions/{opened['id']}/mix", json={"lights": [LEFT]}).content
    refined = {"lights": [{**LEFT, "refined": job}]}
    assert client.post(f"/api/sessions/{opened['id']}/mix", json=refined).content != plain


def test_a_page_that_lost_its_connection_goes_on_where_it_was(client, opened) -> None:
    asked = {"azimuth": 0, "elevation": 0, "recipe": "target"}
    job = client.post(f"/api/sessions/{opened['id']}/refine", json=asked).json()["job"]
    whole = events(client, opened["id"], job)
    rest = events(client, opened["id"], job, **{"last-event-id": "2"})
    assert rest == whole[3:]


def test_a_cancelled_refinement_ends_before_its_steps_do(client, opened, fake) -> None:
    fake.seconds, fake.steps = 0.05, 100
    asked = {"azimuth": 0, "elevation": 0, "recipe": "sds"}
    base = f"/api/sessions/{opened['id']}"
    job = client.post(f"{base}/refine", json=asked).json()["job"]
    assert client.delete(f"{base}/jobs/{job}").status_code == 204
    told = events(client, opened["id"], job)
    assert [event["kind"] for event in told[-2:]] == ["cancelled", "end"]
    assert len(told) < 90


def test_two_refinements_of_one_page_wait_for_each_other(client, opened, fake) -> None:
    fake.seconds = 0.02
    asked = {"azimuth": 0, "elevation": 0, "recipe": "target"}
    url = f"/api/sessions/{opened['id']}/refine"
    first, second = (client.post(url, json=asked).json() for _ in range(2))
    assert (first["waiting"], second["waiting"]) == (0, 1)
    for job in (second["job"], first["job"]):
        assert events(client, opened["id"], job)[-2]["kind"] == "done"


def test_a_solve_that_diverges_is_told_and_the_queue_goes_on(client, opened, fake) -> None:
    fake.diverges = True
    asked = {"azimuth": 0, "elevation": 0, "recipe": "target"}
    job = client.post(f"/api/sessions/{opened['id']}/refine", json=asked).json()["job"]
    told = events(client, opened["id"], job)
    assert told[-2]["kind"] == "failed"
    assert "Move the light" in told[-2]["message"]
    assert client.post("/api/samples/coffee.jpg/open").status_code == 200


def test_a_saved_refinement_can_be_given_back(client, opened) -> None:
    base = f"/api/sessions/{opened['id']}"
    values = np.full(SIDE * SIDE, 0.5, "<f4")
    asked = {"name": "kept", "map": base64.b64encode(values.tobytes()).decode()}
    assert client.post(f"{base}/refinements", json=asked).status_code == 204
    scene = {"lights": [{**LEFT, "refined": "kept", "color": "#ffffff"}]}
    shown = pixels_of(client.post(f"{base}/mix", json=scene).content)[32, 48]
    expected = np.minimum(pixels_of(picture_bytes())[32, 48] * np.exp(0.5), 255)
    assert np.abs(shown - expected).max() <= 2
    held = client.get(f"{base}/refinements/kept").content
    assert np.array_equal(np.frombuffer(held, "<f4"), values)
    assert client.get(f"{base}/refinements/other").status_code == 404
    for wrong in ("", "####", base64.b64encode(b"1234").decode()):
        assert client.post(f"{base}/refinements", json={**asked, "map": wrong}).status_code == 422


def test_only_one_thread_ever_touches_the_networks(client, fake) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda _: client.post("/api/sessions", content=picture_bytes()).status_code, range(6)
        )
        assert set(answers) == {200}
    assert fake.threads == {"lasagna-studio"}


def test_pages_do_not_mix(client) -> None:
    one = client.post("/api/sessions", content=picture_bytes(96, 64)).json()
    two = client.post("/api/sessions", content=picture_bytes(40, 80)).json()
    assert one["id"] != two["id"]
    client.delete(f"/api/sessions/{one['id']}")
    assert client.get(f"/api/sessions/{two['id']}").json()["width"] == 40
    gone = client.get(f"/api/sessions/{one['id']}")
    assert gone.status_code == 410
    assert "no longer open" in gone.json()["detail"]


def test_files_go_with_their_session_and_with_the_server(
    fake: RehearsalRelighter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other studios run on the machine

    def folders() -> set[Path]:
        return set(Path(tempfile.gettempdir()).glob("lasagna-studio-*"))

    before = folders()
    with TestClient(build_app(fake, limits=LIMITS), base_url="http://localhost") as client:
        (root,) = folders() - before
        sessions = [client.post("/api/sessions", content=picture_bytes()).json() for _ in range(6)]
        assert len(list(root.glob("[!.]*"))) == LIMITS.sessions  # the longest at rest are closed
        client.delete(f"/api/sessions/{sessions[-1]['id']}")
        assert len(list(root.glob("[!.]*"))) == LIMITS.sessions - 1
        assert client.post("/api/sessions", content=b"no picture").status_code == 422
        assert len(list(root.glob("[!.]*"))) == LIMITS.sessions - 1
    assert folders() == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello", "is not a picture"),
        (picture_bytes()[:900], "cut short"),
        (picture_bytes(2000, 1500, "JPEG"), "takes 2. Scale it down"),
    ],
)
def test_what_is_no_picture_is_refused_in_the_pages_words(
    client, content: bytes, words: str
) -> None:
    answer = client.post("/api/sessions", content=content, headers={"x-name": "%C3%BC.jpg"})
    assert answer.status_code == 422
    detail = answer.json()["detail"]
    assert words in detail
    assert "“ü.jpg”" in detail
    assert "lasagna-studio" not in detail
    assert "--" not in detail


def test_exif_orientation_is_applied(client) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = picture_bytes(96, 64, "JPEG", exif=exif)
    opened = client.post("/api/sessions", content=content).json()
    assert (opened["width"], opened["height"]) == (64, 96)


def test_uploads_beyond_the_limit_are_refused_declared_or_not(client) -> None:
    big = bytes(LIMITS.upload_bytes + 1)
    assert client.post("/api/sessions", content=big).status_code == 413

    def dripping():
        for _ in range(3):
            yield bytes(2**20)

    answer = client.post("/api/sessions", content=dripping())
    assert answer.status_code == 413
    assert "larger than 2 MB" in answer.json()["detail"]
    assert client.post("/api/words", content=bytes(2**20 + 1)).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/api/samples/..%2F..%2Fpyproject.toml",
        "/../../../etc/passwd",
        "/api/sessions/..%2F../upload",
    ],
)
def test_no_path_reaches_the_file_system(client, path: str) -> None:
    assert client.get(path).status_code in (403, 404, 410)


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\a\\b.png", "a\r\nx: y.png", "", "/"])
def test_names_are_shown_and_never_used_as_paths(name: str) -> None:
    shown = shown_name(name)
    assert shown
    assert not set(shown) & set("/\\\r\n")


@pytest.mark.parametrize(
    "scene",
    [
        {"lights": "many"},
        {"fill": 9},
        {"lights": [LEFT] * 17},
        {"lights": [{**LEFT, "azimuth": "NaN"}]},
        {"lights": [{**LEFT, "color": "#000000"}]},
        {"upload": "/etc/passwd"},
    ],
)
def test_a_scene_that_cannot_be_is_refused(client, opened, scene: dict) -> None:
    answer = client.post(f"/api/sessions/{opened['id']}/export/png", json=scene)
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


def test_strangers_are_refused_without_a_token(client) -> None:
    assert client.get("/api/config", headers={"host": "evil.example"}).status_code == 403
    assert client.get("/api/config", headers={"host": "127.0.0.1:9"}).status_code == 200
    forged = {"origin": "https://evil.example"}
    assert client.post("/api/sessions", content=b"", headers=forged).status_code == 403
    answer = client.get("/api/config")
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_with_a_token_only_its_holder_comes_in(fake: RehearsalRelighter) -> None:
    app = build_app(fake, limits=LIMITS, token="correct horse battery")
    with TestClient(app, base_url="http://studio.example") as client:
        assert client.get("/api/config").status_code == 401
        assert client.get("/?token=wrong").status_code == 401
        welcome = client.get("/?token=correct+horse+battery", follow_redirects=False)
        assert welcome.status_code == 303
        assert "HttpOnly" in welcome.headers["set-cookie"]
        assert client.get("/api/config", headers={"cookie": "lasagna_token=no"}).status_code == 401


def test_an_environment_comes_back_as_weights(client, opened) -> None:
    buffer = io.BytesIO()
    sky = np.zeros((16, 32, 3), np.uint8)
    sky[6:10, 22:26] = 255
    Image.fromarray(sky).save(buffer, "PNG")
    url = f"/api/sessions/{opened['id']}/environment"
    answer = client.post(url, content=buffer.getvalue(), headers={"x-name": "sky.png"}).json()
    assert answer["name"] == "sky"
    assert np.shape(answer["weights"]) == (34, 3)
    scene = {"environment": {"name": "sky", "weights": answer["weights"]}}
    assert client.post(f"/api/sessions/{opened['id']}/mix", json=scene).status_code == 200
    broken = client.post(url, content=b"#?x", headers={"x-name": "sky.hdr"})
    assert broken.status_code == 422
    assert "sky.hdr" in broken.json()["detail"]


def test_ten_pages_at_once_are_all_served_in_turn(fake: RehearsalRelighter) -> None:
    fake.seconds, fake.steps = 0.02, 8
    limits = LIMITS.__class__(**{**LIMITS.__dict__, "sessions": 16})
    with TestClient(build_app(fake, limits=limits), base_url="http://localhost") as client:
        ends: list[tuple[int, float]] = []
        gate = threading.Barrier(10)

        def page(number: int) -> str:
            opened = client.post("/api/sessions", content=picture_bytes()).json()
            gate.wait(timeout=60)
            asked = {"azimuth": 10 * number, "elevation": 0, "recipe": "target"}
            job = client.post(f"/api/sessions/{opened['id']}/refine", json=asked).json()["job"]
            kind = events(client, opened["id"], job)[-2]["kind"]
            ends.append((number, time.monotonic()))
            return kind

        started = time.monotonic()
        with ThreadPoolExecutor(10) as pool:
            assert list(pool.map(page, range(10))) == ["done"] * 10
        times = sorted(at for _, at in ends)
        # in turn, not one after the other: the first does not end long before the last
        assert times[0] - started > (times[-1] - started) / 3


def test_errors_lose_their_paths_and_options() -> None:
    error = ImageError("/tmp/x/upload is empty: get a whole copy of it")
    words = in_page_words(error, path=Path("/tmp/x/upload"), name="a.jpg")
    assert words == "“a.jpg” is empty. Get a whole copy of it."


def colors(client: TestClient, session: str, **asked: object) -> list[dict]:
    answer = client.post(f"/api/sessions/{session}/color", json={"words": "a red ball", **asked})
    assert answer.status_code == 200, answer.text
    return events(client, session, answer.json()["job"])


def test_a_drawing_is_colored_by_words_and_hints(client, fake) -> None:
    opened = client.post("/api/sessions?purpose=color", content=picture_bytes()).json()
    base = f"/api/sessions/{opened['id']}"
    assert client.get(f"{base}/colored/png").status_code == 409
    hints = np.zeros((32, 48, 4), np.uint8)  # half as large as the picture
    hints[4:8, 8:16] = (0, 255, 0, 255)
    buffer = io.BytesIO()
    Image.fromarray(hints).save(buffer, "PNG")
    painted = base64.b64encode(buffer.getvalue()).decode()
    told = colors(client, opened["id"], hints=painted)
    assert [event["kind"] for event in told[-2:]] == ["done", "end"]
    assert [e["index"] for e in told if e["kind"] == "step"][:5] == [1, 2, 3, 4, 5]
    shown = pixels_of(client.get(f"{base}/colored/preview").content)
    assert (shown[8:16, 16:32] == (0, 255, 0)).all()
    assert shown[40:, :, 0].mean() > 2 * shown[40:, :, 2].mean()
    for part in ("png", "psd", "ora", "npz", "layer"):
        answer = client.get(f"{base}/colored/{part}")
        assert answer.status_code == 200
        assert "picture.colored" in answer.headers["content-disposition"]
    assert fake.threads == {"lasagna-studio"}  # nobody has looked for its light
    assert "revision" in opened
    colors(client, opened["id"], words="a blue ball")
    blue = pixels_of(client.get(f"{base}/colored/preview").content)
    assert blue[40:, :, 2].mean() > 2 * blue[40:, :, 0].mean()


@pytest.mark.parametrize(
    "asked",
    [
        {"words": ""},
        {"mode": "oil"},
        {"seed": -1},
        {"hints": "####"},
        {"hints": base64.b64encode(picture_bytes(kind="JPEG")).decode()},
        {"path": "/etc/passwd"},
    ],
)
def test_colors_that_cannot_be_are_refused(client, opened, asked: dict) -> None:
    url = f"/api/sessions/{opened['id']}/color"
    answer = client.post(url, json={"words": "red", **asked})
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


def test_without_a_colorizer_there_is_no_color_tab(fake: RehearsalRelighter) -> None:
    with TestClient(build_app(fake, limits=LIMITS), base_url="http://localhost") as client:
        assert client.get("/api/config").json()["colors"] is False
        opened = client.post("/api/sessions", content=picture_bytes()).json()
        answer = client.post(f"/api/sessions/{opened['id']}/color", json={"words": "red"})
        assert answer.status_code in (404, 405)


def test_the_packages_colorizer_serves_the_color_tab(fake, tmp_path: Path) -> None:
    import cv2

    from lasagna_relight.apps.studio.real_colorizer import RealColorizer
    from lasagna_relight.colorization.api import Colorizer
    from lasagna_relight.priors.color_prior import ColorNetworks, save_color_networks

    torch.manual_seed(0)
    tiny = ColorNetworks.fresh(resolution=32, channels=(16, 32), shown_widths=(8, 8, 16))
    save_color_networks(tiny, tmp_path)
    colorizer = RealColorizer(device="cpu")
    colorizer.colorizer = Colorizer.load(prior=tmp_path)
    plane = np.full((100, 120, 3), 255, np.uint8)
    cv2.circle(plane, (60, 50), 35, (0, 0, 0), 3)
    sketch = cv2.imencode(".png", plane)[1].tobytes()
    dot = np.zeros((100, 120, 4), np.uint8)
    dot[45:55, 55:65] = (40, 160, 60, 255)
    buffer = io.BytesIO()
    Image.fromarray(dot).save(buffer, "PNG")
    painted = base64.b64encode(buffer.getvalue()).decode()
    app = build_app(fake, colorizer=colorizer, limits=LIMITS)
    with TestClient(app, base_url="http://localhost") as client:
        opened = client.post("/api/sessions?purpose=color", content=sketch).json()
        base = f"/api/sessions/{opened['id']}"
        told = colors(client, opened["id"], hints=painted)
        assert [event["kind"] for event in told[-2:]] == ["done", "end"], told[-2:]
        held = pixels_of(client.get(f"{base}/colored/png").content)
        assert np.abs(held[48:52, 58:62] - (40, 160, 60)).max() <= 1
        assert (held[:5] == 255).all()  # paper beyond the outline
        preview = pixels_of(client.get(f"{base}/colored/preview").content)
        assert np.array_equal(preview, held)  # the page shows what the file holds
        for mode in ("chroma", "color"):
            assert colors(client, opened["id"], mode=mode)[-2]["kind"] == "done"
        psd = PSDImage.open(io.BytesIO(client.get(f"{base}/colored/psd").content))
        assert len(list(psd)) == 2
        refused = colors(client, opened["id"], words=" ")
        assert refused[-2]["kind"] == "failed"
        assert "words are empty" in refused[-2]["message"]

"""The page in a browser: everything a photographer does, with the network cut off.

Needs Playwright and a Chromium (LASAGNA_CHROMIUM, or where Debian puts it). Screenshots are kept in
runs/studio/, to be looked at.
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from lasagna_relight.apps.studio.app import build_app
from lasagna_relight.apps.studio.rehearsal import RehearsalColorizer, RehearsalRelighter

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
uvicorn = pytest.importorskip("uvicorn")

ROOT = Path(__file__).parents[3]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SAMPLES = ROOT / "src" / "lasagna_relight" / "data" / "samples"
CHROMIUM = os.environ.get("LASAGNA_CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",  # WebGL in software
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PATIENCE_MS = 180_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: name one in LASAGNA_CHROMIUM"),
]


class Served:
    """A studio over HTTP in a thread of its own."""

    def __init__(self, relighter: Any, colorizer: Any = None) -> None:
        self.relighter = relighter
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        self.url = f"http://localhost:{bound.getsockname()[1]}/"
        app = build_app(self.relighter, colorizer=colorizer or RehearsalColorizer())
        config = uvicorn.Config(app, log_level="error", ws="none")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [bound]})
        self.thread.start()
        while not self.server.started:
            time.sleep(0.05)

    def stop(self) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(timeout=30)


@pytest.fixture(scope="module")
def browser(request: pytest.FixtureRequest) -> Iterator:
    """Chromium; where it does not start, only those who asked for the pages are told."""
    with playwright.sync_playwright() as started:
        try:
            browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        except playwright.Error as error:
            if request.config.getoption("--pages"):
                raise
            pytest.skip(f"Chromium does not start: {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def studio(request: pytest.FixtureRequest) -> Iterator[Served]:
    """With rehearsal networks, or with the "real" relighter, or the "real colorizer"."""
    kind = getattr(request, "param", None)
    if kind == "real":
        from lasagna_relight.apps.studio.model import RealRelighter
        from lasagna_relight.relighting.api import Relighter

        torch.set_num_threads(1)
        served = Served(RealRelighter(relighter=Relighter.load(recipe="target")))
    elif kind == "real colorizer":
        from lasagna_relight.apps.studio.real_colorizer import shipped_colorizer

        torch.set_num_threads(1)
        colorizer = shipped_colorizer("cpu")
        assert colorizer is not None, "the package has no weights of its color prior"
        served = Served(RehearsalRelighter(), colorizer)
    else:
        served = Served(RehearsalRelighter())
    yield served
    served.stop()


@pytest.fixture
def new_page(browser, studio: Served) -> Iterator:
    """Opens the start page; nothing but the studio can be reached, and nothing else is asked."""
    contexts, foreign, faults = [], [], []

    def open_page(width: int = 1360, height: int = 860, script: str = "", **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)

        def gate(route) -> None:
            if route.request.url.startswith((studio.url, "blob:", "data:")):
                route.continue_()
            else:
                foreign.append(route.request.url)
                route.abort()

        context.route("**/*", gate)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        if script:
            page.add_init_script(script)
        page.goto(studio.url)
        page.get_by_role("button", name="Choose a picture").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert foreign == []
    assert faults == []


def drop(page, name: str, content: bytes, kind: str = "image/png") -> None:
    """Drops a file on the page, as from a folder."""
    page.evaluate(
        """([name, kind, data]) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const carried = new DataTransfer();
          carried.items.add(new File([bytes], name, { type: kind }));
          for (const what of ["dragenter", "drop"])
            document.body.dispatchEvent(
              new DragEvent(what, { bubbles: true, cancelable: true, dataTransfer: carried }));
        }""",
        [name, kind, base64.b64encode(content).decode()],
    )


def photo(width: int = 300, height: int = 200) -> bytes:
    rows, columns = np.mgrid[:height, :width]
    noise = np.random.default_rng(1).integers(0, 30, (height, width, 3))
    base = np.stack([columns * 200 / width + 20, rows * 180 / height + 30, 120 + 0 * rows], -1)
    buffer = io.BytesIO()
    Image.fromarray((base + noise).clip(0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def open_photo(page, content: bytes | None = None) -> None:
    drop(page, "shoot 1.png", photo() if content is None else content)
    ready(page)


def ready(page) -> None:
    """Waits until the picture stands in its exact light."""
    page.locator(".stage[data-state=ready]").wait_for()
    page.locator(".busy").wait_for(state="hidden")


def shown(page) -> np.ndarray:
    """What the canvas shows, read in the frame that draws it."""
    url = page.evaluate(
        """() => new Promise((done) => {
          window.dispatchEvent(new Event("online"));
          requestAnimationFrame(() => done(document.querySelector("canvas.picture").toDataURL()));
        })"""
    )
    picture = Image.open(io.BytesIO(base64.b64decode(url.split(",")[1])))
    return np.asarray(picture.convert("RGB")).astype(int)


def set_slider(page, name: str, value: float) -> None:
    slider = page.get_by_role("slider", name=name, exact=True)
    slider.evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input'));"
        " input.dispatchEvent(new Event('change')); }",
        value,
    )


def export(page, label: str) -> tuple[str, bytes]:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=label).click()
    path = waiting.value.path()
    return waiting.value.suggested_filename, Path(path).read_bytes()


def held_in(content: bytes) -> np.ndarray:
    """What a PNG of 16 bits holds, in 255ths."""
    import cv2

    decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    assert decoded.dtype == np.uint16
    return np.rint(decoded[..., ::-1] / 257).astype(int)


def keep(page, name: str) -> None:
    folder = ROOT / "runs" / "studio"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}.png")


def place(page) -> str:
    return page.locator(".ball-handle").get_attribute("aria-valuetext") or ""


def say(page, words: str) -> None:
    before = place(page)
    page.get_by_role("textbox", name="Describe the light").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('.ball-handle').ariaValueText !== before",
        arg=before,
    )


def chips(page) -> list[str]:
    return [chip.inner_text() for chip in page.locator(".chip .pick").all()]


@pytest.mark.smoke
def test_from_drop_to_export_the_file_holds_what_the_browser_shows(new_page) -> None:
    page = new_page()
    keep(page, "start")
    open_photo(page)
    say(page, "behind right, #88aaff, 0.8")
    page.get_by_role("button", name="Add a light").click()
    say(page, "left, warm, softness 0.5")
    set_slider(page, "Fill", 0.35)
    set_slider(page, "Strength", 1.3)
    set_slider(page, "Shading layer", 0.8)
    seen = shown(page)
    keep(page, "two lights")
    name, content = export(page, "PNG")
    assert name == "shoot 1.relit.png"
    held = held_in(content)
    assert np.abs(seen - held).max() <= 1
    source = np.asarray(Image.open(io.BytesIO(photo()))).astype(int)
    assert np.abs(seen - source).max() > 40
    assert np.array_equal(seen[:5], source[:5])  # beyond the mask


@pytest.mark.parametrize("studio", ["real"], indirect=True)
def test_the_real_relighter_from_drop_to_reopening(new_page, studio) -> None:
    page = new_page()
    bird = Image.open(SAMPLES / "kingfisher.jpg").resize((480, 360))
    buffer = io.BytesIO()
    bird.save(buffer, "PNG")
    open_photo(page, buffer.getvalue())
    first = shown(page)
    source = np.asarray(bird).astype(int)
    assert np.abs(first - source).max() > 20
    assert np.array_equal(first[:4], source[:4])  # its mask leaves the background alone
    keep(page, "real 1 instant")
    page.get_by_text("Mask", exact=True).click()
    page.get_by_role("button", name="Eraser").click()
    set_slider(page, "Brush size", 60)
    canvas = page.locator("canvas.picture:visible").bounding_box()
    page.mouse.move(canvas["x"] + canvas["width"] * 0.45, canvas["y"] + canvas["height"] * 0.6)
    with page.expect_response(lambda answer: "/mask/painted" in answer.url):
        page.mouse.down()
        page.mouse.up()
    page.get_by_role("button", name="Eraser").click()
    page.wait_for_timeout(500)
    spot = np.s_[212:220, 212:220]
    assert np.abs(first - source)[spot].max() > 2
    assert np.array_equal(shown(page)[spot], source[spot])
    say(page, "warm light from the right")
    box = page.locator(".stage:visible").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] * 0.3, steps=4)
    page.mouse.up()
    dragged = shown(page)
    keep(page, "real 2 dragged")
    assert np.abs(dragged - held_in(export(page, "PNG")[1])).max() <= 1
    recipe = page.get_by_role("combobox", name="How to refine")
    recipe.select_option("sds")  # of many steps, so that it is not done before it is cancelled
    page.get_by_role("button", name="Refine this light").click()
    page.get_by_text(re.compile(r"step \d+ of")).wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Refine this light").wait_for()
    assert np.abs(shown(page) - dragged).max() <= 1
    recipe.select_option("target")
    page.get_by_role("button", name="Refine this light").click()
    page.get_by_text("refined", exact=True).wait_for()
    page.get_by_role("button", name="Refine this light").wait_for(timeout=8 * PATIENCE_MS)
    refined = shown(page)
    keep(page, "real 3 refined")
    assert np.abs(refined - dragged).max() > 1
    assert np.abs(refined - held_in(export(page, "PNG")[1])).max() <= 1
    name, content = export(page, "Session")
    page.reload()
    ready(page)
    page.get_by_role("button", name="Remove Light 1").click()
    assert chips(page) == []
    drop(page, name, content, "application/json")
    page.get_by_text("The session is open again.").wait_for()
    assert np.array_equal(shown(page), refined)


def test_the_light_follows_the_pointer_over_picture_and_ball(new_page) -> None:
    page = new_page()
    open_photo(page)
    box = page.locator(".stage:visible").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(middle[0] - 150, middle[1])
    page.mouse.down()
    page.wait_for_function("() => document.querySelector('.place').textContent.includes('left')")
    left = shown(page)
    page.mouse.move(middle[0] + 150, middle[1], steps=6)
    page.wait_for_function("() => document.querySelector('.place').textContent.includes('right')")
    right = shown(page)
    page.mouse.up()
    keep(page, "dragged")
    half = left.shape[1] // 2
    inner = np.s_[60:140]
    assert left[inner, 80:half].mean() > right[inner, 80:half].mean() + 5
    assert right[inner, half:220].mean() > left[inner, half:220].mean() + 5
    ball = page.locator(".ball canvas").bounding_box()
    page.mouse.click(ball["x"] + ball["width"] / 2, ball["y"] + ball["height"] * 0.35)
    page.wait_for_function("() => document.querySelector('.place').textContent === 'above'")


def test_frames_of_a_drag_are_smaller_where_drawing_is_slow(new_page) -> None:
    slow = """
      const kind = WebGL2RenderingContext.prototype, draw = kind.drawArrays;
      window.slowness = 0;
      kind.drawArrays = function (...given) {
        const [, , width, height] = this.getParameter(this.VIEWPORT);
        const until = performance.now() + window.slowness * width * height;
        while (performance.now() < until);
        return draw.apply(this, given);
      };"""
    page = new_page(script=slow)
    open_photo(page, photo(1024, 768))
    whole = shown(page)
    assert whole.shape == (768, 1024, 3)
    page.evaluate("window.slowness = 3e-4")  # 236 ms for all pixels, 15 for a quarter of each side
    box = page.locator(".stage:visible").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] / 2)
    page.mouse.down()
    width = "document.querySelector('canvas.picture').width"
    widths = []
    for step in range(40):
        page.mouse.move(box["x"] + box["width"] * (0.3 + step / 100), box["y"] + 200)
        page.wait_for_timeout(30)
        widths.append(page.evaluate(width))
        if widths[-1] == 256:
            break
    assert widths[-1] == 256
    keep(page, "slow drag")
    page.wait_for_function(f"() => {width} === 1024")  # the pointer rests
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 210)
    page.mouse.up()
    page.wait_for_function(f"() => {width} === 1024")
    assert shown(page).shape == whole.shape
    assert np.abs(shown(page) - whole).max() > 5


def test_undo_and_redo_go_through_every_step(new_page) -> None:
    page = new_page()
    open_photo(page)
    first = place(page)
    say(page, "behind right")
    page.get_by_role("button", name="Add a light").click()
    assert len(chips(page)) == 2
    page.get_by_role("button", name="Undo").click()
    assert len(chips(page)) == 1
    page.get_by_role("button", name="Undo").click()
    assert place(page) == first
    page.get_by_role("button", name="Redo").click()
    assert place(page) != first


def test_a_refinement_shows_progress_and_replaces_the_instant_light(new_page, studio) -> None:
    studio.relighter.seconds = 0.15
    page = new_page()
    open_photo(page)
    before = shown(page)
    page.get_by_role("button", name="Refine this light").click()
    page.get_by_text(re.compile(r"step \d of 5, \d+ s left")).wait_for()
    keep(page, "refining")
    page.get_by_text("refined", exact=True).wait_for()
    page.get_by_role("button", name="Refine this light").wait_for()
    after = shown(page)
    assert np.abs(after - before).max() > 5
    held = Image.open(io.BytesIO(export(page, "JPEG")[1])).size
    assert held == (300, 200)
    page.get_by_role("button", name="Undo").click()
    assert np.abs(shown(page) - before).max() <= 1


def test_a_refinement_can_be_cancelled(new_page, studio) -> None:
    studio.relighter.seconds, studio.relighter.steps = 0.1, 200
    page = new_page()
    open_photo(page)
    before = shown(page)
    page.get_by_role("button", name="Refine this light").click()
    page.get_by_text(re.compile(r"step \d+ of 200")).wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Refine this light").wait_for()
    assert np.abs(shown(page) - before).max() <= 1


def test_a_lost_connection_is_taken_up_again(new_page, studio) -> None:
    studio.relighter.seconds, studio.relighter.steps = 0.25, 12
    page = new_page()
    open_photo(page)
    page.get_by_role("button", name="Refine this light").click()
    page.get_by_text(re.compile(r"step \d+ of 12")).wait_for()
    page.context.set_offline(True)
    page.wait_for_timeout(600)
    page.context.set_offline(False)
    page.get_by_text("refined", exact=True).wait_for()
    page.get_by_role("button", name="Refine this light").wait_for()


def test_a_session_reopens_from_its_file_and_after_a_reload(new_page) -> None:
    page = new_page()
    open_photo(page)
    say(page, "behind right, #88aaff")
    page.get_by_role("button", name="Refine this light").click()
    page.get_by_text("refined", exact=True).wait_for()
    page.get_by_role("button", name="Refine this light").wait_for()
    name, content = export(page, "Session")
    assert name == "shoot 1.lasagna.json"
    assert len(content) < 100_000
    assert json.loads(content)["scene"]["lights"][0]["color"] == "#88aaff"
    seen = shown(page)
    page.reload()
    ready(page)
    assert np.array_equal(shown(page), seen)
    other = new_page()
    drop(other, name, content, "application/json")
    other.get_by_text("Open the picture first").wait_for()
    open_photo(other)
    drop(other, name, content, "application/json")
    other.get_by_text("The session is open again.").wait_for()
    assert np.array_equal(shown(other), seen)


def test_the_mask_can_be_painted_and_taken_back(new_page) -> None:
    page = new_page()
    open_photo(page)
    page.get_by_text("Mask", exact=True).click()
    page.get_by_role("button", name="Eraser").click()
    set_slider(page, "Brush size", 120)
    box = page.locator("canvas.picture:visible").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 20, middle[1], steps=3)
    keep(page, "mask")
    with page.expect_response(lambda answer: "/mask/painted" in answer.url):
        page.mouse.up()
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Eraser").click()
    source = np.asarray(Image.open(io.BytesIO(photo()))).astype(int)
    assert np.array_equal(shown(page)[95:105, 145:155], source[95:105, 145:155])
    with page.expect_response(lambda answer: "/mask/auto" in answer.url):
        page.get_by_role("button", name="Find object").click()
    page.wait_for_timeout(500)
    assert not np.array_equal(shown(page)[95:105, 145:155], source[95:105, 145:155])


def test_before_and_after_share_one_slider(new_page) -> None:
    page = new_page()
    open_photo(page)
    after = shown(page)
    source = np.asarray(Image.open(io.BytesIO(photo()))).astype(int)
    slider = page.get_by_role("slider", name=re.compile("Before and after"))
    slider.evaluate("(input) => { input.value = 50; input.dispatchEvent(new Event('input')); }")
    split = shown(page)
    keep(page, "before and after")
    assert np.array_equal(split[:, :149], source[:, :149])
    assert np.array_equal(split[:, 151:], after[:, 151:])


def test_histogram_clipping_and_zoom_tell_what_is_there(new_page) -> None:
    page = new_page()
    open_photo(page)
    assert page.locator(".clipped").inner_text() == ""
    set_slider(page, "Exposure", 2)
    page.get_by_text("% blown out").wait_for()
    red = (255, 56, 41)
    assert not (np.abs(shown(page) - red).max(-1) <= 1).any()
    page.get_by_role("button", name="Show what clips").click()
    assert (np.abs(shown(page) - red).max(-1) <= 1).mean() > 0.01
    keep(page, "clipping")
    zoom = page.locator(".zoom")
    fitted = zoom.inner_text()
    page.get_by_role("button", name="1:1").click()
    assert zoom.inner_text() == "100 %"
    box = page.locator(".stage:visible").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.wheel(0, -800)
    page.wait_for_function("() => parseInt(document.querySelector('.zoom').textContent) > 200")
    zoom.click()
    assert zoom.inner_text() == fitted


def test_an_environment_lights_the_picture(new_page) -> None:
    import cv2

    page = new_page()
    open_photo(page)
    before = shown(page)
    sky = np.full((16, 32, 3), 0.05, np.float32)
    sky[5:9, 22:26] = (2.0, 1.0, 0.4)
    done, encoded = cv2.imencode(".hdr", sky)
    assert done
    drop(page, "harbor.hdr", encoded.tobytes(), "application/octet-stream")
    page.get_by_text("harbor", exact=True).wait_for()
    lit = shown(page)
    assert np.abs(lit - before).max() > 10
    with page.expect_response(lambda answer: "turn=90" in answer.url):
        set_slider(page, "Turn", 90)
    page.wait_for_timeout(300)
    assert np.abs(shown(page) - lit).max() > 10
    keep(page, "environment")


def test_what_cannot_be_used_is_told_in_a_sentence(new_page) -> None:
    page = new_page()
    drop(page, "notes.jpg", b"no picture", "image/jpeg")
    page.get_by_text("“notes.jpg” is not a picture that can be read").wait_for()
    keep(page, "refused")
    open_photo(page)
    page.get_by_role("textbox", name="Describe the light").fill("a nice kitchen")
    page.keyboard.press("Enter")
    page.get_by_text("does not say where the light stands").wait_for()


def test_without_webgl_the_server_mixes(new_page) -> None:
    none = """
      const real = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind === "webgl2" ? null : real.call(this, kind, ...rest);
      };"""
    page = new_page(script=none)
    with page.expect_response(lambda answer: "/mix" in answer.url) as waiting:
        open_photo(page)
    assert waiting.value.status == 200
    page.get_by_text("This browser has no WebGL 2").wait_for()
    page.wait_for_timeout(500)
    url = page.evaluate("document.querySelector('canvas.picture').toDataURL()")
    seen = np.asarray(Image.open(io.BytesIO(base64.b64decode(url.split(",")[1]))).convert("RGB"))
    held = Image.open(io.BytesIO(export(page, "TIFF")[1]))
    assert held.size == (300, 200)
    source = np.asarray(Image.open(io.BytesIO(photo()))).astype(int)
    assert np.abs(seen.astype(int) - source).max() > 20
    assert np.array_equal(seen[:5], source[:5])
    keep(page, "without webgl")


def test_the_keyboard_alone_suffices(new_page) -> None:
    page = new_page()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Sample: Coffee":
            break
    page.keyboard.press("Enter")
    ready(page)
    page.keyboard.type("behind right, 0.7")  # the words have the focus
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.place').textContent === 'behind right'")
    page.keyboard.press("Tab")
    page.keyboard.press("l")
    before = place(page)
    page.keyboard.press("ArrowLeft")
    assert place(page) != before
    page.keyboard.press("n")
    assert len(chips(page)) == 2
    page.keyboard.press("1")
    page.keyboard.press("Delete")
    assert len(chips(page)) == 1
    page.keyboard.press("Control+z")
    assert len(chips(page)) == 2
    with page.expect_response(lambda answer: "/mask/painted" in answer.url):
        page.keyboard.press("m")  # the brush is in the middle of the picture
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
    page.keyboard.press("m")
    page.keyboard.press("e")
    page.keyboard.press("ArrowDown")
    assert "OpenRaster" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")  # the focus is on Export again
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "coffee.relit.psd"


def test_a_batch_fills_its_table_and_saves_one_archive(new_page) -> None:
    import zipfile

    page = new_page()
    page.get_by_role("button", name="Batch").click()
    drop(page, "one.png", photo(60, 40))
    drop(page, "two.png", photo(40, 60))
    drop(page, "bad.png", b"no picture")
    page.get_by_role("textbox", name="The light for all pictures").fill("light from the left")
    page.get_by_role("button", name="Relight all").click()
    page.get_by_text("2 of 3 done").wait_for()
    page.get_by_text("“bad.png” is not a picture").wait_for()
    keep(page, "batch")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save all as ZIP").click()
    with zipfile.ZipFile(waiting.value.path()) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["one.relit.png", "two.relit.png"]


def test_a_drawing_takes_colors_from_words_and_dots(new_page) -> None:
    page = new_page()
    page.get_by_role("button", name="Color", exact=True).click()
    keep(page, "color start")
    drop(page, "sketch.png", photo())
    page.get_by_role("textbox", name="What the drawing shows").wait_for()
    page.get_by_role("button", name="Green").click()
    box = page.locator(".stage:visible canvas.picture").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.up()
    page.get_by_role("textbox", name="What the drawing shows").fill("a red shoe")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Photoshop").wait_for()
    keep(page, "colored")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="PNG").click()
    assert waiting.value.suggested_filename == "sketch.colored.png"
    colored = np.asarray(Image.open(waiting.value.path()).convert("RGB")).astype(int)
    assert tuple(colored[100, 75]) == (0x3F, 0x9B, 0x45)
    assert colored[:, 200:, 0].mean() > 2 * colored[:, 200:, 2].mean()


@pytest.mark.parametrize("studio", ["real colorizer"], indirect=True)
@pytest.mark.parametrize(("width", "height"), [(1360, 860), (390, 844)], ids=["desktop", "phone"])
def test_the_real_colorizer_from_sketch_to_files(new_page, studio, width: int, height: int) -> None:
    import zipfile

    from psd_tools import PSDImage

    page = new_page(width, height)
    page.get_by_role("button", name="Color", exact=True).click()
    sketch = SAMPLES / "sketches" / "sneaker.png"
    drop(page, "sneaker.png", sketch.read_bytes())
    words = page.get_by_role("textbox", name="What the drawing shows")
    words.wait_for()
    page.get_by_role("button", name="Green").click()
    box = page.locator(".stage:visible canvas.picture").bounding_box()
    at = (0.83, 0.62)  # its cap of the toe
    page.mouse.move(box["x"] + box["width"] * at[0], box["y"] + box["height"] * at[1])
    page.mouse.down()
    page.mouse.up()
    words.fill("a red sneaker with a white sole")
    page.keyboard.press("Enter")
    page.get_by_role("progressbar", name="Coloring").wait_for()
    page.get_by_role("button", name="Photoshop").wait_for(timeout=8 * PATIENCE_MS)
    page.get_by_role("button", name="PNG").scroll_into_view_if_needed()
    keep(page, f"real colors {'desktop' if width > 800 else 'phone'}")
    files = {}
    for label in ("PNG", "Photoshop", "OpenRaster", "Color layer alone"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label, exact=True).click()
        files[label] = (waiting.value.suggested_filename, waiting.value.path())
    names = ["sneaker.colored.png", "sneaker.colored.psd", "sneaker.colored.ora"]
    assert [name for name, _ in files.values()][:3] == names
    colored = np.asarray(Image.open(files["PNG"][1]).convert("RGB")).astype(int)
    drawn = np.asarray(Image.open(sketch).convert("RGB")).astype(int)
    assert colored.shape == drawn.shape
    saturation = colored.max(-1) - colored.min(-1)
    assert (saturation > 40).mean() > 0.05
    assert (drawn.max(-1) - drawn.min(-1)).max() == 0
    column, row = (round(share * side) for share, side in zip(at, drawn.shape[1::-1], strict=True))
    red, green, blue = colored[row, column]
    assert green > red + 30
    assert green > blue + 30
    assert colored[drawn.max(-1) < 20].mean() < 40  # its lines are still there
    psd = PSDImage.open(files["Photoshop"][1])
    assert psd.size == (drawn.shape[1], drawn.shape[0])
    assert len(list(psd)) >= 2
    with zipfile.ZipFile(files["OpenRaster"][1]) as archive:
        assert "stack.xml" in archive.namelist()
    with Image.open(files["Color layer alone"][1]) as layer:
        assert layer.size == psd.size


def test_dots_can_be_painted_by_the_keyboard_and_taken_back(new_page) -> None:
    page = new_page()
    page.get_by_role("button", name="Color", exact=True).click()
    drop(page, "sketch.png", photo())
    page.get_by_role("textbox", name="What the drawing shows").wait_for()
    stage = page.get_by_role("application", name="Picture to paint on")
    stage.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    undo = page.get_by_role("button", name="Undo dot")
    assert undo.is_enabled()
    page.keyboard.press("Control+z")
    assert undo.is_disabled()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed: npm ci in web/")
@pytest.mark.parametrize(("width", "height"), [(1360, 860), (390, 844)], ids=["desktop", "phone"])
def test_axe_finds_no_serious_fault(new_page, width: int, height: int) -> None:
    page = new_page(width, height)
    name = "desktop" if width > 800 else "phone"

    def faults() -> list[str]:
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")
        serious = [v for v in found["violations"] if v["impact"] in ("serious", "critical")]
        return [f"{v['id']}: {node['html'][:140]}" for v in serious for node in v["nodes"]]

    keep(page, f"start {name}")
    assert faults() == []
    open_photo(page)
    page.get_by_role("button", name="Add a light").click()
    page.get_by_text("Mask", exact=True).click()
    keep(page, f"light {name}")
    assert faults() == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    page.get_by_role("button", name="Batch").click()
    assert faults() == []
    page.get_by_role("button", name="Color", exact=True).click()
    drop(page, "sketch.png", photo())
    page.get_by_role("textbox", name="What the drawing shows").wait_for()
    keep(page, f"color {name}")
    assert faults() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width

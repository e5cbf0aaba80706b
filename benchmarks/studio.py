"""The studio in a browser: from drop to light, frames of a drag, and ten pages at once.

    python benchmarks/studio.py > benchmarks/results/studio.md

Needs Playwright and Chromium (LASAGNA_CHROMIUM). WebGL is drawn in software.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import statistics
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import cv2
import psutil
import torch
import uvicorn
from playwright.sync_api import sync_playwright
from provenance import ROOT, provenance_lines

from lasagna_relight.apps.studio.app import build_app
from lasagna_relight.apps.studio.model import RealRelighter
from lasagna_relight.relighting.api import Relighter

SAMPLE = ROOT / "src" / "lasagna_relight" / "data" / "samples" / "kingfisher.jpg"
FLAGS = ["--headless", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"]
FLAGS.append("--enable-unsafe-swiftshader")
FRAMES = 40
DRAG = """async (frames) => {
  const stage = document.querySelector(".stage"), box = stage.getBoundingClientRect();
  const canvas = document.querySelector("canvas.picture"), gl = canvas.getContext("webgl2");
  const at = (kind, i) => stage.dispatchEvent(new PointerEvent(kind, { pointerId: 1, button: 0,
    bubbles: true, clientX: box.x + box.width * (0.3 + 0.4 * i / frames),
    clientY: box.y + box.height * 0.4 }));
  stage.setPointerCapture = () => undefined;
  const times = [], pixel = new Uint8Array(4);
  at("pointerdown", 0);
  for (let i = 0; i < frames; i += 1) {
    await new Promise(requestAnimationFrame);
    const start = performance.now();
    at("pointermove", i);
    await new Promise((done) => requestAnimationFrame(() => {
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      done();
    }));
    times.push(performance.now() - start);
  }
  at("pointerup", frames);
  return times;
}"""


def photo(side: int) -> bytes:
    """The sample with its longer side at ``side``, as JPEG."""
    picture = cv2.imread(str(SAMPLE))
    scale = side / max(picture.shape[:2])
    resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", resized)[1].tobytes()


def main() -> None:
    torch.set_num_threads(1)
    app = build_app(RealRelighter(relighter=Relighter.load(recipe="target")))
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    url = f"http://localhost:{bound.getsockname()[1]}/"
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    while not server.started:
        time.sleep(0.1)
    post(f"{url}api/sessions", photo(200))  # waits until all is loaded
    print("# The studio\n")
    print(provenance_lines() + "\n")
    measure_page(url)
    measure_ten(url)
    server.should_exit = True
    thread.join(timeout=30)


def measure_page(url: str) -> None:
    print("| longer side | drop to first light, s | frame of a drag, ms: median | worst |")
    print("|--:|--:|--:|--:|")
    chromium = os.environ.get("LASAGNA_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        for side in (64, 1024, 2048):
            page = browser.new_page(viewport={"width": 1360, "height": 860})
            page.goto(url)
            started_at = time.perf_counter()
            files = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(side)}
            page.locator(".start-view").wait_for()
            chooser = page.locator("#app > input[type=file]")
            chooser.set_input_files(files)
            page.locator(".table-view").wait_for()
            opened = time.perf_counter() - started_at
            page.locator(".busy").wait_for(state="hidden")
            times = page.evaluate(DRAG, FRAMES)[5:]
            print(f"| {side} | {opened:.2f} | {statistics.median(times):.1f} | {max(times):.1f} |")
            page.close()
        browser.close()
    print()


def measure_ten(url: str) -> None:
    process = psutil.Process()
    content = photo(1600)
    scene = json.dumps({"lights": [{"azimuth": -40, "elevation": 20}], "fill": 0.1}).encode()

    def user(_: int) -> float:
        start = time.perf_counter()
        opened = json.loads(post(f"{url}api/sessions", content))
        base = f"{url}api/sessions/{opened['id']}"
        first = time.perf_counter() - start
        assert post(f"{base}/export/png", scene, "application/json")
        urllib.request.urlopen(urllib.request.Request(base, method="DELETE")).close()
        return first

    print("| round of ten users | first light, s: median | slowest | resident after, MB |")
    print("|--:|--:|--:|--:|")
    for number in (1, 2, 3):
        with ThreadPoolExecutor(10) as pool:
            firsts = list(pool.map(user, range(10)))
        resident = process.memory_info().rss / 2**20
        middle = statistics.median(firsts)
        print(f"| {number} | {middle:.1f} | {max(firsts):.1f} | {resident:.0f} |")


def post(url: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    request = urllib.request.Request(url, data=content, headers={"content-type": kind})
    with urllib.request.urlopen(request) as answer:
        return io.BytesIO(answer.read()).getvalue()


if __name__ == "__main__":
    main()

"""The studio in a browser: from drop to light, frames of a drag, and ten pages at once.

    python benchmarks/studio.py > benchmarks/results/studio.md
    python benchmarks/studio.py --part drop        # or: drag, users

Needs Playwright and Chromium (LASAGNA_CHROMIUM). WebGL is drawn in software. Beside the wall time
stand the processor seconds of the server and of the browser with all its processes: they hardly
change with what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import cv2
import psutil
from playwright.sync_api import Page, sync_playwright
from provenance import ROOT, provenance_lines

SAMPLE = ROOT / "src" / "lasagna_relight" / "data" / "samples" / "kingfisher.jpg"
FLAGS = ["--headless", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader"]
FLAGS.append("--enable-unsafe-swiftshader")
FRAMES = 30
USERS = 10
REST_SECONDS = 12
START = "from lasagna_relight.apps.cli import main; main()"
MOMENTS = ("picture", "light", "exact light")

COUNT = """
  window.passes = [];
  window.uploaded = 0;
  const kind = WebGL2RenderingContext.prototype;
  const { drawArrays, texImage2D } = kind;
  kind.drawArrays = function (...given) {
    const [, , width, height] = this.getParameter(this.VIEWPORT);
    window.passes.push([width, height]);
    return drawArrays.apply(this, given);
  };
  kind.texImage2D = function (...given) {
    const pixels = given.at(-1);
    if (ArrayBuffer.isView(pixels)) window.uploaded += pixels.byteLength;
    return texImage2D.apply(this, given);
  };
"""
DRAG = """async (frames) => {
  const stage = document.querySelector(".stage"), box = stage.getBoundingClientRect();
  const canvas = document.querySelector("canvas.picture"), gl = canvas.getContext("webgl2");
  const at = (kind, i) => stage.dispatchEvent(new PointerEvent(kind, { pointerId: 1, button: 0,
    bubbles: true, clientX: box.x + box.width * (0.3 + 0.4 * i / frames),
    clientY: box.y + box.height * 0.4 }));
  stage.setPointerCapture = () => undefined;
  const seen = [], pixel = new Uint8Array(4);
  const frame = async (i, kind) => {
    window.passes = [];
    window.uploaded = 0;
    const start = performance.now();
    at(kind, i);
    await new Promise((done) => requestAnimationFrame(() => {
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
      done();
    }));
    seen.push({ ms: performance.now() - start, width: canvas.width, passes: window.passes,
      uploaded: window.uploaded });
  };
  at("pointerdown", 0);
  await new Promise(requestAnimationFrame);
  for (let i = 0; i < frames; i += 1) await frame(i, "pointermove");
  await frame(frames, "pointerup");
  return seen;
}"""


def photo(side: int) -> bytes:
    """The sample with its longer side at ``side``, as JPEG."""
    picture = cv2.imread(str(SAMPLE))
    scale = side / max(picture.shape[:2])
    resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    return cv2.imencode(".jpg", resized)[1].tobytes()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=["drop", "drag", "users"], action="append")
    parser.add_argument("--rounds", type=int, default=10, help="of ten users at once")
    parsed = parser.parse_args()
    parts = parsed.part or ["drop", "drag", "users"]
    with served() as (url, server):
        print("# The studio\n")
        print(provenance_lines() + "\n")
        if "drop" in parts:
            measure_drop(url, server)
        if "drag" in parts:
            measure_drag(url, server)
        if "users" in parts:
            measure_users(url, server, parsed.rounds)


@contextmanager
def served() -> Iterator[tuple[str, psutil.Process]]:
    """Address and process of `lasagna studio`, whose networks are loaded."""
    command = [sys.executable, "-c", START, "studio", "--port", "0", "--no-browser"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = server.stdout.readline().split()[-1]
        base = opened(url, photo(200))
        look(base, 1)
        yield url, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


@contextmanager
def fresh_page(url: str) -> Iterator[Page]:
    chromium = os.environ.get("LASAGNA_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1360, "height": 860})
        page.set_default_timeout(300_000)
        page.add_init_script(COUNT)
        page.goto(url)
        page.get_by_role("button", name="Choose a picture").wait_for()
        page.wait_for_timeout(1500)  # the page itself is loaded and quiet
        yield page
        browser.close()


def give(page: Page, side: int) -> None:
    files = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(side)}
    page.locator("#app > input[type=file]").first.set_input_files(files)


def measure_drop(url: str, served_by: psutil.Process) -> None:
    print("From the drop until it is drawn, in a fresh browser: seconds on the clock, processor")
    print("seconds of server and browser so far.\n")
    print("| longer side | shown | clock, s | server, cpu s | browser, cpu s |")
    print("|--:|---|--:|--:|--:|")
    for side in (1024, 2048, 4000):
        with fresh_page(url) as page:
            content_at = page.evaluate("performance.now()")
            before = processor_seconds(served_by)
            give(page, side)
            for moment in MOMENTS:
                page.wait_for_function(
                    "(name) => performance.getEntriesByName(name).length > 0",
                    arg=moment,
                    polling=20,
                )
                at = page.evaluate("(n) => performance.getEntriesByName(n)[0].startTime", moment)
                server, browser = (
                    now - then
                    for now, then in zip(processor_seconds(served_by), before, strict=True)
                )
                clock = (at - content_at) / 1000
                print(f"| {side} | {moment} | {clock:.2f} | {server:.2f} | {browser:.2f} |")
    print()


def measure_drag(url: str, server: psutil.Process) -> None:
    print("Frames of a drag, until they are drawn (`readPixels`), and the last, at rest. Pixels of")
    print("the passes and bytes sent to the GPU do not depend on what draws them.\n")
    print("| longer side | frames | canvas | ms: median | worst | browser, cpu ms |", end="")
    print(" first pass | last | bytes |\n|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    for side in (1024, 2048):
        with fresh_page(url) as page:
            give(page, side)
            page.locator(".stage[data-state=ready]").wait_for()
            page.wait_for_timeout(1000)
            before = processor_seconds(server)[1]
            seen = page.evaluate(DRAG, FRAMES)
            spent = f"{1000 * (processor_seconds(server)[1] - before) / len(seen):.0f}"
            for name, frames in (("drag", seen[5:-1]), ("at rest", seen[-1:])):
                times = [frame["ms"] for frame in frames]
                cpu = spent if name == "drag" else "-"
                sizes = [
                    "-" if not frames[-1]["passes"] else "{} x {}".format(*frames[-1]["passes"][i])
                    for i in (0, -1)
                ]
                print(
                    f"| {side} | {name} | {frames[-1]['width']} | {statistics.median(times):.0f} | "
                    f"{max(times):.0f} | {cpu} | {sizes[0]} | {sizes[1]} | "
                    f"{frames[-1]['uploaded']} |"
                )
    print()


def measure_users(url: str, server: psutil.Process, rounds: int) -> None:
    content = photo(1600)
    scene = json.dumps({"lights": [{"azimuth": -40, "elevation": 20}], "fill": 0.1}).encode()

    def user(_: int) -> tuple[float, float]:
        start = time.perf_counter()
        base = opened(url, content)
        look(base, 0)
        first = time.perf_counter() - start
        look(base, 1)
        exact = time.perf_counter() - start
        assert post(f"{base}/export/png", scene, "application/json")[:4] == b"\x89PNG"
        urllib.request.urlopen(urllib.request.Request(base, method="DELETE")).close()
        return first, exact

    print(f"{USERS} pages at once open a picture of 1,600 pixels, wait for its light, export it.")
    print(f"Memory of the server: the most in a round, and {REST_SECONDS} seconds after it.\n")
    print("| round | served | first light, s: quickest | slowest | exact light: quickest |", end="")
    print(" slowest | cpu s a page | resident, MB: most | at rest |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for number in range(1, rounds + 1):
        before = sum(server.cpu_times()[:2])
        with most_resident(server) as most, ThreadPoolExecutor(USERS) as pool:
            answers = list(pool.map(user, range(USERS)))
        spent = (sum(server.cpu_times()[:2]) - before) / USERS
        time.sleep(REST_SECONDS)
        firsts, exacts = zip(*answers, strict=True)
        print(
            f"| {number} | {len(answers)} of {USERS} | {min(firsts):.1f} | {max(firsts):.1f} | "
            f"{min(exacts):.1f} | {max(exacts):.1f} | {spent:.2f} | "
            f"{max(most):.0f} | {resident_mb(server):.0f} |",
            flush=True,
        )


@contextmanager
def most_resident(process: psutil.Process) -> Iterator[list[float]]:
    """Megabytes that ``process`` has in memory, ten times a second."""
    seen, over = [resident_mb(process)], threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            seen.append(resident_mb(process))

    watching = threading.Thread(target=watch)
    watching.start()
    yield seen
    over.set()
    watching.join()


def resident_mb(process: psutil.Process) -> float:
    return process.memory_info().rss / 2**20


def processor_seconds(server: psutil.Process) -> tuple[float, float]:
    """Of the server, and of the browser with all its processes."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        try:
            total += sum(child.cpu_times()[:2]) if child.pid != server.pid else 0.0
        except psutil.NoSuchProcess:
            continue
    return sum(server.cpu_times()[:2]), total


def opened(url: str, content: bytes) -> str:
    """The address of a picture's session."""
    return f"{url}api/sessions/{json.loads(post(f'{url}api/sessions', content))['id']}"


def look(base: str, after: int) -> None:
    """Waits for a later mask than number ``after``."""
    with urllib.request.urlopen(f"{base}/look?after={after}") as answer:
        assert json.loads(answer.read())["revision"] > after


def post(url: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    request = urllib.request.Request(url, data=content, headers={"content-type": kind})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


if __name__ == "__main__":
    main()

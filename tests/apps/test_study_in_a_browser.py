"""Two hundred raters in headless Chromium, and a server that is killed while they vote."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lasagna_relight.evaluation import study_store
from lasagna_relight.evaluation.study_analysis import analyze

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RATERS = 200
TOGETHER = 10
KILLS = 4
PATIENCE_MS = 900_000
"""How long a rater may take on a machine that is busy with other work."""

PORTS = range(20_000, 30_000)
"""Below those that the system hands out, so that nobody takes the port while the server is down."""

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-gpu-rasterization",
    "--disable-software-rasterizer", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Looks, waits a little and clicks, as a person does; remembers what the page said was kept.
ROBOT = """
(() => {
  window.kept = [];
  document.addEventListener("kept", (event) => window.kept.push(event.detail));
  setInterval(() => {
    const visible = (name) => !document.getElementById(name).hidden;
    if (visible("welcome")) {
      const agree = document.getElementById("agree");
      if (!agree.disabled) agree.click();
      return;
    }
    if (!visible("ask")) return;
    const side = Math.random() < 0.5 ? "left" : "right";
    const button = document.getElementById(side);
    if (!button.disabled && Math.random() < 0.2) button.click();
  }, 30);
})();
"""


class Server:
    """`lasagna study serve` in a process of its own, on a free port; may be killed and return."""

    def __init__(self, study: Path) -> None:
        self.port = _free_port()
        self.study = study
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        command = "import sys; from lasagna_relight.apps.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", command, "study", "serve", str(self.study),
             "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(3000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self.process.poll() is None, "the server ended by itself"
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(study_folder: Path) -> Iterator[Server]:
    """A server of a small study."""
    running = Server(study_folder)
    running.start()
    yield running
    running.kill()


@contextmanager
def _chromium(profile: Path) -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            str(profile), executable_path=program, args=FLAGS, headless=True
        )
        try:
            yield context
        finally:
            context.close()


def test_no_vote_is_lost_or_doubled_while_the_server_is_killed(server, tmp_path: Path) -> None:
    kept: dict[str, list[dict]] = {}
    cut_off = 0
    with _chromium(tmp_path / "profile") as first:
        browser = first.browser
        for wave in range(RATERS // TOGETHER):
            contexts = [browser.new_context() for _ in range(TOGETHER)]
            pages = [context.new_page() for context in contexts]
            for page in pages:
                page.add_init_script(ROBOT)
                page.goto(server.address)
            if wave < KILLS:
                _waits_until_a_vote_is_kept(pages)
                server.kill()
                cut_off += _waits_until_some_page_is_in_trouble(pages)
                server.start()
            for page in pages:
                page.wait_for_selector("#done:not([hidden])", timeout=PATIENCE_MS)
                name = page.evaluate("localStorage.getItem('rater')")
                kept[name] = page.evaluate("window.kept")
            for context in contexts:
                context.close()
    with study_store.opened(server.study) as connection:
        votes = study_store.all_votes(connection)
        items = study_store.all_items(connection)
    asked = 5
    assert cut_off == KILLS
    assert len(kept) == RATERS
    assert all(len(own) == asked for own in kept.values())
    assert len(votes) == RATERS * asked
    assert len({(vote.rater, vote.item) for vote in votes}) == len(votes)
    stored = {(vote.rater, vote.item): vote.side for vote in votes}
    said = {(name, v["item"]): v["side"] for name, own in kept.items() for v in own}
    assert stored == said
    found = analyze(items, votes)
    assert found.raters == RATERS
    assert 0.3 < found.excluded / RATERS < 0.7  # who chooses by chance misses half of the checks
    assert abs(found.preferences[0].wins / found.preferences[0].votes - 0.5) < 0.15


def test_the_page_asks_no_other_host_and_fits_a_phone(server, tmp_path: Path) -> None:
    pictures = Path(os.environ.get("LASAGNA_SCREENSHOTS", tmp_path))
    with _chromium(tmp_path / "profile") as context:
        page = context.new_page()
        asked, problems = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        for name, width, height in (("phone", 390, 780), ("desktop", 1280, 900)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(server.address)
            if name == "phone":
                page.wait_for_selector("#welcome:not([hidden])")
                page.screenshot(path=pictures / "study-welcome.png")
                page.click("#agree")
            page.wait_for_selector("#ask:not([hidden]) #right:enabled")
            page.screenshot(path=pictures / f"study-{name}.png")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            box = page.locator("#right").bounding_box()
            assert box["width"] > 0.4 * min(width, 900)
            assert box["y"] + box["height"] <= height
        page.keyboard.press("ArrowRight")
        page.locator("#progress", has_text="2 of 5").wait_for()
        page.reload()
        page.locator("#progress", has_text="2 of 5").wait_for()
    assert asked
    assert all(url.startswith(server.address) for url in asked)
    assert problems == []


def _free_port() -> int:
    for port in random.sample(PORTS, 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise AssertionError("no port is free")


def _waits_until_some_page_is_in_trouble(pages: list[Any]) -> bool:
    """Whether a rater's vote met the dead server, so that the kill came while they voted."""
    for _ in range(300):
        if any(page.locator("#trouble:not([hidden])").count() for page in pages):
            return True
        time.sleep(0.1)
    return False


def _waits_until_a_vote_is_kept(pages: list[Any]) -> None:
    for _ in range(1200):
        if any(page.evaluate("window.kept.length") for page in pages):
            return
        time.sleep(0.1)
    raise AssertionError("no rater has voted")

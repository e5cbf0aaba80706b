"""The built page that is shipped: of the present sources, small, and wholly local."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from lasagna_relight.apps.studio.app import STATIC

WEB = Path(__file__).parents[3] / "web"


def test_the_shipped_page_is_built_from_the_present_sources() -> None:
    command = [sys.executable, str(WEB / "sources_hash.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_page_is_small_and_asks_nothing_of_others() -> None:
    files = [path for path in STATIC.rglob("*") if path.is_file()]
    assert {"index.html", "studio.js", "index.css"} <= {path.name for path in files}
    assert sum(path.stat().st_size for path in files) < 300_000
    allowed = {"http://www.w3.org/2000/svg"}  # the name of a format, not an address
    for path in files:
        found = set(re.findall(r"https?://[\w./-]+", path.read_text()))
        assert found <= allowed, path.name


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (WEB / "package-lock.json").read_text()

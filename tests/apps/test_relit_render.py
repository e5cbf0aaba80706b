"""`lasagna relit render` from a catalogue, with a stub in Blender's place."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lasagna_relight.apps import cli
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.catalog import write_catalog
from lasagna_relight.relit.view_files import read_records

pytest.importorskip("pyarrow")

STUB = """
import json, pathlib, sys
import numpy as np
print('{"ready": true}', flush=True)
for line in sys.stdin:
    request = json.loads(line)
    scene, output = request["scene"], pathlib.Path(request["output"])
    if "broken" in scene["asset"]:
        print(json.dumps({"ok": False, "error": "no faces"}), flush=True)
        continue
    np.savez(output, lights=np.zeros((16, 3, 4, 4), np.float16))
    print(json.dumps({"ok": True, "coverage": 0.4, "seconds": 0.01}), flush=True)
"""


@pytest.fixture
def blender(tmp_path: Path) -> str:
    """A program that takes the arguments of Python and is the stub."""
    (tmp_path / "stub.py").write_text(STUB)
    program = tmp_path / "blender"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} {tmp_path}/stub.py\n")
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    assets = []
    for name in ("chair", "vase", "broken", "rug"):
        model = tmp_path / f"{name}.obj"
        model.write_text("v 0 0 0\n")
        assets.append(
            Asset(
                uid=f"shop/{name}", title=name, source="test", licence="CC0", attribution="me",
                path=model, rejected="flat" if name == "rug" else "",
            )
        )  # fmt: skip
    write_catalog(assets, tmp_path / "catalog.parquet")
    return tmp_path / "catalog.parquet"


@pytest.fixture
def render(
    catalog: Path, blender: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run(*options: str) -> tuple[int, str, str]:
        folder = str(tmp_path / "relit")
        arguments = ["relit", "render", str(catalog), "-o", folder, "--blender", blender]
        code = cli.run([*arguments, "--workers", "2", *options])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_usable_objects_are_rendered_and_failures_are_counted(
    render: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, out, err = render("--views", "2")
    assert (code, err) == (0, "")
    assert "6 views rendered, 2 without a picture, 0 already there" in out
    errors = [(record.object.title, record.error) for record in read_records(tmp_path / "relit")]
    assert sorted(errors) == [
        ("broken", "no faces"), ("broken", "no faces"),
        ("chair", ""), ("chair", ""), ("vase", ""), ("vase", ""),
    ]  # fmt: skip


def test_a_second_run_renders_what_is_new(render: Callable[..., tuple[int, str, str]]) -> None:
    render("--views", "1")
    _, out, _ = render("--views", "2")
    assert "3 views rendered, 1 without a picture, 3 already there" in out


def test_progress_tells_rate_failures_and_the_time_left(
    render: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lasagna_relight.apps.relit_render_command.EVERY_VIEWS", 3)
    _, out, _ = render("--views", "2")
    told = [line for line in out.splitlines() if "minutes left" in line]
    assert [line.split(" views")[0] for line in told] == ["3 of 6", "6 of 6"]
    assert re.search(r"[1-9]\d* an hour, 2 without a picture, 0 minutes left", told[-1])


def test_another_seed_in_the_same_folder_is_refused(
    render: Callable[..., tuple[int, str, str]],
) -> None:
    render("--views", "1")
    code, _, err = render("--views", "1", "--seed", "5")
    assert code == 2
    assert "another seed (0, not 5)" in err
    assert len(err.splitlines()) == 1


def test_a_dry_run_says_what_it_will_cost_and_writes_nothing(
    render: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    code, out, _ = render("--views", "4", "--dry-run")
    assert code == 0
    assert re.search(r"this catalogue: 3 objects, 12 views, [\d.]+ processor hours, [\d.]+ GB", out)
    assert "the paper's dataset: 13975 objects, 55900 views" in out
    assert not (tmp_path / "relit").exists()


def test_without_blender_it_says_what_to_name(
    catalog: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    absent = str(tmp_path / "absent")
    folder = str(tmp_path / "relit")
    assert cli.run(["relit", "render", str(catalog), "-o", folder, "--blender", absent]) == 2
    assert "name a Python with bpy" in capsys.readouterr().err

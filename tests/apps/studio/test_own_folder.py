"""The studio's temporary folder goes, even where the studio is killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from lasagna_relight.apps.studio.own_folder import (
    LOCK_NAME,
    PREFIX,
    UNLOCKED_SECONDS,
    OwnFolder,
    remove_orphans,
)

HOLDS_A_FOLDER = """
import sys, time
from lasagna_relight.apps.studio.own_folder import OwnFolder
folder = OwnFolder()
(folder.path / "picture").write_bytes(b"x")
print(folder.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def own_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_it_is_there_for_its_user_alone_until_it_is_removed() -> None:
    folder = OwnFolder()
    assert folder.path.stat().st_mode & 0o777 == 0o700
    (folder.path / "picture").write_bytes(b"x")
    folder.remove()
    assert not folder.path.exists()


def test_what_a_killed_process_left_goes_with_the_next_start() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_FOLDER], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        assert remove_orphans() == []  # it is alive
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert (left / "picture").exists()
        mine = OwnFolder()
        assert not left.exists()
        mine.remove()


def test_two_beside_each_other_leave_each_other_alone() -> None:
    first, second = OwnFolder(), OwnFolder()
    third = OwnFolder()
    assert first.path.is_dir()
    assert second.path.is_dir()
    for folder in (first, second, third):
        folder.remove()


def test_only_folders_that_may_be_its_own_are_looked_at(own_temporary: Path) -> None:
    other = own_temporary / "elsewhere"
    other.mkdir()
    (other / LOCK_NAME).touch()
    (own_temporary / f"{PREFIX}link").symlink_to(other)
    (own_temporary / f"{PREFIX}file").touch()
    begun = own_temporary / f"{PREFIX}begun"
    begun.mkdir()
    assert remove_orphans() == []
    long_ago = time.time() - 2 * UNLOCKED_SECONDS
    os.utime(begun, (long_ago, long_ago))
    assert remove_orphans() == [begun]
    assert (other / LOCK_NAME).exists()

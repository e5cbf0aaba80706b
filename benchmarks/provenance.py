"""What every benchmark prints beside its figures: command, commit, machine, versions, date."""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]


def provenance() -> dict[str, str]:
    """Where, when and of what the figures of this process are."""
    command = [Path(sys.argv[0]).name, *sys.argv[1:]]
    return {
        "command": f"python benchmarks/{shlex.join(command)}",
        "commit": commit(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB",
        **_accelerator(),
        "load": "{:.1f} {:.1f} {:.1f} over 1, 5 and 15 minutes".format(*os.getloadavg()),
        "threads": os.environ.get("OMP_NUM_THREADS", "as PyTorch chooses"),
        "versions": f"Python {platform.python_version()}, torch {version('torch')}",
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
    }


def provenance_lines() -> str:
    """The same as a Markdown list."""
    return "\n".join(f"- {name}: `{value}`" for name, value in provenance().items())


def commit() -> str:
    """Short hash of the working tree's commit; a plus where tracked code has changed since."""
    head = _git("rev-parse", "--short", "HEAD")
    return f"{head}+" if _git("status", "--porcelain", "-uno", "--", "src") else head


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


def _accelerator() -> dict[str, str]:
    """The GPU, if PyTorch is loaded and sees one."""
    torch = sys.modules.get("torch")
    seen = torch is not None and torch.cuda.is_available()
    return {"accelerator": torch.cuda.get_device_name()} if torch is not None and seen else {}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30

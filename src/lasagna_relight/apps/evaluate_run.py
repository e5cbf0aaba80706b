"""`lasagna evaluate run` and `report`: the whole comparison, with a bar, and its two pages."""

from __future__ import annotations

import platform
import shlex
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import torch

from lasagna_relight.apps.checks import available_device, prior_choice
from lasagna_relight.apps.progress import progress_bars
from lasagna_relight.evaluation.cases import cases_from
from lasagna_relight.evaluation.crew import Crew, Equipment
from lasagna_relight.evaluation.lpips import ABSENT, Lpips, load_lpips
from lasagna_relight.evaluation.methods import Editors, MethodTable, method_table
from lasagna_relight.evaluation.report_html import html_report
from lasagna_relight.evaluation.report_markdown import report, write_into_page
from lasagna_relight.evaluation.results import current_results, read_results, read_run
from lasagna_relight.evaluation.run import CaseSource, run
from lasagna_relight.image_io import atomic_path

MARKDOWN, HTML = "report.md", "report.html"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What cases, metric and methods are made of; small enough to be sent to each process.

    Attributes:
        sources: see `cases_from`.
        lpips: weights of the metric, or None.
        prior: of the methods, as the rest.
    """

    sources: tuple[str, ...]
    lpips: Path | None
    prior: Literal["embedded"] | Path
    device: str
    editors: Editors
    chosen: tuple[str, ...]
    also: tuple[str, ...]

    def cases(self) -> list[CaseSource]:
        """The cases, by where they are from."""
        return [
            CaseSource(source=_shown(name), cases=tuple(cases_from(name))) for name in self.sources
        ]

    def metric(self) -> Lpips | None:
        """LPIPS, where its weights are given."""
        return None if self.lpips is None else load_lpips(self.lpips)

    def table(self) -> MethodTable:
        """The methods."""
        return method_table(
            prior=self.prior,
            device=self.device,
            editors=self.editors,
            chosen=self.chosen,
            also=self.also,
        )


def _equipment(needs: Needs) -> Equipment:
    cases = tuple(case for source in needs.cases() for case in source.cases)
    return Equipment(cases=cases, methods=needs.table().methods, lpips=needs.metric())


def run_all(
    sources: Sequence[str],
    output: Path,
    *,
    chosen: Sequence[str],
    also: Sequence[str],
    resume: bool,
    lpips: Path | None,
    sdedit: Path | None,
    controlnet: Path | None,
    instruct: Path | None,
    page: Path | None,
    prior: str,
    device: str,
    seed: int,
    jobs: int,
) -> int:
    """Run everything, write the reports, print where they are, and return the exit code.

    Raises:
        InputError: cases, methods, weights or the output cannot be used.
    """
    needs = Needs(
        sources=tuple(sources),
        lpips=lpips,
        prior=prior_choice(prior),
        device=available_device(device),
        editors=Editors(sdedit=sdedit, sdedit_controlnet=controlnet, instruct=instruct),
        chosen=tuple(chosen),
        also=tuple(also),
    )
    found, metric, table = needs.cases(), needs.metric(), needs.table()
    crew = Crew(processes=jobs, equip=partial(_equipment, needs)) if jobs > 1 else None
    absent = table.absent if metric is not None else {**table.absent, "lpips": ABSENT}
    began, solved, failed = time.monotonic(), 0, 0
    steps = run(
        found,
        table.methods,
        output,
        command=_command(sources, chosen, also, lpips, prior, seed),
        provenance=_provenance(jobs),
        absent=absent,
        seed=seed,
        lpips=metric,
        resume=resume,
        crew=crew,
    )
    with progress_bars(2, quiet=False) as bars:
        bars.start("answers")
        for step in steps:
            bars.on_step(step)
            solved += not step.cached
            failed += step.error is not None
    minutes = (time.monotonic() - began) / 60
    print(f"{solved} answers solved in {minutes:.1f} minutes, {failed} failed")
    return write_reports(output, page=page)


def write_reports(folder: Path, *, page: Path | None) -> int:
    """Write the two pages of a run, and the tables into ``page`` if given; print their paths.

    Raises:
        InputError: the folder holds no run, or a page cannot be written.
    """
    record = read_run(folder)
    results = current_results(record, read_results(folder))
    with atomic_path(folder / MARKDOWN, force=True) as beside:
        beside.write_text("# Evaluation\n\n" + report(record, results), encoding="utf-8")
    with atomic_path(folder / HTML, force=True) as beside:
        beside.write_text(html_report(folder, record, results), encoding="utf-8")
    if page is not None:
        write_into_page(page, report(record, results, level=3))
        print(page)
    print(folder / MARKDOWN)
    print(folder / HTML)
    return 0


def _command(
    sources: Sequence[str],
    chosen: Sequence[str],
    also: Sequence[str],
    lpips: Path | None,
    prior: str,
    seed: int,
) -> str:
    """What reruns it, with folders by their names alone: reports are published."""
    words = ["lasagna", "evaluate", "run", *map(_shown, sources), "-o", "RUN"]
    words += ["--methods", ",".join(chosen)] if chosen else []
    words += ["--also", ",".join(also)] if also else []
    words += ["--lpips", lpips.name] if lpips is not None else []
    words += ["--prior", Path(prior).name] if prior != "embedded" else []
    words += ["--seed", str(seed)] if seed else []
    return shlex.join(words)


def _shown(source: str) -> str:
    return Path(source).name


def _provenance(jobs: int) -> dict[str, str]:
    commit = subprocess.run(
        ["git", "-C", str(Path(__file__).parent), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "commit": commit.stdout.strip() or "unknown",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": f"{platform.system()} {platform.machine()}",
        "threads": str(torch.get_num_threads() if jobs == 1 else 1),
        "processes": str(jobs),
    }

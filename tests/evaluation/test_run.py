"""The run: cached, resumed after a kill, failures recorded, and its two reports."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch

from lasagna_relight.errors import DatasetError, MemoryShortageError, OutputError
from lasagna_relight.evaluation.baselines import ramp_method, reference_methods
from lasagna_relight.evaluation.case import Case
from lasagna_relight.evaluation.cases import pair_cases
from lasagna_relight.evaluation.crew import Crew
from lasagna_relight.evaluation.method import Answer, Method
from lasagna_relight.evaluation.report_html import html_report
from lasagna_relight.evaluation.report_markdown import BEGIN, END, report, write_into_page
from lasagna_relight.evaluation.results import (
    RESULTS,
    current_results,
    opened_for_appending,
    read_results,
    read_run,
)
from lasagna_relight.evaluation.run import CaseSource, run
from lasagna_relight.evaluation.summary import comparisons, rows

METHODS = [*reference_methods(), ramp_method()]


@pytest.fixture
def cases(ball_folder: Path) -> list[Case]:
    """Light from the left and from the right on the ball."""
    return pair_cases(ball_folder)


@pytest.fixture
def ball_crew(monkeypatch):
    """The module of that name, where the processes of a crew find it too."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    return importlib.import_module("ball_crew")


def _run(cases: list[Case], folder: Path, methods: list[Method] = METHODS, **settings):
    source = CaseSource(source="balls", cases=tuple(cases))
    common = {"command": "lasagna evaluate run balls", "provenance": {}, "absent": {"x": "y"}}
    return list(run([source], methods, folder, **common | settings))


def _wait_for(happens: Callable[[], bool]) -> None:
    for _ in range(3000):
        if happens():
            return
        time.sleep(0.1)
    raise AssertionError("it never happens")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def _fails_on(case: str) -> Method:
    def solve(asked, scene, seed) -> Answer:
        if asked.name == case:
            raise RuntimeError("no memory left")
        return Answer(image=scene.source)

    return Method(name="fragile", summary="fails once", family="baseline", solve=solve)


def test_a_second_run_solves_nothing_again(cases, tmp_path) -> None:
    first = _run(cases, tmp_path / "run")
    assert [step.cached for step in first] == [False] * 6
    again = _run(cases, tmp_path / "run", resume=True)
    assert [step.cached for step in again] == [True] * 6
    assert len(read_results(tmp_path / "run")) == 6


def test_a_finished_folder_is_not_overwritten(cases, tmp_path) -> None:
    _run(cases, tmp_path / "run")
    with pytest.raises(OutputError, match="--resume"):
        _run(cases, tmp_path / "run")


def test_what_changed_is_solved_again_and_nothing_else(cases, tmp_path) -> None:
    _run(cases, tmp_path / "run")
    stronger = [*reference_methods(), ramp_method(0.8)]
    steps = _run(cases, tmp_path / "run", stronger, resume=True)
    assert [step.method for step in steps if not step.cached] == ["ramp", "ramp"]
    moved = [replace(cases[0], direction=cases[1].direction), cases[1]]
    steps = _run(moved, tmp_path / "run", stronger, resume=True)
    assert {step.case for step in steps if not step.cached} == {cases[0].name}
    assert all(not step.cached for step in _run(cases, tmp_path / "run", seed=1, resume=True))


def test_half_a_line_after_a_kill_is_dropped_and_solved_again(cases, tmp_path) -> None:
    _run(cases, tmp_path / "run")
    path = tmp_path / "run" / RESULTS
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    assert len(read_results(tmp_path / "run")) == 5
    steps = _run(cases, tmp_path / "run", resume=True)
    assert [step.cached for step in steps] == [True] * 5 + [False]
    lines = path.read_text().splitlines()
    assert len(lines) == 6
    assert all(json.loads(line) for line in lines)


def test_a_broken_line_in_the_middle_is_named(cases, tmp_path) -> None:
    _run(cases, tmp_path / "run")
    path = tmp_path / "run" / RESULTS
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], '{"key": 1}', *lines[2:]]) + "\n")
    with pytest.raises(DatasetError, match="line 2"):
        _run(cases, tmp_path / "run", resume=True)


def test_two_runs_in_one_folder_are_refused(cases, tmp_path) -> None:
    _run(cases, tmp_path / "run")
    with (
        opened_for_appending(tmp_path / "run"),
        pytest.raises(OutputError, match="another run"),
    ):
        _run(cases, tmp_path / "run", resume=True)


def test_a_failure_is_recorded_and_never_dropped_in_silence(cases, tmp_path) -> None:
    folder = tmp_path / "run"
    methods = [*METHODS, _fails_on(cases[0].name)]
    steps = _run(cases, folder, methods)
    assert [step.error for step in steps if step.error] == ["RuntimeError: no memory left"]
    record = read_run(folder)
    results = current_results(record, read_results(folder))
    row = next(row for row in rows(results, "photographs") if row.method == "fragile")
    assert (row.failed, row.cases) == (1, 2)
    text = report(record, results)
    assert "1 of 2 †" in text
    assert "failed: `fragile` on" in text
    assert "no memory left" in html_report(folder, record, results)
    again = _run(cases, folder, methods, resume=True)  # a failure is tried again
    assert [step.method for step in again if not step.cached] == ["fragile"]


def test_a_case_that_cannot_be_read_is_listed_for_every_method(
    cases, ball_folder, tmp_path
) -> None:
    (ball_folder / "ball" / "left.png").write_text("not a picture")
    steps = _run(cases, tmp_path / "run")
    assert all(step.error is not None for step in steps)
    record = read_run(tmp_path / "run")
    assert all(case.error is not None for case in record.cases)
    assert "unusable case" in report(record, [])


def test_a_crew_gives_the_same_figures_as_one_process(
    cases, ball_folder, tmp_path, ball_crew
) -> None:
    _run(cases, tmp_path / "alone")
    crew = Crew(processes=2, equip=partial(ball_crew.equipment, ball_folder))
    steps = _run(cases, tmp_path / "crew", crew=crew)
    assert sorted(step.index for step in steps) == [1, 2, 3, 4, 5, 6]
    figures = []
    for folder in (tmp_path / "alone", tmp_path / "crew"):
        found = current_results(read_run(folder), read_results(folder))
        figures.append([(r.case, r.method, r.key, r.scores["psnr_db"]) for r in found])
    assert figures[0] == figures[1]
    again = _run(cases, tmp_path / "crew", crew=crew, resume=True)
    assert all(step.cached for step in again)


def test_a_crew_member_that_is_ended_from_outside_ends_the_run_on_one_line(
    cases, ball_folder, tmp_path, ball_crew
) -> None:
    crew = Crew(processes=2, equip=partial(ball_crew.deadly_equipment, ball_folder))
    with pytest.raises(MemoryShortageError, match="--resume"):
        _run(cases, tmp_path / "run", crew=crew)


def test_a_run_that_is_killed_leaves_nobody_at_work_and_goes_on(
    ball_folder, tmp_path, ball_crew
) -> None:
    started = tmp_path / "started"
    run_folder = tmp_path / "run"
    program = (
        "import sys; from pathlib import Path; from ball_crew import run_until_killed;"
        "run_until_killed(*map(Path, sys.argv[1:]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(ball_folder), str(run_folder), str(started)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    _wait_for(lambda: started.exists() and started.read_text().endswith("\n"))
    worker = int(started.read_text())
    process.send_signal(signal.SIGKILL)
    process.wait()
    _wait_for(lambda: not _is_alive(worker))
    cases = pair_cases(ball_folder)
    steps = _run(cases, run_folder, resume=True)
    assert {step.method for step in steps if step.cached} <= {"identity", "oracle", "ramp"}
    assert len(read_results(run_folder)) == 6


def test_an_answer_is_charged_what_it_costs(cases, tmp_path) -> None:
    def wasteful(case, scene, seed) -> Answer:
        ballast = np.ones(50_000_000)  # 381 MiB
        while time.process_time() - began < 0.3:
            ballast[0] += 1
        return Answer(image=scene.source, evaluations=7)

    method = Method(name="wasteful", summary="", family="baseline", solve=wasteful)
    began = time.process_time()
    _run(cases[:1], tmp_path / "run", [METHODS[0], method])
    thrifty, costly = (result.scores for result in read_results(tmp_path / "run"))
    assert costly["seconds"] > thrifty["seconds"] + 0.05
    assert (thrifty["evaluations"], costly["evaluations"]) == (0, 7)
    if costly["peak_mib"] is not None:  # Linux alone tells
        assert costly["peak_mib"] > thrifty["peak_mib"] + 300


def test_better_methods_win_the_comparison(cases, tmp_path) -> None:
    _run(cases, tmp_path / "run")
    results = read_results(tmp_path / "run")
    (ramp,) = comparisons(results, "photographs", "identity")
    assert (ramp.method, ramp.wins, ramp.objects) == ("ramp", 2, 1)
    assert ramp.difference.mean > 0
    assert ramp.p_value == 1  # one object proves nothing
    table = {row.method: row.figures for row in rows(results, "photographs")}
    assert table["identity"]["covered"].mean == pytest.approx(0)
    assert table["oracle"]["covered"].mean == pytest.approx(1)
    assert 0 < table["ramp"]["covered"].mean < 1


def test_the_reports_hold_every_method_and_case(cases, tmp_path) -> None:
    folder = tmp_path / "run"
    _run(cases, folder)
    record = read_run(folder)
    results = current_results(record, read_results(folder))
    text, page = report(record, results), html_report(folder, record, results)
    for method in METHODS:
        assert f"`{method.name}`" in text
        assert method.name in page
    for case in cases:
        assert (folder / "pictures" / case.name / "ramp.jpg").is_file()
        assert f"pictures/{case.name}/ramp.jpg" in page
    assert "<svg" in page
    assert "http" not in page
    assert "absent: `x`: y" in text


def test_tables_go_between_the_marks_and_leave_the_rest(tmp_path) -> None:
    page = tmp_path / "results.md"
    page.write_text(f"# Ours\n\n{BEGIN}\nold\n{END}\n\nRemarks.\n")
    write_into_page(page, "new")
    assert page.read_text() == f"# Ours\n\n{BEGIN}\n\nnew\n{END}\n\nRemarks.\n"
    page.write_text("no marks")
    with pytest.raises(DatasetError, match="put the lines"):
        write_into_page(page, "new")
    assert page.read_text() == "no marks"


def test_a_run_that_was_stopped_says_so_and_one_with_slow_methods_does_not(cases, tmp_path) -> None:
    folder = tmp_path / "run"
    methods = [*METHODS, replace(METHODS[-1], name="slow", at_most=1)]
    steps = _run(cases, folder, methods)
    assert len(steps) == 7
    record, results = read_run(folder), read_results(folder)
    text = report(record, results)
    assert "not finished" not in text
    assert "1 ‡" in text
    assert "‡ slow" in text
    assert "‡ slow" in html_report(folder, record, results)
    assert "6 of 7 answers" in report(record, results[:-1])


def test_categories_have_tables_of_their_own(cases, tmp_path) -> None:
    folder = tmp_path / "run"
    sorts = [replace(cases[0], category="chairs"), replace(cases[1], category="shells")]
    _run(sorts, folder)
    record, results = read_run(folder), read_results(folder)
    text, page = report(record, results), html_report(folder, record, results)
    for name in ("chairs", "shells"):
        assert f"### {name}: 1 cases of 1 objects" in text
        assert f"<h3>{name}" in page


def test_methods_that_see_the_truth_are_left_out_where_there_is_none(cases, tmp_path) -> None:
    scene = cases[0].load()
    blind = replace(scene, target=None, references=())
    art = replace(cases[0], kind="art", load=lambda: blind)
    steps = _run([art], tmp_path / "run")
    assert [step.method for step in steps] == ["identity", "ramp"]
    assert torch.equal(blind.source, scene.source)

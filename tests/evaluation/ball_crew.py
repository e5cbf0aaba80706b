"""What processes of a crew make for themselves, in a module that they can import."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from lasagna_relight.evaluation.baselines import ramp_method, reference_methods
from lasagna_relight.evaluation.cases import pair_cases
from lasagna_relight.evaluation.crew import Crew, Equipment
from lasagna_relight.evaluation.method import Answer
from lasagna_relight.evaluation.run import CaseSource, run

METHODS = [*reference_methods(), ramp_method()]


def equipment(folder: Path) -> Equipment:
    return Equipment(cases=tuple(pair_cases(folder)), methods=tuple(METHODS), lpips=None)


def deadly_equipment(folder: Path) -> Equipment:
    def solve(case, scene, seed) -> Answer:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    deadly = replace(METHODS[0], solve=solve)
    return replace(equipment(folder), methods=(deadly, *METHODS[1:]))


def endless_equipment(folder: Path, started: Path) -> Equipment:
    def solve(case, scene, seed) -> Answer:
        started.write_text(f"{os.getpid()}\n")
        time.sleep(600)
        raise AssertionError

    endless = replace(METHODS[0], solve=solve)
    return replace(equipment(folder), methods=(endless, *METHODS[1:]))


def run_until_killed(balls: Path, folder: Path, started: Path) -> None:
    """What a process of its own does until it is killed."""
    crew = Crew(processes=2, equip=partial(endless_equipment, balls, started))
    source = CaseSource(source="balls", cases=tuple(pair_cases(balls)))
    own = equipment(balls)
    list(run([source], own.methods, folder, command="", provenance={}, absent={}, crew=crew))

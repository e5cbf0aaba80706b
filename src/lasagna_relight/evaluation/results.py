"""Results on disk: JSON lines, each written whole and flushed before the next answer begins."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.evaluation.case import Kind
from lasagna_relight.evaluation.method import Family

RESULTS = "results.jsonl"
RUN = "run.json"


class Result(BaseModel):
    """One method on one case, or why there is no answer.

    Attributes:
        key: hash of all that the figures depend on; the same key is never solved twice.
        scores: by the names of `scoring.FIGURES`; empty where the method failed.
        waypoints: seconds, prior evaluations and PSNR on the way of an iterative solve.
        wall_seconds: beside the processor seconds among the scores.
        error: why the method failed; None where it did not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    case: str
    kind: Kind
    group: str
    method: str
    family: Family
    seed: int
    scores: dict[str, float | None]
    waypoints: list[dict[str, float]] = []
    wall_seconds: float = 0.0
    error: str | None = None


class CaseEntry(BaseModel):
    """A case as a run lists it.

    Attributes:
        asked: how many methods are to answer it.
        error: why it could not be loaded, or None.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Kind
    group: str
    words: str
    azimuth_deg: float
    elevation_deg: float
    licence: str
    source: str
    category: str
    asked: int
    error: str | None = None


class MethodEntry(BaseModel):
    """A method as a run lists it; see `method.Method`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    summary: str
    family: Family
    at_most: int | None


class RunRecord(BaseModel):
    """What was run, on what, with which versions and seeds.

    Attributes:
        command: what a user types to run it again.
        provenance: versions, machine, commit and date, by name.
        absent: methods and metrics that could not be run, and why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str
    seed: int
    provenance: dict[str, str]
    cases: list[CaseEntry]
    methods: list[MethodEntry]
    absent: dict[str, str]


@contextmanager
def opened_for_appending(folder: Path) -> Iterator[IO[str]]:
    """The results of ``folder``, for this process alone; a half-written last line is cut off.

    Raises:
        OutputError: another process is running in the folder, or it cannot be written.
    """
    path = folder / RESULTS
    try:
        file = path.open("a+b")
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror})") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutputError(f"{folder}: another run is at work there: wait for it") from error
        file.seek(0)
        whole = file.read()
        end = whole.rfind(b"\n") + 1
        if end < len(whole):
            file.truncate(end)
        with open(os.dup(file.fileno()), "a", encoding="utf-8") as text:  # noqa: PTH123 a descriptor
            yield text


def append(file: IO[str], result: Result) -> None:
    """Writes one result so that it survives a kill."""
    file.write(result.model_dump_json() + "\n")
    file.flush()
    os.fsync(file.fileno())


def read_results(folder: Path) -> list[Result]:
    """All results in ``folder``, a half-written last line left out; none where there is no file.

    Raises:
        DatasetError: another line is no result.
    """
    path = folder / RESULTS
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    results = []
    for number, line in enumerate(lines[:-1], start=1):  # after the last newline: half a line
        try:
            results.append(Result.model_validate_json(line))
        except ValidationError as error:
            reason = error.errors()[0]["msg"]
            raise DatasetError(
                f"{path}, line {number}: no result ({reason}): delete that line and use --resume"
            ) from error
    return results


def read_run(folder: Path) -> RunRecord:
    """What was run in ``folder``.

    Raises:
        DatasetError: the folder holds no run, or one of another version.
    """
    path = folder / RUN
    try:
        return RunRecord.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DatasetError(f"{folder}: holds no run: `lasagna evaluate run` makes one") from error
    except ValidationError as error:
        raise DatasetError(f"{path}: not a run of this version: run it again") from error


def current_results(run: RunRecord, results: list[Result]) -> list[Result]:
    """The newest result of each case and method that the run lists, in the run's order."""
    newest = {(result.case, result.method): result for result in results}
    pairs = [(c.name, m.name) for c in run.cases for m in run.methods]
    return [newest[pair] for pair in pairs if pair in newest]


def pretty(run: RunRecord) -> str:
    """The run as JSON to be read by people too."""
    return json.dumps(run.model_dump(), indent=1) + "\n"

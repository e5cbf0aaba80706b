"""Who answers the cases of a run: this process, or several side by side.

A process of the crew makes cases and methods of its own: networks are not sent about. Only the
process that runs writes results; a killed run loses at most the pieces in work.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import torch

from lasagna_relight.errors import LasagnaError, MemoryShortageError
from lasagna_relight.evaluation.answers import Answered, answers
from lasagna_relight.evaluation.case import Case
from lasagna_relight.evaluation.lpips import Lpips
from lasagna_relight.evaluation.method import Method
from lasagna_relight.evaluation.results import Result


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What all answers of a run share.

    Attributes:
        folder: of the run.
        known: earlier results by their keys.
        seed: of the methods.
        code: hash of what figures depend on.
    """

    folder: Path
    known: Mapping[str, Result]
    seed: int
    code: str


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """What a process of the crew makes for itself: the same cases and methods as the run's."""

    cases: tuple[Case, ...]
    methods: tuple[Method, ...]
    lpips: Lpips | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """An answer to the case at ``place``, or why that case cannot be loaded.

    Attributes:
        place: of the case in the run.
        answer: the answer, or the reason.
        names: of the methods that it concerns.
    """

    place: int
    answer: Answered | str
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Crew:
    """Processes that answer cases side by side.

    Attributes:
        processes: how many; each computes on one thread.
        equip: makes cases and methods; sent to each process, so a function of a module.
    """

    processes: int
    equip: Callable[[], Equipment]

    def outcomes(
        self, names: Sequence[Sequence[str]], slow: frozenset[str], settings: Settings
    ) -> Iterator[Outcome]:
        """The outcomes of all cases, as they come: quick methods of every case, then slow ones.

        Args:
            names: of the methods that are asked of each case.
            slow: methods that are a piece of work by themselves.
            settings: of the run.

        Raises:
            MemoryShortageError: a process was ended from outside, as for want of memory.
            LasagnaError: the equipment cannot be made.
        """
        executor = ProcessPoolExecutor(
            self.processes,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self.equip, settings),
        )
        try:
            work = [
                executor.submit(_outcomes_of, place, piece) for place, piece in _pieces(names, slow)
            ]
            for done in as_completed(work):
                yield from done.result()
        except BrokenProcessPool as error:
            raise MemoryShortageError(
                "a process of the run was ended from outside: go on with --resume and fewer --jobs"
            ) from error
        finally:
            executor.shutdown(cancel_futures=True)


def alone(
    cases: Sequence[Case],
    methods: Mapping[str, Method],
    names: Sequence[Sequence[str]],
    settings: Settings,
    lpips: Lpips | None,
) -> Iterator[Outcome]:
    """The outcomes of all cases in this process, in order."""
    for place, own in enumerate(names):
        yield from _answer(place, cases[place], [methods[name] for name in own], settings, lpips)


def _pieces(
    names: Sequence[Sequence[str]], slow: frozenset[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The quick methods of each case together; then, one by one, the slow ones."""
    for place, own in enumerate(names):
        yield place, tuple(name for name in own if name not in slow)
    for place, own in enumerate(names):
        for name in own:
            if name in slow:
                yield place, (name,)


def _answer(
    place: int,
    case: Case,
    methods: Sequence[Method],
    settings: Settings,
    lpips: Lpips | None,
) -> Iterator[Outcome]:
    try:
        scene = case.load()
    except LasagnaError as error:
        names = tuple(method.name for method in methods)
        yield Outcome(place=place, answer=str(error), names=names)
        return
    for answered in answers(
        case,
        scene,
        methods,
        settings.folder,
        known=settings.known,
        seed=settings.seed,
        code=settings.code,
        lpips=lpips,
    ):
        yield Outcome(place=place, answer=answered, names=(answered.result.method,))


_at_work: tuple[Equipment, Settings] | None = None
"""Of a process of the crew, from its beginning to its end."""


def _begin(equip: Callable[[], Equipment], settings: Settings) -> None:
    global _at_work
    threading.Thread(target=_end_with_the_run, daemon=True).start()
    torch.set_num_threads(1)
    _at_work = equip(), settings


def _end_with_the_run() -> None:
    """A run that is killed leaves nobody at work."""
    run = multiprocessing.parent_process()
    assert run is not None
    run.join()
    os._exit(1)


def _outcomes_of(place: int, names: Sequence[str]) -> list[Outcome]:
    assert _at_work is not None
    equipment, settings = _at_work
    methods = {method.name: method for method in equipment.methods}
    chosen = [methods[name] for name in names]
    return list(_answer(place, equipment.cases[place], chosen, settings, equipment.lpips))

"""A study with people, planned: which pictures are shown against which, and what is known of them.

Two-alternative forced choice, as in the paper: beside the source, two methods' pictures of one
case; which shows the object lit as asked, and keeps everything else? A few questions have a known
answer, to find out who does not look.
"""

import hashlib
import random
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from PIL import Image as PillowImage

from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.evaluation.results import Result, RunRecord
from lasagna_relight.evaluation.study_items import CHECK, PICTURES, Item
from lasagna_relight.image_io import atomic_path

BEST = "oracle"
"""Its pictures are the right answers of the known questions."""


def plan_items(
    run_folder: Path,
    run: RunRecord,
    results: Sequence[Result],
    methods: Sequence[str],
    study: Path,
    *,
    checks: int,
    seed: int,
) -> list[Item]:
    """Every pair of ``methods`` on every case that both answered, and ``checks`` known answers.

    Their pictures are copied into ``study`` under names that tell nothing.

    Raises:
        DatasetError: fewer than two methods, an unknown one, or no case with two answers.
        OutputError: the study cannot be written.
    """
    known = {method.name for method in run.methods}
    for name in methods:
        if name not in known:
            raise DatasetError(f'the run has no method "{name}": choose among {", ".join(known)}')
    if len(set(methods)) < 2:
        raise DatasetError("a study compares at least two methods: name them with --methods")
    answered = {(r.case, r.method) for r in results if r.error is None}
    words = {case.name: case.words for case in run.cases}
    items = []
    for case in dict.fromkeys(r.case for r in results):
        source = _copied(_run_picture(run_folder, case, "_source"), study)
        for first, second in combinations(dict.fromkeys(methods), 2):
            if {(case, first), (case, second)} <= answered:
                items.append(
                    _item(
                        case=case,
                        methods=(first, second),
                        expected=None,
                        words=words[case],
                        source=source,
                        pictures=tuple(
                            _copied(_run_picture(run_folder, case, name), study)
                            for name in (first, second)
                        ),
                    )
                )
    if not items:
        raise DatasetError("no case has answers of two of these methods: run them first")
    with_truth = [case for case in words if (case, BEST) in answered]
    random.Random(seed).shuffle(with_truth)
    if len(with_truth) < checks:
        raise DatasetError(
            f"{checks} known answers need as many cases answered by the method {BEST}, and the "
            f"run has {len(with_truth)}: add {BEST} to --methods of lasagna evaluate run, or give "
            f"--checks {len(with_truth)}"
        )
    for case in with_truth[:checks]:
        before = _run_picture(run_folder, case, "_source")
        best = _copied(_run_picture(run_folder, case, BEST), study)
        items.append(
            _item(
                case=case,
                methods=(CHECK, CHECK),
                expected="a",
                words=words[case],
                source=_copied(before, study),
                pictures=(best, _spoiled(before, study)),
            )
        )
    return items


def question(words: str) -> str:
    """What a rater is asked, for words such as "light from the left"."""
    where = words.removeprefix("light ").strip()
    return f"Which picture shows the object lit {where}, and keeps everything else?"


def _item(
    *,
    case: str,
    methods: tuple[str, str],
    expected: str | None,
    words: str,
    source: str,
    pictures: tuple[str, ...],
) -> Item:
    parts = (case, *methods, *pictures)
    return Item(
        id=hashlib.sha256(repr(parts).encode()).hexdigest()[:16],
        case=case,
        method_a=methods[0],
        method_b=methods[1],
        expected=expected,
        question=question(words),
        source=source,
        picture_a=pictures[0],
        picture_b=pictures[1],
    )


def _run_picture(run_folder: Path, case: str, name: str) -> Path:
    return run_folder / "pictures" / case / f"{name}.jpg"


def _copied(path: Path, study: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} is missing: run the evaluation again with --resume") from error
    return _written(content, study)


def _spoiled(path: Path, study: Path) -> str:
    """The source with its colors exchanged: it plainly keeps not everything else."""
    with PillowImage.open(path) as opened:
        red, green, blue = opened.convert("RGB").split()
    inverted = blue.point([255 - value for value in range(256)])
    spoiled = PillowImage.merge("RGB", (inverted, red, green))
    temporary = study / PICTURES / ".spoiled.jpg"
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        spoiled.save(temporary, quality=92)
        content = temporary.read_bytes()
        temporary.unlink()
    except OSError as error:
        raise OutputError(f"{study} cannot be written ({error.strerror})") from error
    return _written(content, study)


def _written(content: bytes, study: Path) -> str:
    name = hashlib.sha256(content).hexdigest()[:20] + ".jpg"
    path = study / PICTURES / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent} cannot be made ({error.strerror})") from error
    if not path.exists():
        with atomic_path(path, force=False) as beside:
            beside.write_bytes(content)
    return name

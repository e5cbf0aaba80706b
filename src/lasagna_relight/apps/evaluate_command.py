"""`lasagna evaluate`: a recipe measured on pictures whose light is known."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

from lasagna_relight.evaluation.photometric import evaluate, format_report


def run_photometric(
    folder: Path,
    *,
    recipe: str | None,
    prior: str,
    device: str,
    seed: int,
    as_json: bool,
) -> int:
    """Print how ``recipe`` does on the photographs of ``folder`` and return the exit code.

    Raises:
        DatasetError: the folder lacks its ``pairs.json``, or a picture that it names.
    """
    report = evaluate(folder, recipe=recipe, prior=prior, device=device, seed=seed)
    print(json.dumps(dataclasses.asdict(report), indent=2) if as_json else format_report(report))
    return 0

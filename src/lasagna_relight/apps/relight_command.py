"""`lasagna relight`: photos are relit one by one, and one that fails does not stop the others.

Loads no PyTorch until it is known that there is something to relight.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lasagna_relight.apps.failure import EXIT_INPUT, report_failure
from lasagna_relight.apps.read_ahead import SubjectReader
from lasagna_relight.apps.relight_plan import RelightJob
from lasagna_relight.errors import LasagnaError


def run(job: RelightJob, *, quiet: bool) -> int:
    """Relight every photo of ``job`` and return the exit code.

    A photo that fails gets its line on stderr and does not stop the others. Paths of relit
    pictures and of their layers go to stdout.
    """
    codes = {task.photo: 0 for task in job.tasks}
    for task in job.tasks:
        try:
            task.refuse_unwritable_files(job.layers, force=job.force)
        except LasagnaError as error:
            codes[task.photo] = report_failure(error)
    ready = [task for task in job.tasks if codes[task.photo] == 0]
    if ready:
        with ThreadPoolExecutor(max_workers=1) as pool:
            reader = SubjectReader(pool, job.mask)
            reader.start(ready[0].photo)
            from lasagna_relight.apps.relight_photos import relight_photos  # PyTorch, meanwhile

            codes |= relight_photos(job, ready, reader, quiet=quiet)
    return _summarize(codes, quiet=quiet)


def _summarize(codes: dict[Path, int], *, quiet: bool) -> int:
    failures = [code for code in codes.values() if code]
    if len(codes) > 1 and (failures or not quiet):
        done = len(codes) - len(failures)
        failed = f", {len(failures)} failed" if failures else ""
        print(f"lasagna: {done} of {len(codes)} photos relit{failed}", file=sys.stderr)
    return EXIT_INPUT if EXIT_INPUT in failures else max(failures, default=0)

"""`lasagna relight`: photos are relit one by one, and one that fails does not stop the others.

Loads no PyTorch until it is known that there is something to relight.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from lasagna_relight.apps.picture_run import refuse_unwritable_tasks, summarize
from lasagna_relight.apps.read_ahead import SubjectReader
from lasagna_relight.apps.relight_plan import RelightJob


def run(job: RelightJob, *, quiet: bool) -> int:
    """Relight every photo of ``job`` and return the exit code.

    A photo that fails gets its line on stderr and does not stop the others. Paths of relit
    pictures and of their layers go to stdout.
    """
    codes, ready = refuse_unwritable_tasks(job.tasks, job.layers, force=job.force)
    if ready:
        with ThreadPoolExecutor(max_workers=1) as pool:
            reader = SubjectReader(pool, job.mask)
            reader.start(ready[0].photo)
            from lasagna_relight.apps.relight_photos import relight_photos  # PyTorch, meanwhile

            codes |= relight_photos(job, ready, reader, quiet=quiet)
    return summarize(codes, "photos relit", quiet=quiet)

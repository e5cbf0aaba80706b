"""How the command fails: one line on stderr, and an exit code."""

import os
import sys
from typing import NoReturn

from lasagna_relight.errors import DivergenceError, LasagnaError

EXIT_DIVERGED = 1
EXIT_INPUT = 2
EXIT_INTERRUPTED = 130
EXIT_CLOSED_PIPE = 141


def report_line(message: str) -> None:
    """Print `lasagna: error: ...` on stderr, on one line whatever the message holds."""
    print(f"lasagna: error: {' '.join(message.split())}", file=sys.stderr)


def report_warning(message: str) -> None:
    """Print `lasagna: warning: ...` on stderr, on one line."""
    print(f"lasagna: warning: {' '.join(message.split())}", file=sys.stderr)


def report_remark(remark: str | None, *, quiet: bool) -> None:
    """Print ``remark`` as a warning, where there is one and it may be heard."""
    if remark is not None and not quiet:
        report_warning(remark)


def report_failure(error: LasagnaError) -> int:
    """Print the error's line on stderr and return its exit code: 1 for a diverged solve, else 2."""
    report_line(str(error))
    return EXIT_DIVERGED if isinstance(error, DivergenceError) else EXIT_INPUT


def end_process(code: int) -> NoReturn:
    """End this process at once with ``code``, without taking the interpreter apart.

    That takes PyTorch a third of a second, in which nothing useful happens: every file is written
    and closed, every thread has been waited for, and what is printed is flushed here.
    """
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = silence_closed_pipe()
    os._exit(code)


def silence_closed_pipe() -> int:
    """Return the exit code for a reader that went away, as in `lasagna light ... | head -1`.

    Stdout becomes the null device, so that Python's last flush does not complain either.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return EXIT_CLOSED_PIPE

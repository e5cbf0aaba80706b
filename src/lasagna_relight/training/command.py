"""How the modules of this package that are commands of their own begin and fail."""

from __future__ import annotations

import sys
from collections.abc import Callable

import torch

from lasagna_relight.errors import LasagnaError

EXIT_INPUT = 2

CHECKPOINT_STEPS = 250
"""After each so many steps a reader's weights are saved and read the phrases kept back."""


def run_as_command(main: Callable[[], None]) -> None:
    """Runs ``main`` on one thread; an error of ours is one line on stderr and exit code 2."""
    torch.set_num_threads(1)
    try:
        main()
    except LasagnaError as error:
        sys.stderr.write(f"error: {' '.join(str(error).split())}\n")
        sys.exit(EXIT_INPUT)

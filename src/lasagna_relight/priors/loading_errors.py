"""What goes wrong while networks load or compute, in one line each."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from lasagna_relight.errors import MemoryShortageError, PriorError

MEMORY_REMEDY = (
    "no memory left: try --offload (parts visit the device when used), --attention-slicing, "
    "--batch 1, --half-weights, a smaller --dtype, or --tiny-vae"
)


@contextmanager
def naming_memory_shortage(name: str) -> Iterator[None]:
    """Turns a full device, or a full machine, into one line that names what would help."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_memory_shortage(error):
            raise
        raise MemoryShortageError(f"{name}: {MEMORY_REMEDY}") from error


@contextmanager
def one_line_errors(name: str) -> Iterator[None]:
    """Turns what the libraries raise about ``name`` into one line of ours."""
    try:
        with naming_memory_shortage(name):
            yield
    except (PriorError, MemoryShortageError):
        raise
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        if "meta tensor" in reason:  # what the libraries leave of weights that are not there
            reason = "some of its weights are missing"
        raise PriorError(f"{name}: cannot be loaded ({reason})") from error


COMPILER_MODULES = ("torch._dynamo", "torch._inductor")


def is_memory_shortage(error: BaseException) -> bool:
    """Whether a device or this machine ran out of memory."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    words = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "out of memory" in words or "can't allocate memory" in words
    )


@contextmanager
def naming_compilation() -> Iterator[None]:
    """Turns what ``torch.compile`` raises, a missing compiler above all, into one line."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith(COMPILER_MODULES):
            raise
        reason = " ".join(str(error).split())[:160]
        raise PriorError(
            f"--compile: PyTorch cannot compile the networks here ({reason}): leave it out"
        ) from error


@contextmanager
def diffusers_silenced() -> Iterator[None]:
    """Loading without bars and warnings of diffusers: what matters is raised in one line."""
    from diffusers.utils import logging

    before, drew = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        if drew:
            logging.enable_progress_bar()

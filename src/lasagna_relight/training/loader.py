"""Batches prepared ahead by worker processes, in order, and the same whoever prepares them."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from torch.utils.data import DataLoader, Dataset

from lasagna_relight.training.config import TrainingConfig


def prepared_batches(
    batches: Callable[[int, int], Any], parts: Sequence[int], config: TrainingConfig, *, start: int
) -> Iterator[Any]:
    """The batches of ``parts`` of step ``start``, then those of the next, to the last step.

    Args:
        batches: a pure function of step and part.
        parts: those of this process.
        config: how many steps there are, and workers.
        start: first step.
    """
    turns = _Turns(batches, [(s, part) for s in range(start, config.steps) for part in parts])
    if config.workers == 0:
        return (turns[index] for index in range(len(turns)))
    return iter(DataLoader(turns, batch_size=None, num_workers=config.workers, prefetch_factor=2))


class _Turns(Dataset):
    """Batches by their place in the order."""

    def __init__(
        self, batches: Callable[[int, int], Any], turns: Sequence[tuple[int, int]]
    ) -> None:
        self._batches, self._turns = batches, turns

    def __len__(self) -> int:
        return len(self._turns)

    def __getitem__(self, index: int) -> Any:
        return self._batches(*self._turns[index])

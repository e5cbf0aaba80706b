"""The trainings that made the weights in the package, as functions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from lasagna_relight.language.encoder import shipped_encoder
from lasagna_relight.priors.embedded import EmbeddedNetworks, save_networks
from lasagna_relight.priors.predictor import GainPredictor, load_predictor, save_predictor
from lasagna_relight.relit.dataset import Batch, ShardFolder, batches
from lasagna_relight.seeding import generator
from lasagna_relight.training.loop import TrainingConfig, TrainingStep, train
from lasagna_relight.training.loss import predictor_loss
from lasagna_relight.training.prior import prior_loss

BATCH_SIZE = 24
Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True, kw_only=True)
class Data:
    """Folders of shards and how often a batch comes from each.

    Attributes:
        folders: read for ``train-*`` shards, and for all shards where there is none of that name.
        weights: one per folder.
    """

    folders: Sequence[Path]
    weights: Sequence[float]

    def batches(self, draws: torch.Generator) -> Iterator[Batch]:
        """Endless batches.

        Raises:
            DatasetError: a folder holds no shards.
        """
        opened = [ShardFolder(folder, _pattern(folder)) for folder in self.folders]
        return batches(opened, self.weights, batch_size=BATCH_SIZE, generator=draws)


def train_predictor(data: Data, run: Path, *, steps: int, seed: int = 0) -> Iterator[TrainingStep]:
    """Trains the instant predictor; its weights are in ``run`` after the last step.

    Raises:
        DatasetError: no shards.
        DivergenceError: the loss is not finite.
    """
    draws = generator(seed, "predictor")
    stream = data.batches(draws)
    predictor = _seeded(GainPredictor, seed)
    config = TrainingConfig(steps=steps, learning_rate=5e-4)

    def loss(_step: int) -> Tensor:
        return predictor_loss(predictor, next(stream))

    yield from train(predictor, loss, config, run, draws)
    save_predictor(predictor, run, force=True)


def train_prior(
    data: Data, run: Path, predictor_folder: Path, *, steps: int, seed: int = 0
) -> Iterator[TrainingStep]:
    """Trains the embedded prior over the previews of a trained predictor.

    Raises:
        DatasetError: no shards.
        PriorError: no predictor in its folder.
        DivergenceError: the loss is not finite.
    """
    draws = generator(seed, "prior")
    stream = data.batches(draws)
    predictor = load_predictor(predictor_folder)
    encoder = shipped_encoder()
    networks = _seeded(EmbeddedNetworks.fresh, seed)
    config = TrainingConfig(steps=steps, learning_rate=6e-4, ema_decay=0.998)

    def loss(_step: int) -> Tensor:
        return prior_loss(networks, predictor, encoder, next(stream), draws)

    yield from train(networks, loss, config, run, draws)
    save_networks(networks, run)


def _seeded(make: Callable[[], Network], seed: int) -> Network:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return make()


def _pattern(folder: Path) -> str:
    return "train-*.safetensors" if any(folder.glob("train-*.safetensors")) else "*.safetensors"

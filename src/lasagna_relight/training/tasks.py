"""The trainings of predictors and small priors, put together."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from lasagna_relight.errors import PriorError
from lasagna_relight.image_io import atomic_path
from lasagna_relight.language.encoder import shipped_encoder
from lasagna_relight.priors.denoiser import DenoiserConfig, EditDenoiser
from lasagna_relight.priors.embedded import EmbeddedNetworks, load_networks, save_networks
from lasagna_relight.priors.predictor import (
    ContinuousPredictor,
    GainPredictor,
    Predictor,
    begin_with,
    load_predictor,
    save_predictor,
)
from lasagna_relight.relit.dataset import Batch
from lasagna_relight.training.config import TrainingConfig
from lasagna_relight.training.data import TrainingData
from lasagna_relight.training.diffusion import denoiser_estimate, denoiser_loss
from lasagna_relight.training.loss import (
    LIGHTS_A_STEP,
    continuous_loss,
    named_lights,
    predictor_loss,
)
from lasagna_relight.training.options import (
    DenoiserOptions,
    Options,
    PredictorOptions,
    PriorOptions,
)
from lasagna_relight.training.prior import CaptionBank, prior_estimate, prior_loss
from lasagna_relight.training.task import Task

TITLES = ["object", "thing", "figure", "cup", "toy", "fruit", "shoe", "statue", "lamp", "chair"]
Made = TypeVar("Made", bound=nn.Module)


def predictor_task(
    options: PredictorOptions, data: TrainingData, config: TrainingConfig
) -> Task[Batch]:
    """The instant predictor: twelve named lights at once, or lights from anywhere.

    Raises:
        DatasetError: no data.
        PriorError: the predictor to begin with cannot be read, or is of another shape.
    """
    shape: dict[str, Any] = {
        "resolution": options.resolution,
        "patch": options.patch,
        "channels": options.channels,
        "layers": options.layers,
        "network": options.network,
    }

    trained = None if options.start is None else load_predictor(options.start)

    def make() -> Predictor:
        predictor = (
            GainPredictor(**shape)
            if options.head == "named"
            else ContinuousPredictor(**shape, head=options.head)
        )
        if trained is not None:
            begin_with(predictor, trained)
        return predictor

    def loss(model: nn.Module, batch: Batch, draws: torch.Generator) -> Tensor:
        if options.head == "named":
            return predictor_loss(model, batch)
        return continuous_loss(model, batch, draws)

    def estimate(model: nn.Module, batch: Batch) -> Tensor:
        return model(batch.source, batch.mask)[:, named_lights(batch)[0]]

    def save(model: nn.Module, folder: Path) -> None:
        assert isinstance(model, GainPredictor | ContinuousPredictor)
        save_predictor(model, folder, force=True)

    return Task(
        model=_seeded(make, config.seed),
        batches=_batches(data, options, config, None if options.head == "named" else LIGHTS_A_STEP),
        loss=loss,
        estimate=estimate,
        save=save,
    )


def prior_task(options: PriorOptions, data: TrainingData, config: TrainingConfig) -> Task[Batch]:
    """The embedded prior, on top of a trained predictor.

    Raises:
        DatasetError: no data.
        PriorError: no predictor in its folder, or one of another resolution; a prior to go on
            from that is of another kind.
    """
    device = torch.device(data.device)
    folder = options.predictor or Path(str(resources.files("lasagna_relight"))) / "data/embedded"
    predictor = load_predictor(folder).to(device)
    if predictor.resolution != options.resolution:
        raise PriorError(
            f"{folder}: a predictor of {predictor.resolution} px cannot preview for a prior of "
            f"{options.resolution} px: train one, or --set resolution={predictor.resolution}"
        )
    bank = CaptionBank.drawn(
        shipped_encoder(), count=options.captions, titles=TITLES, seed=config.seed, device=device
    )

    def make() -> EmbeddedNetworks:
        return EmbeddedNetworks.fresh(
            resolution=options.resolution,
            channels=options.channels,
            layers=options.layers,
            prediction=options.prediction,
        )

    networks = _seeded(make, config.seed)
    if options.start is not None:
        _go_on_from(networks, options.start)

    def loss(model: nn.Module, batch: Batch, draws: torch.Generator) -> Tensor:
        return prior_loss(model, networks, predictor, bank, batch, draws, options.min_snr_gamma)

    def estimate(model: nn.Module, batch: Batch) -> Tensor:
        assert isinstance(model, EmbeddedNetworks)
        return prior_estimate(model, predictor, batch)

    def save(model: nn.Module, folder: Path) -> None:
        assert isinstance(model, EmbeddedNetworks)
        save_networks(model, folder)
        save_predictor(predictor, folder, force=True)

    return Task(
        model=networks,
        batches=_batches(data, options, config, 1),
        loss=loss,
        estimate=estimate,
        save=save,
    )


def _go_on_from(networks: EmbeddedNetworks, folder: Path) -> None:
    trained = load_networks(folder)
    if trained.prediction != networks.prediction:
        raise PriorError(
            f"{folder} predicts {trained.prediction}: --set prediction={trained.prediction}"
        )
    try:
        networks.load_state_dict(trained.state_dict())
    except RuntimeError as error:
        raise PriorError(
            f"{folder}: a prior of other widths: give its channels and layers"
        ) from error


def denoiser_task(
    options: DenoiserOptions, data: TrainingData, config: TrainingConfig
) -> Task[Batch]:
    """A prior of one of the kinds that are compared.

    Raises:
        DatasetError: no data.
    """
    shape = DenoiserConfig(
        edit=options.edit,
        prediction=options.prediction,
        network=options.network,
        channels=options.channels,
        layers=options.layers,
        patch=options.patch,
        resolution=options.resolution,
    )
    denoiser = _seeded(lambda: EditDenoiser(shape), config.seed)

    def loss(model: nn.Module, batch: Batch, draws: torch.Generator) -> Tensor:
        return denoiser_loss(model, denoiser, batch, draws, options.min_snr_gamma)

    def estimate(model: nn.Module, batch: Batch) -> Tensor:
        assert isinstance(model, EditDenoiser)
        return denoiser_estimate(model, batch)

    def save(model: nn.Module, folder: Path) -> None:
        with atomic_path(folder / "denoiser.json", force=True) as beside:
            beside.write_text(json.dumps(options.model_dump()) + "\n")
        weights = {name: value.half().contiguous() for name, value in model.state_dict().items()}
        with atomic_path(folder / "denoiser.safetensors", force=True) as beside:
            save_file(weights, beside)

    return Task(
        model=denoiser,
        batches=_batches(data, options, config, None if options.edit == "twelve" else 1),
        loss=loss,
        estimate=estimate,
        save=save,
    )


def _batches(
    data: TrainingData, options: Options, config: TrainingConfig, lights: int | None
) -> Callable[[int, int], Batch]:
    return data.batches(
        resolution=options.resolution,
        batch_size=options.batch_size,
        seed=config.seed,
        lights=lights,
    )


def _seeded(make: Callable[[], Made], seed: int) -> Made:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return make()

"""What an objective needs of a diffusion prior, whatever stands behind it."""

from typing import Protocol, runtime_checkable

from lasagna_relight.priors.codecs import Codec
from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps
from lasagna_relight.types import Latents


@runtime_checkable
class DiffusionPrior(Protocol):
    """A score over latents, already conditioned on picture, prompt or direction, and guidance.

    Attributes:
        schedule: how noise grows with the timestep.
        codec: what its latents are.
    """

    @property
    def schedule(self) -> NoiseSchedule: ...

    @property
    def codec(self) -> Codec: ...

    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        """The noise in ``xt``, guidance applied, shape of ``xt``; any batch over one condition."""
        ...


@runtime_checkable
class NeutralizablePrior(DiffusionPrior, Protocol):
    """A prior that can also be asked about the picture as it is.

    Attributes:
        neutral: the same prior with nothing said about the light.
    """

    @property
    def neutral(self) -> DiffusionPrior: ...

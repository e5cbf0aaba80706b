"""The noise schedule: how much of a latent is left at a timestep, and how much is noise.

x_t = alpha_t x_0 + sigma_t eps, with alpha_t^2 = abar_t and alpha_t^2 + sigma_t^2 = 1. Source: Ho
et al., arXiv 2006.11239, eq. 4; velocity v_t = alpha_t eps - sigma_t x_0 from Salimans and Ho,
arXiv 2202.00512, appendix D.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

from lasagna_relight.types import Latents

Timesteps = Int[Tensor, " batch"]
Prediction = Literal["v_prediction", "epsilon", "sample"]
"""What a network predicts, in the words of diffusers' schedulers."""

SMALLEST_ALPHA = 0.02
"""x_0 of a noise prediction is divided by no less."""


@runtime_checkable
class Scheduler(Protocol):
    """What is asked of a diffusers scheduler, without importing diffusers."""

    alphas_cumprod: Tensor


@dataclass(frozen=True, kw_only=True)
class NoiseSchedule:
    """Cumulative alphas, one per timestep; timestep 0 is the cleanest."""

    alphas_cumprod: Float[Tensor, " timesteps"]

    @classmethod
    def from_scheduler(cls, scheduler: Scheduler) -> "NoiseSchedule":
        """The schedule of a diffusers scheduler."""
        return cls(alphas_cumprod=scheduler.alphas_cumprod.float())

    def __len__(self) -> int:
        return len(self.alphas_cumprod)

    def abar(self, t: Timesteps) -> Float[Tensor, "batch 1 1 1"]:
        """Cumulative alpha at ``t``."""
        return self.alphas_cumprod.to(t.device)[t].view(-1, 1, 1, 1)

    def alpha(self, t: Timesteps) -> Float[Tensor, "batch 1 1 1"]:
        """Scale of the latent at ``t``."""
        return self.abar(t).sqrt()

    def sigma(self, t: Timesteps) -> Float[Tensor, "batch 1 1 1"]:
        """Scale of the noise at ``t``."""
        return (1 - self.abar(t)).sqrt()

    def add_noise(self, x0: Latents, noise: Latents, t: Timesteps) -> Latents:
        """x_t of ``x0`` under ``noise``."""
        return self.alpha(t) * x0 + self.sigma(t) * noise

    def x0_from_noise(self, xt: Latents, noise: Latents, t: Timesteps) -> Latents:
        """x_0 of ``xt`` if its noise is ``noise``; t must not be pure noise (alpha = 0)."""
        return (xt - self.sigma(t) * noise) / self.alpha(t)

    def velocity(self, x0: Latents, noise: Latents, t: Timesteps) -> Latents:
        """What a v-prediction network learns."""
        return self.alpha(t) * noise - self.sigma(t) * x0

    def noise_from_velocity(self, xt: Latents, velocity: Latents, t: Timesteps) -> Latents:
        """The noise in ``xt`` that a velocity implies."""
        return self.alpha(t) * velocity + self.sigma(t) * xt

    def target(self, x0: Latents, noise: Latents, t: Timesteps, prediction: Prediction) -> Latents:
        """What a network of this kind learns."""
        if prediction == "epsilon":
            return noise
        return x0 if prediction == "sample" else self.velocity(x0, noise, t)

    def x0_from_prediction(
        self, predicted: Latents, xt: Latents, t: Timesteps, prediction: Prediction
    ) -> Latents:
        """x_0 as a network of this kind expects it; limited where alpha vanishes."""
        if prediction == "sample":
            return predicted
        if prediction == "v_prediction":
            return self.alpha(t) * xt - self.sigma(t) * predicted
        return (xt - self.sigma(t) * predicted) / self.alpha(t).clamp(min=SMALLEST_ALPHA)

    def noise_from_prediction(
        self, predicted: Latents, xt: Latents, t: Timesteps, prediction: Prediction
    ) -> Latents:
        """The noise in ``xt`` that a network of this kind implies; t must not be clean."""
        if prediction == "epsilon":
            return predicted
        if prediction == "v_prediction":
            return self.noise_from_velocity(xt, predicted, t)
        return (xt - self.alpha(t) * predicted) / self.sigma(t)

    def min_snr_weight(
        self, t: Timesteps, gamma: float, prediction: Prediction
    ) -> Float[Tensor, "batch 1 1 1"]:
        """Weight of the squared error: min(SNR, gamma), for the x_0 that the prediction implies.

        Source: Hang et al., arXiv 2303.09556, eq. 9 and section 3.4.
        """
        snr = self.abar(t) / (1 - self.abar(t))
        held = snr.clamp(max=gamma)
        if prediction == "sample":
            return held
        return held / snr if prediction == "epsilon" else held / (snr + 1)

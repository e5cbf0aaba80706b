"""A prior with a closed-form score: all latents are N(mean, std^2). For tests and documentation."""

from dataclasses import dataclass

from lasagna_relight.priors.codecs import Codec
from lasagna_relight.priors.schedule import NoiseSchedule, Timesteps
from lasagna_relight.types import Latents


@dataclass(frozen=True, kw_only=True)
class GaussianPrior:
    """The exact posterior-mean noise of an isotropic Gaussian over latents.

    With x_t = alpha x_0 + sigma eps and x_0 ~ N(mean, std^2), E[eps | x_t] =
    sigma (x_t - alpha mean) / (alpha^2 std^2 + sigma^2).

    Attributes:
        mean: (1, C, h, w), the latents of the picture that the prior wants.
        std: spread about it, in latent units; 0 wants nothing else.
    """

    schedule: NoiseSchedule
    codec: Codec
    mean: Latents
    std: float = 0.1

    def predict_noise(self, xt: Latents, t: Timesteps) -> Latents:
        alpha, sigma = self.schedule.alpha(t), self.schedule.sigma(t)
        variance = (alpha * self.std) ** 2 + sigma**2
        return sigma * (xt - alpha * self.mean) / variance

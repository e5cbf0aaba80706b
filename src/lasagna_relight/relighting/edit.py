"""A log gain while it is solved, and what it makes of its source."""

from dataclasses import dataclass

from lasagna_relight.distillation.fit import fit_log_gain
from lasagna_relight.types import Image, LogGain, Mask


@dataclass(frozen=True, kw_only=True)
class LightEdit:
    """The present state of a solve: a `distillation.base.Edit`.

    Attributes:
        source: (1, 3, H, W), sRGB-encoded in [0, 1].
        mask: (1, 1, H, W) in [0, 1].
        values: (1, 1, H, W), the log gain; the composite is source * exp(values).
        done: share of the solve that is over, in [0, 1].
    """

    source: Image
    mask: Mask
    values: LogGain
    done: float

    def composite(self, values: LogGain) -> Image:
        """f(x, s, l) = x * s / l (arXiv 2312.00833), before clipping at white."""
        return self.source * values.exp()

    def fitted(self, picture: Image, smoothness: float) -> LogGain:
        """The log gain that best explains ``picture``: see `distillation.fit.fit_log_gain`."""
        return fit_log_gain(picture, self.source, self.mask, smoothness=smoothness)

"""What a solve yields."""

from dataclasses import dataclass

from lasagna_relight.types import LogGain


@dataclass(frozen=True, kw_only=True)
class RelightingStep:
    """The edit after one step.

    Attributes:
        index: 0 is the start, before any step.
        total: index of the last step.
        log_gain: (1, 1, H, W) at the prior's resolution.
        disagreement: root mean square of the prior's objection, in latent units; 0 at the start.
        evaluations: how often the prior has been asked so far.
    """

    index: int
    total: int
    log_gain: LogGain
    disagreement: float = 0.0
    evaluations: int = 0

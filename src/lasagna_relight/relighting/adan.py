"""Adan. Source: Xie et al., arXiv 2208.06677, algorithm 1, with its bias corrections."""

from collections.abc import Callable, Iterable

import torch
from torch import nn


class Adan(torch.optim.Optimizer):
    """Adaptive Nesterov momentum.

    Args:
        params: what is optimized.
        lr: learning rate.
        betas: of the mean gradient, of the mean difference, of the mean square.
        eps: beside the root of the mean square.
        weight_decay: proximal, applied after the step.
    """

    def __init__(
        self,
        params: Iterable[nn.Parameter],
        *,
        lr: float,
        betas: tuple[float, float, float] = (0.98, 0.92, 0.99),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(
            params, {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        )

    @torch.no_grad()
    def step(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, closure: Callable[[], float] | None = None
    ) -> None:
        """One step along the gradients at hand; takes no closure."""
        assert closure is None
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    self._step(parameter, parameter.grad, group)

    def _step(self, parameter: nn.Parameter, gradient: torch.Tensor, group: dict) -> None:
        state = self.state[parameter]
        if not state:
            state["count"] = 0
            for name in ("mean", "difference", "square"):
                state[name] = torch.zeros_like(parameter)
            state["previous"] = gradient.clone()
        state["count"] += 1
        change = gradient - state["previous"]
        state["previous"] = gradient.clone()
        keep_mean, keep_difference, keep_square = group["betas"]
        state["mean"].lerp_(gradient, 1 - keep_mean)
        state["difference"].lerp_(change, 1 - keep_difference)
        state["square"].lerp_((gradient + keep_difference * change).square(), 1 - keep_square)
        unbiased = [1 - keep ** state["count"] for keep in group["betas"]]
        size = (state["square"] / unbiased[2]).sqrt() + group["eps"]
        step = state["mean"] / unbiased[0] + keep_difference * state["difference"] / unbiased[1]
        parameter.sub_(group["lr"] * step / size)
        parameter.div_(1 + group["lr"] * group["weight_decay"])

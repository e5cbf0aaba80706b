"""The rows with the prompt and without it, computed once until the prompt is first heard.

Guidance asks about every latent twice. Until the first cross-attention nothing depends on the
prompt, so both halves of a batch hold the same numbers: the layers before it compute the first half
and repeat it. That is exact. At 64 x 64 latents Stable Diffusion 1.5 spends 4 % of its arithmetic
there, most of it on the largest self-attention.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn


class TwinRows:
    """Hooks on the layers before the prompt, idle outside of :meth:`sharing`.

    Args:
        networks: UNets and ControlNets of diffusers; of SDXL nothing is shared, for there the
            prompt is in the time embedding too.
    """

    def __init__(self, *networks: Any) -> None:
        self._active = False
        for network in networks:
            for layer in layers_before_the_prompt(network):
                layer.register_forward_pre_hook(self._first_half, with_kwargs=True)
                layer.register_forward_hook(self._twice)

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Inside, the second half of every batch must equal the first, but for its prompts."""
        self._active = True
        try:
            yield
        finally:
            self._active = False

    def _first_half(
        self, layer: nn.Module, given: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if not self._active:
            return given, named
        return tuple(_half(value) for value in given), {
            name: _half(value) for name, value in named.items()
        }

    def _twice(self, layer: nn.Module, given: tuple[Any, ...], computed: Tensor) -> Tensor:
        return torch.cat([computed, computed]) if self._active else computed


def layers_before_the_prompt(network: Any) -> list[nn.Module]:
    """The layers of a UNet or ControlNet whose answer does not depend on the prompt."""
    config = network.config
    if config.get("addition_embed_type") or config.get("class_embed_type"):
        return []
    found: list[nn.Module] = [network.conv_in]
    for block in network.down_blocks:
        attentions = getattr(block, "attentions", None)
        if attentions:
            first = attentions[0]
            found += [block.resnets[0], first.norm, first.proj_in]
            transformer = first.transformer_blocks[0]
            if transformer.norm_type == "layer_norm" and not transformer.only_cross_attention:
                found += [transformer.norm1, transformer.attn1]
            return found
        found += [*block.resnets, *(block.downsamplers or [])]
    return found


def _half(value: Any) -> Any:
    return value[: len(value) // 2] if isinstance(value, Tensor) else value

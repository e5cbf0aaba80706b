"""The numbers in which a large prior computes, and in which its weights rest: by device.

The edit itself, its gradients, the schedule, the latents and the autoencoder are in float32 always.
"""

from dataclasses import dataclass

import torch

from lasagna_relight.priors.prior_names import StableDiffusionFiles

DTYPES = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}
BF16_INSTRUCTIONS = ("amx_bf16", "avx512_bf16")
"""Of CPUs that multiply bfloat16 by themselves, the fastest first, as PyTorch names them."""


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How UNet and ControlNet compute.

    Attributes:
        dtype: of the computation.
        weights: in which their weights rest; float16 ones are widened while they compute.
        reason: why it is this one, a clause for people.
    """

    dtype: torch.dtype
    weights: torch.dtype
    reason: str


def precision(files: StableDiffusionFiles, device: torch.device) -> Precision:
    """What ``files.dtype`` means on ``device``."""
    dtype, reason = _computing(files, device)
    # on a CPU the half of the memory is worth the widening, unless a dtype was asked for
    by_itself = files.dtype == "auto" and device.type == "cpu" and not files.compile
    half = dtype == torch.float32 and (files.half_weights or by_itself)
    return Precision(dtype=dtype, weights=torch.float16 if half else dtype, reason=reason)


def native_bf16() -> str | None:
    """The instructions by which this CPU multiplies bfloat16; None where it has none.

    Without them PyTorch computes bfloat16 too, but no faster than float32.
    """
    known = torch.cpu.get_capabilities()
    if not torch.backends.mkldnn.is_available():
        return None
    return next((name for name in BF16_INSTRUCTIONS if known.get(name)), None)


def _computing(files: StableDiffusionFiles, device: torch.device) -> tuple[torch.dtype, str]:
    if files.dtype != "auto":
        return DTYPES[files.dtype], f"--dtype {files.dtype}"
    if device.type == "cpu":
        if files.half_weights:
            return torch.float32, "--half-weights"
        instructions = native_bf16()
        if instructions is None:
            return torch.float32, f"this CPU has none of {', '.join(BF16_INSTRUCTIONS)}"
        return torch.bfloat16, f"this CPU has {instructions}"
    if device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.float16, "this GPU has no bfloat16 of its own"
    return torch.bfloat16, "as on every recent GPU"

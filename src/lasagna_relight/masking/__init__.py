"""Which part of a picture is relit: a mask from a file, from alpha, or found automatically."""

from lasagna_relight.masking.select import MaskChoice, MaskMethod, ResolvedMask, resolve_mask

__all__ = ["MaskChoice", "MaskMethod", "ResolvedMask", "resolve_mask"]

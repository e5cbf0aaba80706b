"""The salient object of a picture, found by u2netp through onnxruntime.

Source: Qin et al., "U²-Net: Going Deeper with Nested U-Structure for Salient Object Detection",
arXiv 2005.09007 (2020). The weights lie in the package, see data/u2netp/README.md.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F

from lasagna_relight.errors import MaskError
from lasagna_relight.types import Image, Mask

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL_SHA256 = "309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8"
NETWORK_SIZE = 320
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)

CROP_MARGIN = 0.15
"""What the second look leaves around the object, as a share of the object's size."""

CROP_BELOW = 0.8
"""The second look is worth its time where the crop has less than this share of the picture."""

MINIMUM_SHARE = 0.001
"""An object of fewer pixels than this share of the picture counts as none."""

MINIMUM_CERTAINTY = 0.8
"""An object of a lower mean saliency counts as none: textures have 0.65 to 0.75, objects 0.87 and
more."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """Rows ``top:bottom`` and columns ``left:right`` of a picture."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> int:
        return (self.bottom - self.top) * (self.right - self.left)


def network_available() -> bool:
    """Whether onnxruntime is installed."""
    return importlib.util.find_spec("onnxruntime") is not None


def automatic_mask(image: Image) -> Mask:
    """Saliency in [0, 1] of each pixel of one (3, H, W) picture; all zero where nothing stands out.

    The network sees 320 x 320 pixels. It looks twice: at the whole, then at the part around what
    it found, so that the edge of a small object is as fine as that of a large one.

    Raises:
        MaskError: the weights in the package are damaged.
    """
    session = load_network()
    saliency = _look(image, session)
    box = object_box(saliency)
    if box is None:
        return torch.zeros_like(saliency)
    if box.area >= CROP_BELOW * saliency[0].numel():
        return saliency
    crop = image[:, box.top : box.bottom, box.left : box.right]
    closer = torch.zeros_like(saliency)
    closer[:, box.top : box.bottom, box.left : box.right] = _look(crop, session)
    return saliency if object_box(closer) is None else closer


@lru_cache(maxsize=1)
def load_network() -> InferenceSession:
    """The network, loaded once in a process, on two threads.

    They sleep while they wait: on a busy machine, spinning threads take many times as long.

    Raises:
        MaskError: its file is missing, or is not the one this package was released with.
    """
    import onnxruntime

    resource = resources.files("lasagna_relight") / "data" / "u2netp" / "u2netp.onnx"
    weights = resource.read_bytes() if resource.is_file() else b""
    if hashlib.sha256(weights).hexdigest() != MODEL_SHA256:
        raise MaskError(
            "the network of automatic masks (u2netp.onnx) is missing or damaged: reinstall "
            "lasagna-relight, or give a mask file"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(2, os.cpu_count() or 1)
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a shared machine
    options.enable_cpu_mem_arena = False  # or 280 MB stay allocated for the next picture
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def object_box(saliency: Mask) -> Box | None:
    """The box around the salient pixels with a margin, or None where nothing stands out."""
    salient = saliency[0] > 0.5
    if salient.sum() < max(1, MINIMUM_SHARE * salient.numel()):
        return None
    if saliency[0][salient].mean() < MINIMUM_CERTAINTY:
        return None
    height, width = salient.shape
    rows = torch.nonzero(salient.any(dim=1))[:, 0]
    columns = torch.nonzero(salient.any(dim=0))[:, 0]
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    left, right = int(columns[0]), int(columns[-1]) + 1
    margin_y = round(CROP_MARGIN * (bottom - top) + 0.02 * height)
    margin_x = round(CROP_MARGIN * (right - left) + 0.02 * width)
    return Box(
        top=max(0, top - margin_y),
        bottom=min(height, bottom + margin_y),
        left=max(0, left - margin_x),
        right=min(width, right + margin_x),
    )


def _look(image: Image, session: InferenceSession) -> Mask:
    """The network's answer at the size of ``image``, squashed to a square as it was trained."""
    seen = _resized(image, (NETWORK_SIZE, NETWORK_SIZE)).numpy()
    seen = seen / max(float(seen.max()), 1e-6)
    normalized = (seen - np.reshape(MEAN, (3, 1, 1))) / np.reshape(DEVIATION, (3, 1, 1))
    name = session.get_inputs()[0].name
    first_output = session.get_outputs()[0].name
    (saliency,) = session.run([first_output], {name: normalized[None].astype(np.float32)})
    assert isinstance(saliency, np.ndarray)
    return _resized(torch.from_numpy(saliency[0]), image.shape[-2:]).clamp(0, 1)


def _resized(values: torch.Tensor, size: tuple[int, int] | torch.Size) -> torch.Tensor:
    return F.interpolate(values[None], size=tuple(size), mode="bilinear", antialias=True)[0]

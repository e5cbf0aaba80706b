"""The salient object of a picture, found by u2netp through onnxruntime.

Source: Qin et al., "U²-Net: Going Deeper with Nested U-Structure for Salient Object Detection",
arXiv 2005.09007 (2020). The weights lie in the package, see data/u2netp/README.md.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np
import zstandard

from lasagna_relight.errors import MaskError
from lasagna_relight.masking.planes import ColorPlanes, Coverage, resized

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL_SHA256 = "62111b353dc16bdc1c7a5d4c7790d98a249242e6702b89a7fd5860efdd4c2d45"
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


def automatic_mask(image: ColorPlanes) -> Coverage:
    """Saliency in [0, 1] of each pixel of a picture; all zero where nothing stands out.

    The network sees 320 x 320 pixels. It looks twice: at the whole, then at the part around what
    it found, so that the edge of a small object is as fine as that of a large one.

    Raises:
        MaskError: the weights in the package are damaged.
    """
    return second_look(image, first_look(image))


def first_look(image: ColorPlanes) -> Coverage:
    """Saliency in [0, 1] of the whole picture; all zero where nothing stands out.

    Raises:
        MaskError: the weights in the package are damaged.
    """
    saliency = _look(image, load_network())
    return np.zeros_like(saliency) if object_box(saliency) is None else saliency


def second_look(image: ColorPlanes, saliency: Coverage) -> Coverage:
    """``saliency`` of :func:`first_look`, from closer by where that shows more."""
    box = object_box(saliency)
    if box is None or box.area >= CROP_BELOW * saliency.size:
        return saliency
    crop = np.s_[box.top : box.bottom, box.left : box.right]
    closer = np.zeros_like(saliency)
    closer[crop] = _look(image[crop], load_network())
    return saliency if object_box(closer) is None else closer


@lru_cache(maxsize=1)
def load_network() -> InferenceSession:
    """The network, loaded once in a process, on one thread: others have their own work meanwhile.

    Raises:
        MaskError: its file is missing, or is not the one this package was released with.
    """
    import onnxruntime

    resource = resources.files("lasagna_relight") / "data" / "u2netp" / "u2netp.onnx.zst"
    try:
        weights = zstandard.ZstdDecompressor().decompress(resource.read_bytes())
    except (OSError, zstandard.ZstdError):
        weights = b""
    if hashlib.sha256(weights).hexdigest() != MODEL_SHA256:
        raise MaskError(
            "the network of automatic masks (u2netp.onnx) is missing or damaged: reinstall "
            "lasagna-relight, or give a mask file"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # a shared machine
    options.enable_cpu_mem_arena = False  # or 280 MB stay allocated for the next picture
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def object_box(saliency: Coverage) -> Box | None:
    """The box around the salient pixels with a margin, or None where nothing stands out."""
    salient = saliency > 0.5
    if salient.sum() < max(1, MINIMUM_SHARE * salient.size):
        return None
    if saliency[salient].mean() < MINIMUM_CERTAINTY:
        return None
    height, width = salient.shape
    rows, columns = np.flatnonzero(salient.any(axis=1)), np.flatnonzero(salient.any(axis=0))
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


def _look(image: ColorPlanes, session: InferenceSession) -> Coverage:
    """The network's answer at the size of ``image``, squashed to a square as it was trained."""
    seen = resized(image, (NETWORK_SIZE, NETWORK_SIZE))
    seen = seen / max(float(seen.max()), 1e-6)
    normalized = ((seen - MEAN) / DEVIATION).astype(np.float32)
    name = session.get_inputs()[0].name
    first_output = session.get_outputs()[0].name
    (saliency,) = session.run([first_output], {name: normalized.transpose(2, 0, 1)[None]})
    assert isinstance(saliency, np.ndarray)
    return resized(saliency[0, 0], image.shape[:2]).clip(0, 1)

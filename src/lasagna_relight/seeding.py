"""Randomness is an argument: every random draw comes from a generator made here."""

import hashlib

import torch


def generator(seed: int, *scope: str | int) -> torch.Generator:
    """A CPU generator for ``seed``; ``scope`` gives independent streams of one seed.

    The stream depends on nothing but its arguments: not on process, order or platform hash.
    """
    words = ":".join([str(seed), *map(str, scope)])
    digest = hashlib.sha256(words.encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "little") & (2**63 - 1))

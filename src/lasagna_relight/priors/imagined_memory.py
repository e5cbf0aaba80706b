"""Memory that a computation would hold, found by running it on tensors without numbers.

Under PyTorch's ``FakeTensorMode`` a tensor has a shape, a dtype and a device, and no memory behind
it; every operator answers with another. What is counted is the storages alive at once. The
allocator's rounding and the scratch memory inside an operator are not seen.
"""

import weakref
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

NUMBER = torch.ops.aten._local_scalar_dense.default
EQUAL = torch.ops.aten.equal.default
DETACH = torch.ops.aten.detach.default
ANSWERS = {torch.bool: True, torch.float32: 1.0, torch.float64: 1.0}
"""What a computation that reads a number is told: all is finite, ids are 0."""


@contextmanager
def imagined() -> Iterator["MemoryCount"]:
    """Inside, tensors that are made hold no memory, and what they would hold is counted.

    Numbers that are read from them are 1, 0 or true, and no two tensors are equal.
    """
    mode = FakeTensorMode(allow_non_fake_inputs=True)
    with mode, MemoryCount(mode) as count:
        yield count


class MemoryCount(TorchDispatchMode):
    """Bytes of the storages alive, by kind of device ("cpu", "cuda").

    Attributes:
        now: at present.
        peak: the most so far, or since it was last set to a copy of ``now``.
    """

    def __init__(self, mode: FakeTensorMode) -> None:
        super().__init__()
        self.now: Counter[str] = Counter()
        self.peak: Counter[str] = Counter()
        self._mode = mode
        self._alive: set[int] = set()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func is NUMBER:
            return ANSWERS.get(args[0].dtype, 0)
        if func is EQUAL:
            return False
        computed = func(*args, **(kwargs or {}))
        if func is DETACH:
            # the mode remembers what a Parameter detaches, and `Module.to` cannot swap that
            self._mode.fake_tensor_converter.tensor_memo.clear()
        for tensor in tree_leaves(computed):
            if isinstance(tensor, Tensor):
                self._count(tensor)
        return computed

    def _count(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self._alive:
            return
        self._alive.add(key)
        place, size = tensor.device.type, storage.nbytes()
        self.now[place] += size
        self.peak[place] = max(self.peak[place], self.now[place])
        weakref.finalize(storage, self._forget, key, place, size).atexit = False

    def _forget(self, key: int, place: str, size: int) -> None:
        self._alive.discard(key)
        self.now[place] -= size

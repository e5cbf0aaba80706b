"""Everything this package raises on purpose.

::

    LasagnaError
     ├─ InputError             the user's input is at fault: one line, exit code 2
     │   ├─ ImageError         a picture that cannot be read
     │   ├─ MaskError          a mask that does not fit its picture, or that selects nothing
     │   ├─ DirectionError     a direction outside its range, or words that name none
     │   ├─ RecipeError        an unknown recipe, or a setting outside its range
     │   ├─ PriorError         a prior folder that is incomplete or of another kind
     │   ├─ MemoryShortageError the device has too little memory for the prior as it is loaded
     │   ├─ DatasetError       assets, shards or evaluation cases that cannot be used
     │   └─ OutputError        a file that may not or cannot be written
     └─ DivergenceError        the optimization left the finite numbers

Messages are one line, name the input, and say what would help.
"""


class LasagnaError(Exception):
    """Root of the tree."""


class InputError(LasagnaError, ValueError):
    """The user's input is at fault; the message names it and the remedy."""


class ImageError(InputError):
    """A picture cannot be read."""


class MaskError(InputError):
    """A mask does not fit its picture, or selects nothing."""


class DirectionError(InputError):
    """A light direction is outside its range, or the words name none."""


class RecipeError(InputError):
    """A recipe is unknown, or one of its settings is outside its range."""


class PriorError(InputError):
    """A prior folder is incomplete or of another kind."""


class MemoryShortageError(InputError):
    """The device has too little memory for what was asked."""


class DatasetError(InputError):
    """Assets, shards or evaluation cases cannot be used."""


class OutputError(InputError):
    """A file may not or cannot be written."""


class DivergenceError(LasagnaError):
    """The optimization produced a number that is not finite."""

    def __init__(
        self, step: int | None = None, *, remedy: str = "try another --seed or fewer --steps"
    ) -> None:
        where = "" if step is None else f" at step {step}"
        super().__init__(f"the solve diverged{where}: {remedy}")
        self.step = step

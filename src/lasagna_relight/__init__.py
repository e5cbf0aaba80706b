"""Relight an object in a picture by words; the edit is two luminosity layers.

The same objective colors drawings: ``Colorizer`` and ``colorize``.

In one call::

    from lasagna_relight import Relighter
    result = Relighter.load().relight("photo.jpg", "light from the left")
    result.save("photo.relit.png", layers=["psd"])

and ``relight(source, prior, recipe, ...)`` is the solve itself, step by step.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lasagna_relight.colorization.api import Colorizer
    from lasagna_relight.colorization.optimize import colorize
    from lasagna_relight.colorization.paint import ColorizationStep
    from lasagna_relight.colorization.result import ColorizedPicture
    from lasagna_relight.light_direction import LightDirection
    from lasagna_relight.relighting.api import Relighter
    from lasagna_relight.relighting.optimize import RelightingStep, relight
    from lasagna_relight.relighting.result import RelitPicture

__all__ = [
    "ColorizationStep",
    "ColorizedPicture",
    "Colorizer",
    "LightDirection",
    "Relighter",
    "RelightingStep",
    "RelitPicture",
    "colorize",
    "relight",
]

_HOMES = {
    "ColorizationStep": "lasagna_relight.colorization.paint",
    "ColorizedPicture": "lasagna_relight.colorization.result",
    "Colorizer": "lasagna_relight.colorization.api",
    "colorize": "lasagna_relight.colorization.optimize",
    "LightDirection": "lasagna_relight.light_direction",
    "Relighter": "lasagna_relight.relighting.api",
    "RelightingStep": "lasagna_relight.relighting.optimize",
    "RelitPicture": "lasagna_relight.relighting.result",
    "relight": "lasagna_relight.relighting.optimize",
}


def __getattr__(name: str) -> Any:
    """The public names, imported when first used: `lasagna --help` does not wait for PyTorch."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)

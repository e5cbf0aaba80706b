"""Relight an object in a picture by words; the edit is two luminosity layers.

In one call::

    from lasagna_relight import Relighter
    result = Relighter.load().relight("photo.jpg", "light from the left")
    result.save("photo.relit.png", layers=["psd"])

and ``relight(source, prior, recipe, ...)`` is the solve itself, step by step.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lasagna_relight.light_direction import LightDirection
    from lasagna_relight.relighting.api import Relighter
    from lasagna_relight.relighting.optimize import RelightingStep, relight
    from lasagna_relight.relighting.result import RelitPicture

__all__ = ["LightDirection", "Relighter", "RelightingStep", "RelitPicture", "relight"]

_HOMES = {
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

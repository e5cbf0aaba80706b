"""The table of methods: everything that can be compared with the weights at hand."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lasagna_relight.errors import InputError, PriorError, RecipeError
from lasagna_relight.evaluation.baselines import lambert_method, ramp_method, reference_methods
from lasagna_relight.evaluation.editors import instruct_method, sdedit_method
from lasagna_relight.evaluation.method import Method
from lasagna_relight.evaluation.recipe_methods import CONTROLS, ablations, recipe_method
from lasagna_relight.evaluation.sampling import sampling_methods, without_controlnet
from lasagna_relight.relighting.api import Relighter, shipped_prior
from lasagna_relight.relighting.recipes import RECIPES

SLOW = {
    "dds@words": 6, "sds-unregularized": 6, "faithful@angles": 4, "faithful-unregularized": 2,
}  # fmt: skip
"""How many cases of each kind and category they are asked: they ask the prior hundreds of times."""

UNUSUAL = ("faithful-adan",)
"""Recipes that are left out unless they are named."""

WITHOUT_CONTROLNET = "target"
"""The recipe that is also run over a prior with a silent ControlNet."""


@dataclass(frozen=True, kw_only=True)
class MethodTable:
    """The methods of a run, and what is not among them.

    Attributes:
        methods: in the order of the tables.
        absent: why a method that has a place in the table cannot be run, by name.
    """

    methods: tuple[Method, ...]
    absent: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Editors:
    """Folders of other people's models; None leaves their rows out."""

    sdedit: Path | None = None
    sdedit_controlnet: Path | None = None
    instruct: Path | None = None


def method_table(
    *,
    prior: Literal["embedded"] | Path = "embedded",
    device: str = "cpu",
    editors: Editors | None = None,
    chosen: Sequence[str] = (),
    also: Sequence[str] = (),
) -> MethodTable:
    """Every method that the given weights allow, or those ``chosen`` by name.

    Those in ``SLOW`` are asked of few cases, and those in ``UNUSUAL`` of none, unless they are
    chosen or named in ``also``. The paper's own code is run by angles alone.

    Raises:
        InputError: a name is unknown, or its weights are not given.
        PriorError: the prior folder is of another kind.
    """
    settings = f"prior={weights_digest(prior)}"
    methods, absent = [*reference_methods(), ramp_method()], {}
    relighters = {}
    for name in RECIPES:
        try:
            relighters[name] = Relighter.load(prior=prior, recipe=name, device=device)
        except (PriorError, RecipeError) as error:
            absent[name] = str(error)
    if not relighters:
        raise PriorError(next(iter(absent.values())))
    methods.append(lambert_method(next(iter(relighters.values())), settings))
    for name, relighter in relighters.items():
        for control in CONTROLS if relighter.recipe.two_heads is None else CONTROLS[-1:]:
            method = recipe_method(relighter, control, settings)
            if name in UNUSUAL and method.name not in (*chosen, *also):
                absent[method.name] = f"left out for its time: --also {method.name}"
            else:
                methods.append(method)
    for relighter in relighters.values():
        methods += ablations(relighter, settings)
    if WITHOUT_CONTROLNET in relighters:
        try:
            methods.append(without_controlnet(relighters[WITHOUT_CONTROLNET], settings))
            methods += sampling_methods(relighters[WITHOUT_CONTROLNET], settings)
        except PriorError as error:
            absent["sampled, sampled-as-layer, without-controlnet"] = str(error)
    found, missing = _editors(editors or Editors(), device)
    methods += found
    absent |= missing
    named = (*chosen, *also)
    known = {
        method.name: method
        if method.name in named
        else replace(method, at_most=SLOW.get(method.name))
        for method in methods
    }
    for name in named:
        if name in absent:
            raise InputError(f"the method {name} cannot be run: {absent[name]}")
        if name not in known:
            raise InputError(f'there is no method "{name}": choose among {", ".join(known)}')
    selected = dict.fromkeys((*chosen, *also)) if chosen else known
    return MethodTable(methods=tuple(known[name] for name in selected), absent=absent)


def weights_digest(prior: Literal["embedded"] | Path) -> str:
    """Hash of every file of a prior's folder."""
    folder = shipped_prior() if prior == "embedded" else prior
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix in (".safetensors", ".zst", ".json"):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _editors(editors: Editors, device: str) -> tuple[list[Method], dict[str, str]]:
    methods, absent = [], {}
    if editors.sdedit is None:
        absent["sdedit"] = "no Stable Diffusion weights were given: --sdedit takes their folder"
    else:
        methods.append(sdedit_method(editors.sdedit, device=device))
        if editors.sdedit_controlnet is not None:
            methods.append(
                sdedit_method(
                    editors.sdedit, controlnet=editors.sdedit_controlnet, device=device
                )
            )  # fmt: skip
    if editors.instruct is None:
        absent["instruct-pix2pix"] = "no weights were given: --instruct takes their folder"
    else:
        methods.append(instruct_method(editors.instruct, device=device))
    return methods, absent

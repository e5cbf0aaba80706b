"""`lasagna relit catalog`: what there is to render becomes a list with licences and faults."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lasagna_relight.relit.assets import Asset

EVERY_OBJECTS = 200
GIB = 2**30


def catalog(
    assets: Annotated[
        list[str],
        typer.Argument(
            metavar="ASSETS...",
            help="Folders of OBJ, GLB, glTF, PLY, STL or USDZ files, Sweet Home 3D libraries "
            "(.sh3f), zips of models, objaverse:LIST, procedural:COUNT or "
            "procedural:KIND:COUNT.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The catalogue to write.", metavar="FILE")
    ],
    licenses: Annotated[
        str | None,
        typer.Option(
            help="Licences to allow, by commas; without a version every version.",
            metavar="NAMES",
            show_default="all",
        ),
    ] = None,
    licence: Annotated[
        str, typer.Option(help="Licence of the objects in folders.", metavar="NAME")
    ] = "unknown",
    attribution: Annotated[
        str, typer.Option(help="Author of the objects in folders.", metavar="NAME")
    ] = "unknown",
    max_triangles: Annotated[
        int, typer.Option(help="Leave out objects of more.", min=1, metavar="N")
    ] = 2_000_000,
    models: Annotated[
        Path | None,
        typer.Option(
            help="Where archives are unpacked and procedural objects made.",
            metavar="DIR",
            show_default="FILE-models",
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(help="Longest time to read one model.", min=0.1, metavar="S")
    ] = 60.0,
    memory: Annotated[
        float, typer.Option(help="Most memory to read one model, in GiB.", min=0.5, metavar="GIB")
    ] = 8.0,
    probe: Annotated[
        bool, typer.Option("--probe", help="Render each object once, small: is it visible?")
    ] = False,
    blender: Annotated[
        str, typer.Option(help="For --probe: a Python that has bpy.", metavar="PYTHON")
    ] = ".venv-blender/bin/python",
) -> None:
    """List 3D objects, measured, with licence and author; what is left out keeps the reason."""
    from lasagna_relight.relit.blender_process import RenderConfig
    from lasagna_relight.relit.catalog import write_catalog
    from lasagna_relight.relit.cataloging import CatalogConfig, catalog_assets
    from lasagna_relight.relit.mesh_measure import Limits
    from lasagna_relight.relit.visibility import visibility_probe

    allowed = [name.strip() for name in licenses.split(",")] if licenses is not None else None
    config = CatalogConfig(
        models=models or output.with_name(f"{output.stem}-models"),
        licence=licence,
        attribution=attribution,
        licenses=None if allowed is None else tuple(name for name in allowed if name),
        limits=Limits(triangles=max_triangles, seconds=seconds, memory_bytes=int(memory * GIB)),
    )
    fates: Counter[str] = Counter()
    look = visibility_probe(RenderConfig(python=blender)) if probe else nullcontext()
    with look as visible:
        found = catalog_assets(assets, config, probe=visible)
        write_catalog(_counted(found, fates), output)
    total, usable = fates.total(), fates.pop("", 0)
    print(f"{output}: {total} objects, {usable} to render, {total - usable} left out")
    for reason, count in fates.most_common():
        print(f"{count:7d}  {reason}")


def _counted(found: Iterator[Asset], fates: Counter[str]) -> Iterator[Asset]:
    for number, asset in enumerate(found, start=1):
        fates[_kind(asset.rejected)] += 1
        if number % EVERY_OBJECTS == 0:
            print(f"{number} objects", file=sys.stderr, flush=True)
        yield asset


def _kind(reason: str) -> str:
    """The reason without what is particular to one object, so that the summary stays short."""
    for words in ("duplicate of", "cannot be read", "the probe render failed", "title has"):
        if reason.startswith(words):
            return words
    return reason.partition(":")[0] if reason.startswith("nothing visible") else reason[:80]

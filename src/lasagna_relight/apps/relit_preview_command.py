"""`lasagna relit preview`: one object's lights and mixes on a sheet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer


def preview(
    uid: Annotated[str, typer.Argument(metavar="UID", help="The object.", show_default=False)],
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="RELIT", help="What `lasagna relit render` wrote.", show_default=False
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="The picture to write; named after the object by default.",
            metavar="FILE",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Overwrite the file.")] = False,
) -> None:
    """Show an object's views: every light, albedo, normals, and mixes as training sees them."""
    from lasagna_relight.image_io import WRITABLE_SUFFIXES, refuse_unwritable, write_picture

    name = re.sub(r"[^A-Za-z0-9]+", "-", uid).strip("-")[:80] or "object"
    path = Path(f"{name}.png") if output is None else output
    refuse_unwritable(path, force=force, suffixes=WRITABLE_SUFFIXES)
    from lasagna_relight.relit.preview import object_sheet
    from lasagna_relight.relit.view_sheet import pixels_of

    write_picture(path, pixels_of(object_sheet(folder, uid)), force=force)
    print(path)

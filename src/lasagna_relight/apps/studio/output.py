"""What leaves the studio: pictures and layers at full size, and the server's own preview."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import numpy as np

from lasagna_relight.apps.studio.prepare import box_at, mask_at
from lasagna_relight.apps.studio.sessions import Session
from lasagna_relight.compositing.layer_files import layer_paths
from lasagna_relight.image_io import Picture, encode_png, read_picture
from lasagna_relight.masking.select import ResolvedMask
from lasagna_relight.relighting.lit import LitPicture, lit_picture
from lasagna_relight.relighting.scene import Scene

FORMATS = {
    "png": ("image/png", ".png"),
    "tiff": ("image/tiff", ".tif"),
    "jpeg": ("image/jpeg", ".jpg"),
    "psd": ("image/vnd.adobe.photoshop", ".psd"),
    "ora": ("image/openraster", ".ora"),
    "npz": ("application/octet-stream", ".npz"),
}
"""Media type and suffix of each format that the page offers."""


def export(session: Session, scene: Scene, file_format: str) -> Path:
    """The file of ``scene`` at full size, in a folder of its own inside the session's.

    PNG, TIFF, PSD and OpenRaster have 16 bits a channel.

    Raises:
        OutputError: the format cannot hold the picture.
    """
    picture = session.picture()
    lit = _lit(session, scene, picture, session.mask())
    folder = session.folder / f"export-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700)
    path = folder / f"relit{FORMATS[file_format][1]}"
    if file_format in ("png", "tiff"):
        lit.save(path, bits=16)
    elif file_format == "jpeg":
        lit.save(path, bits=8)
    else:
        lit.save_layers(path, [file_format])
        (path,) = layer_paths(path, file_format)  # type: ignore[arg-type]
    return path


def preview(session: Session, scene: Scene, longest: int) -> bytes:
    """The PNG of ``scene``, no side longer than ``longest``, for a browser without WebGL."""
    width, height = session.preview_size
    shown = read_picture(session.folder / "preview.png")
    looked = session.seen()
    grey = read_picture(session.part("mask.png", looked.revision)).pixels[..., 0]
    scale = min(1.0, longest / max(width, height))
    if scale < 1:
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
        shown = _reduced(shown, width, height)
        grey = mask_at(grey / np.float32(255), height, width)
    mask = ResolvedMask(mask=grey / np.float32(255), method=looked.method)
    lit = _lit(session, scene, shown, mask, scale=width / session.size[0])
    relit = lit.picture
    return encode_png(relit.pixels, alpha=relit.alpha)


def _lit(
    session: Session, scene: Scene, picture: Picture, mask: ResolvedMask, *, scale: float = 1.0
) -> LitPicture:
    looked = session.seen()
    lights = scene.lit
    solved = {
        index: session.refinements[light.refined]
        for index, light in enumerate(lights)
        if light.refined in session.refinements
    }
    return lit_picture(
        picture,
        mask,
        looked.box if scale == 1 else box_at(looked.box, scale),
        looked.basis,
        scene.rig(),
        solved=solved,
        finish=scene.finish(),
        recipe_text=scene.model_dump_json(),
    )


def _reduced(picture: Picture, width: int, height: int) -> Picture:
    import cv2

    pixels = cv2.resize(picture.pixels, (width, height), interpolation=cv2.INTER_AREA)
    alpha = picture.alpha
    if alpha is not None:
        alpha = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA)
    return replace(picture, pixels=pixels, alpha=alpha)

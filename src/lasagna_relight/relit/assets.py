"""Which objects there are to render, whose they are, and why some are left out.

Here: archives, unpacked safely, and Sweet Home 3D catalogues (``.sh3f``: a zip with OBJ models and
a catalogue in Java properties, format at https://www.sweethome3d.com). The other sources, measuring
and the file that lists them all: ``relit.cataloging`` and ``relit.catalog``.
"""

from __future__ import annotations

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lasagna_relight.errors import DatasetError, OutputError
from lasagna_relight.relit.model_rotation import read_rotation, turned_model

MESH_SUFFIXES = (".obj", ".glb", ".gltf", ".ply", ".stl", ".usdz")
CATALOGUE = "PluginFurnitureCatalog.properties"
TEXT_ENTRIES = (*("name", "model", "category", "creator", "doorOrWindow", "tags", "modelRotation"),)
UNPACKED_LIMIT = 8 * 2**30
"""A catalogue may unpack to this many bytes, no more."""
UNPACKED_RATIO = 200
"""Nor to this many times its packed size, past ``RATIO_FREE`` bytes."""
RATIO_FREE = 64 * 2**20

FLATTEST = 0.06
"""An object whose shortest side is under this share of its second longest is flat."""
THINNEST = 0.08
"""An object whose second longest side is under this share of its longest is a rod."""
CLEAREST = 0.5
"""An object whose materials are on average less opaque than this is glass."""

_UNWANTED_CATEGORIES = ("doors and windows", "staircases")
_UNWANTED_WORDS = {
    *("door", "window", "shutter", "blind", "curtain", "rug", "carpet", "doormat", "bathmat"),
    *("railing", "fence", "hanger", "coathanger", "plug", "socket", "slot", "bill", "pool"),
    *("arrow", "crossing", "sidewalk", "glass", "glasses", "aquarium"),
}


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One object that may be rendered; ``rejected`` says why it should not be, or is empty.

    ``triangles`` and ``textured`` are None and ``sha256`` empty where nobody measured; ``notes``
    tell what is wrong but bearable.
    """

    uid: str
    title: str
    source: str
    licence: str
    attribution: str
    path: Path
    rejected: str = ""
    tags: tuple[str, ...] = ()
    triangles: int | None = None
    textured: bool | None = None
    sha256: str = ""
    notes: str = ""


def read_properties(text: str) -> dict[str, str]:
    """Keys and values of a Java properties file; later keys win."""
    joined = re.sub(r"\\\r?\n[ \t]*", "", text)
    pairs: dict[str, str] = {}
    for line in joined.splitlines():
        match = re.match(r"\s*([^#!\s=:][^\s=:]*)\s*[=:]\s*(.*?)\s*$", line)
        if match:
            pairs[match[1]] = re.sub(
                r"\\(?:u([0-9a-fA-F]{4})|(.))",
                lambda escape: chr(int(escape[1], 16)) if escape[1] else escape[2],
                match[2],
            )
    return pairs


def unpack(archive: Path, folder: Path) -> None:
    """Unpack the zip ``archive`` into ``folder``; what is there already in full size is kept.

    Raises:
        DatasetError: not a zip, damaged, a member that would leave the folder, or too large.
        OutputError: the folder cannot be written.
    """
    with opened_safely(archive) as opened:
        for member in opened.infolist():
            if member.is_dir():
                continue
            target = folder / inner_path(member.filename, archive)
            if target.is_file() and target.stat().st_size == member.file_size:
                continue
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(member) as packed, target.open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
                target.unlink(missing_ok=True)
                raise DatasetError(
                    f"{archive}: the member {member.filename!r} is damaged ({error})"
                ) from error
            except OSError as error:
                target.unlink(missing_ok=True)
                raise OutputError(
                    f"{target} cannot be written ({error.strerror or error}): free some space or "
                    "name another folder"
                ) from error


def opened_safely(archive: Path) -> zipfile.ZipFile:
    """The zip, opened, every member's name and the unpacked size checked.

    Raises:
        DatasetError: not a zip, a member that would leave the folder, or too large unpacked.
    """
    try:
        opened = zipfile.ZipFile(archive)
        packed = max(archive.stat().st_size, 1)
    except (OSError, zipfile.BadZipFile) as error:
        raise DatasetError(f"{archive}: cannot be read as an archive ({error})") from error
    try:
        members = [member for member in opened.infolist() if not member.is_dir()]
        size = sum(member.file_size for member in members)
        if size > UNPACKED_LIMIT:
            raise DatasetError(f"{archive}: unpacks to over {UNPACKED_LIMIT} bytes: refused")
        if size > max(RATIO_FREE, UNPACKED_RATIO * packed):
            raise DatasetError(f"{archive}: unpacks to {size // packed} times its size: refused")
        for member in members:
            inner_path(member.filename, archive)
    except DatasetError:
        opened.close()
        raise
    return opened


def inner_path(name: str, archive: Path) -> PurePosixPath:
    """``name`` as a relative path that stays inside the folder it is joined to.

    Raises:
        DatasetError: the name climbs out (``..``, a drive, a backslash, or a null character).
    """
    inner = PurePosixPath(name.lstrip("/"))
    if not inner.parts or ".." in inner.parts or re.search(r"[\\:\0]", name):
        raise DatasetError(f"{archive}: refuses the member {name!r}, which leaves the folder")
    return inner


def reason_by_catalogue(title: str, category: str, is_door: bool, sides: Iterable[float]) -> str:
    """Why an object with these catalogue entries is left out, or an empty string.

    ``sides`` are width, depth and height in any one unit.
    """
    if is_door or category.lower() in _UNWANTED_CATEGORIES:
        return "door, window or staircase"
    words = set(re.findall(r"[a-z]+", title.lower())) & _UNWANTED_WORDS
    if words:
        return f"title has {', '.join(sorted(words))}"
    short, middle, long = sorted(sides)
    if short < FLATTEST * middle:
        return "flat"
    if middle < THINNEST * long:
        return "a rod"
    return ""


def mean_opacity(material_file: Path) -> float:
    """Mean of the ``d`` (opacity) entries of an MTL file, 1.0 where there are none."""
    if not material_file.is_file():
        return 1.0
    text = material_file.read_text("latin-1")
    values = [float(v) for v in re.findall(r"^\s*d\s+([0-9.eE+-]+)\s*$", text, re.MULTILINE)]
    return sum(values) / len(values) if values else 1.0


def read_catalogue(archive: Path, folder: Path) -> list[Asset]:
    """The objects of a Sweet Home 3D catalogue, unpacked under ``folder``/name of the archive.

    Raises:
        DatasetError: the archive is not a catalogue, or unsafe to unpack.
        OutputError: the folder cannot be written.
    """
    home = folder / archive.stem
    unpack(archive, home)
    if not (home / CATALOGUE).is_file():
        raise DatasetError(f"{archive}: has no {CATALOGUE}: not a furniture catalogue")
    entries = read_properties((home / CATALOGUE).read_text("latin-1"))
    assets: list[Asset] = []
    for key, identity in entries.items():
        if not key.startswith("id#"):
            continue
        entry = {name: entries.get(f"{name}#{key[3:]}", "") for name in TEXT_ENTRIES}
        try:
            sides = [float(entries[f"{side}#{key[3:]}"]) for side in ("width", "depth", "height")]
        except (KeyError, ValueError) as error:
            raise DatasetError(
                f"{archive}: {CATALOGUE}: the size of entry {key[3:]} is missing or no number"
            ) from error
        path = home / inner_path(entry["model"], archive)
        reason = reason_by_catalogue(
            entry["name"], entry["category"], entry["doorOrWindow"] == "true", sides
        )
        if not reason and not path.is_file():
            reason = "no model file"
        if not reason and mean_opacity(path.with_suffix(".mtl")) < CLEAREST:
            reason = "glass"
        if not reason:
            try:
                path = turned_model(path, read_rotation(entry["modelRotation"]))
            except DatasetError as error:
                reason = str(error)
        assets.append(
            Asset(
                uid=f"{archive.stem}/{identity.split('#')[-1]}",
                title=entry["name"],
                source=f"sweethome3d-furniture {entries.get('version', '')} {archive.name}".strip(),
                licence=entries.get("license", "unknown"),
                attribution=entry["creator"] or "unknown",
                path=path,
                rejected=reason,
                tags=_tags(entry["category"], *entry["tags"].split(",")),
            )
        )
    return assets


def _tags(*words: str) -> tuple[str, ...]:
    """The words in lower case, without blanks, each once."""
    return tuple(dict.fromkeys(word.strip().lower() for word in words if word.strip()))

"""From what the user names to a list of measured objects, each with its fate.

Sources: folders of models, archives of them (``.sh3f``, ``.zip``), single model files,
``objaverse:LIST`` and ``procedural:[FAMILY:]COUNT``. A fault of one file or archive is its own
record; only what the user named wrongly ends the run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.assets import MESH_SUFFIXES, Asset, read_catalogue, unpack
from lasagna_relight.relit.licenses import is_allowed
from lasagna_relight.relit.limited_reader import LimitedReader
from lasagna_relight.relit.mesh_measure import Limits
from lasagna_relight.relit.objaverse_source import objaverse_assets
from lasagna_relight.relit.procedural import SOURCE as PROCEDURAL
from lasagna_relight.relit.procedural import measured, procedural_assets
from lasagna_relight.relit.seen import Seen

ARCHIVES = (".sh3f", ".zip")
DUPLICATE_NAME = "duplicate by uid"

Probe = Callable[[Asset], str]
"""Looks at an object; why it should not be used, or an empty string."""


@dataclass(frozen=True, kw_only=True)
class CatalogConfig:
    """How objects are chosen.

    Attributes:
        models: folder for what archives hold and for procedural objects.
        licence: of the objects in folders, which carry none.
        attribution: of the same.
        licenses: allowed licences; None allows all.
        limits: of one model.
    """

    models: Path
    licence: str = "unknown"
    attribution: str = "unknown"
    licenses: tuple[str, ...] | None = None
    limits: Limits = field(default_factory=Limits)


def catalog_assets(
    sources: Iterable[str], config: CatalogConfig, *, probe: Probe | None = None
) -> Iterator[Asset]:
    """Every object of ``sources``, measured, with the reason where it is left out.

    Raises:
        DatasetError: a source is no folder, archive, model or known scheme.
        OutputError: an archive cannot be unpacked for want of space or permission.
    """
    named = list(sources)
    for source in named:
        _check(source)
    with (
        LimitedReader(config.limits) as reader,
        closing(Seen()) as uids,
        closing(Seen()) as hashes,
    ):
        for source in named:
            for asset, root in _found(source, config):
                yield _judged(asset, root, config, reader, uids, hashes, probe)


def _check(source: str) -> None:
    scheme, _, rest = source.partition(":")
    if scheme == "objaverse" and rest:
        return
    if scheme == PROCEDURAL and rest:
        _procedural_order(rest)
        return
    path = Path(source)
    if path.is_dir() or (path.is_file() and path.suffix.lower() in (*ARCHIVES, *MESH_SUFFIXES)):
        return
    raise DatasetError(
        f"{source}: no folder, archive ({', '.join(ARCHIVES)}) or model "
        f"({', '.join(MESH_SUFFIXES)}); other sources are objaverse:LIST and "
        f"{PROCEDURAL}:[FAMILY:]COUNT"
    )


def _procedural_order(words: str) -> tuple[str | None, int]:
    match = re.fullmatch(r"(?:([a-z]+):)?(\d{1,9})", words)
    if match is None:
        raise DatasetError(
            f"{PROCEDURAL}:{words}: write {PROCEDURAL}:COUNT or {PROCEDURAL}:FAMILY:COUNT"
        )
    next(procedural_assets(1, Path(), family=match[1]))
    return match[1], int(match[2])


def _found(source: str, config: CatalogConfig) -> Iterator[tuple[Asset, Path]]:
    """Objects of one source, each with the folder that its files may not leave."""
    scheme, _, rest = source.partition(":")
    if scheme == "objaverse":
        for asset in objaverse_assets(Path(rest), licenses=config.licenses):
            yield asset, asset.path.parent
        return
    if scheme == PROCEDURAL:
        family, count = _procedural_order(rest)
        for asset in procedural_assets(count, config.models, family=family):
            yield asset, config.models
        return
    path = Path(source)
    if path.is_dir():
        for file in _files(path):
            if file.suffix.lower() in ARCHIVES:
                yield from _archive(file, config, f"{path.resolve().name}/{_stem(file, path)}")
            else:
                yield _folder_asset(file, path, path.resolve().name, config), path
    elif path.suffix.lower() in ARCHIVES:
        yield from _archive(path, config, path.stem)
    else:
        yield _folder_asset(path, path.parent, path.resolve().parent.name, config), path.parent


def _files(folder: Path) -> Iterator[Path]:
    """Models and archives under ``folder`` in a fixed order, a folder's list in memory at most."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith((*MESH_SUFFIXES, *ARCHIVES)):
                yield Path(place) / name


def _stem(file: Path, folder: Path) -> str:
    return file.relative_to(folder).with_suffix("").as_posix()


def _folder_asset(file: Path, folder: Path, source: str, config: CatalogConfig) -> Asset:
    inner = file.relative_to(folder)
    tags = dict.fromkeys(part.lower() for part in inner.parent.parts)
    return Asset(
        uid=f"{source}/{inner.as_posix()}",
        title=re.sub(r"[_-]+", " ", file.stem).strip(),
        source=source,
        licence=config.licence,
        attribution=config.attribution,
        path=file,
        tags=tuple(tags),
    )


def _archive(path: Path, config: CatalogConfig, uid: str) -> Iterator[tuple[Asset, Path]]:
    """What the archive holds, or one rejected record of the archive itself."""
    home = config.models / path.stem
    try:
        if path.suffix.lower() == ".sh3f":
            assets = read_catalogue(path, config.models)
        else:
            unpack(path, home)
            assets = [_folder_asset(file, home, path.stem, config) for file in _files(home)]
            assets = [asset for asset in assets if asset.path.suffix.lower() in MESH_SUFFIXES]
    except DatasetError as error:
        reason = " ".join(str(error).split()).removeprefix(f"{path}: ")
        assets = [
            Asset(
                uid=uid,
                title=path.stem,
                source=path.name,
                licence="unknown",
                attribution="unknown",
                path=path,
                rejected=reason,
            )
        ]
    for asset in assets:
        yield asset, home


def _judged(
    asset: Asset,
    root: Path,
    config: CatalogConfig,
    reader: LimitedReader,
    uids: Seen,
    hashes: Seen,
    probe: Probe | None,
) -> Asset:
    asset = _with_own_uid(asset, uids)
    if asset.rejected:
        return asset
    if config.licenses is not None and not is_allowed(asset.licence, config.licenses):
        return replace(asset, rejected=f"licence not allowed: {asset.licence}")
    if asset.source == PROCEDURAL:
        asset = measured(asset)
    else:
        found = reader.measure(asset.path.absolute(), root.absolute())
        asset = replace(
            asset,
            rejected=found.rejected,
            triangles=found.triangles,
            textured=found.textured,
            sha256=found.sha256,
            notes=found.notes,
        )
    if not asset.rejected:
        original = hashes.first(asset.sha256, asset.uid)
        if original is not None:
            return replace(asset, rejected=f"duplicate of {original}")
        if probe is not None:
            asset = replace(asset, rejected=probe(asset))
    return asset


def _with_own_uid(asset: Asset, uids: Seen) -> Asset:
    """The asset; where its uid was met before, with a number behind it."""
    uid, number = asset.uid, 1
    while uids.first(uid, "") is not None:
        number += 1
        uid = f"{asset.uid}~{number}"
    if uid == asset.uid:
        return asset
    if asset.source == PROCEDURAL:
        return replace(asset, uid=uid, rejected=DUPLICATE_NAME)
    return replace(asset, uid=uid)

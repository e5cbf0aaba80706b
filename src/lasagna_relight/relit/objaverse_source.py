"""Objects of Objaverse by their uids; the only file that imports the package objaverse.

The package downloads what it is asked for into its own cache and needs the network for it.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

from lasagna_relight.errors import DatasetError
from lasagna_relight.relit.assets import Asset
from lasagna_relight.relit.licenses import is_allowed

AT_ONCE = 100
"""Uids that are asked for and downloaded together."""
LICENCES = {
    "by": "CC-BY-4.0",
    "by-sa": "CC-BY-SA-4.0",
    "by-nd": "CC-BY-ND-4.0",
    "by-nc": "CC-BY-NC-4.0",
    "by-nc-sa": "CC-BY-NC-SA-4.0",
    "by-nc-nd": "CC-BY-NC-ND-4.0",
    "cc0": "CC0-1.0",
}
"""Licences by the names that Objaverse's annotations use."""


def objaverse_assets(listing: Path, *, licenses: tuple[str, ...] | None) -> Iterator[Asset]:
    """The objects whose uids stand in the file ``listing``, one a line; ``#`` begins a comment.

    Objects whose licence is not among ``licenses`` are listed but not downloaded.

    Raises:
        DatasetError: no such list, the package is missing, or the network cannot be reached.
    """
    objaverse = _package(listing)
    known = frozenset(_asked(listing, objaverse.load_uids))
    try:
        with listing.open() as lines:
            words = (line.partition("#")[0].strip() for line in lines)
            uids = (word.removesuffix(".glb") for word in words if word)
            while group := list(dict.fromkeys(islice(uids, AT_ONCE))):
                yield from _assets(group, known, objaverse, listing, licenses)
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{listing}: cannot be read as a list of uids ({error})") from error


def _package(listing: Path) -> ModuleType:
    if not listing.is_file():
        raise DatasetError(f"objaverse:{listing}: no such file: give a text file of uids")
    try:
        import objaverse  # pyright: ignore[reportMissingImports] an extra
    except ImportError as error:
        raise DatasetError(
            f"objaverse:{listing} needs the package objaverse: "
            "pip install 'lasagna-relight[objaverse]'"
        ) from error
    return objaverse


def _asked(listing: Path, question: Any, *arguments: Any) -> Any:
    """The package's answer; what it prints is dropped."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return question(*arguments)
    except (OSError, EOFError, ValueError) as error:  # urllib's errors are OSErrors
        told = " ".join(str(error).split())[:160]
        raise DatasetError(
            f"objaverse:{listing}: Objaverse cannot be reached or its answer is damaged ({told}): "
            "try again where the network allows it"
        ) from error


def _assets(
    uids: list[str],
    known: frozenset[str],
    objaverse: ModuleType,
    listing: Path,
    licenses: tuple[str, ...] | None,
) -> Iterator[Asset]:
    listed = [uid for uid in uids if uid in known]
    annotations = _asked(listing, objaverse.load_annotations, listed) if listed else {}
    wanted = [uid for uid in listed if _is_wanted(annotations.get(uid, {}), licenses)]
    files = _asked(listing, objaverse.load_objects, wanted) if wanted else {}
    for uid in uids:
        note = annotations.get(uid, {})
        reason = ""
        if uid not in known:
            reason = "no such object in Objaverse"
        elif uid in wanted and uid not in files:
            reason = "no model file"
        author = note.get("user") or {}
        yield Asset(
            uid=f"objaverse/{uid}",
            title=note.get("name") or uid,
            source="objaverse",
            licence=_licence(note),
            attribution=author.get("displayName") or author.get("username") or "unknown",
            path=Path(files.get(uid, f"{uid}.glb")),
            rejected=reason,
            tags=tuple(tag["name"].lower() for tag in note.get("tags") or () if tag.get("name")),
        )


def _licence(annotation: dict[str, Any]) -> str:
    name = annotation.get("license") or "unknown"
    return LICENCES.get(name, name)


def _is_wanted(annotation: dict[str, Any], licenses: tuple[str, ...] | None) -> bool:
    return licenses is None or is_allowed(_licence(annotation), licenses)

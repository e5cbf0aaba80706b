"""Where the parts of a large prior are, and reading them: folders, single files, the hub.

Everything ends as a folder in diffusers layout or as one file in the original layout; the hub only
fetches. Safetensors are data. Pickled checkpoints are programs: opening one may run any code, so
they are refused unless asked for.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.loading_errors import diffusers_silenced, one_line_errors
from lasagna_relight.priors.prior_names import PICKLED, WHY_NO_PICKLE, refuse_impossible

WEIGHTS_STEMS = ("diffusion_pytorch_model", "model", "pytorch_model")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """One model as it was named, and where it is on this disk.

    Attributes:
        name: as the user gave it.
        path: a folder in diffusers layout, or one file in the original layout.
        allow_pickle: whether pickled weights may be opened.
    """

    name: str
    path: Path
    allow_pickle: bool = False

    @property
    def is_file(self) -> bool:
        """One file in the original layout."""
        return self.path.is_file()


def locate(name: str, *, allow_pickle: bool = False, weights: bool = True) -> Checkpoint:
    """The folder, file or hub id ``name``; a hub id is fetched unless the cache has it.

    Args:
        name: as the user gave it.
        allow_pickle: whether pickled weights may be opened.
        weights: fetch those of a hub id too, and not its configuration alone.

    Raises:
        PriorError: there is no such thing, or it is a pickle that was not allowed.
    """
    refuse_impossible(name, allow_pickle=allow_pickle)
    path = Path(name).expanduser()
    if not path.exists():
        endings = [".safetensors", *([".bin"] if allow_pickle else [])] if weights else []
        path = _from_hub(name, endings)
    return Checkpoint(name=name, path=path, allow_pickle=allow_pickle)


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of a model folder.

    Raises:
        PriorError: it is missing, or no JSON object.
    """
    file = folder / name
    if not file.is_file():
        raise PriorError(f"{folder}: {name} is missing: give a complete folder in diffusers layout")
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        raise PriorError(f"{file}: not JSON ({error}): fetch the folder again") from error
    if not isinstance(config, dict):
        raise PriorError(f"{file}: not a JSON object: fetch the folder again")
    return config


def load_part(
    kind: Any, model: Checkpoint, subfolder: str, dtype: torch.dtype, **changed: Any
) -> Any:
    """One network of a folder in diffusers layout, all its weights in ``dtype``.

    Args:
        kind: a model class of diffusers or transformers.
        model: where it is.
        subfolder: the part; empty where the folder holds this network alone.
        dtype: of the weights once loaded.
        changed: further arguments of ``from_pretrained``.

    Raises:
        PriorError: files are missing, pickled, truncated, or those of another network.
        MemoryShortageError: it does not fit.
    """
    folder = model.path / subfolder if subfolder else model.path
    refuse_another_kind(folder, read_config(folder, "config.json"), kind)
    variant, pickled = _weights_in(folder, model)
    is_diffusers = kind.__module__.startswith("diffusers")
    settings: dict[str, Any] = {"torch_dtype" if is_diffusers else "dtype": dtype}
    if is_diffusers:
        settings["low_cpu_mem_usage"] = True
    with one_line_errors(str(folder)), diffusers_silenced():
        network = kind.from_pretrained(
            folder, variant=variant, use_safetensors=not pickled, **settings, **changed
        )
    return whole(network, str(folder))


def whole(network: Any, name: str) -> Any:
    """A network that was loaded, frozen, if all its weights are there.

    Raises:
        PriorError: some are not: what was read belongs to another network, or is incomplete.
    """
    named = list(network.named_parameters())
    missing = [key for key, parameter in named if parameter.is_meta]
    if missing:
        raise PriorError(
            f"{name}: {len(missing)} of {len(named)} weights of a {type(network).__name__} are "
            f"missing ({missing[0]}): give a complete one"
        )
    return network.eval().requires_grad_(False)


def refuse_another_kind(folder: Path, config: Mapping[str, Any], kind: Any) -> None:
    """Raises where a configuration says that its network is not a ``kind``.

    Raises:
        PriorError: so it is.
    """
    found = config.get("_class_name", kind.__name__)
    if found != kind.__name__:
        raise PriorError(f"{folder}: holds a {found}, and a {kind.__name__} is wanted here")


def stored_dtypes(folder: Path) -> dict[str, int]:
    """How many tensors of each dtype the safetensors of a folder hold, most frequent first.

    Raises:
        PriorError: a file is truncated or no safetensors.
    """
    found: dict[str, int] = {}
    files = [folder] if folder.is_file() else sorted(folder.glob("*.safetensors"))
    for file in files:
        if file.suffix != ".safetensors":
            continue
        try:
            with safe_open(file, framework="pt") as tensors:
                for key in tensors.keys():  # noqa: SIM118 a handle, no dict
                    dtype = tensors.get_slice(key).get_dtype()
                    found[dtype] = found.get(dtype, 0) + 1
        except SafetensorError as error:
            raise PriorError(f"{file}: not readable ({error}): fetch it again") from error
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _weights_in(folder: Path, model: Checkpoint) -> tuple[str | None, bool]:
    """The variant of the weights in ``folder`` (None, "fp16"), and whether they are pickled."""
    for variant, ending in ((None, ""), ("fp16", ".fp16")):
        for stem in WEIGHTS_STEMS:
            if (folder / f"{stem}{ending}.safetensors").is_file():
                return variant, False
            for index in (
                f"{stem}.safetensors.index{ending}.json",
                f"{stem}{ending}.safetensors.index.json",
            ):
                if (folder / index).is_file():
                    _refuse_missing_shards(folder, read_config(folder, index))
                    return variant, False
    pickled = [file for file in folder.glob("*") if file.suffix in PICKLED]
    if not pickled:
        raise PriorError(f"{folder}: holds no weights: give a complete folder in diffusers layout")
    if not model.allow_pickle:
        raise PriorError(f"{pickled[0]}: {WHY_NO_PICKLE}")
    return ("fp16" if ".fp16." in pickled[0].name else None), True


def _refuse_missing_shards(folder: Path, index: Mapping[str, Any]) -> None:
    wanted = sorted(set(index.get("weight_map", {}).values()))
    missing = [name for name in wanted if not (folder / name).is_file()]
    if missing:
        shown = ", ".join(missing[:3])
        raise PriorError(
            f"{folder}: {len(missing)} of {len(wanted)} shards are missing ({shown}): fetch them"
        )


def _from_hub(name: str, weights: list[str]) -> Path:
    from huggingface_hub import snapshot_download

    wanted = ["*.json", "*.txt", *(f"*{ending}" for ending in weights)]
    unwanted = ["*/*non_ema*", "*flax*", "*openvino*", "safety_checker/*", "*/onnx/*", "*onnx*"]
    # the single files at the top of a repository repeat what its folders hold
    unwanted += ["v1-5*", "v2-*", "sd_xl*", "*.ckpt"]
    try:
        return Path(snapshot_download(name, allow_patterns=wanted, ignore_patterns=unwanted))
    except Exception as error:
        reason = " ".join(str(error).split())[:160]
        raise PriorError(
            f"{name}: no folder here, and the hub does not give it ({reason}): "
            "fetch it elsewhere and name its folder"
        ) from error

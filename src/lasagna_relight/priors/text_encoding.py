"""Prompts as the token states that Stable Diffusion hears. The only file that needs transformers.

Source: the pipelines of diffusers. Stable Diffusion 1.x and 2.x read the last states of one CLIP
text encoder; SDXL joins the last but one of two, and adds the pooled state of the second.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.errors import PriorError
from lasagna_relight.priors.checkpoints import Checkpoint, load_part
from lasagna_relight.priors.loading_errors import one_line_errors

TEXT_ENCODERS = {"text_encoder": "CLIPTextModel", "text_encoder_2": "CLIPTextModelWithProjection"}
"""Folder of each, and its class in transformers; the second is SDXL's."""


@dataclass(frozen=True, kw_only=True)
class PromptStates:
    """Prompts as the networks take them.

    Attributes:
        tokens: of every token, padding included.
        pooled: of the whole prompt, where the base is SDXL.
    """

    tokens: Float[Tensor, "batch tokens width"]
    pooled: Float[Tensor, "batch pooled_width"] | None = None


@dataclass(frozen=True, kw_only=True)
class TextEncoders:
    """One or two CLIP text encoders with their tokenizers."""

    tokenizers: Sequence[Any]
    encoders: Sequence[Any]

    @property
    def width(self) -> int:
        """Channels of the token states."""
        return sum(encoder.config.hidden_size for encoder in self.encoders)

    @torch.no_grad()
    def encode(self, prompts: Sequence[str], device: torch.device) -> PromptStates:
        """One row a prompt, on ``device``; encoders go back to where they were after."""
        tokens, pooled = [], None
        for tokenizer, encoder in zip(self.tokenizers, self.encoders, strict=True):
            # some repositories of Stable Diffusion leave the length of the tokenizer unset
            length = encoder.config.max_position_embeddings
            ids = tokenizer(
                list(prompts),
                padding="max_length",
                max_length=length,
                truncation=True,
                return_tensors="pt",
            ).input_ids
            home = encoder.device
            encoder.to(device)
            heard = encoder(ids.to(device), output_hidden_states=len(self.encoders) > 1)
            encoder.to(home)
            if len(self.encoders) > 1:
                tokens.append(heard.hidden_states[-2])
                pooled = heard[0].float()
            else:
                tokens.append(heard[0])
        return PromptStates(
            tokens=torch.cat(tokens, -1).float(),
            pooled=pooled if len(self.encoders) > 1 else None,
        )


def require_transformers() -> Any:
    """The package transformers.

    Raises:
        PriorError: it is not installed.
    """
    try:
        import transformers
    except ImportError as error:
        raise PriorError(
            "Stable Diffusion priors need transformers: pip install 'lasagna-relight[sd]'"
        ) from error
    return transformers


@contextmanager
def transformers_silenced() -> Iterator[None]:
    """Loading by transformers, which draws a bar and warns of torchvision, in silence."""
    logging = require_transformers().utils.logging
    before, drew = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        if drew:
            logging.enable_progress_bar()


def load_text_encoders(model: Checkpoint) -> TextEncoders:
    """The encoders of a folder, in float32, on the CPU: they are used once per prompt.

    Raises:
        PriorError: transformers is not installed, or a part is missing or of another kind.
    """
    transformers = require_transformers()
    tokenizers, encoders = [], []
    for subfolder, kind in TEXT_ENCODERS.items():
        if subfolder != "text_encoder" and not (model.path / subfolder).is_dir():
            continue
        with transformers_silenced():
            encoders.append(load_part(getattr(transformers, kind), model, subfolder, torch.float32))
        tokenizers.append(load_tokenizer(model, subfolder.replace("text_encoder", "tokenizer")))
    return TextEncoders(tokenizers=tokenizers, encoders=encoders)


def load_tokenizer(model: Checkpoint, subfolder: str) -> Any:
    """The CLIP tokenizer of a folder.

    Raises:
        PriorError: it is missing or unreadable.
    """
    folder = model.path / subfolder
    if not (folder / "tokenizer_config.json").is_file() and not (folder / "vocab.json").is_file():
        raise PriorError(f"{model.path}: {subfolder}/ is missing: give a complete folder")
    with one_line_errors(str(folder)):
        return require_transformers().CLIPTokenizer.from_pretrained(folder)

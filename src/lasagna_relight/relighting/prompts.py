"""What a large prior is told: prompts made from the user's words, the direction and the object."""

from dataclasses import dataclass
from string import Formatter

from lasagna_relight.errors import RecipeError
from lasagna_relight.light_direction import DIRECTION_NAMES, LightDirection

AUTHORS_PROMPT = "A photo of a {object} with {id} lighting"
"""The authors' (arXiv 2312.00833): the id of the nearest named direction, 0..11."""

PLACES = ("object", "id", "name", "words")


@dataclass(frozen=True, kw_only=True)
class Prompts:
    """Templates; ``{object}``, ``{id}``, ``{name}`` and ``{words}`` are filled in.

    Attributes:
        lit: of the relit picture. ``{words}`` are the user's own, or the name of the direction.
        unlit: of the picture as it is, which `dds` compares with.
        negative: what guidance leads away from.
        subject: a noun for the object.

    Raises:
        RecipeError: a template names another place.
    """

    lit: str = AUTHORS_PROMPT
    unlit: str = "A photo of a {object}"
    negative: str = ""
    subject: str = "object"

    def __post_init__(self) -> None:
        for template in (self.lit, self.unlit, self.negative):
            try:
                named = [
                    place for _, place, _, _ in Formatter().parse(template) if place is not None
                ]
            except ValueError as error:
                raise RecipeError(f"the prompt {template!r} has a lone brace: {error}") from error
            for place in named:
                if place not in PLACES:
                    known = ", ".join(f"{{{place}}}" for place in PLACES)
                    raise RecipeError(f"the prompt {template!r} knows no {{{place}}}: use {known}")

    def filled(self, template: str, direction: LightDirection, words: str | None) -> str:
        """A template with its places filled."""
        name = direction.nearest_name
        return template.format(
            object=self.subject,
            id=DIRECTION_NAMES.index(name),
            name=name,
            words=words if words is not None else f"light from the {name}",
        )

"""The eight symmetries of the square, acting on pictures and on the light in them at once."""

from dataclasses import dataclass
from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor

from lasagna_relight.light_direction import NAMED_DIRECTIONS, LightDirection


@dataclass(frozen=True, kw_only=True)
class Symmetry:
    """A turn by ``quarters`` times 90 degrees counter-clockwise, after an optional flip."""

    quarters: int
    flip: bool

    def picture(self, picture: Tensor) -> Tensor:
        """The picture, any leading axes, turned as a whole."""
        picture = picture.flip(-1) if self.flip else picture
        return torch.rot90(picture, self.quarters, (-2, -1))

    def inverse_picture(self, picture: Tensor) -> Tensor:
        """Undoes :meth:`picture`."""
        picture = torch.rot90(picture, -self.quarters, (-2, -1))
        return picture.flip(-1) if self.flip else picture

    def vectors(self, vectors: Float[Tensor, "*batch 3"]) -> Float[Tensor, "*batch 3"]:
        """Where lights stand after their picture is turned; x right, y up, z to the camera."""
        x, y, z = vectors.unbind(-1)
        x = -x if self.flip else x
        for _ in range(self.quarters % 4):
            x, y = -y, x
        return torch.stack([x, y, z], -1)

    def named_ids(self) -> tuple[int | None, ...]:
        """For each of the twelve ids, the id it becomes; None where that has no name."""
        return _named_ids(self)


SYMMETRIES = tuple(Symmetry(quarters=q, flip=f) for f in (False, True) for q in range(4))


@cache
def _named_ids(symmetry: Symmetry) -> tuple[int | None, ...]:
    turned = (symmetry.vectors(torch.tensor(d.vector)) for d in NAMED_DIRECTIONS.values())
    return tuple(_id_of(vector) for vector in turned)


def _id_of(vector: Tensor) -> int | None:
    wanted = LightDirection.from_vector((vector[0].item(), vector[1].item(), vector[2].item()))
    for index, direction in enumerate(NAMED_DIRECTIONS.values()):
        if direction.angle_to(wanted) < 1:
            return index
    return None

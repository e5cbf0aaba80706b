"""How near a mix of basis lights comes to the predictor's own answer, by the angle from the camera.

    python benchmarks/basis.py > benchmarks/results/basis.md

Over the bundled samples and 240 random directions: the light of each is mixed of the twelve named
lights (`relit.light_basis`) and of the studio's basis (`relighting.basis`), and compared within the
mask, as log gain, with what the predictor answers for that direction. No truth is asked here: how
right the predictor is, benchmarks/evaluations.py measures.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from provenance import ROOT, provenance_lines

from lasagna_relight.image_io import read_picture
from lasagna_relight.light_direction import DIRECTION_NAMES
from lasagna_relight.masking.select import resolve_mask
from lasagna_relight.priors.predictor import ContinuousPredictor
from lasagna_relight.relighting.api import Relighter, SmallView
from lasagna_relight.relighting.basis import basis_size, basis_weights
from lasagna_relight.relighting.instant import (
    predict_all_directions,
    predict_basis,
    predict_vectors,
)
from lasagna_relight.relighting.mixing import LightBasis, light_basis
from lasagna_relight.relit.light_basis import light_weights
from lasagna_relight.relit.symmetry import SYMMETRIES

SAMPLES = ROOT / "src" / "lasagna_relight" / "data" / "samples"
DIRECTIONS = 240
BANDS = ((0, 30), (30, 60), (60, 90), (90, 130), (130, 180))
NAMED = len(DIRECTION_NAMES)


def main() -> None:
    torch.set_num_threads(1)
    relighter = Relighter.load(recipe="instant")
    views = [view_of(relighter, path.name) for path in sorted(SAMPLES.glob("*.*g"))]
    draws = torch.randn(DIRECTIONS, 3, generator=torch.Generator().manual_seed(1))
    vectors = torch.nn.functional.normalize(draws, dim=1)
    off_axis = torch.rad2deg(vectors[:, 2].acos())
    padded = torch.nn.functional.pad(light_weights(vectors), (0, basis_size() - NAMED))
    kinds = {f"{NAMED} named": padded, f"basis of {basis_size()}": basis_weights(vectors)}
    found = {name: ([], []) for name in kinds}
    for view in views:
        basis = light_basis(view, predict_basis(relighter.predictor, view.source, view.mask))
        own = own_answers(relighter, view, basis, vectors)
        for name, weights in kinds.items():
            for row, answer in zip(weights, own, strict=True):
                mixed = basis.log_gain_of(torch.einsum("khw,k->hw", basis.linear, row)[None])[0]
                one, other = (gain[view.mask[0, 0] > 0.5] for gain in (mixed, answer))
                found[name][0].append(torch.corrcoef(torch.stack([one, other]))[0, 1])
                found[name][1].append((one - other).abs().mean())
    print("# The basis of the mix\n")
    print(provenance_lines() + "\n")
    print(
        "| off the camera's axis | directions x pictures | mixed of | correlation: mean | least |",
        end="",
    )
    print(" difference of log gain |\n|---|--:|---|--:|--:|--:|")
    for low, high in BANDS:
        chosen = ((off_axis >= low) & (off_axis < high)).repeat(len(views))
        for name, measured in found.items():
            correlation, difference = (torch.stack(values)[chosen] for values in measured)
            print(
                f"| {low} to {high} degrees | {int(chosen.sum())} | {name} | "
                f"{correlation.mean():.3f} | {correlation.min():.2f} | {difference.mean():.3f} |"
            )
    print("\nProcessor milliseconds of a prediction under all eight symmetries, and under one:\n")
    for name, predict in ((f"{NAMED} named", predict_all_directions), ("basis", predict_basis)):
        print(f"- {name}: {milliseconds(relighter, views[0], predict)}")


def view_of(relighter: Relighter, name: str) -> SmallView:
    picture = read_picture(SAMPLES / name)
    return relighter.look(picture, resolve_mask(picture, "auto"))


def own_answers(
    relighter: Relighter, view: SmallView, basis: LightBasis, vectors: torch.Tensor
) -> torch.Tensor:
    """The predictor's log gains for ``vectors``, through the half precision of a basis."""
    predictor = relighter.predictor
    assert isinstance(predictor, ContinuousPredictor), "asks for directions that have no name"
    gains = predict_vectors(predictor, view.source, view.mask, vectors)
    return torch.cat([basis.log_gain_of(row[None]) for row in light_basis(view, gains).linear])


def milliseconds(
    relighter: Relighter, view: SmallView, predict: Callable[..., torch.Tensor]
) -> str:
    texts = []
    for symmetries in (SYMMETRIES, SYMMETRIES[:1]):
        predict(relighter.predictor, view.source, view.mask, symmetries)
        start = time.process_time()
        for _ in range(10):
            predict(relighter.predictor, view.source, view.mask, symmetries)
        texts.append(f"{100 * (time.process_time() - start):.0f}")
    return ", ".join(texts)


if __name__ == "__main__":
    main()

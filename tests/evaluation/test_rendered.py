"""The share of the way to the oracle: known for edits made from the oracle itself."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation import rendered
from lasagna_relight.evaluation.rendered import (
    IDENTITY,
    RenderedCase,
    format_table,
    group_of,
    rendered_cases,
    score_views,
    solve_named,
    summarize,
)
from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS
from lasagna_relight.priors.predictor import GainPredictor
from lasagna_relight.relighting.api import Relighter
from lasagna_relight.relighting.recipes import recipe_named


@pytest.fixture
def instant() -> Relighter:
    """A predictor of 16 pixels with random weights."""
    torch.manual_seed(0)
    predictor = GainPredictor(resolution=16, patch=4, channels=(32, 32), layers=1).eval()
    return Relighter(
        recipe=recipe_named("instant"), predictor=predictor, networks=None, device="cpu"
    )


class OracleTimes:
    """Stands in for a relighter: its edit is a multiple of the oracle's, or the oracle's turned."""

    __class__ = Relighter  # pyright: ignore[reportAssignmentType] for isinstance, as mocks do

    def __init__(self, name: str, change) -> None:
        self.recipe = SimpleNamespace(name=name)
        self.change = change


def _summary(cases: list[RenderedCase], monkeypatch, *relighters):
    oracles = {id(case.view): case.oracle for case in cases}
    monkeypatch.setattr(
        rendered, "solve_named", lambda relighter, view, seed: relighter.change(oracles[id(view)])
    )
    rows = summarize(list(score_views(cases, relighters)))
    return {row.method: row for row in rows}


def test_the_oracle_covers_everything_and_no_edit_nothing(shards: Path, monkeypatch) -> None:
    rows = _summary(
        rendered_cases(shards), monkeypatch, OracleTimes("oracle", lambda gain: gain.clone())
    )
    for share in (rows["oracle"].covered, *rows["oracle"].covered_by_group.values()):
        assert share == pytest.approx(1)
    for share in (rows[IDENTITY].covered, *rows[IDENTITY].covered_by_group.values()):
        assert share == pytest.approx(0)
    assert rows["oracle"].correlation == pytest.approx(1, abs=1e-4)
    assert rows[IDENTITY].correlation is None
    assert rows["oracle"].lights == 3 * 12


def test_wrong_edits_cover_less_than_nothing(shards: Path, monkeypatch) -> None:
    rows = _summary(
        rendered_cases(shards),
        monkeypatch,
        OracleTimes("half", lambda gain: gain / 2),
        OracleTimes("opposite", torch.neg),
        OracleTimes("left for right", lambda gain: gain.flip(-1)),
        OracleTimes("lights in another order", lambda gain: gain.roll(4, dims=0)),
    )
    assert 0.2 < rows["half"].covered < 0.8
    assert rows["opposite"].covered < -0.5
    assert rows["left for right"].covered_by_group["sides"] < 0.5
    assert rows["lights in another order"].covered_by_group["sides"] < 0.1
    assert rows["opposite"].psnr_db < rows[IDENTITY].psnr_db < rows["half"].psnr_db


def test_views_are_spread_and_the_same_for_a_seed(shards: Path) -> None:
    first, again, other = (rendered_cases(shards, views=2, seed=seed) for seed in (0, 0, 1))
    assert [case.title for case in first] == ["first", "second"]
    assert torch.equal(first[1].view.source, again[1].view.source)
    assert not torch.equal(first[1].view.source, other[1].view.source)
    assert [case.title for case in rendered_cases(shards, pattern="*-0001*")] == ["third"]


def test_every_named_light_belongs_to_a_group() -> None:
    groups = [group_of(name) for name in DIRECTION_NAMES]
    assert [groups.count(group) for group in rendered.GROUPS] == [1, 8, 3]


def test_all_lights_in_one_pass_are_those_solved_one_by_one(shards: Path, instant) -> None:
    case = rendered_cases(shards, views=1)[0]
    together = solve_named(instant, case.view)
    for index, light in enumerate(NAMED_DIRECTIONS.values()):
        (step,) = instant.solve(case.view, light)
        assert torch.allclose(together[index], step.log_gain[0], atol=1e-5)


def test_the_table_gives_shares_in_percent(shards: Path, instant) -> None:
    rows = summarize(list(score_views(rendered_cases(shards), [instant])))
    table = format_table(rows)
    assert len(table.splitlines()) == 4
    assert "100.0%" not in table
    assert "0.0%" in table.splitlines()[2]


def test_views_of_another_size_than_the_networks_are_refused(shards: Path, instant) -> None:
    case = rendered_cases(shards, views=1)[0]
    larger = torch.nn.functional.interpolate(case.view.source, scale_factor=2)
    view = rendered.SmallView(box=case.view.box, source=larger, mask=larger[:, :1])
    with pytest.raises(DatasetError, match="32 px for networks of 16 px"):
        solve_named(instant, view)


def test_larger_views_are_shrunk_to_the_size_of_the_networks(shards: Path) -> None:
    (case, *_), (small, *_) = (rendered_cases(shards, size=size) for size in (None, 8))
    assert case.view.source.shape[-1] > 8
    assert small.view.source.shape[-2:] == small.oracle.shape[-2:] == (8, 8)
    assert small.view.mask.mean().item() == pytest.approx(case.view.mask.mean().item(), abs=0.1)


def test_a_folder_without_shards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no shards match"):
        rendered_cases(tmp_path)

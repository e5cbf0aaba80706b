"""The whole evaluation on a ball: the right edit wins, and each wrong one is caught."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from lasagna_relight.errors import DatasetError, ImageError
from lasagna_relight.evaluation.photometric import (
    COPY_SOURCE,
    ORACLE,
    MethodScore,
    format_table,
    score_pairs,
    summarize,
)
from lasagna_relight.evaluation.photometric_folder import read_cases
from lasagna_relight.image_io import write_picture


def _rows(folder: Path, *relighters) -> dict[tuple[str, str], MethodScore]:
    rows = summarize(list(score_pairs(read_cases(folder), relighters)))
    return {(row.method, row.control): row for row in rows}


def test_an_edit_that_knows_the_light_is_as_good_as_the_oracle(
    ball_folder, relighter_of_ball
) -> None:
    rows = _rows(ball_folder, relighter_of_ball())
    oracle, source = rows[ORACLE, "none"], rows[COPY_SOURCE, "none"]
    for control in ("words", "angles"):
        row = rows["instant", control]
        assert row.psnr_db == pytest.approx(oracle.psnr_db, abs=1)
        assert row.correlation == pytest.approx(1, abs=0.01)
        assert (row.wins, row.pairs) == (2, 2)
    assert oracle.psnr_db > source.psnr_db + 10
    assert source.wins == 0
    assert source.correlation is None


@pytest.mark.parametrize(
    ("name", "spoil", "expected"),
    [
        ("left and right exchanged", lambda gain: gain.flip(-1), -0.7),
        ("darkens where it should brighten", torch.neg, -0.99),
    ],
)
def test_an_edit_that_is_the_wrong_way_round_loses_to_the_source(
    ball_folder, relighter_of_ball, name, spoil, expected
) -> None:
    rows = _rows(ball_folder, relighter_of_ball(name, spoil))
    for control in ("words", "angles"):
        row = rows[name, control]
        assert row.psnr_db < rows[COPY_SOURCE, "none"].psnr_db
        assert row.wins == 0
        assert row.correlation is not None
        assert row.correlation < expected


def test_an_edit_that_only_brightens_is_worth_as_much_as_the_source(
    ball_folder, relighter_of_ball
) -> None:
    rows = _rows(ball_folder, relighter_of_ball("flat", lambda gain: torch.full_like(gain, -0.5)))
    row = rows["flat", "angles"]
    assert row.psnr_db == pytest.approx(rows[COPY_SOURCE, "none"].psnr_db, abs=0.1)
    assert row.correlation is None


def test_weaker_edits_score_in_between(ball_folder, relighter_of_ball) -> None:
    strengths = (0.0, 0.5, 1.0)
    relighters = [relighter_of_ball(str(s), lambda gain, s=s: gain * s) for s in strengths]
    rows = _rows(ball_folder, *relighters)
    decibels = [rows[str(strength), "words"].psnr_db for strength in strengths]
    assert decibels == sorted(decibels)
    assert decibels[0] == pytest.approx(rows[COPY_SOURCE, "none"].psnr_db, abs=1e-4)


def test_the_table_has_a_line_for_each_method_and_ends_with_the_oracle(
    ball_folder, relighter_of_ball
) -> None:
    relighters = [relighter_of_ball("instant"), relighter_of_ball("target")]
    rows = summarize(list(score_pairs(read_cases(ball_folder), relighters)))
    lines = format_table(rows).splitlines()
    assert [line.split()[1] for line in lines[2:]] == [
        "copy-source", "instant", "instant", "target", "target", "oracle",
    ]  # fmt: skip
    assert len({len(line) for line in lines}) == 1


def test_pictures_of_two_sizes_are_refused(ball_folder, relighter_of_ball, ball) -> None:
    pixels = (ball.photograph("left")[:, :40] * 255).byte().permute(1, 2, 0).contiguous()
    write_picture(ball_folder / "ball" / "left.png", pixels.numpy(), force=True)
    with pytest.raises(DatasetError, match="of another size"):
        _rows(ball_folder, relighter_of_ball())


def test_a_picture_that_is_none_is_refused(ball_folder, relighter_of_ball) -> None:
    (ball_folder / "ball" / "left.png").write_text("not a picture")
    with pytest.raises(ImageError):
        _rows(ball_folder, relighter_of_ball())

"""`lasagna evaluate` as users call it."""

from __future__ import annotations

import json

import pytest

from lasagna_relight.apps import cli, evaluate_tables


@pytest.fixture
def _knowing(monkeypatch: pytest.MonkeyPatch, relighter_of_ball) -> None:
    monkeypatch.setattr(
        evaluate_tables, "_load", lambda recipe, *rest: [relighter_of_ball(recipe or "all")]
    )


@pytest.mark.usefixtures("_knowing")
def test_photometric_prints_a_table(ball_folder, capsys) -> None:
    assert cli.run(["evaluate", "photometric", str(ball_folder), "--recipe", "instant"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| method")
    assert [line.split("|")[1].strip() for line in lines[2:]] == [
        "copy-source", "instant", "instant", "oracle gain",
    ]  # fmt: skip


@pytest.mark.usefixtures("_knowing")
def test_json_holds_every_pair(ball_folder, capsys) -> None:
    assert cli.run(["evaluate", "photometric", str(ball_folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert len(report["pairs"]) == 2 * 4
    assert {score["target"] for score in report["pairs"]} == {"left.png", "right.png"}
    assert [row["method"] for row in report["methods"]] == [
        "copy-source", "all", "all", "oracle gain",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["photometric", "rendered"])
def test_a_folder_that_is_not_there_is_one_line(command, tmp_path, capsys) -> None:
    assert cli.run(["evaluate", command, str(tmp_path / "nothing")]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("lasagna: error: ")
    assert output.err.count("\n") == 1


def test_an_unknown_recipe_and_a_missing_prior_are_one_line(ball_folder, tmp_path, capsys) -> None:
    for options in (["--recipe", "sugo"], ["--prior", str(tmp_path / "none")], ["--device", "x"]):
        assert cli.run(["evaluate", "photometric", str(ball_folder), *options]) == 2
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        assert options[1].split("/")[-1] in error

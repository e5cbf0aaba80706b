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


def test_a_run_writes_its_tables_and_goes_on_only_when_asked(ball_folder, tmp_path, capsys) -> None:
    page, folder = tmp_path / "page.md", tmp_path / "run"
    page.write_text("# Ours\n\n<!-- tables: begin -->\n<!-- tables: end -->\n\nRemarks.\n")
    words = ["evaluate", "run", str(ball_folder), "-o", str(folder), "--methods",
             "identity,oracle,ramp", "--page", str(page)]  # fmt: skip
    assert cli.run(words) == 0
    first, *written = capsys.readouterr().out.splitlines()
    assert first.startswith("6 answers solved")
    assert written == [str(page), str(folder / "report.md"), str(folder / "report.html")]
    text = page.read_text()
    assert text.startswith("# Ours\n")
    assert text.endswith("\n\nRemarks.\n")
    assert "lasagna evaluate run photometric -o RUN --methods identity,oracle,ramp" in text
    assert str(tmp_path) not in text  # reports are published
    assert cli.run(words) == 2
    assert "use --resume" in capsys.readouterr().err
    assert cli.run([*words, "--resume"]) == 0
    assert capsys.readouterr().out.startswith("0 answers solved")
    assert cli.run(["evaluate", "run", str(ball_folder), "-o", str(folder), "--methods", "x"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


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

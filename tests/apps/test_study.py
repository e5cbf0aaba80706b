"""`lasagna study` from a run to the ranking, and its server without a browser."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from lasagna_relight.apps import cli
from lasagna_relight.errors import DatasetError
from lasagna_relight.evaluation import study_store
from lasagna_relight.evaluation.study_items import CHECK
from lasagna_relight.evaluation.study_store import UnknownRaterError

pytest.importorskip("fastapi")
RATER = "0123456789abcdef" * 2


def test_a_study_goes_from_a_run_to_a_ranking(study_folder: Path, tmp_path, capsys) -> None:
    with study_store.opened(study_folder) as connection:
        items = {item.id: item for item in study_store.all_items(connection)}
        for number in range(20):
            rater = f"{number:032x}"
            study_store.join(connection, rater)
            while question := study_store.next_question(connection, rater):
                item = items[question.item]
                wanted = "a" if CHECK in (item.method_a, item.expected or "") else None
                wanted = wanted or ("a" if item.method_a == "good" else "b")
                name = item.picture_a if wanted == "a" else item.picture_b
                side = "left" if question.left == name else "right"
                study_store.vote(connection, rater, question.item, side, 900)
    export = tmp_path / "votes.csv"
    assert cli.run(["study", "analyze", str(study_folder), "--export", str(export)]) == 0
    said = capsys.readouterr().out
    assert "20 raters, 0 left out" in said
    assert re.search(
        r"\| good +\| bad +\| +80 of 80 \| 100.0% \| 95.5% to 100.0% \| 0.0000 \|", said
    )
    assert len(export.read_text().splitlines()) == 1 + 20 * 5


def test_sides_and_order_differ_between_raters_and_stay_for_one(study_folder: Path) -> None:
    with study_store.opened(study_folder) as connection:
        for number in range(30):
            study_store.join(connection, f"{number:032x}")
        before = connection.execute("SELECT * FROM assignments ORDER BY rater, position").fetchall()
        study_store.join(connection, f"{3:032x}")
        after = connection.execute("SELECT * FROM assignments ORDER BY rater, position").fetchall()
    assert before == after
    assert len({row[2] for row in before if row[1] == 0}) > 2
    assert 0.3 < np.mean([row[3] for row in before]) < 0.7


def test_the_first_vote_stands_and_a_repeated_one_is_the_same(study_folder: Path) -> None:
    with study_store.opened(study_folder) as connection:
        study_store.join(connection, RATER)
        question = study_store.next_question(connection, RATER)
        assert question is not None
        first = study_store.vote(connection, RATER, question.item, "left", 500)
        again = study_store.vote(connection, RATER, question.item, "right", 800)
        assert again == first
        assert len(study_store.all_votes(connection)) == 1


def test_strangers_and_foreign_questions_are_refused(study_folder: Path) -> None:
    with study_store.opened(study_folder) as connection:
        with pytest.raises(UnknownRaterError):
            study_store.next_question(connection, RATER)
        study_store.join(connection, RATER)
        with pytest.raises(UnknownRaterError):
            study_store.vote(connection, RATER, "0" * 16, "left", 1)


def test_the_server_answers_and_refuses(study_folder: Path) -> None:
    client = _client(study_folder)
    page = client.get("/")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http" not in page.text.replace("https", "http").replace("charset", "")
    stranger = client.get(f"/api/next?rater={RATER}").json()
    assert not stranger["joined"]
    assert "may be published" in stranger["consent"]
    state = client.post("/api/join", json={"rater": RATER}).json()
    assert (state["position"], state["total"]) == (0, 5)
    picture = client.get("/" + state["question"]["left"])
    assert picture.headers["content-type"] == "image/jpeg"
    vote = {"rater": RATER, "item": state["question"]["item"], "side": "left", "milliseconds": 7}
    assert client.post("/api/vote", json=vote).json()["position"] == 1
    assert client.post("/api/vote", json={**vote, "side": "right"}).json()["side"] == "left"
    unknown = {**vote, "rater": "0" * 32}
    assert client.post("/api/vote", json=unknown).status_code == 403
    for bad in ({"side": "up"}, {"rater": "me"}, {"milliseconds": -1}, {"admin": True}):
        assert client.post("/api/vote", json=vote | bad).status_code == 422
    assert client.post("/api/vote", content="x" * 5000).status_code == 413
    for name in ("../study.sqlite", "%2e%2e%2fstudy.sqlite", "nothing.jpg"):
        assert client.get(f"/pictures/{name}").status_code == 404


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["create", "{run}", "-o", "{out}", "--methods", "good,ugly"], 'no method "ugly"'),
        (["create", "{run}", "-o", "{out}", "--methods", "good"], "at least two methods"),
        (
            ["create", "{run}", "-o", "{out}", "--methods", "good,bad", "--checks", "9"],
            "--checks 3",
        ),
        (["create", "{run}", "-o", "{study}", "--methods", "good,bad"], "holds a study"),
        (["create", "{out}", "-o", "{out}", "--methods", "good,bad"], "holds no run"),
        (["serve", "{out}"], "holds no study"),
        (["analyze", "{out}"], "holds no study"),
        (["analyze", "{study}"], "collect some"),
    ],
)
def test_wrong_use_is_one_line(study_run, study_folder, tmp_path, capsys, arguments, message):
    places = {"run": study_run, "study": study_folder, "out": tmp_path / "new"}
    assert cli.run(["study", *(word.format(**places) for word in arguments)]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_a_file_that_is_no_study_is_refused(study_folder: Path) -> None:
    (study_folder / study_store.FILE).write_bytes(b"not a database" * 100)
    with pytest.raises(DatasetError, match="not a study"), study_store.opened(study_folder):
        pass


def test_a_study_of_another_version_is_refused(study_folder: Path) -> None:
    with sqlite3.connect(study_folder / study_store.FILE) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(DatasetError, match="version 99"), study_store.opened(study_folder):
        pass


def test_the_votes_name_no_one(study_folder: Path) -> None:
    with study_store.opened(study_folder) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(votes)")}
        assert columns == {"rater", "item", "side", "choice", "milliseconds", "voted_at"}
        assert "seed" in json.dumps(study_store.settings_of(connection))


def _client(study: Path):
    import warnings

    from lasagna_relight.apps.study_server import build_study_app

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from fastapi.testclient import TestClient
    return TestClient(build_study_app(study))

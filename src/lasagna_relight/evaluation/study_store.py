"""A study on disk: one SQLite file that keeps every vote it has acknowledged.

Write-ahead log, full synchronization, one transaction a vote: what `vote` returned survives a
killed process. The key (rater, item) makes a repeated vote the same vote: the first stands.
"""

import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from lasagna_relight.errors import DatasetError, InputError, OutputError
from lasagna_relight.evaluation.study_items import CHECK, Item

FILE = "study.sqlite"
VERSION = 1
BUSY_SECONDS = 30.0
Side = Literal["left", "right"]

SCHEMA = """
CREATE TABLE study (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE items (
  id TEXT PRIMARY KEY, "case" TEXT NOT NULL, method_a TEXT NOT NULL, method_b TEXT NOT NULL,
  expected TEXT CHECK (expected IN ('a', 'b')), question TEXT NOT NULL, source TEXT NOT NULL,
  picture_a TEXT NOT NULL, picture_b TEXT NOT NULL);
CREATE TABLE raters (id TEXT PRIMARY KEY, consented_at REAL NOT NULL);
CREATE TABLE assignments (
  rater TEXT NOT NULL REFERENCES raters, position INTEGER NOT NULL, item TEXT NOT NULL
  REFERENCES items, a_is_left INTEGER NOT NULL, PRIMARY KEY (rater, position),
  UNIQUE (rater, item));
CREATE TABLE votes (
  rater TEXT NOT NULL, item TEXT NOT NULL, side TEXT NOT NULL CHECK (side IN ('left', 'right')),
  choice TEXT NOT NULL CHECK (choice IN ('a', 'b')), milliseconds INTEGER NOT NULL,
  voted_at REAL NOT NULL, PRIMARY KEY (rater, item),
  FOREIGN KEY (rater, item) REFERENCES assignments (rater, item));
"""


class UnknownRaterError(InputError):
    """A rater who has not consented, or an item that was not given to them."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What a rater sees next.

    Attributes:
        position: answered so far.
        total: in all.
        item: names the vote.
        question: the words.
        source: name of a picture.
        left: name of the picture at the left.
        right: at the right.
    """

    position: int
    total: int
    item: str
    question: str
    source: str
    left: str
    right: str


@dataclass(frozen=True, kw_only=True)
class Vote:
    """A vote that is on disk.

    Attributes:
        rater: a random name.
        item: what was asked.
        side: where the chosen picture stood.
        choice: "a" or "b" of the item.
        milliseconds: from the question to the choice, by the rater's clock.
        voted_at: seconds since 1970.
    """

    rater: str
    item: str
    side: Side
    choice: str
    milliseconds: int
    voted_at: float


def create_store(study: Path, items: Sequence[Item], settings: dict[str, str]) -> None:
    """Writes a new study, whole or not at all.

    Raises:
        OutputError: there is one already, or it cannot be written.
    """
    path = study / FILE
    if path.exists():
        raise OutputError(f"{study} holds a study with votes: name another folder")
    beside = path.with_suffix(".new")
    try:
        beside.unlink(missing_ok=True)
        with sqlite3.connect(beside) as connection:
            connection.executescript(SCHEMA)
            connection.execute(f"PRAGMA user_version = {VERSION}")
            connection.executemany("INSERT INTO study VALUES (?, ?)", sorted(settings.items()))
            names = [field.name for field in fields(Item)]
            marks = ", ".join("?" * len(names))
            connection.executemany(
                f"INSERT INTO items VALUES ({marks})",
                [tuple(getattr(item, name) for name in names) for item in items],
            )
        connection.close()
        beside.replace(path)
    except (OSError, sqlite3.Error) as error:
        beside.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written ({error})") from error


@contextmanager
def opened(study: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a study, closed afterwards.

    Raises:
        DatasetError: there is no study in the folder, or it is of another version.
    """
    path = study / FILE
    if not path.is_file():
        raise DatasetError(f"{study}: holds no study: `lasagna study create` makes one")
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        except sqlite3.DatabaseError as error:
            raise DatasetError(f"{path}: not a study ({error}): restore a copy of it") from error
        if version != VERSION:
            raise DatasetError(f"{path}: a study of version {version}, not {VERSION}")
        yield connection
    finally:
        connection.close()


def settings_of(connection: sqlite3.Connection) -> dict[str, str]:
    """What `create_store` was told."""
    return dict(connection.execute("SELECT name, value FROM study"))


def join(connection: sqlite3.Connection, rater: str) -> None:
    """Notes that ``rater`` has consented and gives them their questions; once, however often.

    The items with the fewest votes come first, in random order and on random sides; the known
    answers are among them.
    """
    settings = settings_of(connection)
    wanted = int(settings["questions"])
    draws = random.Random(f"{settings['seed']}:{rater}")
    with _transaction(connection):
        known = connection.execute("SELECT 1 FROM raters WHERE id = ?", (rater,)).fetchone()
        if known:
            return
        connection.execute("INSERT INTO raters VALUES (?, ?)", (rater, time.time()))
        given = connection.execute(
            "SELECT items.id, items.method_a, count(assignments.item) FROM items "
            "LEFT JOIN assignments ON assignments.item = items.id GROUP BY items.id"
        ).fetchall()
        checks = [item for item, method, _ in given if method == CHECK]
        others = [(count, draws.random(), item) for item, method, count in given if method != CHECK]
        chosen = [item for _, _, item in sorted(others)[:wanted]] + checks
        draws.shuffle(chosen)
        connection.executemany(
            "INSERT INTO assignments VALUES (?, ?, ?, ?)",
            [(rater, i, item, draws.randrange(2)) for i, item in enumerate(chosen)],
        )


def next_question(connection: sqlite3.Connection, rater: str) -> Question | None:
    """The first question that ``rater`` has not answered; None when there is no more.

    Raises:
        UnknownRaterError: they have not consented.
    """
    _require(connection, rater)
    total, answered = connection.execute(
        "SELECT count(*), count(votes.item) FROM assignments LEFT JOIN votes USING (rater, item) "
        "WHERE rater = ?",
        (rater,),
    ).fetchone()
    row = connection.execute(
        "SELECT items.id, question, source, picture_a, picture_b, a_is_left FROM assignments "
        "JOIN items ON items.id = assignments.item LEFT JOIN votes USING (rater, item) "
        "WHERE rater = ? AND votes.item IS NULL ORDER BY assignments.position LIMIT 1",
        (rater,),
    ).fetchone()
    if row is None:
        return None
    item, question, source, picture_a, picture_b, a_is_left = row
    left, right = (picture_a, picture_b) if a_is_left else (picture_b, picture_a)
    return Question(
        position=answered, total=total, item=item, question=question, source=source, left=left,
        right=right,
    )  # fmt: skip


def vote(
    connection: sqlite3.Connection, rater: str, item: str, side: Side, milliseconds: int
) -> Vote:
    """The vote of ``rater`` on ``item`` as it is on disk when this returns; the first one stands.

    Raises:
        UnknownRaterError: the item was not given to them.
    """
    with _transaction(connection):
        row = connection.execute(
            "SELECT a_is_left FROM assignments WHERE rater = ? AND item = ?", (rater, item)
        ).fetchone()
        if row is None:
            raise UnknownRaterError("this question was not given to this rater: join first")
        choice = "a" if (side == "left") == bool(row[0]) else "b"
        connection.execute(
            "INSERT INTO votes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (rater, item, side, choice, milliseconds, time.time()),
        )
        kept = connection.execute(
            "SELECT rater, item, side, choice, milliseconds, voted_at FROM votes "
            "WHERE rater = ? AND item = ?",
            (rater, item),
        ).fetchone()
    return _vote(kept)


def all_votes(connection: sqlite3.Connection) -> list[Vote]:
    """Every vote, oldest first."""
    return [
        _vote(row)
        for row in connection.execute(
            "SELECT rater, item, side, choice, milliseconds, voted_at FROM votes ORDER BY voted_at"
        )
    ]


def all_items(connection: sqlite3.Connection) -> list[Item]:
    """Every question of the study."""
    names = [field.name for field in fields(Item)]
    quoted = ", ".join(f'"{name}"' for name in names)
    return [
        Item(**dict(zip(names, row, strict=True)))
        for row in connection.execute(f"SELECT {quoted} FROM items")
    ]


def _vote(row: tuple) -> Vote:
    rater, item, side, choice, milliseconds, voted_at = row
    return Vote(
        rater=rater, item=item, side=side, choice=choice, milliseconds=milliseconds,
        voted_at=voted_at,
    )  # fmt: skip


def _require(connection: sqlite3.Connection, rater: str) -> None:
    if connection.execute("SELECT 1 FROM raters WHERE id = ?", (rater,)).fetchone() is None:
        raise UnknownRaterError("this rater has not consented yet: join first")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Takes the write lock at once, and commits to disk before it returns."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")

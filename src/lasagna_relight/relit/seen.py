"""Sets of words on disk: what was met before, in memory that does not grow."""

from __future__ import annotations

import sqlite3


class Seen:
    """Remembers words, each with where it was met first; in a temporary file of SQLite's.

    Any thread may ask, one at a time.
    """

    def __init__(self) -> None:
        self._store = sqlite3.connect("", check_same_thread=False)
        self._store.execute("CREATE TABLE met (word TEXT PRIMARY KEY, first TEXT) WITHOUT ROWID")

    def first(self, word: str, where: str) -> str | None:
        """Where ``word`` was met before; None, and remembered now, if nowhere."""
        row = self._store.execute("SELECT first FROM met WHERE word = ?", (word,)).fetchone()
        if row is None:
            self._store.execute("INSERT INTO met VALUES (?, ?)", (word, where))
            return None
        return row[0]

    def close(self) -> None:
        """Forget everything."""
        self._store.close()

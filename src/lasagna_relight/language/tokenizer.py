"""Words, numbers and signs of a prompt, as the indices that the text encoder looks up.

A word is seen twice: whole, and as the bag of its letter groups of one to four (Bojanowski et al.,
"Enriching Word Vectors with Subword Information", arXiv 1607.04606), so that a misspelt or unseen
word still resembles the word it is close to. A number keeps its value. There is no vocabulary file.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache

BUCKETS = 8192
"""Rows of the table that letter groups are hashed into; row 0 is the start sign's."""

MAX_TOKENS = 48
"""Tokens that are kept; a longer prompt loses its middle."""

NUMBER_FEATURES = 12
START = ""
"""The sign before every prompt: an empty prompt has one token, not none."""

_CJK = r"\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(
    rf"(?P<number>(?<![^\W_])[+-]?\d+(?:\.\d+)?)|[{_CJK}]|[^\W\d_{_CJK}]+|\d+|[^\w\s]", re.UNICODE
)
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_LETTER_GROUP_LENGTHS = (1, 2, 3, 4)


@dataclass(frozen=True, kw_only=True)
class Token:
    """One token: rows of the hashed table with their weights, and what its number says."""

    rows: tuple[int, ...]
    weights: tuple[float, ...]
    number: tuple[float, ...]


def well_formed(text: str) -> str:
    """``text`` with a question mark for each byte that was no UTF-8 (a lone surrogate here)."""
    return text.encode("utf-8", "replace").decode("utf-8")


def normalized(text: str) -> str:
    """``text`` without case, accents, typographic variants or joined-up dashes."""
    text = unicodedata.normalize("NFKD", well_formed(text).casefold())
    text = unicodedata.normalize("NFC", _ACCENTS.sub("", text))
    return re.sub("[\u2010-\u2015\u2212]", "-", text.replace("\u2019", "'"))


def split(prompt: str) -> list[str]:
    """The words, signed numbers, ideographs and signs of ``prompt``, in order, normalized."""
    return [match.group() for match in _TOKEN.finditer(normalized(prompt))]


def tokenize(prompt: str) -> list[Token]:
    """The tokens of ``prompt`` after a start sign: 1 to ``MAX_TOKENS`` of them."""
    pieces = split(prompt)
    kept = MAX_TOKENS - 1
    if len(pieces) > kept:
        pieces = pieces[: kept // 2] + pieces[-(kept - kept // 2) :]
    return [_token(START), *map(_token, pieces)]


@lru_cache(maxsize=65536)
def _token(piece: str) -> Token:
    if piece == START:
        return Token(rows=(0,), weights=(1.0,), number=(0.0,) * NUMBER_FEATURES)
    if piece[-1].isdecimal():
        sign_row = _row("#" + piece[0] if piece[0] in "+-" else "#")
        return Token(rows=(sign_row,), weights=(1.0,), number=_number_features(piece))
    framed = f"<{piece[:40]}>"
    groups = [
        framed[i : i + length]
        for length in _LETTER_GROUP_LENGTHS
        for i in range(len(framed) - length + 1)
        if framed[i : i + length] not in "<>"
    ]
    rows = (_row("=" + piece), *map(_row, groups))
    return Token(
        rows=rows,
        weights=(1.0, *[1.0 / math.sqrt(len(groups))] * len(groups)),
        number=(0.0,) * NUMBER_FEATURES,
    )


def _row(key: str) -> int:
    return 1 + zlib.crc32(key.encode()) % (BUCKETS - 1)


def _number_features(piece: str) -> tuple[float, ...]:
    """What a number may mean: an angle in degrees, an hour on a clock's face, an amount."""
    value = max(-9999.0, min(9999.0, float(piece)))
    angle, hour = math.radians(value), math.radians(30 * value)
    features = (
        1.0,
        math.sin(angle), math.cos(angle), math.sin(2 * angle), math.cos(2 * angle),
        math.sin(hour), math.cos(hour),
        max(-2.0, min(2.0, value / 90)),
        math.log1p(abs(value)) / 5,
        float(piece[0] == "-"),
        float(abs(value) <= 12),
        float(abs(value) > 180),
    )  # fmt: skip
    assert len(features) == NUMBER_FEATURES
    return features

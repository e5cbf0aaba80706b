"""How people really type: slips of the fingers, case, punctuation."""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_negatives import made_up_word

_NEIGHBORS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok",
    "o": "ipl", "p": "ol", "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb",
    "h": "gjyn", "j": "hkum", "k": "jlim", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv",
    "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip


def typed(text: str, rng: random.Random) -> str:
    """``text`` as somebody may type it: usually as it is, at times with slips, case, signs."""
    draw = rng.random()
    if draw < 0.37:
        share = 0.35 if draw < 0.3 else 0.8
        text = " ".join(_slipped(word, share, rng) for word in text.split(" "))
    if rng.random() < 0.04:
        text = _glued(text, rng)
    draw = rng.random()
    if draw < 0.10:
        text = text.upper()
    elif draw < 0.30:
        text = text[:1].upper() + text[1:]
    elif draw < 0.34:
        text = text.title()
    draw = rng.random()
    if draw < 0.12:
        text += rng.choice((".", "!", "...", "!!", " :)", " ?", "?"))
    elif draw < 0.18:
        text = text.replace(",", "")
    elif draw < 0.21:
        text = text.replace(" the ", " ")
    elif draw < 0.24:
        text = f"{made_up_word(rng)} {text}"
    return text


def _slipped(word: str, share: float, rng: random.Random) -> str:
    """``word``, or of a ``share`` of longer words one that a finger slipped in."""
    if len(word) == 3 and word.isalpha() and rng.random() < 0.1:
        return word[0] + word[2] + word[1]
    if len(word) < 4 or not word.isalpha() or rng.random() > share:
        return word
    i = rng.randrange(1, len(word) - 1)
    draw = rng.random()
    if draw < 0.4:
        return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    if draw < 0.6:
        return word[:i] + word[i + 1 :]
    if draw < 0.8:
        return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice(_NEIGHBORS.get(word[i].lower(), word[i])) + word[i + 1 :]


def _glued(text: str, rng: random.Random) -> str:
    """``text`` with one blank, or all of a short one's, left out."""
    parts = text.split(" ")
    if len(parts) <= 4 and rng.random() < 0.4:
        return "".join(parts)
    i = rng.randrange(len(parts))
    return " ".join([*parts[:i], "".join(parts[i : i + 2]), *parts[i + 2 :]])

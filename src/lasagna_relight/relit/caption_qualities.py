"""Light of a quality from a place: "a faint lavender sheen from the rear left"."""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_places import Place, place
from lasagna_relight.relit.caption_vocabulary import QUALITIES, word_list

_COLORS = word_list("""
lavender|reddish|bluish|greenish|pinkish|yellowish|orange|purple|violet|amber|golden|silver|silvery
|white|pale pink|icy blue|teal|magenta|turquoise|crimson|scarlet|peach-colored|cream|ivory|lilac
|brassy|coppery|milky|lemon yellow|moss green|steel blue|hot pink|neon green|bone white|warm white
|sky blue|blood red|honey-colored|champagne|cobalt|rust-colored|smoky|sickly green|sea green|mauve
""")
_HOWS = word_list("""
subtle|faint|weak|dim|blinding|gentle|soft|hard|harsh|thin|strong|fierce|bright|dull|delicate|eerie
|warm|cold|cool|crisp|even|neutral|flat|shadowless|diffuse|milky|dusty|moody|dreamy|sharp|intense
|flickering|steady|clean|quiet|velvety|creamy|barely visible|blazing|mellow|clinical|wintry|ghostly
|very bright|rather dim|quite strong|extremely soft|not too strong|pale|glaring|hazy|misty|tender
""")
_NOUNS = word_list("""
light|glow|shimmer|sheen|haze|glimmer|flicker|shine|gleam|beam|glare|light|light|blaze|lustre
|shaft of light|column of light|sliver of light|edge of light|wash of light|streak of light|rays
|daylight|sunlight|moonlight|lamplight|firelight|candlelight|illumination|lighting|radiance|twinkle
""")
_TIMES = word_list("""
evening|morning|late-afternoon|dusk|dawn|winter|summer|midnight|autumn|studio|office|stage|street
|underwater|forest|desert|neon|candle|theatre|hospital|kitchen
""")
_COMES = word_list("""
coming|drifting in|slanting in|slipping in|pouring in|falling|creeping in|spilling in|trickling in
|seeping in|rolling in|streaming in|that comes|which falls|washing in|reaching it|shining|glowing
""")
_FORMS = word_list("""
{h} {c} {n} {p}|a {h} {c} {n} {p}|{c} {n} {p}|{h} {n} {p}|a {h} {n} {m} {p}|{h}, {c} {n} {p}
|{h}, {h2}, {h3} {n} {p}|{h} and {h2} {n} {p}|{h} {t} {n} {p}|{c} {t} {n} {m} {p}|{n} {p}, {h}
|{p}, {h} and {c}|{p}, {h}|{h}, {p}|{h} and {h2} and {p}|as {h} as possible, {p}|a {n} of {c} {p}
|something {h} and {c} {p}|something {h}, let it come {p}|{p} a {h} {c} {n}|{n}, {c}, {p}
|very {h}, very {h2}, very {c} - {p}|a bit of {c} {n} {p}|just a touch of {c} {n} {p}|{c} {n}, {p}
|a {h} shaft of {c} {p}|{q} {n} {p}|a {q} {n} {m} {p}|{q}, {q2} {n} {p}|make it {h}, {p}
|make it {h} and {c} with {n} {p}|{h} {n}, {p}, quite {h2}|{h} {c} {n} {m} {p}
|{p}, {c}, barely there|{h} {c} {n} {m} {p}, nothing else|i'd like a {h} {c} {n} {p}
""")


def of_a_quality(rng: random.Random) -> Place:
    """Light of a color, a strength, a time of the day, and where it comes from."""
    where = place("from" if rng.random() < 0.75 else "at", rng)
    h, h2, h3 = rng.sample(_HOWS, 3)
    words = rng.choice(_FORMS).format(
        p=where.words, h=h, h2=h2, h3=h3, c=rng.choice(_COLORS), n=rng.choice(_NOUNS),
        t=rng.choice(_TIMES), m=rng.choice(_COMES), q=rng.choice(QUALITIES),
        q2=rng.choice(QUALITIES),
    )  # fmt: skip
    return Place(words=words, direction=where.direction)

"""Words that name no direction: the reader must refuse them."""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_foreign import foreign_undirected
from lasagna_relight.relit.caption_idioms import everyday
from lasagna_relight.relit.caption_places import place
from lasagna_relight.relit.caption_refusals import unlit_request
from lasagna_relight.relit.caption_vocabulary import (
    LIGHTS,
    MISLEADING,
    OBJECTS,
    QUALITIES,
    STYLES,
    UNLIT_OBJECTS,
    word_list,
)

WISHES = word_list("""
make it nice|make it better|brighter please|darker|a bit brighter|increase the contrast
|less saturated|improve the photo|make it pop|enhance|fix the lighting|better lighting|good lighting
|change the light|different light|relight it|relight|relight this photo|nice light please
|make the light better|adjust the exposure|more light|less light|add some light|remove the shadows
|stronger shadows|soft shadows|add a shadow|no shadows|brighten the image|brighten the subject
|turn it into a painting|remove the background|blur the background|sharpen|crop to a square
|rotate the image|flip it|make it look expensive|make it look like a movie|more dramatic
|dramatic lighting|moody lighting|cinematic lighting|golden hour|blue hour|golden hour mood
|studio lighting|soft light|hard light|warm light|cold light|neon lights|candlelight|moonlight
|sunlight|daylight|natural light|ambient light|diffuse light everywhere|even lighting|chiaroscuro
|low key|high key|low-key lighting|high key portrait|three-point lighting|volumetric light|god rays
|the light should be warm and soft|at night|sunset colors|sunny day|cloudy day|overcast|rainy mood
|spooky atmosphere|romantic mood|make it red|change the color to blue|make the background white
|a cozy atmosphere|hello|hi there|what is this|who are you|test|asdf|qwerty
|lorem ipsum dolor sit amet|foo bar|undo|again|help|do something|surprise me|anything
|i like this photo|the best picture ever|turn on the light|turn off the lights|light|lighting|lamp
|the light|shadow|professional photo|5600K|ISO 100, f/2.8|20% brighter|exposure +1|plus one stop
|50 mm|4k wallpaper|2024|make it 10% warmer|the right light|just right|all right|the right mood
|the right amount of light|you're right|what is left|nothing left|leave it as it is
|a light breakfast|light as a feather|a light blue car|lightweight|travel light|light beer|delight
|over the top|top quality|top notch|top of the line|from top artists|bottom line
|from the bottom of my heart|back to basics|back in the eighties|bring back the colors
|behind the scenes|front page look|frontier town|upbeat mood|down to earth|north korean poster
|wild west style|far east style|southern charm|western movie look|from scratch|from memory
|from the seventies|from paris with love|in the middle of nowhere
|in the background there is a forest|45 degrees celsius|at 5 o'clock tea|make it 90% darker
|3 o'clock in the morning mood|under pressure|overexposed|underexposed|undertone|over saturated
|highlight the object|highlights are blown|put the subject in the spotlight|in a favorable light
|bring it to light|in light of recent events|enlighten me|light and shadow|play of light
|the light is beautiful|make the lighting realistic|match the background lighting|remove the light
|no light|pitch black|total darkness|fullbright|from every side|light from all sides
|light from everywhere|evenly lit from all around|omnidirectional light|ambient occlusion
|wrap-around light|shadowless|a light from somewhere|light from another direction
|from a different angle|from an angle|zoom in|move the object to the left|shift it to the right
|put the cup on the left|rotate it to the right|turn the head to the left|crop the top
|cut off the bottom|mirror left and right|remove the thing on the right
|delete the person on the left|add a tree behind it|put text at the top
|write a caption at the bottom|blur the right side|change the view to the left side
|camera moves to the right|view from above|seen from behind|shot from below|photo from the side
|a picture taken from the left|drone shot from above|worm's eye view|bird's eye view|low angle shot
|high angle shot|look to the left|looking up|facing right|walking to the left|pointing upward
|upside down|left to right text|top hat
""")

FOREIGN_WISHES = word_list("""
mach es schöner|bitte heller|schönes Licht|warmes Licht|mehr Kontrast
|ein Foto von einem Apfel|weiches Licht|dunkler bitte|im Stil von Van Gogh
|ein linker Schuh|ein Linkshänder mit Gitarre|besser beleuchten|dramatische Beleuchtung
|rends-le plus joli|plus lumineux s'il te plaît|lumière douce|une photo de pomme
|plus de contraste|un gant droit|ambiance romantique|éclairage dramatique
|une belle lumière|tout droit|hazlo más bonito|más brillante|luz suave
|una foto de un zapato|más contraste|iluminación dramática|una guitarra para zurdos
|un guante derecho|luz cálida|rendilo più bello|più luminoso|luce morbida
|una foto di una mela|illuminazione drammatica|più contrasto|una scarpa
|deixe mais bonito|mais claro por favor|luz suave|uma foto de um gato
|iluminação dramática|maak het mooier|helderder graag|zacht licht|een foto van een kat
|mooie verlichting|zrób to ładniej|jaśniej proszę|miękkie światło|zdjęcie kota
|dramatyczne oświetlenie|сделай красиво|ярче пожалуйста|мягкий свет|фото кота
|красивый свет|правый ботинок|gör det snyggare|ljusare tack|mjukt ljus
|en bild på en katt|daha güzel yap|daha parlak|yumuşak ışık|bir kedi fotoğrafı|きれいにして
|もっと明るく|柔らかい光|猫の写真|ドラマチックな照明|左利き用のギター|右の靴|让它更好看|更亮一点|柔和的光
|一只猫的照片|戏剧性的灯光|左手手套|右脚的鞋|더 밝게
|예쁘게|부드러운 조명|أكثر إشراقا|עוד אור|और उज्ज्वल
""")

_LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


def nonsense(rng: random.Random) -> str:
    """One to six made-up words."""
    return " ".join(made_up_word(rng) for _ in range(rng.randint(1, 6)))


def made_up_word(rng: random.Random) -> str:
    """Two to nine letters, now and then with vowels in turn."""
    length = rng.randint(2, 9)
    if rng.random() < 0.7:
        first = rng.randrange(2)
        return "".join(
            rng.choice("aeiou" if (i + first) % 2 else "bcdfghklmnprstvwz") for i in range(length)
        )
    return "".join(rng.choice(_LETTERS) for _ in range(length))


def only_denied(rng: random.Random) -> str:
    """A direction that is only ruled out."""
    where = place("from", rng).words
    return rng.choice(
        ("not {p}", "anything but light {p}", "no light {p}", "never {p}", "anywhere but {p}",
         "i don't want light {p}", "light, but not {p}", "remove the light {p}",
         "avoid light {p}", "do not light it {p}", "everywhere except {p}",
         "turn off the lamp {p}", "without light {p}"),
    ).format(p=where)  # fmt: skip


def object_somewhere(rng: random.Random) -> str:
    """A thing that stands, looks, moves or is seen somewhere, with no word of light."""
    thing, where = rng.choice(UNLIT_OBJECTS), place("at", rng).words
    return rng.choice(
        ("a {o} {p}", "the {o} is {p}", "there is a {o} {p}", "put the {o} {p}",
         "a photo of a {o} {p}", "move the {o} {p}", "a {o} standing {p}", "add a {o} {p}",
         "{o} {p} of the table", "a {o} seen {f}", "a {o} photographed {f}",
         "a view of the {o} {f}", "a picture of a {o} {f}", "wind {f}", "a {o} coming {f}",
         "rain {f}", "camera {f}", "shoot it {f}", "show it {f}", "the {o} looks {p}",
         "a {o} attacked {f}", "zoom in {f}"),
    ).format(o=thing, p=where, f=place("from", rng).words)  # fmt: skip


_EDITS = word_list("""
swap|put|remove|add|tilt|replace|paint|draw|erase|bring out|clean|repair|turn|rotate|resize|move
|copy|flip|straighten|retouch|smooth|polish|sharpen|blur|cut out|hide|show|zoom in on|enlarge|shrink
|recolor|restore|decorate|wrap|open|close
""")
_REMARKS = word_list("""
i left my {o} at home|the second {o} is cracked|the {o} on the {s} is mine
|her {s} arm rests on the {o}|a {o} shop in Berlin|the {s} leg of the {o} is broken
|who moved the {o}|the {o} costs 45 dollars|i like the {q} {o}|what a {q} {o}|{o} for sale
|the {s} {o} looks better|take the {s} {o}|my {s} hand holds a {o}|a {q} day with a {o}
|the {o} is too far {s}|{q} and {q}|there are 3 {o}s on the {s}|the {o} must not change
|keep the {o} as it is|a {o} flying high above the {o}|the top {o}|wide shot of a {o} from the {s}
|a {o} next to the {o}|the {o} under the {o}|the {o} behind the {o}|the {o} left the room
|photograph of a {s}-hand {o}|a {s}-footed {o}|an even more {q} mood|make everything {q}
|a {q}, {q} look|so {q}|{q} atmosphere|{q} {q} light|{q} and {q} lighting|light that feels {q}
|{q} light, {q} mood|a lamp and a {o}|lamp|lamps|the bottom shelf|the upper {o} is missing
|a lightweight {o} with a pocket on the {s}|a lightweight {o}, {s} side zipped
|a light {o} in the {s} hand|light blue {o}|light green background|a light gray {o} on the {s}
|light wood {o}|the arrow points {s}|the arrow points up|the arrow points down
|a sign with an arrow pointing {s}|the {o} points up|the lower {o} hangs {s}|lean the {o} to the {s}
|the front {o} is blurry|the back of the {o}
""")


def _remark(rng: random.Random) -> str:
    """An edit or a remark that is about a thing, not about light."""
    if rng.random() < 0.4:
        where = rng.choice(
            ("", f" {place('at', rng).words}", f" on the {rng.choice(UNLIT_OBJECTS)}")
        )
        return f"{rng.choice(_EDITS)} the {rng.choice(UNLIT_OBJECTS)}{where}"
    words = rng.choice(_REMARKS)
    while "{" in words:
        words = words.replace("{o}", rng.choice(UNLIT_OBJECTS), 1).replace(
            "{q}", rng.choice(QUALITIES), 1
        )
        words = words.replace("{s}", rng.choice(("left", "right")), 1)
    return words


def _at_length(rng: random.Random) -> str:
    """Many wishes in a row, some of them again and again."""
    wishes = rng.choices(WISHES, k=rng.randint(1, 4))
    return rng.choice((" ", ", ", " and ")).join(wishes * rng.randint(2, 6))


def undirected(rng: random.Random) -> str:
    """A prompt that names no direction of light."""
    thing, quality = rng.choice(OBJECTS), rng.choice(QUALITIES)
    if rng.random() < 0.33:
        return unlit_request(rng)
    if rng.random() < 0.35:
        return everyday(rng)
    if rng.random() < 0.05:
        return foreign_undirected(rng)
    if rng.random() < 0.04:
        return _at_length(rng)
    draw = rng.random()
    if draw < 0.14:
        core = _remark(rng)
    elif draw < 0.33:
        core = rng.choice(WISHES)
    elif draw < 0.40:
        core = rng.choice(FOREIGN_WISHES)
    elif draw < 0.44:
        return nonsense(rng)
    elif draw < 0.51:
        core = only_denied(rng)
    elif draw < 0.60:
        core = object_somewhere(rng)
    elif draw < 0.75:
        core = rng.choice(MISLEADING)
    else:
        core = rng.choice(
            ("a photo of a {o}", "{o}", "the {o}", "a {q} {o}", "{q} light", "{q} {l}",
             "{q} lighting", "a {o} in {q} light", "a {o} with {q} lighting",
             "{q} shadows on the {o}", "a {l}", "the {o} lit by a {q} {l}", "make the {o} {q}",
             "more {q} please", "{q} and {q2}", "a {o} and a {o2}", "{q} light on a {o}",
             "a {o} under {q} skies", "light the {o} nicely", "relight the {o}",
             "make the {o} glow", "a {l} and a {o}", "{q}er light", "{o} lighting"),
        ).format(
            o=thing, o2=rng.choice(OBJECTS), q=quality, q2=rng.choice(QUALITIES),
                l=rng.choice(LIGHTS)
        )  # fmt: skip
    return in_style(core, rng)


def in_style(core: str, rng: random.Random) -> str:
    """``core``, at times with a remark on style before or after it."""
    draw = rng.random()
    if draw < 0.25:
        return f"{core}, {rng.choice(STYLES)}"
    if draw < 0.32:
        return f"{rng.choice(STYLES)}, {core}"
    if draw < 0.37:
        return f"{core} {rng.choice(STYLES)}"
    return core

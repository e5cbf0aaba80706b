"""Light with a quality, and light that runs one way, in languages other than English."""

from __future__ import annotations

import random

from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS
from lasagna_relight.relit.caption_languages import LANGUAGES
from lasagna_relight.relit.caption_places import Place

_QUALIFIED = {
    "de": ("{q} Licht {p}|{q} Licht kommt {p}|{p} {q} Licht|{q} Sonnenlicht {p}",
           "warmes|kaltes|hartes|weiches|grelles|goldenes|bläuliches|sanftes|starkes|schwaches"),
    "fr": ("lumière {q} venant {p}|lumière {q} {p}|une lumière {q} {p}|éclairage {q} {p}",
           "rasante|chaude|froide|douce|dure|vive|faible|dorée|tamisée|bleutée|intense|naturelle"),
    "es": ("luz {q} {p}|una luz {q} que viene {p}|luz {q} que entra {p}",
           "cálida|fría|suave|dura|rasante|tenue|dorada|intensa|azulada|natural|brillante"),
    "it": ("luce {q} {p}|una luce {q} che arriva {p}|luce {q} che viene {p}",
           "calda|fredda|morbida|dura|radente|dorata|forte|debole|azzurra|naturale|intensa"),
    "pt": ("luz {q} {p}|uma luz {q} vindo {p}|luz {q} que vem {p}",
           "quente|fria|suave|dura|rasante|dourada|forte|fraca|azulada|natural"),
    "nl": ("{q} licht {p}|{q} licht dat {p} komt|{p} valt {q} licht",
           "warm|koud|zacht|hard|fel|gouden|zwak|strijkend|blauw"),
    "pl": ("{q} światło {p}|{q} światło pada {p}",
           "ciepłe|zimne|miękkie|twarde|ostre|złote|słabe|mocne"),
    "ru": ("{q} свет {p}|{q} свет падает {p}|пусть {q} свет идёт {p}",
           "тёплый|холодный|мягкий|жёсткий|яркий|золотой|слабый|скользящий"),
    "sv": ("{q} ljus {p}|{q} ljus kommer {p}", "varmt|kallt|mjukt|hårt|starkt|svagt|gyllene"),
    "tr": ("{p} {q} ışık|{p} gelen {q} ışık", "sıcak|soğuk|yumuşak|sert|parlak|hafif|altın"),
    "cs": ("{q} světlo {p}|{q} světlo přichází {p}", "teplé|studené|měkké|tvrdé|ostré|slabé"),
    "fi": ("{q} valo {p}|{q} valoa {p}", "lämmin|kylmä|pehmeä|kova|kirkas|himmeä"),
    "da": ("{q} lys {p}|{q} lys kommer {p}", "varmt|koldt|blødt|hårdt|stærkt|svagt"),
    "no": ("{q} lys {p}|{q} lys kommer {p}", "varmt|kaldt|mykt|hardt|sterkt|svakt"),
    "hu": ("{q} fény {p}|{p} jövő {q} fény", "meleg|hideg|lágy|kemény|erős|gyenge"),
    "ro": ("lumină {q} {p}|o lumină {q} vine {p}", "caldă|rece|moale|dură|puternică|slabă"),
    "uk": ("{q} світло {p}|{q} світло падає {p}", "тепле|холодне|м'яке|яскраве|слабке"),
    "el": ("{q} φως {p}|ένα {q} φως {p}", "ζεστό|κρύο|απαλό|σκληρό|δυνατό"),
    "ko": ("{p}에서 오는 {q} 빛|{p}에서 비추는 {q} 조명|{q} 빛이 {p}에서 온다"
           "|{p}에서 내려오는 {q} 빛",
           "따뜻한|차가운|부드러운|강한|밝은|은은한|황금빛"),
    "ja": ("{p}からの{q}光|{q}光が{p}から差す|{p}から{q}光を当てて",
           "暖かい|冷たい|柔らかい|強い|明るい|淡い"),
    "zh": ("{p}的{q}光|从{p}来的{q}光线|{q}光从{p}照来|从{p}照亮|从{p}打{q}光",
           "温暖的|冷|柔|强|明亮的|金色的"),
    "ar": ("ضوء {q} {p}|نور {q} {p}", "دافئ|بارد|ناعم|قوي|خافت|ساطع"),
    "he": ("אור {q} {p}", "חם|קר|רך|חזק|בהיר"),
    "hi": ("{p} {q} रोशनी", "गर्म|ठंडी|हल्की|तेज़|सुनहरी"),
    "id": ("cahaya {q} {p}", "hangat|dingin|lembut|keras|terang"),
    "vi": ("ánh sáng {q} {p}", "ấm|lạnh|dịu|mạnh|vàng"),
}  # fmt: skip
_RUNS = {
    "de": ("Licht", "von oben nach unten", "von unten nach oben", "von links nach rechts",
           "von rechts nach links"),
    "fr": ("lumière", "de haut en bas", "de bas en haut", "de gauche à droite",
           "de droite à gauche"),
    "es": ("luz", "de arriba abajo", "de abajo hacia arriba", "de izquierda a derecha",
           "de derecha a izquierda"),
    "it": ("luce", "dall'alto verso il basso", "dal basso verso l'alto", "da sinistra a destra",
           "da destra a sinistra"),
    "pt": ("luz", "de cima para baixo", "de baixo para cima", "da esquerda para a direita",
           "da direita para a esquerda"),
    "nl": ("licht", "van boven naar beneden", "van onder naar boven", "van links naar rechts",
           "van rechts naar links"),
    "pl": ("światło", "z góry na dół", "z dołu do góry", "od lewej do prawej",
           "od prawej do lewej"),
    "ru": ("свет", "сверху вниз", "снизу вверх", "слева направо", "справа налево"),
    "sv": ("ljus", "uppifrån och ner", "nerifrån och upp", "från vänster till höger",
           "från höger till vänster"),
    "tr": ("ışık", "yukarıdan aşağıya", "aşağıdan yukarıya", "soldan sağa", "sağdan sola"),
    "cs": ("světlo", "shora dolů", "zdola nahoru", "zleva doprava", "zprava doleva"),
    "ko": ("빛", "위에서 아래로", "아래에서 위로", "왼쪽에서 오른쪽으로", "오른쪽에서 왼쪽으로"),
    "ja": ("光", "上から下へ", "下から上へ", "左から右へ", "右から左へ"),
    "zh": ("光", "从上往下", "从下往上", "从左到右", "从右到左"),
    "ar": ("ضوء", "من الأعلى إلى الأسفل", "من الأسفل إلى الأعلى", "من اليسار إلى اليمين",
           "من اليمين إلى اليسار"),
}  # fmt: skip
_ENDS = ("top", "bottom", "left", "right")
_SINGLE_WORDS = {
    "top": (
    "luz cenital", "lumière zénithale", "luce zenitale", "éclairage zénithal", "Oberlicht",
    "iluminación cenital", "bovenlicht", "верхний свет", "górne światło", "takljus",
    "tepe ışığı", "顶光", "トップライト", "luz de teto", "plongée de lumière",
    ),
    "behind top": (
        "Gegenlicht", "bei Gegenlicht", "contre-jour",
        "en contre-jour", "rétroéclairé", "contraluz",
        "a contraluz", "retroiluminado", "controluce",
        "in controluce", "retroilluminato", "tegenlicht",
        "motljus", "i motljus", "контровой свет", "контражур", "в контровом свете", "protisvětlo",
        "zezadu", "vastavalo", "vastavalossa", "modlys", "motlys", "ellenfény", "ters ışık", "逆光",
        "逆光で", "逆光拍摄", "역광", "역광으로",
        "역광 사진", "إضاءة خلفية", "kontra światło", "pod światło",
    ),
    "front": (
        "frontales Licht", "Frontlicht", "lumière frontale", "luz frontal", "luce frontale",
        "frontaal licht", "фронтальный свет", "정면 조명",
        "정면에서", "正面光", "正面から", "přední světlo",
        "światło czołowe", "framljus", "cepheden",
        "zepředu", "إضاءة أمامية", "frontlys", "frontális fény",
    ),
    "left": ("à gauche", "a la izquierda", "a sinistra", "links", "слева", "zleva", "soldan",
             "왼쪽에서", "左から", "左边", "من اليسار", "vasemmalta", "fra venstre", "balról"),
    "right": ("à droite", "a la derecha", "a destra", "rechts", "справа", "zprava", "sağdan",
              "오른쪽에서", "右から", "右边", "من اليمين", "oikealta", "fra højre", "jobbról"),
}  # fmt: skip


def abroad(rng: random.Random) -> Place:
    """Light of a quality from somewhere, or along its way: "lumière rasante venant de droite"."""
    draw = rng.random()
    if draw < 0.13:
        name, many = rng.choice(list(_SINGLE_WORDS.items()))
        return Place(words=rng.choice(many), direction=NAMED_DIRECTIONS[name])
    if draw < 0.25:
        light, *ways = _RUNS[rng.choice(tuple(_RUNS))]
        end = rng.randrange(len(_ENDS))
        words = rng.choice((ways[end], f"{light} {ways[end]}", f"{light}, {ways[end]}"))
        return Place(words=words, direction=NAMED_DIRECTIONS[_ENDS[end]])
    code = rng.choice(tuple(_QUALIFIED))
    frames, qualities = (many.split("|") for many in _QUALIFIED[code])
    name = rng.choice(DIRECTION_NAMES)
    places = LANGUAGES[code].places[name]
    where = places[0] if rng.random() < 0.6 else rng.choice(places)
    words = rng.choice(frames).replace("{p}", where).replace("{q}", rng.choice(qualities))
    return Place(words=words, direction=NAMED_DIRECTIONS[name])

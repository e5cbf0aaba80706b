"""Where a light stands, in languages other than English.

For each language: what goes before a place, and for each named direction the ways to say it. The
empty place between the two is a blank, except in Chinese and Japanese.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Language:
    """Templates with ``{p}`` for a place, and places by the name of their direction."""

    templates: tuple[str, ...]
    places: dict[str, tuple[str, ...]]


_ORDER = (
    "top", "top right", "right", "bottom right", "bottom", "bottom left", "left", "top left",
    "front", "behind left", "behind right", "behind top",
)  # fmt: skip


def _language(templates: str, *places: str) -> Language:
    assert len(places) == len(_ORDER)
    return Language(
        templates=tuple(templates.split("|")),
        places={name: tuple(many.split("|")) for name, many in zip(_ORDER, places, strict=True)},
    )


LANGUAGES: dict[str, Language] = {
    "de": _language(
        "Licht {p}|das Licht kommt {p}|beleuchtet {p}|{p} beleuchtet|Beleuchtung {p}"
        "|warmes Licht {p}|{p}"
        "|Sonne {p}|bitte {p} beleuchten|weiches Licht {p}|eine Lampe {p}|angestrahlt {p}"
        "|Sonnenlicht {p}|das Licht soll {p} kommen"
        "|das Objekt wird {p} angeleuchtet|Lichteinfall {p}",
        "von oben|oben|von der Decke|senkrecht von oben|von hoch oben|Oberlicht",
        "von rechts oben|von oben rechts|oben rechts|aus der oberen rechten Ecke"
        "|schräg von rechts oben",
        "von rechts|rechts|von der rechten Seite|auf der rechten Seite|aus der rechten Richtung"
        "|Seitenlicht von rechts|rechts neben dem Objekt",
        "von rechts unten|von unten rechts|unten rechts|aus der unteren rechten Ecke",
        "von unten|unten|vom Boden|von unterhalb|Licht am Boden|unter dem Objekt",
        "von links unten|von unten links|unten links|aus der unteren linken Ecke",
        "von links|links|von der linken Seite|auf der linken Seite|aus der linken Richtung"
        "|Seitenlicht von links|links neben dem Objekt",
        "von links oben|von oben links|oben links|aus der oberen linken Ecke|schräg von links oben",
        "von vorne|von vorn|vorne|frontal|aus Richtung der Kamera|Frontlicht|direkt von vorne"
        "|vom Betrachter her",
        "von hinten links|von links hinten|hinten links|Gegenlicht von links"
        "|Streiflicht von hinten links",
        "von hinten rechts|von rechts hinten|hinten rechts|Gegenlicht von rechts",
        "von hinten|Gegenlicht|im Gegenlicht|hinter dem Objekt|von hinten oben"
        "|aus dem Hintergrund|hinten",
    ),
    "fr": _language(
        "lumière {p}|la lumière vient {p}|éclairé {p}|éclairage {p}|une lampe {p}"
        "|lumière chaude {p}|{p}"
        "|le soleil {p}|éclaire l'objet {p}|lumière douce {p}|illuminé {p}|source de lumière {p}"
        "|éclairée {p}",
        "d'en haut|du haut|par le haut|au-dessus|du dessus|du plafond|venant d'en haut|de dessus",
        "d'en haut à droite|du haut à droite|en haut à droite|du coin supérieur droit"
        "|de la droite et d'en haut",
        "de droite|de la droite|à droite|par la droite|du côté droit|sur la droite"
        "|venant de la droite|depuis la droite",
        "d'en bas à droite|du bas à droite|en bas à droite|du coin inférieur droit",
        "d'en bas|du bas|par le bas|au-dessous|du dessous|par en dessous|du sol|en contre-plongée",
        "d'en bas à gauche|du bas à gauche|en bas à gauche|du coin inférieur gauche",
        "de gauche|de la gauche|à gauche|par la gauche|du côté gauche|sur la gauche"
        "|venant de la gauche|depuis la gauche",
        "d'en haut à gauche|du haut à gauche|en haut à gauche|du coin supérieur gauche"
        "|de la gauche et d'en haut",
        "de face|de devant|par devant|frontal|depuis l'appareil photo|devant|frontale|de l'avant",
        "de derrière à gauche|derrière à gauche|de l'arrière gauche|contre-jour à gauche"
        "|de dos à gauche",
        "de derrière à droite|derrière à droite|de l'arrière droit|contre-jour à droite"
        "|de dos à droite",
        "de derrière|à contre-jour|contre-jour|par derrière|derrière l'objet|de l'arrière"
        "|par l'arrière",
    ),
    "es": _language(
        "luz {p}|la luz viene {p}|iluminado {p}|iluminación {p}|una lámpara {p}|luz cálida {p}|{p}"
        "|el sol {p}|ilumina el objeto {p}|luz suave {p}|iluminada {p}|foco {p}|luz dura {p}",
        "desde arriba|de arriba|por encima|cenital|desde lo alto|desde el techo|encima",
        "desde arriba a la derecha|arriba a la derecha|desde la esquina superior derecha"
        "|superior derecha",
        "desde la derecha|de la derecha|a la derecha|por la derecha|del lado derecho"
        "|lateral derecha",
        "desde abajo a la derecha|abajo a la derecha|desde la esquina inferior derecha"
        "|inferior derecha",
        "desde abajo|de abajo|por debajo|desde el suelo|debajo|contrapicada",
        "desde abajo a la izquierda|abajo a la izquierda|desde la esquina inferior izquierda"
        "|inferior izquierda",
        "desde la izquierda|de la izquierda|a la izquierda|por la izquierda|del lado izquierdo"
        "|lateral izquierda",
        "desde arriba a la izquierda|arriba a la izquierda|desde la esquina superior izquierda"
        "|superior izquierda",
        "de frente|frontal|desde el frente|desde la cámara|desde delante|por delante",
        "desde atrás a la izquierda|detrás a la izquierda|contraluz desde la izquierda"
        "|por detrás a la izquierda",
        "desde atrás a la derecha|detrás a la derecha|contraluz desde la derecha"
        "|por detrás a la derecha",
        "desde atrás|a contraluz|contraluz|por detrás|detrás del objeto|desde el fondo",
    ),
    "it": _language(
        "luce {p}|la luce viene {p}|illuminato {p}|illuminazione {p}|una lampada {p}"
        "|luce calda {p}|{p}|il sole {p}"
        "|luce morbida {p}|illumina l'oggetto {p}|illuminata {p}",
        "dall'alto|da sopra|in alto|dal soffitto|sopra|zenitale",
        "dall'alto a destra|in alto a destra|dall'angolo superiore destro|da destra in alto",
        "da destra|dalla destra|a destra|dal lato destro|sulla destra|laterale destra",
        "dal basso a destra|in basso a destra|dall'angolo inferiore destro",
        "dal basso|da sotto|in basso|dal pavimento|sotto",
        "dal basso a sinistra|in basso a sinistra|dall'angolo inferiore sinistro",
        "da sinistra|dalla sinistra|a sinistra|dal lato sinistro|sulla sinistra|laterale sinistra",
        "dall'alto a sinistra|in alto a sinistra|dall'angolo superiore sinistro"
        "|da sinistra in alto",
        "frontale|di fronte|da davanti|dalla fotocamera|dal davanti|frontalmente",
        "da dietro a sinistra|dietro a sinistra|controluce da sinistra|alle spalle a sinistra",
        "da dietro a destra|dietro a destra|controluce da destra|alle spalle a destra",
        "da dietro|in controluce|controluce|alle spalle|dietro l'oggetto|dallo sfondo",
    ),
    "pt": _language(
        "luz {p}|a luz vem {p}|iluminado {p}|iluminação {p}|uma lâmpada {p}|luz quente {p}|{p}"
        "|o sol {p}|luz suave {p}|ilumine o objeto {p}",
        "de cima|do alto|por cima|acima|do teto|em cima",
        "de cima à direita|do canto superior direito|no alto à direita|superior direita"
        "|de cima e da direita",
        "da direita|à direita|do lado direito|pela direita|vinda da direita|lateral direita",
        "de baixo à direita|do canto inferior direito|em baixo à direita|inferior direita",
        "de baixo|por baixo|abaixo|do chão|debaixo|embaixo",
        "de baixo à esquerda|do canto inferior esquerdo|em baixo à esquerda|inferior esquerda",
        "da esquerda|à esquerda|do lado esquerdo|pela esquerda|vinda da esquerda|lateral esquerda",
        "de cima à esquerda|do canto superior esquerdo|no alto à esquerda|superior esquerda"
        "|de cima e da esquerda",
        "de frente|frontal|da frente|da câmera|pela frente|da câmara",
        "de trás à esquerda|atrás à esquerda|contraluz da esquerda|por trás à esquerda",
        "de trás à direita|atrás à direita|contraluz da direita|por trás à direita",
        "de trás|em contraluz|contraluz|por trás|atrás do objeto|contra a luz",
    ),
    "nl": _language(
        "licht {p}|het licht komt {p}|belicht {p}|verlicht {p}|verlichting {p}|een lamp {p}"
        "|warm licht {p}|{p}|de zon {p}|zacht licht {p}",
        "van boven|bovenaan|boven|van bovenaf|vanaf het plafond|recht van boven",
        "van rechtsboven|rechtsboven|uit de rechterbovenhoek|van boven rechts",
        "van rechts|rechts|van de rechterkant|aan de rechterkant|vanaf rechts|vanuit rechts",
        "van rechtsonder|rechtsonder|uit de rechteronderhoek|van onder rechts",
        "van onder|van onderen|onderaan|van onderaf|vanaf de vloer|onder",
        "van linksonder|linksonder|uit de linkeronderhoek|van onder links",
        "van links|links|van de linkerkant|aan de linkerkant|vanaf links|vanuit links",
        "van linksboven|linksboven|uit de linkerbovenhoek|van boven links",
        "van voren|vooraan|frontaal|vanaf de camera|van voor|recht van voren",
        "van linksachter|linksachter|tegenlicht van links|van achter links",
        "van rechtsachter|rechtsachter|tegenlicht van rechts|van achter rechts",
        "van achteren|tegenlicht|in tegenlicht|achter het object|van achter|vanuit de achtergrond",
    ),
    "pl": _language(
        "światło {p}|światło pada {p}|oświetlony {p}|oświetlenie {p}|lampa {p}|ciepłe światło {p}"
        "|{p}|słońce {p}|oświetlona {p}|miękkie światło {p}",
        "z góry|od góry|u góry|nad obiektem|z sufitu|powyżej",
        "z prawej góry|z góry po prawej|z prawego górnego rogu|u góry po prawej"
        "|z góry z prawej strony",
        "z prawej|z prawej strony|po prawej|od prawej|po prawej stronie|od prawej strony",
        "z dołu po prawej|z prawego dolnego rogu|na dole po prawej|z dołu z prawej strony",
        "z dołu|od dołu|na dole|od spodu|z podłogi|spod spodu",
        "z dołu po lewej|z lewego dolnego rogu|na dole po lewej|z dołu z lewej strony",
        "z lewej|z lewej strony|po lewej|od lewej|po lewej stronie|od lewej strony",
        "z góry po lewej|z lewego górnego rogu|u góry po lewej|z góry z lewej strony",
        "z przodu|od przodu|od strony aparatu|na wprost|frontalnie|frontalne",
        "z tyłu po lewej|z tyłu z lewej|od tyłu z lewej strony|z lewej z tyłu",
        "z tyłu po prawej|z tyłu z prawej|od tyłu z prawej strony|z prawej z tyłu",
        "z tyłu|od tyłu|pod światło|za obiektem|zza obiektu|tylne",
    ),
    "ru": _language(
        "свет {p}|свет падает {p}|освещение {p}|освещён {p}|освещено {p}|лампа {p}"
        "|тёплый свет {p}|{p}|солнце {p}|мягкий свет {p}|освети {p}",
        "сверху|над объектом|с потолка|свыше|вверху|верхний",
        "сверху справа|справа сверху|из правого верхнего угла|вверху справа|справа и сверху",
        "справа|с правой стороны|направо от объекта|с правого бока|от правого края",
        "снизу справа|справа снизу|из правого нижнего угла|внизу справа",
        "снизу|из-под объекта|с пола|под объектом|внизу|нижний",
        "снизу слева|слева снизу|из левого нижнего угла|внизу слева",
        "слева|с левой стороны|налево от объекта|с левого бока|от левого края",
        "сверху слева|слева сверху|из левого верхнего угла|вверху слева|слева и сверху",
        "спереди|прямо|от камеры|в лоб|фронтальный|со стороны зрителя",
        "сзади слева|слева сзади|контровой слева|из-за спины слева",
        "сзади справа|справа сзади|контровой справа|из-за спины справа",
        "сзади|контровой|контровый|из-за объекта|против света|позади объекта|с тыла",
    ),
    "sv": _language(
        "ljus {p}|ljuset kommer {p}|belyst {p}|belysning {p}|en lampa {p}|varmt ljus {p}|{p}"
        "|solen {p}|upplyst {p}|mjukt ljus {p}",
        "ovanifrån|uppifrån|ovanför|från ovan|från taket|från toppen",
        "uppifrån höger|från övre högra hörnet|snett uppifrån höger|uppe till höger",
        "från höger|till höger|från högra sidan|på höger sida|höger|högerifrån",
        "nedifrån höger|från nedre högra hörnet|nere till höger|underifrån höger",
        "underifrån|nedifrån|under|från golvet|från botten|från marken",
        "nedifrån vänster|från nedre vänstra hörnet|nere till vänster|underifrån vänster",
        "från vänster|till vänster|från vänstra sidan|på vänster sida|vänster|vänsterifrån",
        "uppifrån vänster|från övre vänstra hörnet|snett uppifrån vänster|uppe till vänster",
        "framifrån|från kameran|rakt framifrån|från framsidan|framför",
        "bakifrån vänster|snett bakifrån från vänster|bakom till vänster|motljus från vänster",
        "bakifrån höger|snett bakifrån från höger|bakom till höger|motljus från höger",
        "bakifrån|motljus|i motljus|bakom objektet|från bakgrunden|från baksidan",
    ),
    "tr": _language(
        "{p} ışık|ışık {p} geliyor|{p} aydınlatma|{p} aydınlatılmış|{p} gelen ışık|{p}"
        "|{p} sıcak ışık|{p} vuran güneş|{p} lamba",
        "yukarıdan|üstten|tepeden|tavandan|üst taraftan",
        "sağ üstten|sağ yukarıdan|sağ üst köşeden|yukarıdan sağdan",
        "sağdan|sağ taraftan|sağ yandan|sağ tarafta",
        "sağ alttan|sağ aşağıdan|sağ alt köşeden|aşağıdan sağdan",
        "aşağıdan|alttan|yerden|zeminden|alt taraftan",
        "sol alttan|sol aşağıdan|sol alt köşeden|aşağıdan soldan",
        "soldan|sol taraftan|sol yandan|sol tarafta",
        "sol üstten|sol yukarıdan|sol üst köşeden|yukarıdan soldan",
        "önden|karşıdan|kameradan|cepheden|ön taraftan",
        "arkadan soldan|sol arkadan|sol arka taraftan",
        "arkadan sağdan|sağ arkadan|sağ arka taraftan",
        "arkadan|ters|arka taraftan|nesnenin arkasından",
    ),
    "ja": _language(
        "{p}からの光|{p}から照らす|{p}から光を当てる|光は{p}から|{p}ライト|{p}から照らされた|{p}からの照明|{p}からの柔らかい光|{p}から光が差す"
        "|{p}からの太陽の光|{p}の光",
        "上|真上|上方|頭上|天井|上部",
        "右上|右斜め上|右の上|右上の隅",
        "右|右側|右手|右横|画面右",
        "右下|右斜め下|右の下|右下の隅",
        "下|真下|下方|足元|床|下部",
        "左下|左斜め下|左の下|左下の隅",
        "左|左側|左手|左横|画面左",
        "左上|左斜め上|左の上|左上の隅",
        "正面|前|前方|手前|カメラ",
        "左後ろ|左後方|左斜め後ろ|後ろの左",
        "右後ろ|右後方|右斜め後ろ|後ろの右",
        "後ろ|逆光|背後|後方|裏",
    ),
    "zh": _language(
        "{p}的光|光从{p}来|从{p}照亮|{p}光|光线来自{p}|{p}打光|从{p}打光|{p}照明|来自{p}的暖光|灯在{p}|从{p}照射|阳光从{p}照进来",
        "上面|上方|顶部|正上方|头顶|上|天花板",
        "右上方|右上角|右上|右上侧|右侧上方",
        "右边|右侧|右面|右方|右|右手边",
        "右下方|右下角|右下|右侧下方",
        "下面|下方|底部|正下方|脚下|下|地面",
        "左下方|左下角|左下|左侧下方",
        "左边|左侧|左面|左方|左|左手边",
        "左上方|左上角|左上|左上侧|左侧上方",
        "正面|前面|前方|正前方|镜头方向|相机",
        "左后方|左后|左后侧|后面左边",
        "右后方|右后|右后侧|后面右边",
        "后面|背后|后方|逆光|背面|背光",
    ),
}

_MORE = {
    "da": "lys {p}|lyset kommer {p}|belyst {p}|{p};ovenfra;oppefra højre|fra øverste højre hjørne"
    ";fra højre|fra højre side;nedefra højre|fra nederste højre hjørne;nedefra|nedenfra"
    ";nedefra venstre|fra nederste venstre hjørne;fra venstre|fra venstre side;oppefra venstre"
    "|fra øverste venstre hjørne;forfra;bagfra venstre;bagfra højre;bagfra|modlys",
    "no": "lys {p}|lyset kommer {p}|belyst {p}|{p};ovenfra;ovenfra til høyre"
    "|fra øvre høyre hjørne;fra høyre|fra høyre side;nedenfra til høyre|fra nedre høyre hjørne"
    ";nedenfra|underfra;nedenfra til venstre|fra nedre venstre hjørne;fra venstre"
    "|fra venstre side;ovenfra til venstre|fra øvre venstre hjørne;forfra;bakfra venstre"
    ";bakfra høyre;bakfra|motlys",
    "fi": "valo {p}|valo tulee {p}|valaistu {p}|{p};ylhäältä|yläpuolelta;oikealta ylhäältä"
    "|oikeasta yläkulmasta;oikealta|oikealta puolelta;oikealta alhaalta|oikeasta alakulmasta"
    ";alhaalta|alapuolelta;vasemmalta alhaalta|vasemmasta alakulmasta;vasemmalta"
    "|vasemmalta puolelta;vasemmalta ylhäältä|vasemmasta yläkulmasta;edestä|kamerasta"
    ";takaa vasemmalta;takaa oikealta;takaa|vastavalo",
    "cs": "světlo {p}|světlo přichází {p}|osvětleno {p}|{p};shora|seshora;zprava shora"
    "|z pravého horního rohu|vpravo nahoře;zprava|z pravé strany;zprava zdola"
    "|z pravého dolního rohu|vpravo dole;zdola|zespodu;zleva zdola|z levého dolního rohu"
    "|vlevo dole;zleva|z levé strany;zleva shora|z levého horního rohu|vlevo nahoře;zepředu"
    ";zezadu zleva|zleva zezadu;zezadu zprava|zprava zezadu;zezadu|protisvětlo",
    "hu": "fény {p}|{p} jövő fény|{p} megvilágítva|{p};felülről|fentről;jobbról felülről"
    "|a jobb felső sarokból;jobbról|jobb oldalról;jobbról alulról|a jobb alsó sarokból;alulról"
    "|lentről;balról alulról|a bal alsó sarokból;balról|bal oldalról;balról felülről"
    "|a bal felső sarokból;elölről|szemből;hátulról balról|bal hátulról;hátulról jobbról"
    "|jobb hátulról;hátulról|ellenfény",
    "ro": "lumină {p}|lumina vine {p}|luminat {p}|{p};de sus;din dreapta sus|de sus din dreapta"
    ";din dreapta|de la dreapta;din dreapta jos|de jos din dreapta;de jos;din stânga jos"
    "|de jos din stânga;din stânga|de la stânga;din stânga sus|de sus din stânga;din față"
    "|frontală;din spate stânga|din spate din stânga;din spate dreapta|din spate din dreapta"
    ";din spate|contralumină",
    "uk": "світло {p}|світло падає {p}|освітлення {p}|{p};зверху|згори;зверху справа"
    "|справа зверху;справа|з правого боку|праворуч;знизу справа|справа знизу;знизу;знизу зліва"
    "|зліва знизу;зліва|з лівого боку|ліворуч;зверху зліва|зліва зверху;спереду;ззаду зліва"
    "|зліва ззаду;ззаду справа|справа ззаду;ззаду|контрове",
    "el": "φως {p}|το φως έρχεται {p}|φωτισμός {p}|{p};από πάνω|από ψηλά;από πάνω δεξιά"
    "|πάνω δεξιά;από δεξιά|από τα δεξιά;από κάτω δεξιά|κάτω δεξιά;από κάτω;από κάτω αριστερά"
    "|κάτω αριστερά;από αριστερά|από τα αριστερά;από πάνω αριστερά|πάνω αριστερά;από μπροστά"
    "|μετωπικός;από πίσω αριστερά|πίσω αριστερά;από πίσω δεξιά|πίσω δεξιά;από πίσω|κόντρα φως",
    "ko": "{p}에서 오는 빛|{p}에서 비추는 조명|{p} 조명|빛이 {p}에서|{p}에서 비춰줘"
    ";위|위쪽|머리 위;오른쪽 위|우측 상단;오른쪽|우측;오른쪽 아래"
    "|우측 하단;아래|아래쪽|바닥;왼쪽 아래|좌측 하단;왼쪽|좌측"
    ";왼쪽 위|좌측 상단;앞|정면|앞쪽;왼쪽 뒤|뒤 왼쪽;오른쪽 뒤|뒤 오른쪽;뒤|뒤쪽|역광",
    "ar": "ضوء {p}|الضوء قادم {p}|إضاءة {p}|{p};من الأعلى|من فوق;من أعلى اليمين|من الأعلى يمينا"
    ";من اليمين|من الجهة اليمنى;من أسفل اليمين;من الأسفل|من تحت;من أسفل اليسار;من اليسار"
    "|من الجهة اليسرى;من أعلى اليسار|من الأعلى يسارا;من الأمام;من الخلف يسارا|من خلف اليسار"
    ";من الخلف يمينا|من خلف اليمين;من الخلف|من الوراء",
    "he": "אור {p}|תאורה {p}|האור מגיע {p}|{p};מלמעלה;מלמעלה מימין|מימין למעלה;מימין|מצד ימין"
    ";מלמטה מימין|מימין למטה;מלמטה;מלמטה משמאל|משמאל למטה;משמאל|מצד שמאל;מלמעלה משמאל|משמאל למעלה"
    ";מלפנים|מקדימה;מאחור משמאל;מאחור מימין;מאחור",
    "hi": "{p} रोशनी|रोशनी {p} आ रही है|{p} प्रकाश|{p};ऊपर से;ऊपर दाईं ओर से|दाएं ऊपर से"
    ";दाईं ओर से|दाएं से|दाहिनी तरफ से;नीचे दाईं ओर से|दाएं नीचे से;नीचे से;नीचे बाईं ओर से"
    "|बाएं नीचे से;बाईं ओर से|बाएं से|बाईं तरफ से;ऊपर बाईं ओर से|बाएं ऊपर से;सामने से"
    ";पीछे बाईं ओर से|बाएं पीछे से;पीछे दाईं ओर से|दाएं पीछे से;पीछे से",
    "id": "cahaya {p}|cahaya datang {p}|pencahayaan {p}|{p};dari atas;dari kanan atas"
    "|dari atas kanan;dari kanan|dari sebelah kanan;dari kanan bawah|dari bawah kanan;dari bawah"
    ";dari kiri bawah|dari bawah kiri;dari kiri|dari sebelah kiri;dari kiri atas|dari atas kiri"
    ";dari depan;dari belakang kiri|dari kiri belakang;dari belakang kanan|dari kanan belakang"
    ";dari belakang",
    "vi": "ánh sáng {p}|chiếu sáng {p}|{p};từ trên|từ phía trên;từ trên bên phải"
    "|từ góc trên bên phải;từ bên phải|từ phải;từ dưới bên phải|từ góc dưới bên phải;từ dưới"
    "|từ phía dưới;từ dưới bên trái|từ góc dưới bên trái;từ bên trái|từ trái;từ trên bên trái"
    "|từ góc trên bên trái;từ phía trước|từ trước;từ phía sau bên trái;từ phía sau bên phải"
    ";từ phía sau|ngược sáng",
}

LANGUAGES |= {code: _language(*packed.split(";")) for code, packed in _MORE.items()}

FOREIGN_SHADOWS: dict[str, tuple[str, ...]] = {
    name: tuple(many.split("|"))
    for name, many in {
        "left": "der Schatten fällt nach rechts|Schatten nach rechts|rechts im Schatten"
        "|l'ombre tombe à droite|ombre vers la droite|la sombra cae a la derecha"
        "|sombra a la derecha"
        "|l'ombra cade a destra|a sombra cai para a direita|de schaduw valt naar rechts"
        "|cień pada w prawo|тень падает вправо|skuggan faller åt höger|影が右に伸びる|影子落在右边",
        "right": "der Schatten fällt nach links|Schatten nach links|links im Schatten"
        "|l'ombre tombe à gauche|ombre vers la gauche|la sombra cae a la izquierda"
        "|sombra a la izquierda|l'ombra cade a sinistra|a sombra cai para a esquerda"
        "|de schaduw valt naar links|cień pada w lewo|тень падает влево|skuggan faller åt vänster"
        "|影が左に伸びる|影子落在左边",
        "front": "der Schatten fällt nach hinten|l'ombre tombe derrière|la sombra cae detrás"
        "|l'ombra cade dietro|a sombra cai atrás|de schaduw valt naar achteren|тень падает назад",
        "behind top": "der Schatten fällt nach vorne|l'ombre tombe vers l'avant"
        "|la sombra cae hacia delante|l'ombra cade in avanti|de schaduw valt naar voren"
        "|тень падает вперёд|Schatten zum Betrachter",
        "top": "der Schatten liegt direkt darunter|l'ombre est juste en dessous"
        "|la sombra queda justo debajo|l'ombra è proprio sotto|die Lampe hängt über dem Objekt"
        "|eine Lampe über ihm|la lampe est suspendue au-dessus|la lámpara cuelga encima",
    }.items()
}
"""What a shadow does, by the name of the direction where the light then stands."""

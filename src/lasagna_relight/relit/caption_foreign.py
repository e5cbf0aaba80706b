"""Sentences about light in languages other than English: requests, denials, lamps, shadows.

``caption_languages`` has the places by themselves; here they stand in sentences as people type
them. A language's row holds, between semicolons: sentences with ``{p}`` for where the light comes
from; denials, in which ``{d}`` is denied; things that shine; where they stand, left, right, above,
below, behind and in front; sentences of a shadow that goes to ``{g}``; where that is, left and
right; and sentences that name no direction.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from lasagna_relight.light_direction import DIRECTION_NAMES, NAMED_DIRECTIONS
from lasagna_relight.relit.caption_languages import FOREIGN_SHADOWS, LANGUAGES
from lasagna_relight.relit.caption_places import Place

_STANDS = ("left", "right", "top", "bottom", "behind top", "front")


@dataclass(frozen=True, kw_only=True)
class _Sentences:
    asked: tuple[str, ...]
    denied: tuple[str, ...]
    things: tuple[str, ...]
    stands: tuple[str, ...]
    shadows: tuple[str, ...]
    goes: tuple[str, ...]
    undirected: tuple[str, ...]


def _sentences(packed: str) -> _Sentences:
    rows = [tuple(w.strip() for w in row.split("|")) for row in packed.split(";")]
    asked, denied, things, stands, shadows, goes, undirected = rows
    assert len(stands) == len(_STANDS), stands
    assert len(goes) == 2, goes
    return _Sentences(
        asked=asked, denied=denied, things=things, stands=stands, shadows=shadows, goes=goes,
        undirected=undirected,
    )  # fmt: skip


_SENTENCES = {
    code: _sentences(packed)
    for code, packed in {
        "de": "kannst du es {p} beleuchten|bitte das Bild {p} beleuchten"
        "|könntest du das Motiv bitte {p} anleuchten|kannst du das Objekt {p} anstrahlen"
        "|bitte das Motiv {p} anleuchten|beleuchte es {p}"
        "|ich möchte Licht {p}|das Licht sollte {p} kommen|lass das Licht {p} kommen"
        "|könnte das Licht {p} einfallen|mach das Licht {p}|das Sonnenlicht kommt {p} herein"
        "|die Sonne scheint {p}|Sonnenstrahlen {p}|ein Scheinwerfer {p}|Hauptlicht {p}"
        "|die Lichtquelle ist {p}|Lichtquelle {p}|eine Katze, {p} beleuchtet|{p} kommt warmes Licht"
        "|das Motiv wird {p} angestrahlt|ein Foto mit Licht {p}|im Licht {p}|Licht bitte {p}"
        "|{p} angeleuchtet|{p} bestrahlt|das Licht fällt {p} auf das Gesicht|kaltes Licht {p}"
        "|Lampe {p} im Bild|das Licht ist {p}|Beleuchtung kommt {p}|Schein {p}"
        ";nicht {d}, sondern {p}|nicht {d} sondern {p}|lieber {p} als {d}|{p} statt {d}"
        "|statt {d} {p}"
        "|{p}, nicht {d}|das Licht kommt nicht {d}, sondern {p}|kein Licht {d}, nur {p}"
        ";eine Lampe|ein Fenster|die Sonne|eine Kerze|die Lampe|das Fenster|ein Feuer|eine Laterne"
        "|Licht"
        "|Lichtquelle|ein Scheinwerfer|der Mond|eine Leuchte|eine Taschenlampe|die Lichtquelle"
        "|ein Blitz"
        "|die Lampe steht|das Fenster ist|die Leuchte hängt"
        ";links|rechts|oben|unten|hinten|vorne"
        ";der Schatten fällt {g}|sein Schatten fällt {g}|langer Schatten {g}|Schatten {g}"
        "|der Schatten zeigt {g}|der Schatten geht {g}|wirft Schatten {g}|die Schatten fallen {g}"
        ";nach links|nach rechts"
        ";mach das Bild schöner|das Bild verbessern|mehr Licht|weniger Licht|heller machen bitte"
        "|bitte etwas dunkler|ein Foto einer Katze|ein rotes Auto|warmes weiches Licht"
        "|schöne Farben"
        "|das ist richtig|der rechte Schuh|der linke Handschuh|ein Mann links im Bild|Guten Morgen"
        "|der Hintergrund soll weg|mehr Sättigung|die Lampe ist kaputt|romantische Stimmung"
        "|die Katze sitzt rechts|oben ohne|unter Umständen|Vordergrund unscharf|ein Haus am See",
        "fr": "peux-tu l'éclairer {p}|éclaire-le {p}|je voudrais une lumière {p}"
        "|je veux de la lumière {p}"
        "|la lumière doit venir {p}|que la lumière vienne {p}|la lumière arrive {p}"
        "|le soleil brille {p}"
        "|fais venir la lumière {p}|un projecteur {p}|lumière principale {p}|la source est {p}"
        "|un chat éclairé {p}|la scène est éclairée {p}|il faut éclairer {p}|rayons de soleil {p}"
        "|une lumière qui vient {p}|une lueur {p}|mets la lumière {p}|s'il te plaît éclaire {p}"
        "|un éclairage doux {p}|la lumière tombe {p}|la lumière entre {p}|un vase, lumière {p}"
        ";pas {d} mais {p}|non pas {d}, mais {p}|{p} et pas {d}|plutôt {p} que {d}|{p}, pas {d}"
        "|{p} au lieu de {d}|la lumière ne vient pas {d} mais {p}"
        ";une lampe|une fenêtre|le soleil|le soleil est|une lampe posée|la lampe est"
        "|la lumière est|le soleil se trouve|une bougie|la lampe|la fenêtre|un feu|une lanterne"
        "|lumière"
        "|un projecteur|la lune|un lampadaire|un flash|la source de lumière|un spot"
        "|la lampe se trouve|le spot est posé"
        ";à gauche|à droite|au-dessus|en dessous|derrière|devant"
        ";l'ombre tombe {g}|son ombre va {g}|ombre {g}|une longue ombre {g}|l'ombre part {g}"
        "|les ombres vont {g}|l'ombre s'étire {g}|l'ombre est {g}"
        ";à gauche|à droite"
        ";améliore la photo|plus de lumière|moins de lumière|un peu plus sombre|une photo de chat"
        "|une voiture rouge|lumière chaude et douce|de belles couleurs|c'est tout droit"
        "|tu as raison"
        "|la chaussure droite|le gant gauche|un homme à gauche de l'image|bonjour|enlève le fond"
        "|le chat est assis à droite|plus de saturation|la lampe est cassée"
        "|une maison au bord du lac"
        "|en haut de la montagne|une guitare bleue|fais mieux|ambiance chaleureuse",
        "es": "puedes iluminarlo {p}|ilumínalo {p}|quiero luz {p}|quiero que la luz venga {p}"
        "|la luz debe venir {p}|la luz entra {p}|la luz llega {p}|el sol brilla {p}|un foco {p}"
        "|luz principal {p}|la fuente de luz está {p}|un gato iluminado {p}|la escena iluminada {p}"
        "|rayos de sol {p}|una luz que viene {p}|un resplandor {p}|pon la luz {p}"
        "|por favor, ilumina {p}"
        "|una luz tenue {p}|la luz cae {p}|que entre la luz {p}|un jarrón, luz {p}|luz fría {p}"
        ";no {d}, sino {p}|no {d} sino {p}|{p} y no {d}|mejor {p} que {d}|{p}, no {d}"
        "|{p} en vez de {d}"
        "|la luz no viene {d} sino {p}"
        ";una lámpara|una ventana|el sol|el sol está|la lámpara está|una vela|la lámpara"
        "|la ventana|un fuego|una linterna|luz"
        "|un foco|la luna|una farola|un flash|la fuente de luz|el foco|la luz está"
        "|el foco se encuentra|la vela está"
        ";a la izquierda|a la derecha|arriba|abajo|detrás|delante"
        ";la sombra cae {g}|su sombra va {g}|sombra {g}|una sombra larga {g}|la sombra apunta {g}"
        "|las sombras caen {g}|la sombra se alarga {g}|la sombra está {g}"
        ";a la izquierda|a la derecha"
        ";mejora la foto|más luz|menos luz|un poco más oscuro|una foto de un gato|un coche rojo"
        "|luz cálida y suave|colores bonitos|todo recto|tienes razón|el zapato derecho"
        "|el guante izquierdo|un hombre a la izquierda de la imagen|hola|quita el fondo"
        "|el gato está sentado a la derecha|más saturación|la lámpara está rota"
        "|una casa junto al lago"
        "|arriba el ánimo|una bicicleta roja|hazlo mejor|ambiente acogedor",
        "it": "puoi illuminarlo {p}|illuminalo {p}|voglio luce {p}|vorrei che la luce venisse {p}"
        "|la luce deve venire {p}|la luce entra {p}|la luce arriva {p}|il sole splende {p}"
        "|un faro {p}"
        "|luce principale {p}|la fonte di luce è {p}|un gatto illuminato {p}"
        "|la scena illuminata {p}"
        "|raggi di sole {p}|una luce che viene {p}|un bagliore {p}|metti la luce {p}|illumina {p}"
        "|una luce tenue {p}|la luce cade {p}|la luce sale {p}|la luce scende {p}|un vaso, luce {p}"
        ";non {d}, ma {p}|non {d} ma {p}|{p} e non {d}|meglio {p} che {d}|{p}, non {d}"
        "|{p} invece di {d}"
        "|la luce non viene {d} ma {p}"
        ";una lampada|una finestra|il sole|il sole è|la lampada è|una candela|la lampada"
        "|la finestra|un fuoco"
        "|una lanterna|luce"
        "|un faretto|la luna|un lampione|un flash|la fonte di luce|la luce è|la lampada si trova"
        "|la finestra è"
        ";a sinistra|a destra|sopra|sotto|dietro|davanti"
        ";l'ombra cade {g}|la sua ombra va {g}|ombra {g}|una lunga ombra {g}|l'ombra si allunga {g}"
        "|le ombre cadono {g}|l'ombra punta {g}|l'ombra è {g}"
        ";a sinistra|a destra"
        ";migliora la foto|più luce|meno luce|un po' più scuro|una foto di un gatto"
        "|una macchina rossa"
        "|luce calda e morbida|bei colori|sempre dritto|hai ragione|la scarpa destra"
        "|il guanto sinistro"
        "|un uomo a sinistra nella foto|ciao|togli lo sfondo|il gatto siede a destra"
        "|più saturazione"
        "|la lampada è rotta|una casa sul lago|una chitarra blu|fallo meglio|atmosfera accogliente"
        "|più bella|buongiorno",
        "pt": "pode iluminar {p}|ilumine {p}|quero luz {p}|quero que a luz venha {p}"
        "|a luz deve vir {p}"
        "|a luz entra {p}|a luz chega {p}|o sol brilha {p}|um holofote {p}|luz principal {p}"
        "|a fonte de luz está {p}|um gato iluminado {p}|a cena iluminada {p}|raios de sol {p}"
        "|uma luz que vem {p}|um brilho {p}|ponha a luz {p}|uma luz suave vindo {p}|a luz cai {p}"
        ";não {d}, mas {p}|não {d} e sim {p}|{p} e não {d}|melhor {p} do que {d}|{p}, não {d}"
        "|{p} em vez de {d}"
        ";uma lâmpada|uma janela|o sol|o sol está|a lâmpada está|uma vela|a lâmpada|a janela"
        "|uma fogueira|uma lanterna|luz"
        "|um holofote|a lua|um poste de luz|um flash|a fonte de luz|o candeeiro|a lâmpada fica"
        "|a luz está"
        ";à esquerda|à direita|acima|abaixo|atrás|na frente"
        ";a sombra cai {g}|a sua sombra vai {g}|sombra {g}|uma sombra longa {g}|a sombra aponta {g}"
        "|as sombras caem {g}|a sombra está {g}"
        ";para a esquerda|para a direita"
        ";melhore a foto|mais luz|menos luz|um pouco mais escuro|uma foto de um gato"
        "|um carro vermelho"
        "|luz quente e suave|cores bonitas|sempre em frente|você tem razão|o sapato direito"
        "|a luva esquerda|um homem à esquerda da imagem|olá|tire o fundo"
        "|o gato está sentado à direita"
        "|mais saturação|a lâmpada está quebrada|uma casa no lago|um violão azul|bom dia"
        "|faça melhor",
        "nl": "kun je het {p} belichten|belicht het {p}|ik wil licht {p}|het licht moet {p} komen"
        "|laat het licht {p} komen|het licht valt {p}|de zon schijnt {p}|een spot {p}"
        "|hoofdlicht {p}"
        "|de lichtbron is {p}|een kat, {p} belicht|zonnestralen {p}|{p} komt warm licht"
        "|schijnsel {p}"
        "|zet het licht {p}|graag {p} verlichten|het onderwerp wordt {p} verlicht|koud licht {p}"
        ";niet {d} maar {p}|niet {d}, maar {p}|liever {p} dan {d}|{p} in plaats van {d}"
        "|{p}, niet {d}"
        "|{p} en niet {d}"
        ";een lamp|een raam|de zon|een kaars|de lamp|het raam|een vuur|een lantaarn|licht"
        "|een schijnwerper|de maan|een straatlamp|een flits|de lichtbron|een spot|de lamp staat"
        "|het raam is"
        ";links|rechts|boven|onder|achter|voor"
        ";de schaduw valt {g}|zijn schaduw valt {g}|schaduw {g}|een lange schaduw {g}"
        "|de schaduw wijst {g}|de schaduwen gaan {g}"
        ";naar links|naar rechts"
        ";verbeter de foto|meer licht|minder licht|iets donkerder|een foto van een hond"
        "|een rode auto"
        "|warm zacht licht|mooie kleuren|rechtdoor|je hebt gelijk|de rechterschoen"
        "|de linkerhandschoen"
        "|een man links op de foto|hallo|haal de achtergrond weg|de kat zit rechts|meer verzadiging"
        "|de lamp is kapot|een huis aan het meer|goedemorgen|gezellige sfeer",
        "pl": "możesz to oświetlić {p}|oświetl to {p}|chcę światło {p}|światło ma padać {p}"
        "|niech światło świeci {p}|światło powinno padać {p}|światło wpada {p}|słońce świeci {p}"
        "|reflektor {p}|główne światło {p}|źródło światła {p}|kot oświetlony {p}"
        "|promienie słońca {p}"
        "|blask {p}|ustaw światło {p}|proszę oświetlić {p}|zimne światło {p}|światło dochodzi {p}"
        ";nie {d}, tylko {p}|nie {d}, lecz {p}|nie {d} ale {p}|raczej {p} niż {d}|{p}, nie {d}"
        "|{p} zamiast {d}"
        ";lampa|okno|słońce|świeca|światło|ognisko|latarnia|reflektor|księżyc|żarówka|lampka"
        "|źródło światła|lampa stoi"
        ";po lewej|po prawej|u góry|na dole|z tyłu|z przodu"
        ";cień pada {g}|jego cień pada {g}|cień {g}|długi cień {g}|cień idzie {g}|cienie padają {g}"
        ";w lewo|w prawo"
        ";popraw zdjęcie|więcej światła|mniej światła|trochę ciemniej|zdjęcie psa|czerwony samochód"
        "|ciepłe miękkie światło|ładne kolory|prosto|masz rację|prawy but|lewa rękawiczka"
        "|mężczyzna po lewej na zdjęciu|cześć|usuń tło|kot siedzi po prawej|dzień dobry"
        "|dom nad jeziorem|lampa jest zepsuta|przytulny nastrój",
        "ru": "можешь осветить {p}|освети это {p}|хочу свет {p}|пусть свет падает {p}"
        "|свет должен падать {p}|свет должен идти {p}|свет идёт {p}|свет льётся {p}"
        "|солнце светит {p}"
        "|прожектор {p}|основной свет {p}|источник света {p}|кот освещён {p}|лучи солнца {p}"
        "|сияние {p}|поставь свет {p}|пожалуйста, освети {p}|холодный свет {p}|подсветка {p}"
        "|подсвети {p}|сделай свет {p}|чтобы свет шёл {p}"
        ";не {d}, а {p}|не {d} а {p}|лучше {p}, чем {d}|{p}, не {d}|{p} вместо света {d}"
        "|{p}, а не {d}"
        ";лампа|окно|солнце|свеча|свет|костёр|фонарь|прожектор|луна|лампочка|источник света|торшер"
        "|фонарик|вспышка|лампа стоит|солнце стоит"
        ";слева|справа|сверху|снизу|сзади|спереди"
        ";тень падает {g}|его тень падает {g}|тень {g}|длинная тень {g}|тень идёт {g}"
        "|тени падают {g}"
        "|тень уходит {g}"
        ";влево|вправо"
        ";улучши фото|больше света|меньше света|немного темнее|фото собаки|красная машина"
        "|тёплый мягкий свет|красивые цвета|прямо сейчас|ты прав|правая нога|левая перчатка"
        "|мужчина слева на фото|привет|убери фон|кошка сидит справа|доброе утро|дом у озера"
        "|лампа сломана|уютное настроение",
        "sv": "kan du belysa det {p}|belys det {p}|jag vill ha ljuset {p}|ljuset ska komma {p}"
        "|låt ljuset komma {p}|ljuset faller {p}|solen skiner {p}|en strålkastare {p}|huvudljus {p}"
        "|ljuskällan|lampan står|solen står är {p}|en katt belyst {p}|solstrålar {p}|sken {p}"
        "|sätt ljuset {p}|kallt ljus {p}"
        ";inte {d} utan {p}|inte {d}, utan {p}|hellre {p} än {d}|{p} istället för {d}|{p}, inte {d}"
        ";en lampa|ett fönster|solen|ett ljus|lampan|fönstret|en eld|en lykta|ljus|en strålkastare"
        "|månen|en gatlampa|en blixt|ljuskällan|lampan står|solen står"
        ";till vänster|till höger|ovanför|nedanför|bakom|framför"
        ";skuggan faller {g}|dess skugga faller {g}|skugga {g}|en lång skugga {g}|skuggorna går {g}"
        ";åt vänster|åt höger"
        ";förbättra bilden|mer ljus|mindre ljus|lite mörkare|en bild på en hund|en röd bil"
        "|varmt mjukt ljus|fina färger|rakt fram|du har rätt|den högra skon|vänster handske"
        "|en man till vänster i bilden|hej|ta bort bakgrunden|katten sitter till höger|god morgon",
        "tr": "{p} aydınlat|lütfen {p} ışık ver|{p} ışık istiyorum|ışık {p} gelsin|ışık {p} gelmeli"
        "|güneş {p} parlıyor|{p} gelen güneş ışığı|{p} ışık vuruyor|{p} projektör"
        "|{p} aydınlatır mısın"
        "|{p} ışıkla aydınlat|ana ışık {p}|{p} aydınlatılmış bir kedi|{p} hafif ışık"
        ";{d} değil {p}|{d} değil, {p}|{p}, {d} değil|{d} yerine {p}"
        ";lamba|pencere|güneş|mum|ışık|ateş|fener|projektör|ay|ışık kaynağı"
        ";solda|sağda|yukarıda|aşağıda|arkada|önde"
        ";gölge {g} düşüyor|gölgesi {g} düşsün|gölge {g}|uzun gölge {g}"
        ";sola|sağa"
        ";fotoğrafı düzelt|daha fazla ışık|daha az ışık|biraz daha koyu|bir köpek fotoğrafı"
        "|kırmızı araba"
        "|sıcak yumuşak ışık|güzel renkler|düz git|haklısın|sağ ayakkabı|sol eldiven|merhaba"
        "|arka planı kaldır|kedi sağda oturuyor|günaydın|göl kenarında bir ev",
    }.items()
}
_MORE_TEMPLATES = {
    "ja": "{p}から照らしてください|光が{p}から来る|{p}から強い光|{p}から光を|{p}からのライト"
    "|{p}から光が当たる|{p}から照明を当てて|"
    "{p}から日が差す|{p}にランプ|光源は{p}|{p}から弱い光|{p}にある光|{p}から照らされている猫"
    "|{p}からライトアップ|{p}の照明",
    "zh": "请从{p}打光|让灯光从{p}过来|光从{p}照来|{p}有一盏灯|灯光来自{p}|强光从{p}照射|{p}来光"
    "|主光在{p}|光源在{p}|"
    "{p}的阳光|从{p}照进来的光|{p}的灯|太阳在{p}|请把灯放在{p}|{p}的柔光|光线从{p}射入"
    "|希望光从{p}来|{p}方向的光",
    "ko": "{p}에서 비추는 빛|{p}에서 빛을 비춰 줘|빛을 {p}에서 비춰 주세요"
    "|{p}에서 나오는 빛|{p} 빛|빛은 {p}에서 온다|{p}에서 빛이 비친다"
    "|{p}에서 조명|조명을 {p}에 두세요|{p}에서 비추는 조명이 필요해"
    "|빛이 {p}에서 온다|{p}에서 빛이 들어온다|{p}에서 조명을 비춰주세요|{p}에 램프"
    "|조명은 {p}에서|{p}에서 강한 빛|"
    "{p}에서 들어오는 햇빛|{p}의 빛|{p}에서 부드러운 빛",
    "fi": "valo {p}|valoa {p}|valo tulee {p}|valo {p} kiitos|valaise {p}|haluan valoa {p}"
    "|aurinko paistaa {p}|lamppu {p}",
    "da": "belys det {p}|jeg vil have lys {p}|solen skinner {p}|lyset skal komme {p}|en lampe {p}",
    "no": "belys det {p}|jeg vil ha lys {p}|solen skinner {p}|lyset skal komme {p}|en lampe {p}",
    "cs": "světlo {p}|světlo jde {p}|světlo svítí {p}|ať světlo přichází {p}|osvětli to {p}"
    "|chci světlo {p}|slunce svítí {p}|světlo má přicházet {p}|lampa {p}"
    "|světlo {p} prosím|světlo padá {p}",
    "hu": "világítsd meg {p}|a fény {p} jön|{p} süt a nap|{p} érkező fény|lámpa {p}|{p} fény kell",
    "ro": "luminează {p}|vreau lumină {p}|soarele strălucește {p}|lumina cade {p}|o lampă {p}",
    "uk": "освіти {p}|хочу світло {p}|сонце світить {p}|лампа {p}|світло має падати {p}",
    "el": "φώτισέ το {p}|θέλω φως {p}|ο ήλιος λάμπει {p}|μια λάμπα {p}|το φως πέφτει {p}",
    "id": "terangi {p}|saya mau cahaya {p}|matahari bersinar {p}|lampu {p}|sinar {p}",
    "vi": "chiếu đèn {p}|tôi muốn ánh sáng {p}|mặt trời chiếu {p}|đèn {p}",
    "ar": "الضوء {p}|ليكن الضوء {p}|النور {p}|اجعل الضوء {p}|الإضاءة {p}|ضوء قادم {p}"
    "|الضوء يأتي {p}|أضئه {p}|أريد ضوءا {p}|الشمس تشرق {p}|مصباح {p}",
    "he": "תאיר {p}|אני רוצה אור {p}|השמש זורחת {p}|מנורה {p}",
    "hi": "{p} रोशनी आए|रोशनी {p} आए|रोशनी {p}|प्रकाश {p} आए|{p} रोशनी चाहिए|{p} सूरज की रोशनी"
    "|{p} दीपक",
}
_TEMPLATES = {
    code: (*language.templates, *filter(None, _MORE_TEMPLATES.get(code, "").split("|")))
    for code, language in LANGUAGES.items()
}
_COMMON_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "pl", "ru", "sv", "tr", "ja", "zh")


def foreign(rng: random.Random) -> Place:
    """A place in a phrase of its language: "Licht von links"."""
    common = rng.random() < 0.4
    code = rng.choice(_COMMON_LANGUAGES if common else tuple(LANGUAGES))
    name = rng.choice(DIRECTION_NAMES)
    words = rng.choice(_TEMPLATES[code]).format(p=rng.choice(LANGUAGES[code].places[name]))
    return Place(words=words, direction=NAMED_DIRECTIONS[name])


def foreign_sentence(rng: random.Random) -> Place:
    """A request, a denial or a lamp that stands somewhere, in a language that many speak."""
    code = rng.choice(tuple(_SENTENCES))
    sentences, places = _SENTENCES[code], LANGUAGES[code].places
    draw = rng.random()
    if draw < 0.3:
        name = rng.choice(_STANDS)
        where = sentences.stands[_STANDS.index(name)]
        words = f"{rng.choice(sentences.things)} {where}"
        if code == "tr":
            words = f"{where} {rng.choice(sentences.things)}"
        return Place(words=words, direction=NAMED_DIRECTIONS[name])
    name, denied = rng.sample(DIRECTION_NAMES, 2)
    if draw < 0.45:
        words = rng.choice(sentences.denied).format(p=places[name][0], d=places[denied][0])
    else:
        words = rng.choice(sentences.asked).format(p=_from_form(places[name], rng))
    return Place(words=words, direction=NAMED_DIRECTIONS[name])


def foreign_shadow(rng: random.Random) -> Place:
    """What a shadow does, in another language: the light stands opposite."""
    if rng.random() < 0.4:
        name, many = rng.choice(list(FOREIGN_SHADOWS.items()))
        return Place(words=rng.choice(many), direction=NAMED_DIRECTIONS[name])
    sentences = rng.choice(tuple(_SENTENCES.values()))
    side = rng.randrange(2)
    words = rng.choice(sentences.shadows).format(g=sentences.goes[side])
    return Place(words=words, direction=NAMED_DIRECTIONS[("right", "left")[side]])


def foreign_undirected(rng: random.Random) -> str:
    """A sentence in another language that names no direction of light."""
    return rng.choice(rng.choice(tuple(_SENTENCES.values())).undirected)


def _from_form(places: tuple[str, ...], rng: random.Random) -> str:
    """Usually the first way to say a place, which answers "where from"."""
    return places[0] if rng.random() < 0.6 else rng.choice(places)

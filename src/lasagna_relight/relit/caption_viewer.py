"""Light told from where we stand: beside the eye, at our back, behind it, right above it.

"Right" before a place ("right behind her") means exactly and no side; stages, houses and people in
the picture have a left of their own, which the words may name beside ours.
"""

from __future__ import annotations

import random
import re

from lasagna_relight.relit.caption_places import Angles, Place, in_table
from lasagna_relight.relit.caption_vocabulary import OBJECTS, QUALITIES, SUBJECTS, word_list

_OURS: dict[Angles, str] = {
    (0, 0): "the lens itself were glowing|the camera itself were a lamp|my camera were the sun"
    "|my eyes were headlights|i held the torch right next to my eye"
    "|i held a torch beside my eye|somebody lit it from where i sit|i carried the lamp"
    "|the lens were a lamp|the light came out of the camera|the viewer were the sun"
    "|the light sat on my nose|we were shining at it|i were wearing a headlamp"
    "|the screen lit it from our side|the flash had gone off on the camera",
    (180, 42): "it stood between us and the sun|the sun hid behind it"
    "|the lamp were hiding behind it"
    "|it eclipsed the lamp|the light were trying to reach us past it|it blocked the light for us"
    "|the sun set right behind it|its back were turned to a fire|the wall behind it were glowing",
    (0, 57): "the sky had opened above it|someone emptied a bucket of light over it"
    "|it stood under a shower of light|a UFO hovered over it|the ceiling were one big lamp"
    "|it were standing under a street lamp|a lamp hung right over it",
    (0, -57): "it stood on a lit glass floor|the table it stands on were glowing"
    "|the ground were made of light|it hovered over lava|someone held a torch under its chin"
    "|the floor were on fire|it floated over a lit pool|the carpet glowed",
}  # fmt: skip
_AS_IF = word_list("""
as if {x}|as though {x}|like {x}|lit as if {x}|light as though {x}|imagine {x}|pretend that {x}
|make it look as if {x}|as it would look if {x}|suppose {x}|it should look as though {x}
|the way it would look if {x}|just as if {x}
""")
_RIGHT = word_list("right|right|right|just|exactly|directly|straight|smack|dead|immediately")
_RIGHT_THERE: dict[Angles, str] = {
    (0, 3): "at the camera|from the camera|next to the lens|beside my camera|next to my eye"
    "|in front of it|in front|where the camera is|at my back|behind me|behind the camera"
    "|behind the photographer|from where i stand|beside the lens|at the photographer's back"
    "|in its face|into its face|where i am standing|at my eye|between my eyes",
    (180, 35): "behind it|behind her|behind him|behind them|behind the {t}|at its back|at her back"
    "|on the far side|behind the object, facing us|behind it, pointing at us"
    "|at the back, shining at us|behind its head",
    (0, 62): "above it|over it|overhead|on top of it|over its head|above the {t}|over the {t}"
    "|above her head|from above|over the table|at the zenith|at the top",
    (0, -62): "below it|under it|underneath it|beneath the {t}|under the {t}|under its chin"
    "|at its feet|beneath its feet|under her chin|from below|from underneath|at the bottom",
}  # fmt: skip
_SUNS = word_list("""
the sun is setting {p}|the sun is {p}|the sun stands {p}|the lamp is {p}|a lamp {p}|a light {p}
|put the light {p}|the light is {p}|the moon is {p}|a window {p}|a candle {p}|a fire burns {p}
|the sun goes down {p}|light {p}|the light sits {p}|with a lamp {p}|place the lamp {p}
|a bright window {p}|the only light is {p}|a glowing screen {p}|a {q} light {p}|a {q} lamp {p}
|hold the torch {p}|the source is {p}|a flash {p}|a spot {p}|a neon sign {p}|the sun was {p}
""")

_FACING: dict[Angles, str] = {
    (180, 42): "{w} with the light at their backs, facing us|{w}, facing us, the sun at their backs"
    "|{w} with their backs to the sun, looking at us|they turn their backs to the lamp and face us"
    "|{w} facing the camera, the light behind them|{w} seen against the light"
    "|the side facing us is in complete shade and only the edges glow"
    "|the side that we see is in shade, its edges glow|we see its shady side|we see its dark side"
    "|we only see the unlit side of it|the side toward us lies in the dark, a bright rim around it"
    "|what faces us is black, the rim is bright|so that i squint into the light, looking at it"
    "|i'm squinting into the light when i look at it|the light blinds us as we look at it"
    "|the lamp points at us, it stands in between|we are looking into the light"
    "|in front of a glowing sky|a dark figure in front of a bright sky"
    "|a silhouette in front of a glowing sky|in front of a window with the sun outside"
    "|a bright doorway behind {w}|the stage lights are at the back, beaming at the audience"
    "|all floodlights at the back of the stage, towards the audience|{w} before a burning city"
    "|a backlit {x}|backlit {x}|a {x}, backlit|a {x} in backlight|a {x} in contre-jour|contre jour"
    "|a {x} against the light|rim-lit {x}|a rim-lit {x}"
    "|you hardly see its front, only shining edges"
    "|think eclipse|backlight, please|a back-lit {x}|the sun peeks over its shoulders from the back"
    "|spotlight at the back of the stage, shining towards us past {w}",
    (0, 2): "the sun is exactly at the photographer's back|the sun at your back as you look at it"
    "|as seen with the sun at your back|with the sun at our backs|the sun is behind us, low"
    "|i stand with my back to the sun, looking at it|we have the light behind us"
    "|{w} looking into our headlights|headlamps of the car that we are sitting in"
    "|the headlights of our car as we drive toward it|our own headlights pick it out"
    "|my phone screen, held up in front of it|a projector behind our heads throws its beam at it"
    "|the photographer's flashlight, aimed straight at it|a lamp next to the photographer"
    "|i shine a lamp at it from where i take the picture|from the photographer's side, no angle"
    "|the light comes over our heads, level|i hold a lantern at eye level and look at it"
    "|i hold up a lantern and look at {w}"
    "|let me be the one who lights it, i stand at the camera|i am the one who lights it"
    "|flash on the hotshoe|the hot shoe flash|the lamp and my eyes share one place"
    "|the audience holds the lamps|lit from the auditorium"
    "|footlights? no, from the front of house|the front of house spot|flat light, face on"
    "|face on, flat, no shading on either side|the side facing us is the bright one"
    "|it looks at us and at the lamp in our hands|i point my torch where i look",
    (0, -42): "below the camera, tilted up at {w}|from under the lens, aimed up at it"
    "|from the front but low down, pointing up at it|low in front of it, pointing up"
    "|in front, near the floor, aimed up|front and low, shining up|under the camera, looking up"
    "|from the camera's feet, upwards|lower than the lens, pointing up at {w}",
    (0, 42): "above the camera, tilted down at {w}|from over the lens, aimed down at it"
    "|from the front but high up, pointing down|high in front of it, looking down"
    "|front and high, shining down|over the camera, angled down at {w}|on a boom above the lens",
    (36, 22): "the sun is behind me, over my {s} shoulder|the sun comes over my {s} shoulder"
    "|light over the photographer's {s} shoulder|from behind me, on my {s}"
    "|a big window behind me and to my {s}|behind the photographer and to the {s}"
    "|the sun behind the camera, a little {s}|lamp behind us on the {s}"
    "|light over the artist's {s} shoulder|over our {s} shoulders",
    (60, 2): "from stage {o}, which is the audience's {s}|from stage {o}, our {s}|stage {o}"
    "|stage {o}, meaning the {s} side as the audience sees it|side light from stage {o}"
    "|house {s}|house {s} side light|from house {s}|light from stage {o}|a spot at stage {o}"
    "|from her {o}, which is our {s}|from his {o}, our {s}|on her {o}, so {s} in the picture"
    "|the subject's {o}, that is picture {s}|from its own {o}, our {s}|{s} as we see it"
    "|our {s}, her {o}|camera {s}, his {o}|from the sitter's {o}, the picture's {s}"
    "|picture {s}, the model's {o}|on the {s} for us, on the {o} for him"
    "|from my {s} as i look at the picture|from the {s} as i look at my picture"
    "|from what the actor calls {o} and we call {s}|the {s} seen from the seats"
    "|from the model's {o} hand side, camera {s}",
    (125, 6): "upstage, camera {s}|from upstage on the {s} of frame|upstage, frame {s}"
    "|accent edge from upstage, {s} of frame|back three-quarter light, camera {s}"
    "|back three quarter, {s}|three-quarter back, frame {s}|rear three-quarter light from the {s}"
    "|3/4 back light, camera {s}|3/4 from behind, {s}|behind {w} at frame {s}"
    "|kicker behind {w}, camera {s}|an edge light behind {w} on the {s}"
    "|kicker over the {s} shoulder from behind|peeking out from behind {w} on the {s}"
    "|the sun half hidden behind its {s} edge|peeping round its {s} edge from behind",
    (40, 25): "front three-quarter light, camera {s}|three-quarter front, {s}|3/4 key, frame {s}"
    "|3/4 front key from the {s}|front three quarter, {s}, a bit high",
    (80, 0): "square to the side, camera {s}|an octabox square to the side at camera {s}"
    "|a strip box at the {s}, at right angles to the lens|perpendicular to the lens, {s}"
    "|camera {s}, at subject height, square to the side|hatchet light, lamp frame {s}"
    "|split light, the bright half camera {s}|profile light from frame {s}",
    (58, 6): "Vermeer, window side on the {s}|Vermeer-style, the window on the {s}"
    "|like a Vermeer with the window {s}|a tall studio window on the {s}, like the Dutch painters"
    "|its silhouette is projected onto the wall on the {o}|its outline is thrown on the {o} wall"
    "|its dark shape lies on the {o} wall|the wall on the {o} shows its silhouette",
    (45, 38): "Caravaggio, the beam from the upper {s}|a Caravaggio beam, upper {s}"
    "|chiaroscuro with the beam falling from upper {s}|sunbeams through a high church window, {s}"
    "|sunbeam through a high window, up on the {s}",
    (0, 58): "a toplit {x}|toplit {x}|a {x} under a single hanging lamp|think interrogation lamp"
    "|hold the lamp over its head like an umbrella|{q} toplight|{q} downlight on the {x}",
    (0, 60): "a boxer under the ring lights|like a boxing ring, lamps above|over a pool table"
    "|like over a card table|like over a snooker table|operating theatre lights"
    "|under the dome light|downlight from the grid, perpendicular to the floor",
    (0, -57): "underglow|an ominous underglow|{q} underglow|an underlit {x}|a {x} lit from below"
    "|{q} uplight|uplit {x}|a {x} with {q} underlighting|like leaning over a campfire"
    "|the boat lit by the glowing water under it|glowing water under it|a fire pit beneath {w}",
    (0, 0): "on-axis fill and nothing else|on-axis fill as the only light"
    "|fill on the lens axis only"
    "|coaxial with the lens|coaxial light|through-the-lens light|lens-axis light"
    "|beamsplitter light",
}  # fmt: skip
_WHO = word_list("""
a horse and rider|two people|a couple|the dancers|the band|the subject|the figure|the singer
|the trees|three friends|the statue|the group|a woman and her dog|the crowd|the model|the actor
""")
_facing = in_table(_FACING)


def from_our_side(rng: random.Random) -> Place:
    """A light told from the viewer's place, or with whose left is meant."""
    draw = rng.random()
    if draw < 0.2:
        angles, many = rng.choice(list(_OURS.items()))
        words = rng.choice(_AS_IF).replace("{x}", rng.choice(many.split("|")))
        return _spoken(Place.at(words, angles), rng)
    if draw < 0.45:
        angles, many = rng.choice(list(_RIGHT_THERE.items()))
        where = f"{rng.choice(_RIGHT)} {rng.choice(many.split('|'))}"
        return _spoken(Place.at(rng.choice(_SUNS).replace("{p}", where), angles), rng)
    return _spoken(_facing(rng), rng)


def _spoken(said: Place, rng: random.Random) -> Place:
    words = said.words.replace("{w}", rng.choice(_WHO)).replace("{q}", rng.choice(QUALITIES))
    words = words.replace("the {t}", rng.choice(SUBJECTS))
    if rng.random() < 0.15:
        words = re.sub(r"\bit\b", rng.choice(SUBJECTS), words, count=1)
    words = words.replace("{x}", rng.choice(OBJECTS))
    return Place(words=words, direction=said.direction)

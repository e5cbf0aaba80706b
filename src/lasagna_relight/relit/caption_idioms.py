"""English in which direction words and light words say nothing of where a light stands.

The reader must refuse these: idioms, dates and scores, people and things that are somewhere, edits
of a picture, light without a place.
"""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_places import place
from lasagna_relight.relit.caption_vocabulary import (
    LIGHTS,
    QUALITIES,
    STYLES,
    UNLIT_OBJECTS,
    word_list,
)

_IDIOMS = word_list("""
top priority|top score|top floor|top ten|top dog|top model|top speed|top shelf whiskey|top story
|tip top|at the top of my list|on top of that|on top of things|from top to toe|mountaintop view
|the top of the morning|stay on top|over the moon|over and over|over there|game over|all over again
|overdue|overcome|overnight|an overview|overlooked|head over heels|overjoyed|over budget|overpriced
|upper management|the upper deck|upper lip|upper limit|stiff upper lip|uppercase letters|upset
|cheer up|grow up|wake up|shut up|what's up|give up|look it up|a startup|make up|warm up|upgrade it
|speed it up|clean it up|mess it up|fix it up|tidy up|upload it|upscale it|update|an upright citizen
|calm down|slow down|down the road|down payment|let me down|come down with a cold|sit down|downtown
|break down|the sun is down|feeling down|download|scale it down|tone it down|boil it down|down under
|low quality|low budget|low tide|low resolution|lower the price|lower case|lower back pain|lowlands
|high five|high school|high hopes|high quality|high heels|high definition|high society|highway
|under control|under construction|under arrest|under the weather|understand|underwear|underdog
|under ten euros|under way|under warranty|underground music|below average|below zero|below par
|beneath contempt|above average|above all|above and beyond|above the law|above suspicion
|bottom of the barrel|rock bottom|bottoms up|bottomless pit|from the bottom up approach
|left wing politics|left alone|left over|leftovers in the fridge|left behind|left out|left unsaid
|what's left|two days left|three left|nothing is left|no time left|i left it at home|she left him
|they left yesterday|he has left the building|left to my own devices|just left|one left
|left handed|the left one is mine|a left hook|a left turn|my left foot|left lane|the political left
|right away|right now|right here|right angle|right of way|right wing|right on time|right or wrong
|right hand man|rightful owner|human rights|all rights reserved|copyright|the right size
|the right color|the right choice|the right moment|the right person|get it right|do it right
|you are right|that's right|is that right|right?|looks right|feels right|something isn't right
|make it right|right then|right, let's go|my right knee hurts|a right turn|outright|upright
|mr. right|it serves you right|righteous|forthright|the right thing to do|right, that's it
|in front of everyone|up front costs|a front for something|the war front|cold front|frontman
|front runner|front row seats|on the home front|the front cover|confront|frontier|affront
|come back soon|back home|back to work|back to school|back to the future|back and forth|back pain
|back up my files|my back hurts|back then|way back when|years back|bring it back|give it back
|the back of my mind|backpackers|backbone|background check|backwards compatible|feedback|playback
|take me back|back again|back to normal|roll back|back to black|back on track|hold back
|behind the wheel|behind bars|behind schedule|behind closed doors|behind the times
|what's behind this
|rear window movie|rear admiral|rear end|in the rear|reverse engineering|the rear brakes
|side effects|side by side|side job|on the bright side|on the other side|the far side of the moon
|the dark side|inside out|outside|countryside|aside from that|sidewalk|best side|seaside|side note
|sidekick|beside the point|on the safe side|by my side|side dish|north pole|north africa
|northern lights
|the north face|south park|south america|southwest airlines|east of eden|east coast|the middle east
|eastern europe|easter eggs|west side story|west coast|go west|western union|westerly|the wild west
|true north|north by northwest|head north|heading south|things went south|due date|north face jacket
|5 o'clock shadow|it's ten o'clock|see you at 3 o'clock|at six o'clock sharp|four o'clock tea
|a clock at noon|around the clock|seven o'clock news|lunch at noon|until midnight|at 9 am|at 10 pm
|20 degrees outside|90 degrees fahrenheit|a degree in physics|two degrees warmer|360 degree view
|turn 180 degrees|a 90 degree angle|45 degree slope|rotated by 30 degrees|tilt by 15 degrees
|rotate 90 degrees to the left|rotate the picture 45 degrees|zero degrees|minus five degrees
|in {Y}|back in {Y}|since {Y}|before {Y}|from {Y}|it was {Y}|the summer of {Y}|{Y}|a {n} from {Y}
|in 1850|in the year 2050|since 2001|the 1970s|the eighties|a 1967 mustang|class of 99|size 42
|3 cats|12 roses|10 euros|100 percent|version 2.0|number 7|room 101|page 12|42|7|16:9|1920x1080
|f/8|iso 400|24mm|1/60 s|+0.5 ev|-1 stop|50% opacity|dpi 300|5 stars|2 for 1|route 66|3d|4 you
|light years|light weight|light rail|light bulb moment|light hearted|light traffic|light rain
|light snack|light music|light gray|light green|light reading|light as air|a light meal|light headed
|see the light|green light|give it the green light|in the limelight|spotlight on jazz|moonlighting
|trip the light fantastic|first light|light house|brought to light|city lights|bud light
|traffic lights
|lights, camera, action|lights out|strobe effect|flash in the pan|flash drive|flash fiction
|flashback
|news flash|lamp oil|bulb of garlic|candle wax|candle in the wind|fire engine|fireman|fire drill
|sunday|sunny side up|sunscreen|sunglasses|sun hat|sunflower oil|moonwalk|honeymoon|full moon party
|shadow boxing|shadow government|eye shadow|foreshadowing|in the shadow of doubt|overshadowed
|beyond the shadow of a doubt|shady business|shades of gray|window shopping|windows 11|window seat
|matchbox|star wars|rock star|a shooting star tattoo|torch song|beam me up|laser printer|ray charles
|good morning|good night|happy new year|nice to meet you|thank you|yes|no|maybe|ok|why|how|who
|where is it|when|tell me a joke|what time is it|i love you|see you later|to be or not to be
|the quick brown fox|once upon a time|abc|xyz|test 123|just testing|hmm|lol|wow|cool|great job
|nothing|none|whatever you like|as you wish|your choice|random|default|auto|same as before|the usual
""")

_EDITS = word_list("""
make the {n} {c}|change the {n} to {c}|paint the {n} {c}|the {n} should be {c}|a {c} {n}
|remove the {n}|replace the {n} with a {m}|add a {m}|add a {m} next to the {n}|make the {n} bigger
|make the {n} smaller|crop the {n}|delete the {n}|erase the {n} {a}|move the {n} {a}
|shift the {n} {a}
|put the {n} {a}|place a {m} {a}|add a {m} {a}|rotate the {n} {a}|turn the {n} {a}|flip the {n}
|mirror the {n}|the {n} {a} is too big|crop it {a}|cut the {n} {a}|blur the {n} {a}|write hello {a}
|put a logo {a}|text {a}|a watermark {a}|the signature {a}|scroll {a}|the caption {a}|zoom {a}
|more {c}|less {c}|a bit more {c}|make it more {c}|make it look {c}|it looks too {c}|too {c}
|not so {c}|way too {c}|keep it {c}|increase the {k}|decrease the {k}|more {k}|less {k}|fix the {k}
|lower the {k}|raise the {k}|turn up the {k}|turn down the {k}|reduce the {k} a little|boost the {k}
|set the {k} to 20|{k} up|{k} down|too much {k}|improve the {k}|get rid of the {k}|correct the {k}
|{k} +10|{k} at 50%|better {k}|what about the {k}|no {k}|adjust {k}|remove {k}|the {k} is off
|remove the {k} {a}|is the {k} okay|convert to {y}|{y} please|{y} style|render as {y}|make it {y}
|turn it into {y}|like {y}|{y} look|a {c} {y}|a {n}, {y}|{n} as {y}
""")
_KNOBS = word_list("""
brightness|contrast|saturation|exposure|sharpness|noise|grain|gamma|highlights|shadows|vibrance|hue
|temperature|white balance|clarity|haze|vignette|blacks|whites|color balance|depth of field|focus
|blur|resolution|quality|colors|tint|glare|reflections|red eyes|dust|scratches|wrinkles|skin
|lens flare
|lighting|light|ambient light|mood|glow|bloom|intensity|softness|light intensity|light color
""")
_FORMS = word_list("""
a painting|a cartoon|a drawing|a sketch|a comic|a watercolor|an old photo|a polaroid|a poster
|a postcard|a woodcut|a mosaic|a collage|a sticker|a stamp|pop art|cubism|a renaissance painting
|an impressionist painting|a Picasso|a Warhol|a Vermeer|a Hopper|a Monet|a Turner|a Hockney|a Dali
|black and white|sepia|grayscale|pencil|ink|charcoal|oil|gouache|pastel|clay|lego|origami|pixel art
|a movie still|a still from a western|a fairy tale|science fiction|cyberpunk|steampunk|gothic
|baroque
|art deco|vaporwave|film noir|a dream|a nightmare|a children's book|a catalog photo|a selfie
""")
_DOES = word_list("""
wears a hat|is smiling|looks sad|is sleeping|is mine|is too big|is broken|holds a {m}|eats a {m}
|waits for the bus|plays the {m}|is my brother|is taller|likes tea|reads a book|needs more space
|runs away|has a beard|is out of focus|should go|is ugly|costs ten euros|fell over|sings a song
|looks at me|is cracked|is empty|is full of {m}s|belongs to her|is called Tom|drinks coffee|dances
|carries a {m}|is very old|is a fake|is gone|has no name|got lost|is closed|is open|smells nice
|is made of wood|was painted yesterday|is cut off|is upside down|stands on a {m}|lies on a {m}
|leans on the {m}|is hidden|is in the way|is a present|was stolen|jumps over the {m}|walks by
""")
_WHO = word_list("""
man|woman|boy|girl|guy|lady|child|person|dog|cat|bird|tree|house|car|chair|building|mountain|friend
|dancer|player|door|table|flower|bottle|horse|kid|someone|somebody|sign|wall|bag|cup|one|figure
|people|group|crowd|boat|fence|tower|statue|picture|shelf|box|bench|plant|soldier|nurse|old man
""")
_STAND = word_list("""
on the {s}|on the {s} side|to the {s}|at the {s}|at the {s} edge|in the {s} corner|in the back
|in the front|in front|at the back|in the background|in the foreground|in the middle|at the top
|at the bottom|behind her|behind him|behind the {m}|in front of the {m}|under the {m}|above the {m}
|over the {m}|below the {m}|beside the {m}|next to the {m}|on top of the {m}|beneath the {m}
|left of the {m}|right of the {m}|to the left of the {m}|on the far {s}|upstairs|downstairs|outside
|in the {s} half|on the {s} hand side|in the top {s}|in the bottom {s}|near the {m}|on her {s}
""")
_RELATIONS = word_list("""
in front of|behind|under|above|below|on top of|beneath|left of|to the left of|to the right of|over
|near
|on the left of|on the right of|at the top of|at the bottom of|at the back of|underneath|opposite
""")
_THEY = word_list("she|he|it|they|we|i|the {n}|the man|the woman|the child|everybody|the bird")
_MOVES = word_list("""
looks up|looks down|looks left|looks to the right|looks back|turns left|turns right|turns around
|goes up|goes down|walks to the left|runs to the right|points up|points down|points to the left
|leans left|leans back|falls down|stands up|jumps over|sits in front|stays behind|left|was right
|went north|came from the west|drives to the right|flies upward|moves forward|steps back|bends down
|raises the left arm|lifts the right hand|comes from behind|came from the left|enters from the right
""")
_PARTS = word_list("""
hand|arm|leg|foot|eye|ear|shoe|boot|glove|sleeve|wing|wheel|tire|pocket|sock|knee|paw|claw|horn
|shoulder|cheek|finger|lens|headphone|earring|door|drawer|mirror|lane|bank|page|button|handle
""")
_SCENES = word_list("""
the {w} {r} {d}|a {w} {r} {d}|the {w} {r}|a {w} {r}|a {w} {r}|{w} {r}|there is a {w} {r}
|{r} there is a {w}
|a {q} {w} {r}|{n} {r}|a {n} {r}|the {n} {d}|the {w} who {d}|the {w} that {d}|the {s} {w} {d}
|the {s} {p} {d}|a {s} {p}|her {s} {p}|his {s} {p} {d}|my {s} {p}|the {n}'s {s} {p}
|a {n} with its {s} {p} up|the {w} turns {s}|a {w} looking {s}|a {w} facing {s}|a {w} walking {r}
|put a {m} on the {w} {r}|give the {w} {r} a {m}|remove the {w} {r}|make the {w} {r} {q}|{e} a {m}
|a {n} {e} a {q} {m}|{e} the {m}|{t} {v}|{t} {d}|a {w} and a {w} {r}|the {w} stands {e} the {m}
|a picture of a {w} {r}|swap the {w} {r} with a {m}|is the {w} {r} a {n}|the {s} one of the {w}s {d}
|a {w} in a {q} coat {r}|two {w}s, the {s} one {d}|the {s}most {w}|a {w} moving to the {s}
""")
_LIT_THINGS = word_list("""
a {m} with a {l}|a {m} holding a {l}|a {l} and a {m}|a {q} {l}|a {l} on a {m}|a {q} {l} on a {m}
|my new {l}|an old {l}|buy a {l}|a {l} shop|a broken {l}|the {l} is broken|two {l}s
|a {l} made of glass
|a {l} in a museum|draw a {l}|a picture of a {l}|photo of a {q} {l}|a {l} from IKEA
|a {l} with a {q} shade
|turn off the {l}|switch off the {l}|turn off every {l}|remove the {l}|a {m} carrying a {l}
|the {l} that i bought|a {l} in the kitchen|a {l} for my {m}|a {q} {l}, {y}|{q} {l}|{q}, {q2} {l}
|{q} {q2} {l}|a {q} and {q2} {l}|{q} {q2} light|{q}, {q2} light|{q} and {q2} light|{q} {q2} lighting
|nice {q} light|very {q} light|some {q} light|more {q} light|{q} light please|with {q} light
|{q} light, {q2} mood|{q} light everywhere|{q} {q2} atmosphere|make the light {q}
|make the light more {q}
|make the lighting {q} and {q2}|the light should be {q}|the light should look {q}|{q} lit|{q}ly lit
|i want {q} light|give it a {q} light|in a {q} light|a {q} {q2} glow|a {q} glow|{q} sunlight
|{q} shadows|with {q} shadows|less {q} light|the light is too {q}|light it in a {q} way|light it {q}
|light the {m} in a {q} way|{q} light on the {m}|a {m} in {q} {q2} light|a {m} under {q} light
|{q} illumination|{q} ambient light|a {q} ambience|{q} tones|{q} vibes|{q} and {q2} vibes
|so {q} and {q2}
|a {q} evening|a {q} morning|a {q} night|a {q} afternoon|on a {q} day|{q} weather|a {q} room
|light the {m}|light up the {m}|illuminate the {m}|make the {m} glow|make the {m} shine
|a glowing {m}
|a shining {m}|a {m} that glows in the dark|relight the {m}|relight the {m} nicely|brighten the {m}
|the {m} in the sun|a {m} in the sunshine|a {m} by candlelight|a {m} at sunset|a {m} at noon
|a {m} at night under the stars|the {m} at dawn|a sunlit {m}|a moonlit {m}|a {m} in the shade
|a {m} in the dark|a dark {m}|a bright {m}|a {m} in bright daylight|a shadowy {m}
|a {m} with a shadow
""")


_BLANKS = {
    "{n}": UNLIT_OBJECTS, "{m}": UNLIT_OBJECTS, "{c}": QUALITIES, "{q}": QUALITIES,
    "{q2}": QUALITIES, "{k}": _KNOBS, "{y}": _FORMS, "{l}": LIGHTS, "{s}": ("left", "right"),
    "{p}": _PARTS, "{e}": _RELATIONS, "{w}": _WHO,
}  # fmt: skip


def everyday(rng: random.Random) -> str:
    """A prompt with words of direction or of light that names no direction of light."""
    draw = rng.random()
    if draw < 0.24:
        words = rng.choice(_IDIOMS)
    elif draw < 0.44:
        words = rng.choice(_EDITS)
    elif draw < 0.64:
        words = rng.choice(_SCENES)
    else:
        words = rng.choice(_LIT_THINGS)
    return _filled(words, rng)


def _filled(words: str, rng: random.Random) -> str:
    for blank, many in (("{r}", _STAND), ("{d}", _DOES), ("{t}", _THEY), ("{v}", _MOVES)):
        words = words.replace(blank, rng.choice(many))
    if "{a}" in words:
        words = words.replace("{a}", place("at", rng).words)
    words = words.replace("{Y}", str(rng.randint(1600, 2060)))
    for blank, many in _BLANKS.items():
        while blank in words:
            words = words.replace(blank, rng.choice(many), 1)
    return f"{words}, {rng.choice(STYLES)}" if rng.random() < 0.1 else words

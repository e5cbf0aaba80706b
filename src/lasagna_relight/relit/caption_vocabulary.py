"""Words that surround a light's direction: objects, qualities, requests, words that mislead."""

from __future__ import annotations


def word_list(text: str) -> tuple[str, ...]:
    """The entries of ``text`` between its bars, line breaks read as blanks."""
    return tuple(words for part in text.split("|") if (words := " ".join(part.split())))


OBJECTS = word_list("""
apple|orange|pear|banana|lemon|peach|plum|pumpkin|tomato|potato|carrot|mushroom|pepper|onion|egg
|loaf of bread|cup|coffee cup|mug|teapot|kettle|bowl|plate|vase|bottle|jar|wine glass|jug|pan
|spoon|fork|knife|toaster|blender|chair|armchair|sofa|couch|table|desk|stool|bench|bed|cupboard
|bookshelf|wardrobe|drawer|dresser|mirror|clock|lamp|candle|lantern|chandelier|torch|headlight
|light bulb|lighthouse|street lamp|flashlight|window|stained glass|cat|dog|horse|cow|sheep|pig
|goat|rabbit|mouse|fox|wolf|bear|lion|tiger|elephant|giraffe|zebra|monkey|gorilla|bird|owl|eagle
|parrot|duck|chicken|swan|penguin|fish|shark|whale|dolphin|turtle|frog|snake|lizard|dragon
|dinosaur|butterfly|bee|beetle|spider|snail|crab|lobster|octopus|jellyfish|coral|seashell|starfish
|man|woman|boy|girl|child|baby|old man|old woman|bride|soldier|king|queen|knight|monk|dancer
|singer|astronaut|robot|face|portrait|head|hand|bust|statue|sculpture|figurine|doll|puppet
|teddy bear|toy car|toy soldier|action figure|car|truck|bus|train|motorcycle|bicycle|boat
|sailing ship|airplane|helicopter|rocket|tractor|scooter|tank|spaceship|house|castle|tower|church
|temple|bridge|barn|hut|tent|windmill|pyramid|skyscraper|ruin|fountain|well|gate|tree|palm tree
|oak|pine|bush|flower|rose|tulip|sunflower|cactus|leaf|grass|fern|bonsai|orchid|daisy|mountain
|rock|stone|cave|river|waterfall|lake|beach|island|cloud|volcano|crater|glacier|canyon|forest
|guitar|violin|piano|drum|trumpet|flute|saxophone|harp|cello|accordion|microphone|headphones
|speaker|radio|phone|laptop|computer|keyboard|camera|television|printer|game controller|watch
|calculator|remote control|shoe|boot|sneaker|sandal|hat|helmet|crown|mask|glove|coat|dress|shirt
|scarf|bag|backpack|suitcase|umbrella|ring|book|pen|pencil|paintbrush|scissors|hammer|wrench|saw
|drill|screwdriver|axe|sword|shield|bow|gun|cannon|anchor|ball|basketball|football|tennis racket
|chess piece|dice|kite|balloon|skateboard|surfboard|trophy|medal|coin|key|skull|skeleton|bone
|fossil|crystal|diamond|gold bar|treasure chest|barrel|box|crate|basket|bucket|rope|chain|cake
|pizza|burger|sandwich|donut|ice cream|sushi|cheese|steak|salad|cookie|chocolate|sausage|pancakes
|noodles|marble bust|bronze horse|clay pot|porcelain cup|wooden chair|leather boot|glass bottle
|plush toy|stone head|Greek temple|old camera|red apple|green bottle|blue vase|rusty anchor
|golden crown|vintage car|white rabbit
""")

_SOURCES_OF_LIGHT = frozenset(
    word_list(
        "lamp|candle|lantern|chandelier|torch|headlight|lighthouse|flashlight|window"
        "|mirror|television|sun|light|moon|fire|bulb|laptop|computer|phone|volcano|crater|cloud"
    )
)
UNLIT_OBJECTS = tuple(o for o in OBJECTS if not _SOURCES_OF_LIGHT & set(o.split()))
"""The objects that do not shine themselves."""

QUALITIES = word_list("""
honey-colored|buttery|peachy|rosy|salmon|lemon|minty|emerald|ruby|sapphire|bronze|copper|rust-red
|sepia|pearly|chalky|ashen|murky|foggy|misty|hazy|dusty|watery|liquid|crystal|glassy|frosty|wintry
|autumnal|tropical|arctic|stormy|overcast|gray-blue|off-white|almost white|deep red|dark blue
|pale green|light yellow|bright pink|hot pink|neon green|electric blue|ghostly|spooky|creepy
|sinister
|menacing|dreamy|heavenly|divine|holy|ethereal|angelic|hellish|infernal|nostalgic|sad|happy|joyful
|melancholic|tense|sexy|flattering|unflattering|clinical|sterile|industrial|homely|festive|intimate
|lonely|weird|strange|surreal|fantastic|epic|heroic|gritty|grim|bleak|austere|luxurious|fancy|cheap
|expensive|professional|amateurish|realistic|cinematic|photographic|painterly|glossy|matte|sparkly
|glittering|shimmering|glimmering|twinkling|pulsing|blinking|steady|constant|fading|dying|tired|lazy
|fierce|brutal|piercing|razor-sharp|crisp white|searing|scorching|burning|glaring|dazzling|brilliant
|luminous|vibrant|saturated|muted|washed-out|bland|flat|boring|even|uneven|patchy|spotty|streaky
|filtered|bounced|reflected|feathered|diffused white|ambient|incandescent|halogen|sodium|mercury|LED
|gas|oil|disco|club|party|christmas|halloween|springtime|midsummer|twilight|dusky|nightly|nocturnal
|lunar|solar|stellar|cosmic|alien|radioactive|underwater|forest|desert|urban|kitchen|office|stage
|cozy|friendly|pretty|lovely|smooth|creamy|dull|gloomy|cheerful|calm|wild|elegant|exotic|fresh|gray
|lively|noble|odd|peaceful|plain|playful|pure|quiet|radiant|serene|sharp|shiny|silky|smoky|somber
|sparkling|stark|sunny|tender|velvety|vivid|violet|turquoise|crimson|scarlet|ivory|lavender|icy
|reddish|greenish|yellowish|milky|blinding|thin|thick|narrow|warm|cold|cool|soft|hard|harsh|gentle
|bright|dim|strong|weak|faint|intense|subtle|dramatic|moody|golden|orange|yellow|blue|red|green
|purple|pink|teal|magenta|white|silver|amber|neon|natural|artificial|diffuse|diffused|direct
|directional|raking|grazing|slanted|oblique|focused|narrow|wide|broad|single|studio|cinematic
|theatrical|eerie|romantic|magical|mysterious|dappled|volumetric|fiery|flickering|pale|rich
|glowing|beautiful|nice|crisp|clean|deep|late|early|evening|morning|afternoon|autumn|winter|summer
|tungsten|fluorescent|candle|moon|sun|day|sky|fire|lamp|very bright|slightly warm|cold blue
|warm orange|soft white|bright yellow|strong hard|cool daylight|5600K|3200 K
""")

LIGHTS = word_list("""
light|lamp|light source|spotlight|spot|softbox|strobe|flash|LED panel|lantern|bulb|candle|torch
|flashlight|window|sun|sunlight|beam|key light|main light|studio light|desk lamp|floodlight
|neon sign|fire|fireplace|projector|ring light|table lamp|beam of light|reflector|bright lamp|glow
|flame|stage light|lamp post|open door|single bulb
""")

REQUESTS = word_list("""
light it|relight it|please light it|light the object|illuminate it|shine a light|put a light
|make the light come|i want the light|can you light this|relight this photo so the light comes
|the light should come|add light|change the lighting so it comes|move the light so that it shines
|i'd like it lit|give me light|let light fall in|please relight the picture with light
|could the light come|set the lighting so it falls|have the light shine|make it look lit
|light this|lit it|cast light|throw light on it|hit it with light|turn the light so it comes
|render it lit|show it illuminated|i need illumination|let there be light|let the sun shine
|aim a lamp at it
""")

STYLES = word_list("""
in the style of Van Gogh|oil painting|watercolor|photorealistic|cinematic|35mm|bokeh|high detail
|8k|studio photo|film noir|vintage|pencil sketch|anime|low poly|pixel art|black and white
|golden hour|at night|on a white background|shallow depth of field|product shot|in the fog|macro
|wide angle|85 mm lens, f/1.8|award winning|trending on artstation|in the manner of Caravaggio
|warm tones|pastel colors|high contrast|hdr|minimalist|soft focus|grainy film|unreal engine
|in a dark room|outdoors|indoors|in the desert|on a wooden table|at the beach|in the kitchen
|in the studio|on the street|late in the afternoon|at dusk|at dawn|in winter|with deep shadows
|with soft shadows|very moody|please|thanks|if you can|dark background|white background
|black backdrop|close-up
|on a plain background|for my website|as a profile picture|for a poster|in an empty room|in a church
|in the woods|in the rain|in the snow|underwater|isolated on white|ultra realistic|4k|uhd
|masterpiece
|best quality|sharp focus|digital art|concept art|3d render|octane render|comic style|line art
|renaissance style|impressionist|retro|polaroid|fashion photo|food photography|portrait|still life
|landscape|at midnight|in spring|in autumn|in summer|all else dark|nothing else changed|real photo
""")

# Objects and remarks with direction words that say nothing about the light.
MISLEADING = word_list("""
a left-handed guitar|a right shoe|a left glove|a right-handed glove|the left hand of a clock
|a left boot|a right-hand drive car|a top hat|a tank top|a mountain top|a bottom drawer
|bell-bottom jeans|a backpack|a back door|a front door|a front wheel|the back of a chair
|a back scratcher|an overhead projector|an underground train|an upright piano
|a man with his right hand raised|a woman looking left|a dog looking to the right
|a car driving to the left|a bird flying upward|a cat on the left of a sofa
|a cup at the bottom of the stairs|a robot with a broken left arm|a person turning right
|a ship sailing from right to left|a face turned to the left|a horse facing right|a leftover pizza
|a copyright sign|a laptop|an upside-down bottle|a bright yellow top|a low table|a high chair
|a high tower|a sidecar|a side table|a bedside table|a northern lake|a south american llama
|a western cowboy hat|an eastern temple|a bottom-heavy vase|a rear wheel|a rear-view mirror
|the right wing of an airplane|a left turn sign|a headlight|a lamp|a candle|a lighthouse
|a light bulb|a traffic light|a lightweight tent|a flashlight|a lantern|a window|a street lamp
|a desk lamp|a chandelier|a campfire|a sunflower|a sundial|a moon rover|a spotlight|a neon sign
|a lightsaber|a match|a fireplace|a torch|a lampshade|a night light|a solar panel
|a front-loading washer|a left shoe|a right boot|two cups, the left one red
|a vase with flowers at the top|the top half of a statue|a clock showing 2 o'clock
|a compass pointing north|a figure seen from behind|a statue seen from below
|a portrait seen from the left|a car photographed from the front|a building viewed from above
|a cat shot from a low angle|a bird's eye view of a cup|a side view of a shoe
|a back view of a chair|a three-quarter view of a bust|a man leaning to the left
|a knight with a shield in his left hand|a mug with the handle on the right
|a lamp with a green shade on top|a crowd on the right|a dog under a table|a hat on top of a box
|a cat behind a curtain|a tree in front of a house|a man standing in front of a wall
|a boat at the bottom of the lake|a bird above the clouds|a man on the moon
""")

IN_ANOTHERS_FRAME = word_list("""
on her left cheek|on his right cheek|on her right side of the face|on the left side of his face
|from her left|from his right|on its left flank|on his left shoulder|from the subject's left
|from the model's right|from the sitter's left side|on the statue's right arm|on her left side
|on his left side|on the right half of her face|from his left side|onto her right shoulder
|on the man's left side|from the woman's right|on the cat's left side|from the person's right side
""")
"""Left and right of somebody in the picture, who may face either way; the picture's are meant."""

SUBJECTS = word_list("""
the subject|the figure|the person|the scene|the man|the woman|her|him|them|the model|the face
|the product|the statue|the animal|the toy|the thing|the car|the house|the dog|the cat|the child
|the portrait|this one|the main object|my friend
""")
"""What stands in for "it" when a light is put somewhere about the object."""

"""What photographers, painters, clocks, compasses and everyday lamps say about a direction.

Tables map words to (azimuth, elevation) in degrees. ``{s}`` stands for left or right as in
``caption_places``; ``{o}`` is the other side. A term whose side is not said gets the painters'
habit, light from the upper left.
"""

from __future__ import annotations

from lasagna_relight.relit.caption_places import CORNER_EL, Angles
from lasagna_relight.relit.caption_vocabulary import word_list

TERMS: dict[Angles, str] = {
    (-45, 40): "Rembrandt lighting|Rembrandt light|a Rembrandt triangle on the cheek"
    "|lit like a Rembrandt"
    "|loop lighting|light as the old masters painted it|classic portrait lighting at 45 degrees"
    "|Rembrandt style light|a Rembrandt setup|loop light|window light as in a Vermeer"
    "|Vermeer light",
    (45, 40): "Rembrandt lighting from the {s}|Rembrandt light, {s} side|{s} Rembrandt lighting"
    "|loop lighting from the {s}|loop lighting, key on the {s}|Rembrandt, key light camera {s}"
    "|key light at 45 degrees on the {s}|Rembrandt setup with the key on the {s}|Rembrandt from {s}"
    "|three-quarter light from the {s}|45 degree key from camera {s}|Rembrandt lighting, light {s}",
    (-85, 0): "split lighting|split light|hard side light|side light|side lighting|sidelit|side-lit"
    "|half of the face lit, half dark|lateral light|cross light from the side|profile side light"
    "|lit from the side|light from the side|raking side light|split lit|edge-on side lighting",
    (85, 0): "split lighting from the {s}|split lighting, {s}|hard side light from the {s}"
    "|{s} split lighting|side light from the {s}|sidelight on the {s}|{s} sidelight"
    "|raking light from the {s}|hard {s} side light|hard sidelight {s}|raking {s} light"
    "|{s} raking light|side light on the {s}|grazing light from the {s}|grazing {s} light"
    "|half lit from the {s}|sidelit from the {s}|side-lit from the {s}|side-lit on the {s}"
    "|lit from its {s} side only|split light with the key on the {s}|lateral light from the {s}"
    "|side lighting, {s}|profile light {s}",
    (50, 12): "short lighting from the {s}|broad lighting from the {s}|short light, key {s}"
    "|broad light with the key on the {s}|key light camera {s}|key on the {s}|the key is {s}"
    "|key camera-{s}|key light {s} of camera|main light {s}|a softbox camera {s}|strobe camera {s}"
    "|a big octabox camera {s}|beauty dish on the {s}|{s} key light|umbrella on the {s}",
    (0, 42): "butterfly lighting|paramount lighting|butterfly light|paramount light"
    "|glamour lighting"
    "|Hollywood glamour light|a beauty dish above the camera|Dietrich lighting|beauty lighting"
    "|a butterfly shadow under the nose|butterfly setup|softbox on a boom above the lens",
    (0, 12): "clamshell lighting|clamshell light|ring light|a ring flash"
    "|ring light around the lens|clamshell setup|ringlight|ring flash portrait|beauty ring light"
    "|ringflash|a ring light selfie|influencer ring light|lit by a ring light"
    "|a ring-shaped light around the camera|halo ring light|macro ring flash"
    "|circular light around the lens|a vlogger's ring light|a clamshell with two softboxes",
    (0, 0): "on-camera flash|direct flash|flat lighting|flat light|pop-up flash|front lighting"
    "|front lit|frontlit|passport photo light|on-axis light|headlamp worn by the photographer"
    "|built-in flash|paparazzi flash|flash from the camera|phone flash"
    "|lit by the car's headlights as we drive up|flat frontal lighting|shadowless frontal light"
    "|light behind the photographer|frontlight|full frontal light|camera flash"
    "|speedlight on the camera|hot shoe flash|bare flash on the camera|harsh direct flash"
    "|flash in the face|a flash straight at it|point-and-shoot flash|disposable camera flash"
    "|ID photo lighting|passport lighting|police photo light"
    "|light from the photographer's position|flat copy light|scanner light"
    "|headlight beams hitting it|in the headlights of an oncoming car|flash photo"
    "|party snapshot with flash|mugshot lighting|snapshot flash|deer in the headlights",
    (180, 45): "contre-jour|contrejour|against the light|backlit|backlight|back-lit"
    "|back lighting|backlight it|back light it|lit from its back|light at its back"
    "|with the light at its back|against the sun|against the sunlight|against bright light"
    "|into the light|a bright halo|halo|halo effect|rim glow|a glowing rim|a shining rim"
    "|bright edges, dark center|dark front, bright rim|just a silhouette|seen as a silhouette"
    "|dark silhouette|silhouette lighting|black silhouette|silhouetted|aura around it"
    "|a corona of light around it|luminous outline|bright outline|shining through from behind"
    "|light shining through it|translucent glow|sun flare from behind|lens flare, sun behind"
    "|edges aglow|lit edges|an edge of light all around|total eclipse look|rim light"
    "|rim lighting|silhouette against the light|a silhouette|halo of light around it"
    "|glowing outline|only its edges glow|edge light|hair glowing from behind|shot into the sun"
    "|shooting into the light|a rim of light around the edges|outlined by light"
    "|silhouetted against the sunset|a glowing contour|translucent from light behind|haloed"
    "|counterlight|a lit contour|rim lit|edge lit|shot against the sun|the wall behind it glows"
    "|a glowing background|the background glows|a luminous backdrop"
    "|a bright background behind a dark subject|backlighting|only the outline is lit"
    "|an eclipse behind it|sun right behind it|the subject blocks the sun|silhouette at sunset"
    "|silhouetted by a window",
    (180, 55): "hair light|a hairlight|hairlight|light on its hair|a glow on top of the hair"
    "|head rim|light grazing the hair|a boom behind with a hair light|a separation light"
    "|shoulder rim light|top back light|light on the hair from behind|hair light only"
    "|rim light on the top edge|rim light along the top|a rim on its head and shoulders"
    "|top rim light|only the upper edge glows|an outline on the upper edge|backlight from above"
    "|backlit from above|separation light from above and behind|rim light from the top"
    "|hair light from the boom behind",
    (125, 0): "kicker on the {s}|a kicker from the {s}|{s} kicker|rim light on the {s} edge"
    "|rim light from the {s}|{s} rim light|rim light on the {s}|backlit from the {s}"
    "|{s} backlight|back light from the {s}|edge light on the {s}"
    "|a thin line of light along the {s} edge|glowing {s} contour|{s} edge rim lit"
    "|only the {s} edge glows|backlighting from the {s}|accent light from behind {s}"
    "|rim on the {s} side|contre-jour from the {s}|silhouette lit from the {s}|kicker camera {s}"
    "|backlit, sun on the {s}|its {s} outline glows|{s} side rim lighting|{s}-rim"
    "|a kicker behind the {s} shoulder|a kicker over the {s} shoulder|{s} rear kicker"
    "|{s} accent rim|a rim along the {s} side|a rim along its {s} edge|thin rim on its {s}"
    "|rim the {s} edge with light|a glowing edge on the {s}|bright {s} outline"
    "|only its {s} outline is lit|hot {s} edge|{s} hair light"
    "|light skimming the {s} edge from behind|edge lighting {s}|contre-jour, sun {s}"
    "|{s} contour glows|three-quarter backlight from the {s}|a bright {s} rim|rimlight {s}"
    "|{s} hand backlight",
    (0, -55): "underlighting|underlit|under lighting|up lighting|uplighting|uplight|footlights"
    "|stage footlights|under light|underlight|lit from under the chin|vampire lighting"
    "|Dracula light|Halloween face light|scary light from under the face|torch under the chin"
    "|up-light|up light|upward lighting|low uplight|like telling ghost stories by the campfire"
    "|Nosferatu light|villain light from below|floor light|spooky uplight"
    "|stage light from the floor|footlight|a footlight|light through the floor|horror lighting"
    "|monster lighting|a flashlight under the chin|campfire story light|ghoulish light"
    "|lit like a ghost story|uplit|Frankenstein lighting|horror movie underlight"
    "|spooky light from below|ghost story flashlight|inverted lighting|glowing floor"
    "|bottom lighting|bottom lit|bottom light|light table underneath|the floor glows"
    "|the floor beneath it glows|the ground is glowing|standing on a glowing floor"
    "|it stands on something that glows|on a shining table top|the table shines up at it"
    "|glass floor lit from underneath|low key footlights|torch under the face",
    (0, 55): "top lighting|toplight|top light|toplit|overhead lighting|downlight|a downlighter"
    "|skylight|down light|down lighting|downward lighting|shower of light"
    "|light like in a church from above|a beam from heaven|a ray from heaven|light of God"
    "|divine light from above|spotlight from above|a spot straight above"
    "|a cone of light from above|dark eye sockets under a top light|billiard light"
    "|over the table light|noon-like top light|interrogation light|interrogation room lighting"
    "|abduction beam from above|stage light from above|top spot|ceiling light only|roof light"
    "|zenith light|midday light|lit by a skylight|overhead lamp|god rays from above"
    "|Godfather lighting|pool table light|high sun|overcast sky overhead"
    "|interrogation lamp over the table|operating room light|top-lit|the ceiling glows"
    "|a glowing ceiling|the whole ceiling is a lamp|the sky above shines down|heavenly light"
    "|light shaft from the sky|overhead softbox|raccoon eyes from overhead light|crown lit",
    (0, 72): "noon sun|the sun at noon|midday sun|sun at its zenith|light at high noon"
    "|the sun overhead"
    "|sun straight up|twelve noon, blazing sun|the tropical noon sun|sun at midday"
    "|the sun in the zenith",
    (180, 14): "the sun setting behind it|sunset behind|in front of the setting sun"
    "|sunrise behind it"
    "|the rising sun at its back|dawn breaking behind it|a sunset in the background"
    "|low sun behind it"
    "|the moon rising behind it|standing in front of a bright window|a window behind it"
    "|backlit by a window"
    "|a fire burning behind it|car headlights behind it|a bright screen behind it"
    "|shot toward the sunset",
    (60, 10): "sun low on the {s}|low sun from the {s}|the setting sun on the {s}|sunset on the {s}"
    "|sunrise from the {s}|the sun sinking on the {s}|late sun from the {s}|evening sun on the {s}"
    "|morning sun on the {s}|golden hour light from the {s}|golden hour sun on the {s}|low {s} sun"
    "|the sun going down to the {s}|sun rising at the {s}|dusk glow on the {s}"
    "|sun just above the horizon on the {s}",
    (45, 38): "moon high up on the {s}|the moon high on the {s}|the sun high on the {s}"
    "|the moon up {s}"
    "|afternoon sun, upper {s}|ceiling lamp on the {s}|streetlight above on the {s}"
    "|a skylight on the {s}"
    "|chandelier hanging to the {s}|overhead lamp on the {s}|stadium lights high on the {s}"
    "|street lamp on the {s}|a high window on the {s}|lamp post on the {s}|ceiling spot on the {s}"
    "|attic window on the {s}|the sun in the upper {s}|clerestory window {s}"
    "|pendant lamp to the {s}",
    (58, 8): "window on the {s}|a window to the {s}|light through a window on the {s}|{s} window"
    "|a door opened on the {s}|light from an open door on the {s}"
    "|the fridge door opened on the {s}|fridge opened to the {s}|table lamp on the {s}"
    "|a lamp to the {s}|neon sign on the {s}|TV on the {s}|a lighthouse off to the {s}"
    "|bedside lamp on the {s}|shop window on the {s}|big window camera {s}"
    "|headlights approaching from the {s}|car headlights from the {s}"
    "|a welding torch off to the {s}|curtains opened on the {s}|a vending machine on the {s}"
    "|computer monitor on the {s}|{s} hand window light|fireplace on the {s}|a fire to the {s}"
    "|explosion on the {s}|lightning strikes on the {s}|torch on the {s}"
    "|slide projector on the {s}|the {s} wall glows|the wall on the {s} is glowing"
    "|a glowing wall on the {s}|the curtains are open on the {s}|an oven open on the {s}"
    "|someone holds a lantern on the {s}",
    (45, -35): "a candle on the floor to the {s}|candle at floor level on the {s}"
    "|campfire on the {s}"
    "|campfire to the {s}|a lantern on the ground to the {s}|lava glowing below on the {s}"
    "|embers at the lower {s}|a fire on the ground at the {s}|garden spot in the grass on the {s}"
    "|footlights on the {s}|uplight on the {s}|uplighter {s}|underlit from the {s}"
    "|torch lying on the floor, {s}"
    "|a phone lying on the floor to the {s}|pool lights at the lower {s}|bonfire, low {s}"
    "|floor spot on the {s}",
    (0, 56): "ceiling lamp|a ceiling light|street lamp above|streetlight above it"
    "|a lamp over the table"
    "|chandelier above|under a street lamp|under a lamp|under the ceiling light"
    "|beneath a chandelier"
    "|a bulb hanging from the ceiling|under a lantern|beneath a spotlight|a UFO hovering above it"
    "|standing under a streetlight|the moon right above|a drone light above it|a pendant lamp above"
    "|under the kitchen lamp|stadium floodlights overhead|range hood light over the stove"
    "|sun through the canopy above",
    (0, -56): "campfire below|a campfire at its feet|a fire underneath|standing over a fire"
    "|candle on the floor"
    "|candle below|glowing lava below|above a bed of embers|a lit swimming pool below"
    "|standing above a fire"
    "|a lantern at its feet|a lamp on the floor|leaning over a campfire|phone screen below the face"
    "|a glowing treasure chest opened below the face|a lamp on the ground|over glowing coals"
    "|underfloor lights"
    "|looking down into a glowing well|a tablet on the lap lighting the face|above a lava pit"
    "|floor lamp pointing up",
    (0, 4): "TV in front|in front of the TV|facing a television|facing the sunset"
    "|looking into the fire in front"
    "|facing the window|a window in front of it|sitting in front of a computer screen"
    "|facing a bonfire"
    "|flashlight held by the photographer|torch held by the photographer|a torch held by the viewer"
    "|my headlamp|the light of my phone as i film|car headlights shining at it from the front"
    "|facing the sun"
    "|sun behind the photographer|sun behind me|the sun is at my back|the sun at our backs"
    "|lit by my flashlight"
    "|a fire in front of it|staring into the headlights|a mirror facing it lit up"
    "|flashlight next to my camera"
    "|a candle in front of the face|window behind the camera|the window is behind me"
    "|looking at the sunrise",
}

SHADOWS: dict[Angles, str] = {
    # Where the light stands <- what the shadow does: {o} is the side away from the light.
    (60, 8): "its shadow stretches to the {o}|the shadow falls to the {o}|shadow on the {o}"
    "|shadows to the {o}"
    "|long shadows to the {o}|casting a shadow to the {o}|shadow cast {o}ward|its shadow points {o}"
    "|the {o} side is in shadow|{o} half dark|with the {o} side in the dark|{o} side shadowed"
    "|the shadow lies on the {o}|throwing its shadow {o}wards|the {o} half falls into darkness"
    "|a shadow on its {o} side|shadow side on the {o}|bright {s} half, dark {o} half"
    "|highlights on the {s}"
    "|the {s} side is bright|the {s} side is lit|the {s} half glows"
    "|bright on the {s}, dark on the {o}"
    "|fading into shadow on the {o}|let the shadow run to the {o}|shadow going {o}"
    "|shading on the {o} side"
    "|highlight on the {s} side|{s} side lit and {o} side dark|sun hits the {s} side"
    "|darkness on the {o}"
    "|let the {s} flank shine|make the {s} side brighter than the {o}|long shadow reaching {o}"
    "|the shadow extends toward the {o} edge|lit {s} side|shine on the {s} side|the {o} is unlit"
    "|shadows fall from {s} to {o}|drop shadow to the {o}|a shadow that leans {o}"
    "|cast shadow on the {o} wall",
    (45, CORNER_EL): "shadow to the lower {o}|shadow falls down and to the {o}"
    "|drop shadow at the bottom {o}"
    "|the shadow lies at the lower {o}|the lower {o} is in shadow"
    "|shadow towards the bottom {o} corner"
    "|dark lower {o} side|highlight at the top {s}|bright upper {s} edge, dark lower {o}"
    "|the upper {s} is bright|shading at the bottom {o}|its shadow points to the bottom {o}",
    (45, -CORNER_EL): "shadow to the upper {o}|shadow thrown up and to the {o}"
    "|the upper {o} is in shadow"
    "|the shadow rises to the top {o}|highlight at the bottom {s}|the lower {s} is bright"
    "|its shadow climbs the wall to the upper {o}|shading at the top {o}",
    (0, 58): "shadow directly below it|the shadow pools beneath it|the shadow falls straight down"
    "|short shadow right under it|its shadow is underneath|the underside is in shadow"
    "|shadows fall downward"
    "|shadow below|the top is bright and the bottom dark|highlights on top|the lower half is dark"
    "|dark eye sockets from shadows falling down|bright top|the shadow under it"
    "|shadow under the chin and nose"
    "|a small shadow at its feet|the bottom half in shadow|the upper half is lit"
    "|only the top is lit",
    (0, -58): "shadow above it|shadows thrown upward|its shadow rises on the wall above"
    "|the top is in shadow"
    "|the shadow climbs up the ceiling|shadows fall upward|the upper half is dark"
    "|bright bottom, dark top"
    "|its shadow is cast up onto the ceiling|the underside is bright|the lower half is lit"
    "|shadow above",
    (0, 5): "shadow falls behind it|its shadow is hidden behind it|the shadow goes away from us"
    "|shadow behind"
    "|the shadow falls on the wall behind it|shadow straight back|no visible shadows, flat flash"
    "|the shadow lies behind the object|cast shadow backwards, away from the viewer"
    "|shadow on the backdrop behind"
    "|the side facing us is fully bright|the front is bright|its shadow recedes from the camera"
    "|the front side is lit",
    (180, 42): "shadow towards the viewer|its shadow falls toward us|the shadow comes at the camera"
    "|long shadow toward the camera|shadow in front of it|the shadow stretches to the front"
    "|the side facing us is in shadow|the shadow points at the viewer|casting its shadow forward"
    "|the front is dark and the edges bright|shadow falls forward toward us"
    "|the front lies in shadow",
    (135, 20): "shadow toward the viewer and to the {o}|its shadow falls forward to the {o}"
    "|the shadow comes towards us on the {o}|shadow to the front {o}|shadow in front, {o}",
    (42, 12): "shadow falls behind it to the {o}|the shadow goes back and to the {o}"
    "|shadow behind on the {o}",
}

CLOCK_PHRASES = word_list("""
at {h} o'clock|from {h} o'clock|{h} o'clock|light at {h} o'clock|light from {h} o'clock
|{h} o clock|at {h} oclock|at the {h} o'clock position|clock position {h}
|from the {h} o'clock direction|where {h} is on a clock|the lamp stands at {h} o'clock
|key light at {h} o'clock|lit from {h} o'clock|sun at {h} o'clock
|light source at {h} on the clock face|illuminated from {h} o'clock|at {h}-o'clock
|lighting direction {h} o'clock|light coming from {h} o'clock|as if from {h} on the dial
|{h}:00 position|the light stands where the {h} is on a watch|where the {h} would be on a clock
|where a clock shows the {h}|if this were a clock, light at {h}|on a clock face the light is at {h}
|imagine a clock: light at {h}|light from where {h} is on a dial|clock direction {h}
|{h} o'clock light
|{h} o'clock lighting|a lamp at {h} o'clock|the lamp's at {h} o'clock|a spot at the {h} o'clock mark
|the {h} o'clock spot|put the light at {h} o'clock|shine from {h} o'clock|a beam from {h} o'clock
|the sun sits at {h} o'clock|at the {h} of a watch dial|like the {h} on a clock
|light your {h} o'clock
|at the clock's {h}|{h} o'clock on the frame|near {h} o'clock|about {h} o'clock|around {h} o'clock
|roughly {h} o'clock|come from {h} o'clock|{h} oclock light|{h} o'clock position
|direction: {h} o'clock
|light by the {h} of the clock|hour hand at {h}, light there|the light shall be at {h} o'clock
""")

HOURS = (
    "twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven",
)  # fmt: skip

COMPASS = (
    "north", "north-northeast", "north-east|northeast|north east|NE", "east-northeast",
    "east", "east-southeast", "south-east|southeast|south east|SE", "south-southeast",
    "south", "south-southwest", "south-west|southwest|south west|SW", "west-southwest",
    "west", "west-northwest", "north-west|northwest|north west|NW", "north-northwest",
)  # fmt: skip

COMPASS_PHRASES = word_list("""
from the {c}|from due {c}|{c} light|light from the {c}|{c} lighting|lit from the {c}|sun in the {c}
|{c}ern light|light coming from {c}|the sun stands in the {c}|{c}erly light|lamp to the {c}
|illuminated from the {c}|from {c}|light source in the {c}|{c} side lit|from the {c}ern side
|with the light in the {c}|{c} sun|sun from the {c}|{c}ern sun|light enters from the {c}
|moon in the {c}|the lamp is {c} of it|a lamp {c} of the object|the light is to the {c}
|light out of the {c}|let the sun come in from the {c}|{c} facing light|light from a {c} window
|on a map, light from the {c}|if up is north, light from the {c}|a cold light from the {c}
|evening light from the {c}|rays from the {c}|the sun is {c}|sun due {c}|light at {c}|compass: {c}
|shine from the {c}|a beam from the {c}|the light's in the {c}|light blowing in from the {c}
|{c} edge lit
""")

DATASET_PHRASES = word_list("""
{k} lighting|light direction {k}|direction id {k}|light id {k}|lighting {k}|light {k}
""")

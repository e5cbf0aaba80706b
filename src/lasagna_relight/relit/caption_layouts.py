"""Places that one has to know: corners of a screen, a page, an envelope, a keyboard, a map.

"From where the scroll bar is" means the right. None of these has a mirror image.
"""

from __future__ import annotations

import random

from lasagna_relight.relit.caption_places import Angles, Place
from lasagna_relight.relit.caption_vocabulary import word_list

_THINGS: dict[Angles, str] = {
    (58, 0): "the scroll bar|the scrollbar of a window|a line of English text|a line of text ends"
    "|the enter key|the return key on a keyboard|the number pad of a keyboard|east on a map"
    "|the east on a map|the page edge that one turns|the end of every line|the arrow for next page"
    "|a line of Arabic begins|a Hebrew line begins|the last letter of a word|the full stop stands"
    "|the fast forward button points|the next button|Japan on a map of the world"
    "|the side where a sentence ends",
    (-58, 0): "a line of English text begins|a line of text starts|every line starts"
    "|reading a line starts|the margin with the punch holes|the spine of a closed book|the tab key"
    "|the caps lock key|west on a map|the west on a map|the first letter of a word"
    "|a sentence begins|you start reading a sentence|the back button|the hoist of a flag"
    "|the line numbers of an editor|the folder tree in a file manager|the side bar with the folders"
    "|the American west coast on a map|the side where a sentence starts|an Arabic line ends"
    "|the flagpole is when the flag blows to the right",
    (0, 57): "the title of a page|the headline of a newspaper|the address bar of a browser"
    "|the menu bar|the letterhead|the header of a page|the browser tabs|north on a map"
    "|the north pole on a globe|the title bar of a window|the notch of a phone|the chimney is"
    "|the sky in a landscape|the roof of a house|the function keys|the sun at noon|the lid of a pot"
    "|the crown sits|snow would land|rain would hit it first|a hat would sit|birds fly",
    (0, -57): "the page number|the page number usually is|the dock on a Mac|the taskbar"
    "|the footnotes|the subtitles of a film|the space bar|the home button of an old phone"
    "|south on a map|the south pole on a globe|the caption of a photo|the soles of its feet"
    "|the ground|the roots of a tree|the cellar of a house|a boat has its keel"
    "|the status bar of a window|the credits of a poster|rain never gets|the footer of a page",
    (45, 35): "the stamp on an envelope|the stamp corner of an envelope|the stamp is glued"
    "|the X to close a window|the X that closes a window on my PC|the close button in Windows"
    "|the battery of a phone is shown|the clock on a Mac|the corner where you turn the page"
    "|a page gets its dog-ear|the backspace key|the north-east corner of a map"
    "|the minimize and close buttons in Windows|the date on a letter|Norway on a map of Europe"
    "|the log-in button of most websites|the shopping cart on a web page|Maine on a map of the USA",
    (-45, 35): "one begins reading a page|you start reading a page|the first word of a page"
    "|the apple menu|the red close button of a Mac window|the escape key|the Esc key"
    "|the back arrow of a browser|the sender's address on an envelope"
    "|the stars on the American flag|cell A1 of a spreadsheet|the index of a playing card"
    "|the logo of most websites|the north-west corner of a map|the first panel of a comic page"
    "|the salutation of a letter|the first square of a crossword|Alaska on a map of America",
    (45, -35): "the clock on a Windows taskbar|the clock sits on a Windows 10 taskbar"
    "|the last word of a page|the signature of a painting|a painter signs|you sign a letter"
    "|the system tray in Windows|the resize handle of a window|the arrow keys of a keyboard"
    "|you finish reading a page|the chat bubble of a website|Florida on a map of the USA"
    "|the last panel of a comic page|the south-east corner of a map|the price on an advertisement"
    "|the page is finished|a television logo sits, low on the side of east",
    (-45, -35): "the Start button in Windows 98|the Start button of old Windows|the Ctrl key"
    "|the start menu of Windows 95|the south-west corner of a map|Portugal on a map of Europe"
    "|the origin of a diagram|the zero of a coordinate system|the axes of a chart cross"
    "|the x axis and the y axis meet|the control key|the square a1 of a chess board"
    "|Chile on a map of the Americas|the photo credit, low at the start of the line",
}  # fmt: skip
_WHERE = word_list("""
from where {x} is|where {x} is|from the corner where {x} is|out of the spot where {x} is
|light from where {x} is|light from {x}|the lamp is where {x} is|put the light where {x} is
|from the place of {x}|as if {x} were a lamp|the light comes from where {x} usually sits
|from where {x} usually sits|from the side of {x}|it should come from where {x} is
|lit from where you find {x}|let it shine from where {x} would be|where {x} would be|at {x}
|light it from the direction of {x}|from where you would look for {x}|like light coming out of {x}
|where {x} usually is, there is the light|think of {x}: light from there
|{x} marks the place of the lamp|where {x} is, that's where the light is|from {x}
""")
_WHERE_IT_HAPPENS = word_list("""
from where {x}|where {x}|from the corner where {x}|from the side where {x}|light from where {x}
|out of the corner where {x}|the lamp is where {x}|put the light where {x}|lit from where {x}
|light it from where {x}|the light comes from where {x}|where {x}, that's where the light is
|from the edge at which {x}|on the side where {x}|let it shine from where {x}
""")
_SPEAKING = (
    "begins", "starts", "ends", "start reading", "begin reading", "reading a page", "is glued",
    "is shown", "turn the page", "gets its", "finish", "signs", "sign a", "is finished", "sits",
    "stands", "points", "would", "never gets", "cross", "meet", "that one turns", "usually is",
    "birds fly", "has its", "chimney is", "flagpole is",
)  # fmt: skip


def in_a_layout(rng: random.Random) -> Place:
    """A place that must be known: "from the stamp corner of an envelope"."""
    angles, many = rng.choice(list(_THINGS.items()))
    thing = rng.choice(many.split("|"))
    speaks = any(words in thing for words in _SPEAKING)
    frame = rng.choice(_WHERE_IT_HAPPENS if speaks else _WHERE)
    words = frame.replace("{x} is", thing) if thing.endswith(" is") else frame
    return Place.at(words.replace("{x}", thing), angles)

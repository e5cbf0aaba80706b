"""What a study asks: its questions, its consent text, and the names of its files.

Apart from the planning, so that the server starts without PyTorch.
"""

from dataclasses import dataclass

PICTURES = "pictures"
CHECK = "check"
"""Stands for both methods where the answer is known."""

CONSENT = (
    "You will compare pictures and choose one of two, again and again. Your choices are stored "
    "together with a random number, the time of each choice and how long it took. No name, no "
    "address, no cookie of anyone else. You may stop at any time by closing the page. The choices "
    "may be published. You must be at least 18 years old."
)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question: the same for every rater, except for the side of each picture.

    Attributes:
        id: hash of its content.
        case: of the run.
        method_a: whose picture ``picture_a`` is; ``CHECK`` for questions with a known answer.
        method_b: of ``picture_b``.
        expected: "a" or "b" where the answer is known.
        question: what is asked.
        source: name of the source's picture below the study's ``pictures``.
        picture_a: name of a picture.
        picture_b: name of the other.
    """

    id: str
    case: str
    method_a: str
    method_b: str
    expected: str | None
    question: str
    source: str
    picture_a: str
    picture_b: str

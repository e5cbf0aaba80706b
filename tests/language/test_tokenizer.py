"""The tokenizer: signs, numbers, scripts and slips of the fingers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lasagna_relight.language.tokenizer import BUCKETS, MAX_TOKENS, split, tokenize


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_between_one_and_the_most_tokens(text: str):
    tokens = tokenize(text)
    assert 1 <= len(tokens) <= MAX_TOKENS
    assert all(0 <= row < BUCKETS for token in tokens for row in token.rows)
    assert all(len(token.rows) == len(token.weights) for token in tokens)


def test_an_empty_prompt_is_the_start_sign_alone():
    assert tokenize("") == tokenize("   ") == tokenize("a")[:1]


def test_case_accents_and_typographic_dashes_do_not_matter():
    assert split("Derrière, À GAUCHE \u2013 \u221290°") == split("derriere, a gauche - -90°")


def test_a_minus_belongs_to_its_number_but_a_hyphen_does_not():
    assert split("azimuth -90") == ["azimuth", "-90"]
    assert split("upper-left") == ["upper", "-", "left"]
    assert split("3-5") == ["3", "-", "5"]


def test_ideographs_are_words_of_their_own():
    assert split("左からの光") == ["左", "か", "ら", "の", "光"]


def test_the_number_of_a_word_is_zero_and_of_a_number_is_not():
    _, word, number, other = tokenize("azimuth 30 60")
    assert not any(word.number)
    assert any(number.number)
    assert number.number != other.number


def test_a_misspelt_word_shares_more_letter_groups_than_another_word():
    def rows(word: str) -> set[int]:
        return set(tokenize(word)[1].rows)

    assert len(rows("light") & rows("lihgt")) > len(rows("light") & rows("above"))


def test_a_long_prompt_keeps_its_beginning_and_its_end():
    tokens = tokenize("first " + "very " * 100 + "last")
    assert tokens[1] == tokenize("first")[1]
    assert tokens[-1] == tokenize("last")[1]

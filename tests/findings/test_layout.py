"""Lines of styled words: how they wrap, and what is left of them without style."""

import pytest

from corefile.findings.layout import Line, Part, line, plain, visible


def test_the_body_wraps_below_its_beginning() -> None:
    assert plain([line("  - ", "one two three four")], 14).splitlines() == ["  - one two", "    three four"]


def test_or_at_the_place_given() -> None:
    one = Line((Part("error: "),), (Part("one two three"),), 2)
    assert plain([one], 12).splitlines() == ["error: one", "  two three"]


def test_without_a_width_nothing_wraps_and_blanks_at_the_end_vanish() -> None:
    assert plain([line("a ", "word " * 50)]) == "a " + "word " * 49 + "word"
    assert plain([line("  "), line("x")]) == "\nx"


def test_a_word_that_is_too_long_stays_whole() -> None:
    assert plain([line("- ", "a " + "x" * 30 + " b")], 10).splitlines() == ["- a", "  " + "x" * 30, "  b"]


def test_a_hang_leaves_half_the_width_to_the_words() -> None:
    assert plain([line("x" * 18 + " ", "one two three")], 20).splitlines()[1:] == [" " * 10 + "two three"]


def test_styles_survive_wrapping() -> None:
    rows = list(Line((), (Part("good news", "good"), Part(" and bad", "error"))).wrapped(12))
    assert rows == [[Part("good news", "good")], [Part("and bad", "error")]]


# -- what may be shown as it is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, with a\ttab", "plain, with a\ttab"),
        ("Umläute, 日本語, é", "Umläute, 日本語, é"),
        ("\x1b[31mred\x07", r"\x1b[31mred\x07"),
        ("two\nlines\r\x85\u2028three", r"two\nlines\r\x85\u2028three"),
        ("\x9b2J", r"\x9b2J"),
        ("abc\u202ecba\u2066", r"abc\u202ecba\u2066"),
        ("\udc80\ufeff\x7f", r"\udc80\ufeff\x7f"),
    ],
)
def test_control_characters_line_breaks_and_the_like_are_escapes(text: str, shown: str) -> None:
    assert visible(text) == visible(shown) == shown
    assert plain([line(text, text)]) == shown * 2
    assert "".join(p.text for row in line(text, text).wrapped(200) for p in row) == shown * 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error file=x::boom", r"\x3a:error file=x::boom"),
        ("  ::warning::x", r"  \x3a:warning::x"),
        ("x ::error::y", "x ::error::y"),
        ("::1", "::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("a ##[error]b ##vso[task.x]", r"a \x23#[error]b \x23#vso[task.x]"),
        ("::error ##[group]::", r"\x3a:error \x23#[group]::"),
        ("## [x]", "## [x]"),
    ],
)
def test_no_line_is_a_command_for_a_ci_system(text: str, shown: str) -> None:
    assert plain([line(text)]) == shown
    half = len(text) // 2
    assert plain([Line((Part(text[:half], "bold"),), (Part(text[half:], "error"),))], 200) == shown


def test_nor_does_one_become_a_command_where_it_wraps() -> None:
    assert plain([line("ab ", "cd ::error::x")], 8).splitlines() == ["ab cd", r"   \x3a:error::x"]

"""Lines of styled words: how they wrap, and what is left of them without style."""

from corefile.findings.layout import Line, Part, line, plain


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

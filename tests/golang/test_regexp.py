"""Go's regular expressions."""

from __future__ import annotations

import pytest

from corefile.golang.errors import GoError
from corefile.golang.regexp import compile


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("a$", "a", True),
        ("a$", "a\n", False),
        ("(?m)a$", "a\nb", True),
        (r"a\z", "a", True),
        ("^x(?i)Y$", "xy", True),
        ("^x(?i)Y$", "Xy", False),
        ("(a(?i)b)C", "aBC", True),
        ("(a(?i)b)C", "aBc", False),
        ("[[:alpha:]]+", "x1", True),
        ("^[[:digit:]-]+$", "1-2", True),
        ("^[^[:space:]]$", " ", False),
        (r"\Qa.b\E.", "a.bc", True),
        (r"\Qa.b\E.", "axbc", False),
        (r"\x{41}", "A", True),
        ("[]a]", "]", True),
        (r"^\d$", "٣", False),
        ("(?P<n>a)(?:b)", "ab", True),
        ("(?<n>a)", "a", True),
        ("(?s).", "\n", True),
        ("a{2,3}", "aa", True),
        ("(?U)a+?", "aa", True),
        ("[&&]", "&", True),
    ],
)
def test_matches(pattern: str, text: str, found: bool) -> None:
    assert bool(compile(pattern).search(text)) is found


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(a", "missing closing ): `(a`"),
        ("a)", "unexpected ): `a)`"),
        ("[a", "missing closing ]: `[a`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        (r"(a)\1", r"invalid escape sequence: `\1`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        (r"\y", r"invalid escape sequence: `\y`"),
    ],
)
def test_refused(pattern: str, words: str) -> None:
    with pytest.raises(GoError) as caught:
        compile(pattern)
    assert caught.value.text == f"error parsing regexp: {words}"

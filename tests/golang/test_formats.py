"""What fmt.Sprintf makes of a text without values, as Go 1.26 prints it."""

from __future__ import annotations

import pytest

from corefile.golang.formats import without_arguments


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain", "plain"),
        ("a%20b", "a%!b(MISSING)"),
        ("100%", "100%!(NOVERB)"),
        ("%%d", "%d"),
        ("%-5.2f%", "%!f(MISSING)%!(NOVERB)"),
        ("%ü", "%!ü(MISSING)"),
        ("%*d", "%!(BADWIDTH)%!d(MISSING)"),
        ("%.*d", "%!(BADPREC)%!d(MISSING)"),
        ("%.", "%!.(MISSING)"),
        ("%[1]d", "%!d(BADINDEX)"),
        ("%[x]d", "%!d(BADINDEX)"),
        ("%[", "%!(NOVERB)"),
        ("%[1]2d", "%!d(BADINDEX)"),
        ("%10000010d", "%!(NOVERB)"),
        ("%1000001d", "%!d(MISSING)"),
    ],
)
def test_verbs_without_values(text: str, printed: str) -> None:
    assert without_arguments(text) == printed

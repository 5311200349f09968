"""Names between text and octets."""

from __future__ import annotations

import pytest

from corefile.dns import escapes


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (b"a", "a"),
        (b"a.b", r"a\.b"),
        (b" '@;()\"\\", r"\ \'\@\;\(\)\"\\"),
        (b"\0\x7f\xff", r"\000\127\255"),
        (b"$*_-/", "$*_-/"),
    ],
)
def test_labels_are_escaped_as_miekg_does(label: bytes, text: str) -> None:
    assert escapes.label_text(label) == text
    assert escapes.name_labels(text + ".") == [label]


def test_other_spellings_of_a_name_are_the_same_name() -> None:
    assert escapes.normal_name(r"\097\b\'c.") == r"ab\'c."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".", "."),
        ("a-b_c.'x'.*.", "a-b_c.'x'.*."),
        ("ns1.@.example.", r"ns1.\@.example."),
        ("a$b.", r"a\$b."),
        (r"\@.\'.\ .", r"\@.'.\032."),
        (r"a\.b.\065.", r"a\.b.A."),
        ('(";").', r"\(\"\;\"\)."),
        ("é.", r"\195\169."),
        ("a..", "a.."),
        ("a@..", "a@.."),
    ],
)
def test_names_are_printed_as_dnspython_does(name: str, text: str) -> None:
    assert escapes.dnspython_name(name) == text

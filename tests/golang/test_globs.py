"""File patterns, beside Go's filepath.Match."""

from __future__ import annotations

import time

import pytest

from corefile.golang.globs import BadPattern, compile, has_meta


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("abc", "abc", True),
        ("*", "abc", True),
        ("*c", "abc", True),
        ("a*", "a", True),
        ("a*", "ab/c", False),
        ("a*/b", "abc/b", True),
        ("a*/b", "a/c/b", False),
        ("a*b*c*d*e*/f", "axbxcxdxe/f", True),
        ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", False),
        ("a*b?c*x", "abxbbxdbxebxczzx", True),
        ("a*b?c*x", "abxbbxdbxebxczzy", False),
        ("ab[c]", "abc", True),
        ("ab[b-d]", "abc", True),
        ("ab[^c]", "abc", False),
        ("ab[^e-g]", "abc", True),
        ("a\\*b", "a*b", True),
        ("a\\*b", "ab", False),
        ("a[^a]b", "a☺b", True),
        ("a???b", "a☺b", False),
        ("a?b", "a☺b", True),
        ("[a-ζ]*", "α", True),
        ("*[a-ζ]", "A", False),
        ("a?b", "a/b", False),
        ("a*b", "a/b", False),
        ("[\\]a]", "]", True),
        ("[\\-x]", "-", True),
        ("[x\\-]", "z", False),
        ("[z-a]", "m", False),
        ("[^z-a]", "m", True),
        ("*x", "xxx", True),
        ("**a**", "bab", True),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_names(pattern: str, name: str, matches: bool) -> None:
    assert compile(pattern).matches(name) is matches


@pytest.mark.parametrize(
    "pattern", ["[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "[", "[^", "[^bc", "[^]", "a[", "a\\", "[\\"]
)
def test_what_is_malformed(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile(pattern).check()


def test_a_malformed_piece_is_found_when_it_is_reached() -> None:
    """filepath.Match looks no further than the first piece that does not match."""
    pattern = compile("a*b*[")
    pattern.check()
    assert not pattern.matches("xb")
    with pytest.raises(BadPattern):
        pattern.matches("ab")


def test_no_pattern_takes_exponential_time() -> None:
    begin = time.perf_counter()
    assert not compile("*a" * 200 + "*b").matches("a" * 20_000)
    assert time.perf_counter() - begin < 1


def test_what_is_a_pattern_at_all() -> None:
    assert [has_meta(x) for x in ("a/b.c", "a*", "a?", "[a]", "a\\b")] == [False, True, True, True, True]

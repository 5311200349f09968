"""Regular expressions, beside what Go's package regexp makes of them.

`tests/data/regexp.jsonl` was recorded from Go 1.26: for each pattern the error of regexp.Compile, or for some texts the
offsets of FindStringSubmatchIndex (in characters) and what ReplaceAllString gives for a template.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from corefile.golang.errors import GoError
from corefile.golang.regexp import compile, quote_meta

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "regexp.jsonl").read_text(encoding="utf-8").split("\n")
    if line
]


@pytest.mark.parametrize("case", [c for c in CASES if "error" in c], ids=lambda c: c["pattern"])
def test_what_go_refuses(case: dict[str, Any]) -> None:
    with pytest.raises(GoError) as caught:
        compile(case["pattern"])
    assert caught.value.text == f"error parsing regexp: {case['error']}"


@pytest.mark.parametrize("case", [c for c in CASES if "error" not in c], ids=lambda c: c["pattern"])
def test_what_go_finds(case: dict[str, Any]) -> None:
    pattern = compile(case["pattern"])
    assert list(pattern.names) == ["", *case["names"]]
    for text, spans, template, replaced in case["matches"]:
        match = pattern.search(text)
        found = [] if match is None else [x for i in range(pattern.groups + 1) for x in match.span(i)]
        assert (text, found) == (text, spans)
        assert pattern.matches(text) is bool(spans)
        assert pattern.replace(text, template) == replaced


@pytest.mark.parametrize(
    ("pattern", "error"),
    [
        ("(" * 999 + ")" * 999, ""),
        ("(" * 1000 + ")" * 1000, "expression nests too deeply"),
        ("(" * 999 + "ab" + ")" * 999, ""),
        ("(" * 999 + "ab*" + ")" * 999, "expression nests too deeply"),
        ("(" * 999 + "|" + ")" * 999, ""),
        ("(" * 998 + "ab|cd" + ")" * 998, ""),
        ("(?:" * 5000 + "a*" + ")" * 5000, ""),
        ("(?:a*" * 1200 + ")" * 1200, ""),
        ("((a{1000}){1000}){0}", "invalid repeat count: `{1000}`"),
        ("(a{501,}){2,}", "invalid repeat count: `{2,}`"),
        ("(a{1000}){1,}", ""),
        ("(?:" + "a*" * 1100 + "){1000}", ""),
        ("(?:" + "a*" * 1150 + "){1000}", "expression too large"),
        ("(?:" + "a" * 5000 + "){1000}", "expression too large"),
        ("(?:" + "[ab]" * 3356 + "){1000}", "expression too large"),
        ("(?:" + ".{100}" * 30 + "){10}", ""),
    ],
)
def test_limits(pattern: str, error: str) -> None:
    if not error:
        assert compile(pattern).groups >= 0
        return
    with pytest.raises(GoError) as caught:
        compile(pattern)
    assert caught.value.text.startswith(f"error parsing regexp: {error}")
    assert caught.value.text.endswith("`")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(.*)*x", "(a|a)*b", "(x+x+)+y"])
def test_no_expression_takes_exponential_time(pattern: str) -> None:
    begin = time.perf_counter()
    compile(pattern).search("a" * 50_000 + "!")
    assert time.perf_counter() - begin < 1


def test_octets_that_are_not_utf_8() -> None:
    text = b"a\xffb\xc3\xa9".decode("utf-8", "surrogateescape")
    match = compile(r"a(.)b(\pL)").search(text)
    assert match is not None
    assert match.groups() == [text, "\udcff", "é"]
    assert compile("\ufffd").search(text).span() == (1, 2)  # type: ignore[union-attr]
    assert compile("b").replace(text, "$0$0") == "a\udcffbbé"
    with pytest.raises(GoError) as caught:
        compile("a\udcffb")
    assert caught.value.text == "error parsing regexp: invalid UTF-8: `\udcffb`"


def test_searching_from_an_offset_sees_what_stands_before() -> None:
    assert compile("^b").search("ab", 1) is None
    assert compile(r"\bb").search("éb-b", 1).span() == (1, 2)  # type: ignore[union-attr]
    assert compile(r"\Bb").search("ab", 1).span() == (1, 2)  # type: ignore[union-attr]


def test_replacing_by_a_function() -> None:
    assert compile("[a-z]+").replace("1 ab 2 c", lambda match: match.group().upper()) == "1 AB 2 C"


def test_it_compares_and_pickles_by_its_pattern() -> None:
    pattern = compile("a(?P<x>b)")
    assert pickle.loads(pickle.dumps(pattern)) == pattern
    assert (repr(pattern), pattern.groups, pattern.names) == ("<Regexp a(?P<x>b)>", 1, ("", "x"))
    assert pattern != compile("a")
    assert repr(pattern.search("xab")) == "<Match 'ab' at 1>"


def test_quoting() -> None:
    assert quote_meta("a.b*[c]-é") == r"a\.b\*\[c\]-é"


def test_re2_is_loaded_with_the_first_expression() -> None:
    code = "import sys, corefile.golang.regexp as r; a = 're2' in sys.modules; r.compile('a'); print(a, 're2' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (out.stdout, out.stderr) == ("False True\n", "")

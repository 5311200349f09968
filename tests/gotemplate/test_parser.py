"""What Go refuses, and in which words."""

from __future__ import annotations

import contextlib
import time

import pytest

from corefile.gotemplate import TemplateError, parse
from corefile.gotemplate.build import MAX_NESTING

from .queries import parsed
from .recorded import CASES


@pytest.mark.parametrize("case", [c for c in CASES if "refused" in c], ids=lambda c: c["template"])
def test_what_go_refuses(case: dict[str, str]) -> None:
    with pytest.raises(TemplateError) as caught:
        parsed(case["template"])
    assert caught.value.text == case["refused"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("{{\n.a\n~}}", '3: unexpected "~" in operand'),
        ("a\n{{ .a", "2: unclosed action"),
        ("{{ .a\n\n", "3: unclosed action started at t:1"),
        ("{{ print\n`a", "2: unterminated raw quoted string in action started at t:1"),
        ("{{if .a}}\n{{/* x", "2: unclosed comment in action started at t:1"),
        ("{{if .a}}{{.b}}\n{{/* x", "2: unclosed comment"),
        ("{{with .a}}\n{{end}}\n{{end}}", "3: unexpected {{end}}"),
        ("{{if .a}}\n\n", "3: unexpected EOF"),
        ("{{define `x`}}{{else}}{{end}}", "1: unexpected {{else}} in define clause"),
        ("{{block `x` .}}\n{{else}}{{end}}", "1: unexpected {{else}} in block clause"),
        ("{{range .}}{{else}}{{break}}{{end}}", "1: {{break}} outside {{range}}"),
        ("{{range .}}{{block `x` .}}{{continue}}{{end}}{{end}}", "1: {{continue}} outside {{range}}"),
        ("{{if .}}{{define `x`}}{{end}}{{end}}", "1: unexpected <define> in command"),
        ("{{define `x`}}a{{end}}{{define `x`}}b{{end}}", '1: template: multiple definition of template "x"'),
        ("{{if $x := .}}{{end}}{{$x}}", '1: undefined variable "$x"'),
        ("{{template `x` (}}", "1: unclosed left paren"),
        ('{{template "\\q" ~}}', "1: invalid syntax"),
    ],
)
def test_lines_and_contexts(text: str, error: str) -> None:
    """Each was asked of Go 1.26."""
    with pytest.raises(TemplateError) as caught:
        parse("t", text)
    assert caught.value.text == f"template: t:{error}"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("{{if .a}}b{{else if .c}}d{{else}}e{{end}}", "{{if .a}}b{{else}}{{if .c}}d{{else}}e{{end}}{{end}}"),
        ("x  {{- /* gone */ -}}  {{- .a -}}  y", "x{{.a}}y"),
        ("{{ .a | print (.b.c 1) `d` | }}", "{{.a | print (.b.c 1) `d`}}"),
        ("{{define `x`}}a{{end}}{{template `x`}}{{block `y` .}}b{{end}}", '{{template "x"}}{{template "y" .}}'),
        ("{{range $i, $x = .}}{{end}}{{$y:=0x1F}}", "{{range $i, $x = .}}{{end}}{{$y := 0x1F}}"),
        ("{{range $i, $x}}{{end}}", None),
    ],
)
def test_how_it_is_printed(text: str, source: str | None) -> None:
    """As counters of failures show it."""
    if source is None:
        with pytest.raises(TemplateError, match="undefined variable"):
            parse("t", text)
    else:
        assert parse("t", text).source == source


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("{{range .}}{{break}}{{end}}", {"{{break}}": "1.18"}),
        ("{{with .a}}{{else with .b}}{{end}}", {"{{else with}}": "1.23"}),
        ("{{slice .a 1}}", {"`slice`": "1.13"}),
        ("{{$x := 1}}{{$x = 2}}", {"assignments": "1.11"}),
        ("{{.a\n}}", {"line breaks inside of actions": "1.16"}),
        ("{{if .a}}\n{{end}}", {}),
    ],
)
def test_what_came_late(text: str, needs: dict[str, str]) -> None:
    assert parse("t", text).needs == needs


def test_parentheses_nest_only_so_deep() -> None:
    deep = "{{" + "(" * MAX_NESTING + "." + ")" * MAX_NESTING + "}}"
    assert parse("t", deep).source == deep
    with pytest.raises(TemplateError, match="nest deeper"):
        parse("t", deep.replace(".", "(.)"))


@pytest.mark.parametrize(
    "text",
    [
        "{{if .}}",
        "{{.a}}",
        "{{.a.a}}",
        "{{/* x */}}",
        '{{"a"}}',
        "{{1}}",
        "{{else if .}}",
        "{{(.)}}",
        "{{$x := .}}",
        "{{.a ",
    ],
)
def test_time_grows_as_the_text_does(text: str) -> None:
    def took(count: int) -> float:
        whole = "{{if .}}" * ("else" in text) + text * count
        best = 9.0
        for _ in range(3):
            began = time.perf_counter()
            with contextlib.suppress(TemplateError):
                str(parse("t", whole).source)
            best = min(best, time.perf_counter() - began)
        return best

    assert took(4000) < 12 * took(1000) + 0.05


def test_a_long_chain_of_fields_is_linear() -> None:
    began = time.perf_counter()
    parse("t", "{{" + ".a" * 30_000 + "}}")
    assert time.perf_counter() - began < 2

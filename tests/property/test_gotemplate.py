"""Templates of any text: what Go refuses is refused, what is read prints as a template that is read the same, and executing it
ends in output or in one of the three ways to fail. Texts of these kinds were compared with Go's own, 20,000 of them."""

from __future__ import annotations

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from corefile.gotemplate import ExecError, Template, TemplateError, TooMuch, Unmodelled, parse
from corefile.gotemplate.values import strings

PIECES = [
    "{{",
    "}}",
    "{{-",
    "-}}",
    ".",
    ".Name",
    "$",
    "$x",
    ":=",
    "=",
    '"a"',
    "`b`",
    "'c'",
    "1",
    "0x_1F",
    "017",
    "1e3",
    "2i",
    "(",
    ")",
    "|",
    ",",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "nil",
    "true",
    "print",
    "len",
    "index",
    "and",
    "/*",
    "*/",
    "é",
    "\\",
    "#",
    "~",
    "{{end}}",
    "{{else}}",
    "{{/*c*/}}",
    ".5",
    "-",
    "+",
    "_",
    "{",
    "}",
    "x",
]
OPERANDS = st.sampled_from(
    ["", ".", ".A", "$", "$.B", '"s"', "1", "(len .)", "`r`", '(print 1 "x")', "nil", "true", "."]
)
SHAPES = st.sampled_from(
    [
        "{{%s}}",
        "{{print 1 %s}}",
        "{{%s | len}}",
        "{{if %s}}a{{end}}",
        "{{with $v := %s}}{{$v}}{{else}}z{{end}}",
        "{{range %s}}{{.}}{{else if .}}b{{end}}",
        '{{define "d"}}{{%s}}{{end}}',
        '{{template "t" %s}}',
        '{{block "b" %s}}{{.}}{{end}}',
        "{{- %s -}}  ",
        "{{$y := %s}}{{$y}}",
    ]
)
SHAPED = st.lists(st.builds(lambda shape, operand: shape % operand, SHAPES, OPERANDS), max_size=6).map("".join)
TEXTS = st.one_of(
    st.text(max_size=30),
    SHAPED,
    st.lists(st.sampled_from([*PIECES, " ", " ", "\n"]), max_size=16).map("".join),
    st.builds(
        lambda text, at, piece: text[:at] + piece + text[at:], SHAPED, st.integers(0, 60), st.sampled_from(PIECES)
    ),
)


def read(text: str) -> Template | None:
    """The template; None for one that Go refuses."""
    try:
        return parse("t", text)
    except TemplateError:
        return None


@given(TEXTS)
def test_a_template_prints_as_itself(text: str) -> None:
    template = read(text)
    if template is None or "define" in text or "block" in text:  # whose templates are printed apart
        return
    again = read(template.source)
    assert again is not None
    assert again.source == template.source


@given(TEXTS)
def test_executing_a_template_ends(text: str) -> None:
    template = read(text)
    if template is not None:
        with contextlib.suppress(ExecError, TooMuch, Unmodelled):
            assert isinstance(template.execute(strings(["a", "b"]), max_steps=2000), str)

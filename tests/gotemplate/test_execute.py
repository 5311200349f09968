"""What templates print, and how they fail: Go's documented examples, and what Go itself made of random ones."""

from __future__ import annotations

import time

import pytest

from corefile.gotemplate import ExecError, TooMuch, Unmodelled, parse, values
from corefile.gotemplate.execute import MAX_OCTETS
from corefile.gotemplate.values import ANY, BOOL, INT, STRING, UINT, CallError, Func, Struct, Type, Value

from .queries import parsed, prints
from .recorded import CASES

WORDS = values.strings(["a", "b", "c"])


@pytest.mark.parametrize("case", [c for c in CASES if "prints" in c], ids=lambda c: c["template"])
def test_what_go_prints(case: dict[str, str]) -> None:
    assert prints(parsed(case["template"]), int(case["query"])) == case["prints"]


@pytest.mark.parametrize("case", [c for c in CASES if "fails" in c], ids=lambda c: c["template"])
def test_how_go_fails(case: dict[str, str]) -> None:
    with pytest.raises(ExecError) as caught:
        prints(parsed(case["template"]), int(case["query"]))
    assert str(caught.value) == case["fails"]


DOCUMENTED = [
    r'{{"\"output\""}}',
    '{{`"output"`}}',
    '{{printf "%q" "output"}}',
    '{{"output" | printf "%q"}}',
    '{{printf "%q" (print "out" "put")}}',
    '{{"put" | printf "%s%s" "out" | printf "%q"}}',
    '{{"output" | printf "%s" | printf "%q"}}',
    '{{with "output"}}{{printf "%q" .}}{{end}}',
    '{{with $x := "output" | printf "%q"}}{{$x}}{{end}}',
    '{{with $x := "output"}}{{printf "%q" $x}}{{end}}',
    '{{with $x := "output"}}{{$x | printf "%q"}}{{end}}',
]
"""All of these print "output" with its quotes, says the documentation of text/template."""


@pytest.mark.parametrize("text", DOCUMENTED)
def test_documented_pipelines(text: str) -> None:
    assert parse("t", text).execute(WORDS) == '"output"'


INVENTORY = Type("main.Inventory", "struct", fields={"Material": STRING, "Count": UINT})
SWEATERS = Value(INVENTORY, Struct(INVENTORY, {"Material": b"wool", "Count": 17}))


@pytest.mark.parametrize(
    ("text", "data", "output"),
    [
        ("{{.Count}} items are made of {{.Material}}", SWEATERS, "17 items are made of wool"),
        ("{{23 -}} < {{- 45}}", SWEATERS, "23<45"),
        (
            '{{define "T1"}}ONE{{end}}{{define "T2"}}TWO{{end}}{{define "T3"}}{{template "T1"}} {{template "T2"}}{{end}}{{template "T3"}}',
            SWEATERS,
            "ONE TWO",
        ),
        ('{{block "x" .Count}}<{{.}}>{{end}}', SWEATERS, "<17>"),
        ("{{range $i, $x := .}}{{if $i}}, {{end}}{{$x}}{{else}}none{{end}}", WORDS, "a, b, c"),
        ("{{range .}}{{else}}none{{end}}", values.strings([]), "none"),
        ("{{range .}}{{.}}{{if eq . `b`}}{{break}}{{end}}{{end}}", WORDS, "ab"),
        ("{{range .}}{{if eq . `b`}}{{continue}}{{end}}{{.}}{{end}}", WORDS, "ac"),
        ("{{$n := 0}}{{range $n = .}}{{end}}{{$n}}", WORDS, "c"),
        ("{{range $k, $v := .}}{{$k}}={{$v}};{{end}}", values.string_map({"b": "2", "a": "1"}), "a=1;b=2;"),
        ("{{range 3}}{{.}}{{end}}{{range $i := 2}}{{$i}}{{end}}", WORDS, "01201"),
        ("{{with .none}}{{.}}{{else with .a}}{{.}}!{{end}}", values.string_map({"a": "x"}), "x!"),
        ("{{.none}} {{.none | printf `%v`}}", values.string_map({}), "<no value> <nil>"),
        ("{{and 1 0 `x`}}{{or 0 `` `y`}}{{not 1}}{{and `a` | or ``}}", WORDS, "0yfalsea"),
        ("{{or true (index . 9)}}", WORDS, "true"),
        ("{{eq 1 2 1}} {{lt `a` `b`}} {{ne 1.5 1.5}} {{ge 2 2}}", WORDS, "true true false true"),
        ("{{index . 1}}{{slice . 1 2}}{{slice `abc` 1}}{{len .}}{{len `é`}}", WORDS, "b[b]bc32"),
        (
            "{{html `<a b='c'>&\"`}} {{js `it's <>`}} {{urlquery `a b&é`}}",
            WORDS,
            "&lt;a b=&#39;c&#39;&gt;&amp;&#34; it\\'s \\u003C\\u003E a+b%26%C3%A9",
        ),
        ("{{print 1 2 `a` `b` 3}}|{{println `a` 1}}", WORDS, "1 2a b3|a 1\n".replace("a b", "ab")),
        ("{{1.5}} {{1e3}} {{0x1F}} {{'a'}} {{1_000}} {{1i}}", WORDS, "1.5 1000 31 97 1000 (0+1i)"),
    ],
)
def test_documented_actions(text: str, data: Value, output: str) -> None:
    assert parse("t", text).execute(data) == output


def _call(*args: Value) -> Value:
    if args[0].held == 0:
        raise CallError("no zero")
    return Value(INT, sum(arg.held for arg in args))


SUM = Value(Type("func(int, ...int) (int, error)", "func"), Func((INT, INT), _call, variadic=True))
HOLDER = Type("main.T", "struct", fields={"Sum": SUM.type, "hidden": BOOL, "Any": ANY})
values.pointer_to(HOLDER).methods["Twice"] = Func((INT,), lambda _, n: Value(INT, 2 * n.held))
HELD = Value(values.pointer_to(HOLDER), Struct(HOLDER, {"Sum": SUM.held, "hidden": True, "Any": Value(STRING, b"in")}))


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("{{call .Sum 1 2 3}}", "6"),
        ("{{.Twice 4}}{{4 | .Twice}}{{$.Twice 1}}", "882"),
        ("{{.Any}}{{len .Any}}{{printf `%T` .Any}}", "in2string"),
        ("{{call .Sum}}", "error calling call: wrong number of args for .Sum: got 0 want at least 1"),
        ("{{call .Sum `a`}}", "error calling call: arg 0: value has type string; should be int"),
        ("{{call .Sum 0}}", "error calling call: no zero"),
        ("{{call .Any}}", "error calling call: non-function .Any of type string"),
        ("{{.Twice}}", "wrong number of args for Twice: want 1 got 0"),
        ("{{.Twice `a`}}", "expected integer; found `a`"),
        ("{{.hidden}}", "hidden is an unexported field of struct type *main.T"),
        ("{{.Any 1}}", "Any has arguments but cannot be invoked as function"),
        ("{{.Sum}}", "can't print {{.Sum}} of type func(int, ...int) (int, error)"),
    ],
)
def test_functions_and_methods(text: str, output: str) -> None:
    template = parse("t", text)
    if " " not in output:
        assert template.execute(HELD) == output
    else:
        with pytest.raises(ExecError) as caught:
            template.execute(HELD)
        assert str(caught.value).endswith(f">: {output}")


def test_columns_count_octets() -> None:
    with pytest.raises(ExecError) as caught:
        parse("t", "é\né{{ .x }}").execute(WORDS)
    assert str(caught.value) == ('template: t:2:5: executing "t" at <.x>: can\'t evaluate field x in type []string')


# -- what has no end ------------------------------------------------------------------------------------------------------


def test_templates_call_each_other_as_deep_as_in_go() -> None:
    whole = parse(
        "t",
        "{{define `r`}}{{with .}}{{slice . 1 | template_}}{{end}}{{end}}".replace(
            "{{slice . 1 | template_}}", "{{slice . 0 1}}{{template `r` (slice . 1)}}"
        )
        + "{{template `r` .}}",
    )
    text = "abcdefgh" * 32
    assert whole.execute(values.string(text)) == text
    with pytest.raises(ExecError, match=r"exceeded maximum template depth \(100000\)"):
        parse("t", "{{template `t`}}").execute(WORDS)


@pytest.mark.parametrize(
    "text",
    [
        "{{range 1000000000}}{{end}}",
        "{{$x := `a`}}{{range 40}}{{$x = print $x $x}}{{end}}",
        "{{range 100000}}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{{end}}",
        "{{define `r`}}{{with .}}{{template `r` (slice . 1)}}{{template `r` (slice . 1)}}{{end}}{{end}}{{template `r` `%s`}}"
        % ("a" * 200),
        "{{range 1000000}}{{range 1000000}}{{continue}}{{end}}{{end}}",
        "{{$x := printf `%%01000000d` 1}}{{range 100000}}{{eq $x $x}}{{end}}".replace("%%", "%"),
        "{{printf `" + "%01000000d" * 50 + "`" + " 1" * 50 + "}}",
        "{{printf `%.1000000f%.1000000f` 1.0 1.0}}",
    ],
)
def test_what_has_no_end_is_stopped(text: str) -> None:
    began = time.perf_counter()
    with pytest.raises(TooMuch):
        parse("t", text).execute(WORDS)
    assert time.perf_counter() - began < 5


def test_the_limit_can_be_given() -> None:
    template = parse("t", "{{range 50}}{{.}}{{end}}")
    assert len(template.execute(WORDS)) == 90
    with pytest.raises(TooMuch, match="more than 20 steps"):
        template.execute(WORDS, max_steps=20)


def test_nesting_is_no_recursion() -> None:
    deep = "{{if .}}" * 20_000 + "x" + "{{end}}" * 20_000
    assert parse("t", deep).execute(WORDS) == "x"
    assert MAX_OCTETS > 65535


def test_addresses_are_not_guessed() -> None:
    with pytest.raises(Unmodelled, match="address"):
        parse("t", "{{printf `%p` .}}").execute(WORDS)

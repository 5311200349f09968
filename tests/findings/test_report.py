"""Positions, and findings as they are shown."""

from corefile.findings import CorefileError, Embedding, Finding, Fix, Source, Span
from corefile.findings.layout import plain
from corefile.findings.report import render, report, to_json

TEXT = ".:53 {\n\tprometeus :9153\n}\n"


def finding(**more: object) -> Finding:
    source = Source("Corefile", TEXT)
    span = Span(source, TEXT.index("prom"), TEXT.index(" :9153"))
    return Finding("unknown-directive", "no such `prometeus`", span, **more)  # type: ignore[arg-type]


def test_a_finding_is_shown_with_its_line_and_a_caret() -> None:
    shown = render([finding(hint="did you mean `prometheus`?", coredns="Corefile:2 - Error")])
    assert shown == (
        "error[unknown-directive]: no such `prometeus`\n"
        "  Corefile:2:2\n"
        "  |\n"
        "2 | \tprometeus :9153\n"
        "  | \t^^^^^^^^^ did you mean `prometheus`?\n"
        '  = CoreDNS would not start: "Corefile:2 - Error"\n'
        "\n"
        "1 error in 1 Corefile"
    )


def test_only_the_first_error_stops_coredns() -> None:
    warning = finding()._replace(severity="warning", coredns="")
    shown = render([warning, finding(coredns="first"), finding(coredns="second")])
    assert "first" in shown
    assert "second" not in shown
    assert shown.endswith("2 errors and 1 warning in 1 Corefile")


def test_of_many_places_with_the_same_words_the_first_few_are_shown() -> None:
    source = Source("Corefile", "x\n" * 12)
    places = [Span(source, 2 * number, 2 * number + 1) for number in range(12)]
    many = Finding("missing-file", "no x", places[0], related=tuple((place, "here, too") for place in places[1:]))
    shown = render([many]).splitlines()
    assert [one for one in shown if one.endswith("| x")] == ["1 | x", "2 | x", "3 | x", "4 | x"]
    assert "  = here, too: lines 5, 6, 7, 8, 9, 10, 11, 12" in shown
    few = many._replace(related=many.related[:4])
    assert sum("here, too" in one for one in render([few]).splitlines()) == 4


def test_findings_stand_in_the_order_of_their_lines_and_each_corefile_has_its_first() -> None:
    above = Finding("not-simulated", "here", Span(Source("Corefile", TEXT), 0, 1), severity="notice")
    lines = plain(report([finding(coredns="one"), finding(coredns="two"), above], [finding(coredns="three")]))
    assert lines.index("not-simulated") < lines.index("unknown-directive")
    assert [line for line in lines.splitlines() if "would not start" in line] == [
        '  = CoreDNS would not start: "one"',
        '  = CoreDNS would not start: "three"',
    ]


def test_no_findings_show_nothing() -> None:
    assert render([]) == ""


def test_label_and_hint_and_related_places() -> None:
    one = finding(label="here", hint="do that")
    one = one._replace(related=((Span(one.span.source, 5, 6), "opened here"),))  # type: ignore[union-attr]
    assert render([one]).splitlines()[2:8] == [
        "  |",
        "2 | \tprometeus :9153",
        "  | \t^^^^^^^^^ here",
        "1 | .:53 {",
        "  |      - opened here",
        "  = do that",
    ]


def test_parts_have_a_style_for_those_who_paint_them() -> None:
    first = report([finding()])[0]
    assert [(p.text, p.style) for p in (*first.head, *first.body)] == [
        ("error[unknown-directive]", "error"),
        (": ", ""),
        ("no such `prometeus`", "bold"),
    ]


def test_a_narrow_reader_gets_clipped_lines_and_words_below_their_caret() -> None:
    text = "x" * 30 + " HERE " + "y" * 30
    one = Finding("x", "y", Span(Source("f", text), 31, 35), hint="put it somewhere else, where there is room for it")
    shown = plain(report([one], width=50), 50).splitlines()
    assert shown[3:7] == [
        "1 | ..." + "x" * 15 + " HERE " + "y" * 19 + "...",
        "  | " + " " * 19 + "^^^^",
        "  | put it somewhere else, where there is room for",
        "    it",
    ]


def test_a_corefile_cannot_steer_the_terminal() -> None:
    source = Source("Corefile", "a\x1b[2Jb {\n}\n")
    shown = render([Finding("x", "bad \x1b[2J word", Span(source, 0, 6))])
    assert "\x1b" not in shown
    assert "a\\x1b[2Jb {" in shown


def test_long_lines_are_clipped_around_the_caret() -> None:
    text = "a " * 300 + "HERE" + " b" * 300
    at = text.index("HERE")
    lines = render([Finding("x", "y", Span(Source("f", text), at, at + 4))]).splitlines()
    assert max(map(len, lines)) < 170
    assert lines[3][lines[4].index("^") :].startswith("HERE")


def test_positions_count_characters_without_a_byte_order_mark() -> None:
    source = Source("f", "\ufeffé x\r\ny")
    assert source.locate(3)[:4] == ("f", 1, 3, "é x")
    assert source.locate(6)[:4] == ("f", 2, 1, "y")
    assert source.locate(len(source.text))[1:3] == (2, 2)


def test_a_span_over_several_lines_marks_the_first() -> None:
    source = Source("f", 'a "b\nc" d')
    lines = render([Finding("x", "y", Span(source, 2, 7))]).splitlines()
    assert lines[3:5] == ['1 | a "b', "  |   ^^"]


def test_an_embedded_text_is_located_in_the_outer_file() -> None:
    outer = "key: |\n  ab\n  cd\n"
    source = Source("<stdin>", "ab\ncd\n", embedding=Embedding(outer, [(0, 9), (3, 14)], "ConfigMap x, key Corefile"))
    assert source.locate(4) == ("<stdin>", 3, 4, "  cd", "ConfigMap x, key Corefile, line 2")
    assert "  <stdin>:3:4  (ConfigMap x, key Corefile, line 2)" in render([Finding("x", "y", Span(source, 4, 5))])


def test_json_has_places_and_fixes() -> None:
    one = finding()
    assert one.span is not None
    data = to_json(one._replace(fix=Fix("rename", ((one.span, "prometheus"),), "unsafe")))
    assert (data["line"], data["column"], data["end_line"], data["end_column"]) == (2, 2, 2, 11)
    assert data["fix"]["edits"][0]["text"] == "prometheus"
    assert to_json(Finding("x", "y"))["line"] is None


def test_the_error_is_its_findings() -> None:
    error = CorefileError((finding(),))
    assert str(error) == render((finding(),))


def test_sources_and_findings_compare_by_value() -> None:
    assert finding() == finding()
    assert Source("a", "x") != Source("a", "y")
    assert len({Source("a", "x"), Source("a", "x")}) == 1


def test_corefiles_of_one_file_count_by_their_places() -> None:
    """Two ConfigMaps of the same name, of two clusters, are two Corefiles; the same one for two releases is one."""
    outer = f"{TEXT}\n{TEXT}"
    starts = (0, len(TEXT) + 1)

    def at(start: int) -> Finding:
        source = Source("list.yaml", TEXT, embedding=Embedding(outer, [(0, start)], "ConfigMap coredns"))
        return finding()._replace(span=Span(source, 0, 1))

    assert plain(report(*([at(start)] for start in starts))).endswith("2 errors in 2 Corefiles")
    assert plain(report([at(starts[0])], [at(starts[0])])).endswith("2 errors in 1 Corefile")

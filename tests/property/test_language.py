"""Whatever the text: it prints as it was, is never a traceback, and is cut as CoreDNS cuts it."""

from hypothesis import assume, given
from hypothesis import strategies as st

from corefile.api import build as build_server
from corefile.findings import CorefileError, Finding, Source
from corefile.findings.report import render, report, to_json
from corefile.language.expand import DictFiles, expand
from corefile.language.keys import server_keys
from corefile.language.printer import to_text
from corefile.language.tree import build, parse
from corefile.plugins import find
from corefile.releases import ALL, Release
from corefile.world import World

from ..language.texts import SOUP

SPACE = st.sampled_from([" ", "  ", "\t", " \r", "\u00a0"])
END = st.sampled_from(["\n", "\n", "\r\n", " # comment {\n", "\n\n", "\n# a comment\n", ""])
WORD = st.sampled_from(
    [
        "whoami",
        "log",
        "errors",
        "forward",
        ".",
        "10.0.0.1",
        "a.example.org",
        '"two words"',
        '"a\nb"',
        "{$HOST}",
        "{%HOST%}",
        '"\\"q\\""',
        "a,b",
        "x#y",
        "é",
        "{combined}",
        '""',
        "5s",
    ]
)
KEY = st.sampled_from(
    [".", ".:53", "example.org", "tls://a.example:853", "10.0.0.0/9", "2001:db8::/33", "a..b", "{$HOST}"]
)
SPLINTERS = st.sampled_from(
    ["", "", "{", "}", '"', "\\", "#", "\n", "\r", " } ", " { ", ",", "import ", "\x00", "\ufeff"]
)


@st.composite
def line(draw: st.DrawFn, depth: int = 2) -> str:
    """A directive or a property, perhaps with a block."""
    words = draw(SPACE).join(draw(st.lists(WORD, min_size=1, max_size=4)))
    if draw(st.booleans()) or not depth:
        kind = draw(st.integers(0, 9))
        return ("import snip" if kind == 0 else "import *.conf" if kind == 1 else words) + (draw(END) or "\n")
    body = "".join(draw(st.lists(line(depth - 1), max_size=3)))
    return f"    {words} {{{draw(END) or chr(10)}{body}    }}{draw(END) or chr(10)}"


@st.composite
def corefiles(draw: st.DrawFn) -> str:
    """A Corefile as people write them."""
    parts = [draw(st.sampled_from(["", "\ufeff", "# top\n"]))]
    if draw(st.booleans()):
        parts.append(f"(snip) {{\n{draw(line())}}}\n")
    for _ in range(draw(st.integers(0, 3))):
        keys = draw(st.sampled_from([" ", ", ", ",\n"])).join(draw(st.lists(KEY, min_size=1, max_size=3)))
        body = "".join(draw(st.lists(line(), max_size=4)))
        parts.append(f"{keys} {{{draw(END) or chr(10)}{body}}}{draw(END) or chr(10)}")
    return "".join(parts)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """The same with a few letters lost, put in or doubled."""
    text = draw(corefiles())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        to = draw(st.integers(at, min(at + 8, len(text))))
        text = text[:at] + draw(SPLINTERS) + text[to:]
    return text


@given(corefiles())
def test_what_people_write_parses_and_prints_as_it_was(text: str) -> None:
    assert str(parse(text)) == text


@given(st.one_of(mutated(), st.text()))
def test_any_text_prints_as_it_was_or_is_refused(text: str) -> None:
    refused: tuple[Finding, ...] = ()
    try:
        assert str(parse(text)) == text
    except CorefileError as error:
        refused = error.findings or (Finding("nothing", "a refusal without a reason"),)
    assert all(finding.span is not None for finding in refused)
    assert to_text(build(Source("f", text)).document) == text


@given(st.one_of(mutated(), st.text()), st.sampled_from(ALL))
def test_any_text_expands_and_its_findings_can_be_shown(text: str, release: object) -> None:
    files = DictFiles({"a.conf": "whoami\n", "b.conf": "(x) {\n}\n", "snip": ""})
    program = expand(Source("f", text), release=release, environ={"HOST": "h"}, files=files)  # type: ignore[arg-type]
    findings = list(program.findings)
    for block in program.blocks:
        findings += server_keys(block.keys, release)[1]  # type: ignore[arg-type]
        for name, tokens in block.directives.items():
            assert name is not None
            assert all(token.span.source in program.sources or token.file for token in tokens)
    assert bool(render(findings)) == bool(findings)
    report(findings, width=40)
    for finding in findings:
        assert finding.severity != "error" or finding.coredns
        to_json(finding)


@given(mutated())
def test_parse_refuses_nothing_that_coredns_takes(text: str) -> None:
    program = expand(Source("f", text), release=ALL[-1], environ={}, files=DictFiles({"a.conf": "", "snip": ""}))
    if not any(finding.severity == "error" for finding in program.findings):
        parse(text)


class AnyDirective(Release):
    """A release that has every directive that there could be."""

    def has(self, directive: str) -> bool:
        return directive != "{"


@given(st.one_of(corefiles(), mutated(), SOUP))
def test_where_nothing_is_put_in_what_is_written_is_what_is_read(text: str) -> None:
    text = text.replace("import", "imp0rt").replace("{$", "{").replace("{%", "{")
    source = Source("f", text)
    anything = AnyDirective(ALL[-1].version, ALL[-1].date, ())
    program = expand(source, release=anything, environ={}, files=DictFiles())
    assume(not any(finding.message.endswith("no directive `{`") for finding in program.findings))
    tree = build(source)
    assert tree.findings == program.findings
    read = [block for block in program.blocks if block.span.source is source]
    assert [block for block in tree.document.blocks if block.keys][: len(read)] == read
    for written, block in zip(tree.document.blocks, read, strict=False):
        assert (written.keys, written.directives, written.span) == (block.keys, block.directives, block.span)


ARGUMENT = st.sampled_from(
    [
        "0",
        "-1",
        "5",
        "5s",
        "1h1",
        "",
        "a b",
        "a\nb",
        "{",
        "}",
        "é",
        "\\",
        "10.0.0.0/8",
        "::1",
        ":80",
        "a..b",
        ".",
        "example.org",
        "99999999999999999999",
        "*",
        "(",
        "10%",
        "off",
        "h",
    ]
)
WRITTEN = ARGUMENT.map(lambda word: word if word in ("{", "}") else '"' + word.replace("\\", "\\\\") + '"')


@st.composite
def soups(draw: st.DrawFn) -> tuple[str, Release]:
    """Any simulated directive with any words, and its properties with any words."""
    release = draw(st.sampled_from(ALL))
    name = draw(st.sampled_from([name for name in release.order if find(name)]))
    plugin = find(name)
    assert plugin is not None
    names = [p.name for p in plugin.PROPERTIES] + ["nothing"]
    lines = []
    for _ in range(draw(st.integers(1, 2))):
        lines.append(" ".join([name, *draw(st.lists(WRITTEN, max_size=3))]))
        if draw(st.booleans()):
            body = st.builds(
                lambda first, rest: " ".join([first, *rest]), st.sampled_from(names), st.lists(WRITTEN, max_size=4)
            )
            lines[-1] += " {\n" + "\n".join(draw(st.lists(body, max_size=3))) + "\n}"
    return "a.test {\n" + "\n".join(lines) + "\n}\n", release


@given(soups())
def test_whatever_is_written_for_a_directive_is_taken_or_refused(soup: tuple[str, Release]) -> None:
    text, release = soup
    files = DictFiles({"h": "10.0.0.1 a.test\n"})
    for finding in build_server(Source("Corefile", text), release, World(files=files)).findings:
        assert finding.severity != "error" or finding.coredns
        assert finding.span is None or 1 <= finding.span.line <= text.count("\n") + 1
        to_json(finding)

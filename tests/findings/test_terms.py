"""Hints say what to give in the caller's terms."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from corefile import CorefileError, checks, loads
from corefile.findings import Finding
from corefile.findings.terms import Terms, in_terms

PACKAGE = Path(__file__).resolve().parent.parent.parent / "corefile"


@pytest.mark.parametrize(
    ("hint", "python", "test"),
    [
        ("--env UP=VALUE gives it", 'World(env={"UP": ...}) gives it', "`env: {UP: ...}` gives it"),
        ("--env UP=1.1.1.1 is one", 'World(env={"UP": "1.1.1.1"}) is one', "`env: {UP: 1.1.1.1}` is one"),
        ("x; --file /a/b=FILE gives it", 'x; World(files={"/a/b": ...}) gives it', "x; `files: {/a/b: ...}` gives it"),
        ("--file a=k8s/a", 'World(files={"a": Path("k8s/a")})', "`files: {a: k8s/a}`"),
        (
            "--file /a=FILE gives it, --upstream ADDR=FILE what answers there",
            'World(files={"/a": ...}) gives it, World(upstreams={"ADDR": ...}) what answers there',
            "`files: {/a: ...}` gives it, `upstreams: {ADDR: ...}` what answers there",
        ),
        ("--address eth0=10.1.2.3", 'World(interfaces={"eth0": ["10.1.2.3"]})', "`interfaces: {eth0: [10.1.2.3]}`"),
        ("--address 10.1.2.3", 'World(addresses=["10.1.2.3"])', "`addresses: [10.1.2.3]`"),
        (
            "--store route53@Z1=FILE gives them",
            'World(stores={"route53@Z1": ...}) gives them',
            "`stores: {route53@Z1: ...}` gives them",
        ),
        ("--plugin mine:forward", 'plugins=["mine:forward"]', "`plugins: [mine:forward]`"),
        ("--cluster FILE gives it", "World(cluster=...) gives it", "`cluster:` gives it"),
        ("--limit file-size=N does", "World(limits=Limits(file_size=...)) does", "`--limit file-size=N` does"),
        ("--allow-outside lets it", 'World(within="/") lets it', "`--allow-outside` lets it"),
        ("write -- and --x y", "write -- and --x y", "write -- and --x y"),
    ],
)
def test_each_option(hint: str, python: str, test: str) -> None:
    def said(terms: Terms) -> str:
        return in_terms([Finding("missing-file", "there is no file", hint=hint)], terms)[0].hint

    assert (said("command"), said("python"), said("test")) == (hint, python, test)


def test_no_option_is_left_in_the_library() -> None:
    text = ". {\n bind eth0\n hosts /etc/h\n file /zones/a\n forward . {$UP} 1.1.1.1\n}\n"
    hints = [f.hint for f in checks(text)]
    assert any(hint.startswith('World(env={"UP": ...}) gives it') for hint in hints)
    assert not [hint for hint in hints if "--" in hint]
    with pytest.raises(CorefileError) as caught:
        loads(text)
    assert not [f.hint for f in caught.value.findings if "--" in f.hint]
    assert [f.hint for f in loads(". {\n bind eth0\n whoami\n}").findings] == [
        'name one with World(interfaces={"eth0": ["10.1.2.3"]})'
    ]


def test_every_option_that_a_finding_names_is_known() -> None:
    """Options stand in texts of findings only in the form that can be said otherwise, or are those of other commands."""
    known = re.compile(
        r"--(?:address|cluster|env|file|limit|plugin|store|upstream) |--allow-outside|--(?:hosted-zone-id|project|zone|format) "
    )
    for room in ("plugins", "chain", "world", "lint"):
        for path in (PACKAGE / room).rglob("*.py"):
            for text in re.findall(r'"[^"\n]*"', path.read_text(encoding="utf-8")):
                for option in re.findall(r"(?<!\w)--[a-z]\S* ?", text):
                    assert known.match(option), (path, text)

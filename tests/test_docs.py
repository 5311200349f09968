"""Pages are what the code does: Python in them runs, tests in them are well formed, links in them lead somewhere.

Blocks with `>>>` are doctests (pytest collects them), those marked `console` are run by test_readme.py.
"""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import corefile
from corefile.chain import instance, network
from corefile.chain.compile import MOST_FOR_KEYS
from corefile.dns.zonefile import budget
from corefile.findings import LIMITS
from corefile.findings.limits import CLUSTER
from corefile.gotemplate import execute
from corefile.language import configmap, documents, words
from corefile.lint import asking
from corefile.plugins._backend.destinations import MOST_NAMESERVERS
from corefile.testing.cases import run
from corefile.testing.format import CASE, EXPECT, STEP, check
from corefile.world import compose, corefiles, workloads

ROOT = Path(__file__).resolve().parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "examples" / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]


def blocks(language: str) -> list[Any]:
    """The blocks of a language, from all pages."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for m in re.finditer(rf"^```{language}\n(.*?)^```$", text, re.M | re.S):
            where = f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, m.start()) + 1}"
            found.append(pytest.param(m[1], where, id=where))
    return found


@pytest.mark.parametrize(("code", "where"), [b for b in blocks("python") if ">>>" not in str(b.values[0])])
def test_python_runs(
    code: str, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(code, where, "exec"), names)
    tests = [thing for name, thing in names.items() if name.startswith("test_")]
    assert tests or "assert" in code
    for test in tests:
        test()


def test_a_trace_behind_an_assert_is_text() -> None:
    """What pytest shows of it is its repr otherwise, and not why."""
    files = [*PAGES, *(ROOT / "examples").rglob("*.py")]
    bare = re.compile(r"^\s*assert .*, *[\w.]*trace\s*$", re.M)
    assert [
        (path.name, bare.findall(path.read_text(encoding="utf-8")))
        for path in files
        if bare.search(path.read_text("utf-8"))
    ] == []


@pytest.mark.parametrize(("text", "where"), blocks("yaml"))
def test_resolution_tests_are_well_formed(text: str, where: str) -> None:
    check(yaml.safe_load(text))


SHOP = [b for b in blocks("yaml") if "docs/testing.md" in str(b.values[1]) and "about:" not in str(b.values[0])]


@pytest.mark.parametrize(("text", "where"), SHOP)
def test_the_other_tests_of_the_page_pass(text: str, where: str, tmp_path: Path) -> None:
    """They stand in a folder with what examples/shop has."""
    for file in (ROOT / "examples/shop").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "dns.yaml").write_text(text, encoding="utf-8")
    result = run(str(tmp_path / "dns.yaml"))
    assert result["problem"] is None
    assert [s["what"] for s in result["steps"] if not s["passed"]] == []


def test_every_key_of_the_format_is_documented() -> None:
    text = next(b.values[0] for b in blocks("yaml") if "docs/testing.md" in b.values[1] and "about:" in b.values[0])
    page = (ROOT / "docs" / "testing.md").read_text(encoding="utf-8")
    assert isinstance(text, str)
    data = yaml.safe_load(text)
    shown = set(data) | {k for s in data["steps"] for k in s} | {k for s in data["steps"] for k in s.get("expect", ())}
    missing = {k for k in (*CASE, *STEP, *EXPECT) if k not in shown and f"`{k}" not in page}
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target
    headings = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_what_is_exported_is_what_is_documented() -> None:
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]*) \|", page[page.index("## All names") :], re.M)
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows[1:]))) == sorted(corefile.__all__)
    for thing, internal in ((corefile.Server, {"process"}), (corefile.Reply, {"msg"}), (corefile.World, set())):
        arguments = inspect.signature(thing.query).parameters if thing is corefile.Server else {}
        public = {name for name in (*dir(thing), *arguments) if not name.startswith("_") and name != "self"} - internal
        if thing is corefile.World:
            public = set(inspect.signature(thing).parameters) | {"assumed", "write"}
        assert not {name for name in public if not re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", page)}


def test_limits_are_those_of_the_code() -> None:
    """Each row of docs/security.md has its numbers from what bounds it."""
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    bounds = {
        "octets of a file that a text names": (LIMITS.file_size >> 20, LIMITS.named_size // LIMITS.file_size, CLUSTER),
        "words of a Corefile": (LIMITS.words, words.LONG),
        "records of all zones": (LIMITS.records, 1 + budget.TOKENS, budget.FILE, budget.SIGNATURE),
        "lists and mappings of YAML": (LIMITS.yaml_depth,),
        "entries and items of a YAML": (LIMITS.yaml_values, documents.DOCUMENT, corefiles.COREFILE, CLUSTER),
        "steps of a template": (LIMITS.template_steps,),
        "steps of a test file": (LIMITS.test_steps,),
        "timers that run out": (LIMITS.timers, network.EXCHANGE),
        "findings about one Corefile": (LIMITS.findings,),
        "digits of a number": (documents.MAX_DIGITS,),
        "octets that a template prints": (execute.MAX_OCTETS >> 20,),
        "nameservers of a file": (MOST_NAMESERVERS,),
        "zones of a server block": (MOST_FOR_KEYS,),
        "servers in a row": (instance.MAX_DEPTH, network.MAX_ASKED),
        "directives that the questions of the rules": (asking.MAX_STEPS,),
        "mounts, variables and words": (compose.MOST_GIVEN,),
        "keys and ConfigMaps": (workloads.MOST_MOUNTED,),
        "files in ConfigMaps beside": (configmap.MOST_BESIDE,),
    }
    rows = {m[1].strip(): m[2] for m in re.finditer(r"^\| ([a-z][^|]*)\|(?:[^|]*\|)?([^|]*[0-9][^|]*)\|$", page, re.M)}
    assert len(rows) == len(bounds)
    for start, numbers in bounds.items():
        (row,) = [value for what, value in rows.items() if what.startswith(start)]
        assert tuple(int(n.replace(",", "")) for n in re.findall(r"[0-9][0-9,]*", row)) == numbers
    assert LIMITS.template_steps == execute.MAX_STEPS
    assert documents.INNER == 4  # a quarter


def test_pages_about_directives_speak_of_dns_and_not_of_python() -> None:
    """The kind: a mnemonic that was renamed in code, and in the words that users read with it."""
    assert re.findall(r"(?<!\.)\bdns\.[A-Z]+\b", (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")) == []

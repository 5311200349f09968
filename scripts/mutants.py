"""Mutants of an example's Corefiles: small changes that the example's own tests have to notice.

    python scripts/mutants.py                      all examples
    python scripts/mutants.py examples/autopath    one of them; --every 5 takes each fifth mutant

A mutant differs in one place: a directive, a property, an argument or a server block that is gone, another address or number,
an opposite word, two lines or two blocks swapped. It is put in a copy of the folder, and the tests there are run. One that
changes nothing is named in the folder's `mutants.yaml` with the reason why no test can notice it:

    equivalent:
    - {file: Corefile, mutants: "`loop` is gone", because: it only looks for a loop, and there is none}

`mutants`, `file` and `block` (the keys of a server block; any unless given) are patterns (`*` stands for anything). An entry
that fits no mutant, or one that a test kills, is an error.
"""

from __future__ import annotations

import argparse
import fnmatch
import ipaddress
import itertools
import os
import re
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from hypothesis import settings

import corefile
from corefile.findings import Span
from corefile.language.nodes import Directive, ServerBlock
from corefile.language.tree import Tree, parse
from corefile.testing.cases import run
from corefile.testing.collect import is_named_so

ROOT = Path(__file__).resolve().parent.parent

OPPOSITES = {
    "allow": "block",
    "block": "allow",
    "exact": "suffix",
    "insecure": "disabled",
    "verified": "disabled",
    "NXDOMAIN": "NOERROR",
    "success": "denial",
    "denial": "success",
}
"""Words of Corefiles, and others that may stand in their place."""

IN_ORDER = {"allow", "block", "filter", "drop", "rewrite", "template"}
"""Lines whose order may count: the first that fits decides."""


RELEASES = (str(corefile.releases.LATEST), "1.2.6")
"""A Corefile is one of the first of these that starts with it."""


class Mutant(NamedTuple):
    """A change of one file: what it is, where (the line, the keys of the server block), and what the whole file then is."""

    file: str
    line: int
    block: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}  {self.about}"


class Equivalent(NamedTuple):
    """Mutants that answer every question as the Corefile does, and why."""

    file: str
    mutants: str
    because: str
    block: str = "*"

    def fits(self, mutant: Mutant) -> bool:
        pairs = ((mutant.file, self.file), (mutant.block, self.block), (mutant.about, self.mutants))
        return all(fnmatch.fnmatchcase(text, pattern) for text, pattern in pairs)


class Edit(NamedTuple):
    """What is put in place of two ranges of a text (of one, where they are the same)."""

    about: str
    first: tuple[int, int, str]
    second: tuple[int, int, str] | None = None

    def of(self, text: str) -> str:
        for start, end, new in sorted((part for part in (self.first, self.second) if part), reverse=True):
            text = text[:start] + new + text[end:]
        return text


def mutants(path: Path) -> list[Mutant]:
    """The mutants of a Corefile, or of the one in a ConfigMap. What CoreDNS would refuse is none: that needs no test."""
    whole = path.read_text(encoding="utf-8")
    text, indent, offset, start, end = whole, "", 0, 0, 0
    if path.suffix == ".yaml":
        found = re.search(r"^( *)Corefile: \|-?\n((?:\1  .*\n|\s*\n)+)", whole, re.M)
        assert found, f"{path} has no Corefile"
        text, indent = textwrap.dedent(found[2]), found[1] + "  "
        start, end = found.span(2)
        offset = whole.count("\n", 0, start)
    out = []
    release = next(release for release in RELEASES if _starts(text, release))
    tree = parse(text)
    for edit in edits(tree):
        changed = edit.of(text)
        if not _starts(changed, release):
            continue
        line = text.count("\n", 0, edit.first[0]) + 1 + offset
        if indent:
            changed = whole[:start] + textwrap.indent(changed, indent) + whole[end:]
        blocks = [block for block in tree.document.blocks if block.span.start <= edit.first[0] < block.span.end]
        out.append(Mutant(path.name, line, " ".join(_keys(blocks[0])), edit.about, changed))
    return out


def _starts(text: str, release: str) -> bool:
    findings = corefile.checks(text, release=release)
    return not any(finding.severity == "error" for finding in findings)


def edits(tree: Tree) -> Iterator[Edit]:
    """All small changes of a Corefile."""
    blocks = [block for block in tree.document.blocks if block.keys]
    for block in blocks:
        yield Edit(f"the block {_name(block)} is gone", _gone(tree, block.span))
        yield from _of_lines(tree, block.lines)
    for one, other in itertools.pairwise(blocks):
        if _keys(one) == _keys(other):
            yield _swapped(tree, f"two blocks {_name(one)} are swapped", one.span, other.span)
        else:
            yield _swapped(tree, f"{_name(one)} and {_name(other)} have each other's block", _head(one), _head(other))


def _of_lines(tree: Tree, lines: tuple[Directive, ...], within: str = "") -> Iterator[Edit]:
    """The changes of a block's directives, or of a directive's properties."""
    for line in lines:
        name = f"{within}{line.name}"
        yield Edit(f"`{name}` is gone", _gone(tree, line.span))
        yield from _of_arguments(line, name)
        if line.block:
            yield from _of_lines(tree, line.block.properties, f"{name} ")
    for one, other in itertools.pairwise(lines):
        if {one.name, other.name} <= IN_ORDER:
            yield _swapped(tree, f"`{within}{one.name}` and the line behind it are swapped", one.span, other.span)


def _of_arguments(line: Directive, name: str) -> Iterator[Edit]:
    for argument in line.arguments:
        at = argument.span
        word = argument.text
        yield Edit(f"`{name}` is without {word}", (at.start, at.end, ""))
        other = _other(word)
        if other != word:
            yield Edit(f"`{name}` has {other} for {word}", (at.start, at.end, other))
    if line.name in OPPOSITES:
        start = line.span.start
        yield Edit(f"`{name}` is `{OPPOSITES[line.name]}`", (start, start + len(line.name), OPPOSITES[line.name]))


def _other(word: str) -> str:
    """Another word of the same kind: address, number, duration, zone; or the word itself."""
    if word in OPPOSITES:
        return OPPOSITES[word]
    try:
        address = ipaddress.ip_interface(word)
        return f"{address.ip + address.network.num_addresses}" + (
            f"/{address.network.prefixlen}" if "/" in word else ""
        )
    except ValueError:
        pass
    number = re.fullmatch(r"(\d+)([a-z]*)", word)
    return f"{int(number[1]) + 7}{number[2]}" if number else word


def _gone(tree: Tree, span: Span) -> tuple[int, int, str]:
    """The whole lines of what is in a span."""
    text = tree.source.text
    end = text.find("\n", span.end)
    return text.rfind("\n", 0, span.start) + 1, end + 1 if end >= 0 else len(text), ""


def _swapped(tree: Tree, about: str, one: Span, other: Span) -> Edit:
    text = tree.source.text
    return Edit(
        about, (one.start, one.end, text[other.start : other.end]), (other.start, other.end, text[one.start : one.end])
    )


def _head(block: ServerBlock) -> Span:
    return Span(block.keys[0].span.source, block.keys[0].span.start, block.keys[-1].span.end)


def _keys(block: ServerBlock) -> list[str]:
    return [key.text for key in block.keys]


def _name(block: ServerBlock) -> str:
    return f"`{' '.join(_keys(block))}`"


def corefiles(example: Path) -> list[Path]:
    """The Corefiles of an example: files of that name, and ConfigMaps named `coredns*.yaml` or `configmap*.yaml`."""
    patterns = ("Corefile*", "*.Corefile", "coredns*.yaml", "configmap*.yaml")
    return sorted(path for pattern in patterns for path in example.glob(pattern))


def equivalents(example: Path) -> list[Equivalent]:
    """What `mutants.yaml` names."""
    path = example / "mutants.yaml"
    if not path.exists():
        return []
    return [Equivalent(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["equivalent"]]


def killed(example: Path, mutant: Mutant | None) -> bool:
    """Whether the tests of the example fail with the mutant in place (None: as it is). They run in a process of their own."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 2
        try:
            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "example"
                shutil.copytree(example, copy, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
                if mutant:
                    (copy / mutant.file).write_text(mutant.text, encoding="utf-8")
                status = 0 if _passes(copy) else 1
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, 1), f"the tests of {example.name} did not run: {status} for {mutant}"
    return status == 1


def test_files(folder: Path) -> list[Path]:
    """The resolution tests of an example that are named so."""
    return sorted(path for path in folder.iterdir() if is_named_so(path.name))


def _passes(folder: Path) -> bool:
    """Whether all tests of a folder pass: first the files, which are quick, then what pytest finds."""
    if not all(run(str(path))["passed"] for path in test_files(folder)):
        return False
    os.chdir(folder)
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(quiet, stream)
    options = ["-q", "-x", "--no-header", "--tb=no", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    # What cannot be collected fails, too: its Corefile is one that CoreDNS refuses.
    status = pytest.main([*options, *map(str, sorted(folder.glob("test_*.py")))])
    assert status in (0, 1, 2), status
    return status == 0


class Counts(NamedTuple):
    """How many mutants of an example were tried, how many its tests killed and how many are equivalent; what is wrong."""

    tried: int
    killed: int
    equivalent: int
    wrong: list[str]


def examine(example: Path, every: int = 1) -> Counts:
    """Try the mutants of an example, or (quickly) each Nth of those that are not named as equivalent."""
    settings.register_profile("mutants", derandomize=True, deadline=None, database=None)
    settings.load_profile("mutants")
    known = equivalents(example)
    for path in test_files(example):
        run(str(path))  # what this reads and imports, the processes of the mutants need not
    found = [mutant for path in corefiles(example) for mutant in mutants(path)]
    wrong = [
        f"mutants.yaml: no mutant of {entry.file} is {entry.mutants!r}"
        for entry in known
        if not any(map(entry.fits, found))
    ]
    if every > 1:
        found = [mutant for mutant in found if not any(entry.fits(mutant) for entry in known)][::every]
    elif killed(example, None):
        wrong.append("the tests fail as they are")
    dead = same = 0
    for mutant in found:
        named = any(entry.fits(mutant) for entry in known)
        if killed(example, mutant) != named:
            dead += not named
            same += named
        else:
            wrong.append(f"{mutant}: " + ("killed, though it is said to be equivalent" if named else "not killed"))
    return Counts(len(found), dead, same, wrong)


def main() -> int:
    """Examine examples, and print the counts and what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("examples", nargs="*", type=Path)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take each Nth mutant (default: all)")
    args = parser.parse_args()
    folders = args.examples or sorted(path.parent for path in (ROOT / "examples").glob("*/test_*.py"))
    failed = False
    for folder in folders:
        counts = examine(folder.resolve(), args.every)
        failed |= bool(counts.wrong)
        print(
            f"{folder.name}: {counts.tried} mutants, {counts.killed} killed, {counts.equivalent} equivalent, "
            f"{len(counts.wrong)} wrong"
        )
        for line in counts.wrong:
            print(f"  {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

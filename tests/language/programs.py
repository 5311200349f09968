"""What the tests of reading share: a Corefile read for a release, and what came of it."""

from collections.abc import Mapping

from corefile.findings import Source
from corefile.language.expand import DictFiles, Program, expand
from corefile.releases import find


def run(
    text: str,
    files: Mapping[str, str | bytes] | None = None,
    env: Mapping[str, str] | None = None,
    release: str = "1.14.7",
) -> Program:
    return expand(Source("Corefile", text), release=find(release), environ=env or {}, files=DictFiles(files or {}))


def error(program: Program) -> str:
    return next((finding.coredns for finding in program.findings if finding.severity == "error"), "")


def keys(program: Program) -> list[list[str]]:
    return [[key.text for key in block.keys] for block in program.blocks]


def words(program: Program) -> list[dict[str, list[str]]]:
    return [{name: [t.text for t in tokens] for name, tokens in block.directives.items()} for block in program.blocks]


def body(lines: str, **more: object) -> Program:
    return run(f"a {{\n{lines}\n}}\n", **more)  # type: ignore[arg-type]

"""Write the files of a new plugin: `make new-plugin NAME=stamp SHAPE=filter`.

Writes the module and its test, adds a line to CHANGELOG.md, and docs/plugins.md is made anew from the declaration.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from corefile import releases

OWN = "from corefile.releases import LATEST\n", "LATEST"
OTHER = (
    "from corefile.plugins import with_plugins\nfrom corefile.releases import LATEST\n",
    'with_plugins(LATEST, [f"{NAME}:whoami"])  # TODO: the directive before which it stands',
)
"""What a test imports, and its release: for a directive of CoreDNS, and for one that CoreDNS does not come with."""

SHAPES = {
    "setting": (
        "Site",
        """\
    def apply(self, site: Site) -> None:
        \"\"\"Set it up for the server block.\"\"\"
        site.debug = site.debug  # TODO
""",
        "assert not server.findings",
    ),
    "filter": (
        "Query, Result",
        """\
    def back(self, query: Query, result: Result) -> Result:
        \"\"\"The result to use: `result`, `result.replying(...)` or `result.answered(...)`.\"\"\"
        return result  # TODO
""",
        'assert server.query("a.example.").trace.hops[0].plugin == NAME',
    ),
    "answerer": (
        "Landmark, NEXT, Outcome, Query",
        """\
    def answer(self, query: Query, zone: str) -> Outcome:
        \"\"\"The answer to a question inside of `zone`.\"\"\"
        return NEXT  # TODO

    def landmarks(self) -> list[Landmark]:
        \"\"\"What it tells apart besides the ends of its scope.\"\"\"
        return []
""",
        'assert server.query("a.example.").trace.hops[0].plugin == NAME',
    ),
    "gate": (
        "Landmark, NEXT, Outcome, Query",
        """\
    def admit(self, query: Query, zone: str) -> Outcome:
        \"\"\"Who goes on, and as what.\"\"\"
        return NEXT  # TODO

    def landmarks(self) -> list[Landmark]:
        \"\"\"What it tells apart besides the ends of its scope.\"\"\"
        return []
""",
        'assert server.query("a.example.").trace.hops[0].plugin == NAME',
    ),
}

MODULE = '''\
"""{name} - TODO: what it does, in one line.

Description: TODO, in our own words.

Syntax: `{name}`

Examples: `{name}` TODO.
"""

from __future__ import annotations

from ..plugin import {imports}


class {cls}({base}):
    """TODO: what it does to a query, in one line."""

    class Config(Declaration):
        """What the directive may be given: `Arg`, `Opt`, `Rest`, `Zones`, and `Line` for properties."""

    class Rules(ReleaseRules):
        """What differs between releases: `since`, `until`, `between`, `changed`."""

    READS = Reads()
    config: Config
    rules: Rules

{method}'''

TEST = '''\
"""{name}: TODO."""

from __future__ import annotations

from corefile import World
from corefile.api import Server, build
from corefile.findings import Source
{imported}
NAME = "{name}"
RELEASE = {release}


def serving(block: str = NAME) -> Server:
    """A server with the directive alone."""
    server = Server(Source("Corefile", ".:53 {{\\n" + block + "\\n}}\\n"), RELEASE, World())
    server.start()
    return server


def test_it_is_read() -> None:
    server = serving()
    {check}


def test_a_property_that_it_does_not_have_is_refused() -> None:
    source = Source("Corefile", ".:53 {{\\n" + NAME + " {{\\nno_such_property\\n}}\\n}}\\n")
    assert [f.code for f in build(source, RELEASE, World()).errors] == ["unknown-property"]
'''


def write(root: Path, name: str, shape: str) -> list[Path]:
    """Write the plugin's files below `root`; the paths. Raises ValueError for a name or a shape that will not do."""
    if shape not in SHAPES:
        raise ValueError(f"SHAPE is one of {', '.join(SHAPES)}, not {shape!r}")
    if not name.isidentifier() or name != name.lower():
        raise ValueError(f"NAME is a directive in lower case, not {name!r}")
    module = root / "corefile" / "plugins" / f"{name}.py"
    test = root / "tests" / "plugins" / f"test_{name}.py"
    if module.exists() or module.with_suffix("").is_dir():
        raise ValueError(f"there is a plugin {name} already")
    imports, method, check = SHAPES[shape]
    base = shape.capitalize()
    names = ", ".join(sorted({"Declaration", "Reads", "ReleaseRules", base, *imports.split(", ")}))
    cls = "".join(part.capitalize() for part in name.split("_"))
    module.write_text(MODULE.format(name=name, cls=cls, base=base, imports=names, method=method), encoding="utf-8")
    imported, release = OWN if releases.LATEST.has(name) else OTHER
    test.write_text(TEST.format(name=name, check=check, imported=imported, release=release), encoding="utf-8")
    changelog = root / "CHANGELOG.md"
    head, mark, rest = changelog.read_text(encoding="utf-8").partition("\n- ")
    first = releases.directive_history(name)[0]
    known = f" (CoreDNS {first} and later)" if first is not None else ""
    changelog.write_text(f"{head}\n- Plugin `{name}`{known}: TODO.{mark}{rest}", encoding="utf-8")
    return [module, test, changelog]


def main(arguments: list[str]) -> int:
    """Write the files, and the pages that are made of the declarations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("shape", choices=tuple(SHAPES))
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    given = parser.parse_args(arguments)
    try:
        written = write(given.root, given.name, given.shape)
    except ValueError as error:
        print(f"new-plugin: {error}", file=sys.stderr)
        return 2
    subprocess.run([sys.executable, "-m", "ruff", "check", "--quiet", "--fix", *map(str, written[:2])], check=False)
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *map(str, written[:2])], check=True)
    subprocess.run([sys.executable, str(given.root / "docs" / "generate.py"), "plugins.md"], check=True, cwd=given.root)
    for path in (*written, given.root / "docs" / "plugins.md"):
        print(path.relative_to(given.root))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

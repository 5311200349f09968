"""Write the files of a new rule: `make new-rule NAME=cache-too-long ABOUT=cache`.

Writes the rule and its test, gives it the next number of its kind in codes.txt, adds a line to CHANGELOG.md, and docs/findings.md
is made anew from its docstring.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

RULE = '''\
"""{name}: TODO: what is so, in the words of a fault.

Why: TODO: what happens because of it.

Fix: TODO: what to do.

Bad:
    {zone} {{
{bad}
    }}

Good:
    {zone} {{
        whoami
    }}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """TODO: one for each of what."""
    for use in subject.uses({about}):
        if {condition}:
            yield Mistake("TODO: what is wrong here", use.head.span, hint="TODO: what to write")
'''

TEST = '''\
"""{name}: TODO."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "{name}"


@pytest.mark.parametrize("text", ["{zone} {{\\n{bad_line}\\n}}\\n"])
def test_it_fires(text: str) -> None:
    assert NAME in [f.code for f in checks(text)]


@pytest.mark.parametrize("text", ["{zone} {{\\nwhoami\\n}}\\n"])
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert NAME not in [f.code for f in checks(text)]
'''


def write(root: Path, name: str, about: str, kind: str) -> list[Path]:
    """Write the rule's files below `root`; the paths. Raises ValueError for a name or a kind that will not do."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)+", name):
        raise ValueError(f"NAME is two words or more that state the fault, such as denial-zero, not {name!r}")
    if not re.fullmatch(r"[1-69]", kind):
        raise ValueError(f"KIND is the first digit of the number, as codes.py says: 1 to 6, or 9, not {kind!r}")
    codes = root / "corefile" / "lint" / "codes.txt"
    lines = codes.read_text(encoding="ascii").splitlines()
    if any(line.split()[1] == name for line in lines):
        raise ValueError(f"there is a finding {name} already")
    numbers = [int(line[3:5]) for line in lines if line.startswith(f"CF{kind}")]
    lines.append(f"CF{kind}{max(numbers, default=0) + 1:02d} {name} {about or '-'}")
    codes.write_text("\n".join(sorted(lines)) + "\n", encoding="ascii")
    module = root / "corefile" / "lint" / "rules" / f"{name.replace('-', '_')}.py"
    test = root / "tests" / "lint" / "rules" / f"test_{name.replace('-', '_')}.py"
    directives = about.split(",") if about else []
    bad = [*(directives or ["log"]), *(["whoami"] if directives != ["whoami"] else [])]
    fields = {
        "name": name,
        "zone": ".:53",
        "bad": "\n".join(f"        {line}" for line in bad),
        "bad_line": "\\n".join(bad),
        "about": ", ".join(f'"{d}"' for d in directives),
        "condition": "use.head.text" if directives else 'use.name == "log"',
    }
    module.write_text(RULE.format(**fields), encoding="utf-8")
    test.parent.mkdir(parents=True, exist_ok=True)
    test.write_text(TEST.format(**fields), encoding="utf-8")
    changelog = root / "CHANGELOG.md"
    head, mark, rest = changelog.read_text(encoding="utf-8").partition("\n- ")
    changelog.write_text(f"{head}\n- Rule `{name}`: TODO.{mark}{rest}", encoding="utf-8")
    return [module, test, codes, changelog]


def main(arguments: list[str]) -> int:
    """Write the files, and the page that is made of the docstrings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("about", nargs="?", default="", help="the directives that it is about, with commas between")
    parser.add_argument("kind", nargs="?", default="6", help="the first digit of its number")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    given = parser.parse_args(arguments)
    try:
        written = write(given.root, given.name, given.about, given.kind)
    except ValueError as error:
        print(f"new-rule: {error}", file=sys.stderr)
        return 2
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", *map(str, written[:2])], check=True)
    page = given.root / "docs" / "generate.py"
    made = subprocess.run([sys.executable, str(page), "findings.md"], check=False, cwd=given.root)
    for path in (*written, *([] if made.returncode else [given.root / "docs" / "findings.md"])):
        print(path.relative_to(given.root))
    if made.returncode:  # where the directive does not stand alone
        print("new-rule: write an example, and then `make generate`", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

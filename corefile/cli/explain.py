"""`corefile explain`: say what a finding means and how to mend it, or what a directive takes and how it has changed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from ..findings.layout import Line, Part, line
from ._inputs import Parser, WrongUse, fail, release_of
from ._terminal import show

if TYPE_CHECKING:
    from ..releases import Release

EXAMPLES = """
corefile explain
corefile explain removed-directive
corefile explain cache
corefile explain cache --release 1.8.0
"""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "explain",
        "[CODE|DIRECTIVE...]",
        "Say what a finding means and how to mend it, or what a directive takes and what changed about it when.\n"
        "Without an argument, list all findings; `corefile plugins` lists the directives. The same is in\n"
        "docs/findings.md and docs/plugins.md.",
        EXAMPLES,
    )
    p.add_argument(
        "words",
        nargs="*",
        metavar="CODE|DIRECTIVE",
        help="what stands in brackets, as in error[removed-directive]; or a directive such as cache",
    )
    p.add_argument("--release", metavar="V", help="what holds of a directive in this release of CoreDNS alone")
    p.add_argument("-h", "--help", action="help", help="show this and exit")
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    from ..lint.explanations import all_explanations

    p = parser()
    args = p.parse_args(argv)
    known = all_explanations()
    try:
        release = release_of(args.release) if args.release else None
        lines = [x for word in args.words for x in explained(word.rpartition("[")[2].strip("]"), known, release)]
    except WrongUse as e:
        fail(p, e)
    show(lines if args.words else listed(known), width=118)
    return 0


def listed(known: dict[str, Any]) -> list[Line]:
    """One line for each code."""
    width = max(map(len, known)) + 2
    return [Line((Part(f"{code:<{width}}", "bold"),), (Part(known[code]["says"]),)) for code in sorted(known)]


def explained(word: str, known: dict[str, Any], release: Release | None = None) -> list[Line]:
    """All about one finding, by its name or number, or a directive. Raises WrongUse for what is neither."""
    from ..lint.codes import numbers
    from ..releases import known_directives

    by_number = {number: name for name, number in numbers().items()}
    word = by_number.get(word.upper(), word)
    if word in known:
        return finding(word, known[word])
    directives = known_directives()
    if word in directives or offered(word):
        from ._directive import directive

        return directive(word, release)
    from difflib import get_close_matches

    close = get_close_matches(word, [*known, *directives], n=1)
    raise WrongUse(
        f"there is no finding and no directive `{word}`"
        + (f": did you mean `{close[0]}`?" if close else "; `corefile explain` and `corefile plugins` list them all")
    )


def finding(code: str, one: Any) -> list[Line]:
    """What a finding means."""
    from ..lint.codes import number

    release = f" (CoreDNS {one['coredns']})" if "coredns" in one else ""
    return [
        Line((Part(code, "bold"), Part(f"  {number(code)}", "dim"))),
        line("  ", one["says"]),
        line(""),
        line(f"  an example{release}:"),
        *(line(f"    {x}") for x in one["corefile"].splitlines()),
        line(""),
        line("  ", one["fix"]),
        line(""),
        *(line(f"    {x}") for x in one["fixed"].splitlines()),
        line(""),
    ]


def offered(word: str) -> bool:
    """Whether an installed package offers a directive of this name. Raises WrongUse for one that cannot be used."""
    from ..plugins import usable

    try:
        return usable(word) is not None
    except ValueError as e:
        raise WrongUse(str(e)) from None

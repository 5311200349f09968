"""`corefile explain`: say what a finding means and how to mend it."""

from __future__ import annotations

import argparse
from typing import Any

from ..findings.layout import Line, Part, line
from ._inputs import Parser, WrongUse, fail
from ._terminal import show

EXAMPLES = """
corefile explain
corefile explain removed-directive
"""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "explain",
        "[CODE...]",
        "Say what a finding means and how to mend it; without a code, list them all. The same is in\ndocs/findings.md.",
        EXAMPLES,
    )
    p.add_argument("codes", nargs="*", metavar="CODE", help="what stands in brackets: error[removed-directive]")
    p.add_argument("-h", "--help", action="help", help="show this and exit")
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    from ..lint.explanations import all_explanations

    p = parser()
    args = p.parse_args(argv)
    known = all_explanations()
    try:
        lines = [x for code in args.codes for x in explained(code.strip("[]"), known)] if args.codes else listed(known)
    except WrongUse as e:
        fail(p, e)
    show(lines, width=118)
    return 0


def listed(known: dict[str, Any]) -> list[Line]:
    """One line for each code."""
    width = max(map(len, known)) + 2
    return [Line((Part(f"{code:<{width}}", "bold"),), (Part(known[code]["says"]),)) for code in sorted(known)]


def explained(code: str, known: dict[str, Any]) -> list[Line]:
    """All about one code. Raises WrongUse for one that is none."""
    if code not in known:
        from difflib import get_close_matches

        close = get_close_matches(code, known, n=1)
        raise WrongUse(
            f"there is no finding `{code}`"
            + (f": did you mean `{close[0]}`?" if close else "; `corefile explain` lists them all")
        )
    one = known[code]
    release = f" (CoreDNS {one['coredns']})" if "coredns" in one else ""
    return [
        line("", code, "bold"),
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

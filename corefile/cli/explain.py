"""`corefile explain`: say what a finding means and how to mend it, or what a directive takes and how it has changed."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from ..findings.layout import Line, Part, line
from ..light import regex
from ._inputs import Parser, WrongUse, fail, release_of
from ._terminal import show

if TYPE_CHECKING:
    from ..chain.declare import Argument
    from ..releases import Release

_SYNTAX = regex(r"^Syntax\b", re.M)
"""What begins the part of a docstring that shows the syntax."""

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
    from ..plugins import find

    try:
        return find(word) is not None
    except ValueError as e:
        raise WrongUse(str(e)) from None


def directive(name: str, release: Release | None = None) -> list[Line]:
    """What a directive takes, and what differs between releases; of one release, where one is given."""
    from ..chain.declare import placeholder, usage
    from ..plugins import find
    from ..releases import known_directives
    from ._directive import about, argument, history, in_release, lines, marks, releases_of, tells

    there = releases_of(name)
    cls = find(name)
    summary, text = about(cls) if cls is not None else ("its effect is not simulated yet", "")
    out = [Line((Part(name, "bold"), Part(f"  {summary}"), Part(f"  ({there})" if there else "", "dim")))]
    out += place(name, release)
    if cls is None or (release is not None and not release.has(name) and name in known_directives()):
        return [*out, line("")]
    arguments = _there(cls.ARGUMENTS, release)
    properties = [(p, _there(p.args, release)) for p in lines(cls) if release is None or p.in_release(release)]
    is_written = bool(_SYNTAX.search(text))
    if release is None and text:
        out += [line(""), *(line(f"  {x}" if x else "") for x in text.splitlines())]
    if release is not None or not is_written:
        block = [f"      {usage(p.name, args)}" for p, args in properties]
        out += [line(""), line(f"  {usage(name, arguments)}{' {' if block else ''}")]
        out += [line(x) for x in (*block, *(["  }"] if block else ()))]
    if arguments:
        out += [line(""), line("  arguments")]
        width = max(len(placeholder(a)) for a in arguments)
        out += [
            Line((Part(f"    {placeholder(a):<{width}}  ", "bold"),), (Part(_told(argument(a), a.doc)),))
            for a in arguments
        ]
    if properties:
        out += [line(""), line("  properties")]
    for p, args in properties:
        words = "; ".join(x for x in (marks(p), p.doc) if x)
        head = (Part(f"    {usage(p.name, args)}", "bold"), Part("  " if words else ""))
        out.append(Line(head, (Part(words),), 8))
        out += [line(f"        {placeholder(a)}  ", _told(argument(a), a.doc)) for a in args if tells(a)]
    if release is not None:
        held = list(in_release(cls, release))
        if held:
            out += [line(""), line(f"  in CoreDNS {release}, of what differs between releases")]
            out += [line("    - ", text) for text in held]
    else:
        changes = list(history(cls))
        if changes:
            out += [line(""), line("  what differs between releases")]
            width = max(len(when) for when, _ in changes)
            out += [Line((Part(f"    {when:<{width}}  ", "dim"),), (Part(what),)) for when, what in changes]
    return [*out, line("")]


def _there(arguments: tuple[Argument, ...], release: Release | None) -> tuple[Argument, ...]:
    """Those of the arguments that a release has."""
    return tuple(a for a in arguments if release is None or a.since is None or release >= a.since)


def _told(takes: str, doc: str) -> str:
    return f"{takes}: {doc}" if takes and doc else takes or doc


def place(name: str, release: Release | None) -> list[Line]:
    """Where a directive stands in the order of a release."""
    from ..plugins import find
    from ..releases import LATEST, known_directives

    release = release or LATEST
    if name not in known_directives() and (cls := find(name)) is not None:
        before = f", before `{cls.BEFORE}`" if cls.BEFORE else ""
        return [line(f"  CoreDNS does not come with it: --plugin {name} adds it{before}")]
    if not release.has(name):
        return [line(f"  CoreDNS {release} has no `{name}`")]
    at = release.order.index(name)
    behind = f" behind `{release.order[at - 1]}`" if at else ""
    before = f" before `{release.order[at + 1]}`" if at + 1 < len(release.order) else ""
    link = " and" if behind and before else ""
    return [
        line(f"  number {at + 1} of the {len(release.order)} directives of CoreDNS {release}:{behind}{link}{before}")
    ]

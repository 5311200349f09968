"""`corefile plugins`: list the directives of a release, in the order in which CoreDNS asks them."""

from __future__ import annotations

import argparse

from ..findings.layout import Line, Part, line
from ._inputs import Parser, WrongUse, add_common, add_image, add_release, as_built, fail, release_of
from ._terminal import show, show_json

EXAMPLES = """
corefile plugins
corefile plugins --release 1.8.0
"""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "plugins",
        "[options]",
        "List the directives of a release of CoreDNS. Their order is that in which it sets them up and asks them,\n"
        "whatever their order in the Corefile. `corefile explain DIRECTIVE` says more about one.",
        EXAMPLES,
    )
    add_release(p)
    add_image(p)
    add_common(p)
    return p


def main(argv: list[str]) -> int:
    """Run the verb."""
    from ..plugins import find
    from ._directive import about

    p = parser()
    args = p.parse_args(argv)
    try:
        release = as_built(release_of(args.release), args)
    except WrongUse as e:
        fail(p, e)
    order = [name for name in release.order if name not in release.missing]
    found = [(name, find(name)) for name in order]
    told = [(name, about(cls)[0] if cls is not None else None) for name, cls in found]
    if args.format == "json":
        directives = [
            {"name": name, "order": i, "simulated": summary is not None, "summary": summary}
            for i, (name, summary) in enumerate(told, 1)
        ]
        show_json({"release": release.version, "directives": directives})
        return 0
    width = max(len(name) for name in order)
    lines = []
    for i, (name, summary) in enumerate(told, 1):
        body = Part(summary.removesuffix("."), "") if summary is not None else Part("not simulated", "dim")
        lines.append(Line((Part(f"{i:>4}  "), Part(f"{name:<{width}}", "bold"), Part("  ")), (body,)))
    count = sum(summary is not None for _, summary in told)
    lines += [line(""), line(f"{count} of {len(told)} are simulated; `corefile explain NAME` says more about one")]
    show(lines, width=118)
    return 0

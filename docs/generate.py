"""Write the pages that follow from the code; with `--check`, only say whether they would change."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from corefile import plugins, releases
from corefile.chain.declare import Argument, placeholder, usage
from corefile.chain.shapes import Plugin
from corefile.cli._directive import about, lines, marks, releases_of, tells
from corefile.cli._directive import argument as takes
from corefile.findings.layout import visible
from corefile.findings.report import render
from corefile.lint.codes import number
from corefile.lint.explanations import Explanation, all_explanations, findings_of
from corefile.lint.subject import properties_of

ROOT = Path(__file__).resolve().parent.parent
HEAD = "<!-- Made by docs/generate.py from the plugins' declarations; do not edit. -->\n"


def argument(a: Argument) -> str:
    """One argument's line."""
    told = takes(a)
    return f"  - `{placeholder(a)}`" + (f" ({told})" if told else "") + (f": {a.doc}" if a.doc else "")


def page(name: str, cls: type[Plugin]) -> str:
    """A plugin's section."""
    summary, text = about(cls)
    history = releases_of(name)
    out = [f"## {name}", "", summary + (f" ({history})" if history else ""), "", text, ""]
    if cls.ARGUMENTS:
        out += [f"Arguments: `{usage(name, cls.ARGUMENTS)}`", ""]
        out += [argument(a)[2:] for a in cls.ARGUMENTS] + [""]
    if lines(cls):
        out += ["Properties:", ""]
        for p in lines(cls):
            mark = marks(p)
            out.append(
                f"- `{usage(p.name, p.args)}`" + (f" ({mark})" if mark else "") + (f": {p.doc}" if p.doc else "")
            )
            out += [argument(a) for a in p.args if tells(a)]
        out.append("")
    return "\n".join(out)


def index(names: Iterable[str]) -> str:
    """Links to the sections of a page, one a line: a new name changes one line."""
    return "".join(f"- [{name}](#{name})\n" for name in names)


def all_plugins() -> str:
    """docs/plugins.md."""
    names = plugins.names()
    waiting = sorted(n for n in releases.known_directives() if n not in names)
    out = [HEAD, "# Plugins\n", "The directives whose effect is simulated, in all releases that have them.\n"]
    out.append(index(names))
    for name in names:
        cls = plugins.find(name)
        assert cls is not None
        out.append(page(name, cls))
    if waiting:
        out.append("## Not simulated yet\n")
        out.append(
            "A Corefile with one of these parses, its place in the chain is known, and a notice says that it has no "
            "effect here: " + ", ".join(f"`{n}`" for n in waiting) + ".\n"
        )
    return "\n".join(out)


def finding(code: str, explanation: Explanation) -> str:
    """A finding's section: its words, and its example with what `corefile check` says of it."""
    found = findings_of(explanation)
    one = next((f for f in found if f.code == code), None)
    if one is None:
        raise SystemExit(f"the example of {code} has {', '.join(f.code for f in found) or 'nothing wrong'} instead")
    release = explanation.get("coredns")
    held = f" Since CoreDNS {explanation['since']}." if "since" in explanation else ""
    held += f" Until CoreDNS {explanation['until']}." if "until" in explanation else ""
    out = [f"## {code}", "", f"{number(code)}, {one.severity}.{held} {explanation['says'].strip()}", ""]
    out += ["```", "\n".join(map(visible, explanation["corefile"].rstrip().split("\n"))), "```", ""]
    out += [
        f"With CoreDNS {release}:" if release else "`corefile check` says:",
        "",
        "```",
        render([one]).rsplit("\n\n", 1)[0],
        "```",
        "",
    ]
    out += [f"To mend it: {explanation['fix'].strip()}", "", "```", explanation["fixed"].rstrip(), "```", ""]
    return "\n".join(out)


def all_findings() -> str:
    """docs/findings.md."""
    explanations = all_explanations()
    out = [
        HEAD.replace("the plugins' declarations", "corefile/lint"),
        "# Findings\n",
        (
            "Everything that `corefile check` can say; `corefile explain CODE` shows the same. An *error* keeps CoreDNS from "
            "starting. A *warning* does not, and is most likely a mistake. A *notice* is about what this tool "
            "knows or leaves out. Codes and their numbers are permanent; the first digit of a number says what a finding is "
            "about: 1 the text, 2 imports and what is assumed, 3 zones, ports and addresses, 4 directives and their "
            "arguments, 5 what they need from outside, 6 what CoreDNS starts with and does not do, 9 this tool.\n"
        ),
        index(sorted(explanations)),
    ]
    out += [finding(code, explanation) for code, explanation in explanations.items()]
    return "\n".join(out)


def owners() -> str:
    """corefile/lint/_owners.py."""
    having: dict[str, list[str]] = {}
    for name in plugins.names():
        for each in sorted(properties_of(name)):
            having.setdefault(each, []).append(name)
    rows = "".join(f'    "{each}": "{" ".join(names)}",\n' for each, names in sorted(having.items()))
    return (
        '"""Which directives have a property of a name. Made by docs/generate.py from the plugins\' declarations; do not edit."""\n\n'
        f"from __future__ import annotations\n\nOWNERS = {{\n{rows}}}\n"
        '"""The names of directives, with blanks between them, by that of the property: known without loading any plugin."""\n\n'
        '__all__ = ["OWNERS"]\n'
    )


PAGES = {"docs/plugins.md": all_plugins, "docs/findings.md": all_findings, "corefile/lint/_owners.py": owners}


def main(argv: list[str]) -> int:
    """Write or check the pages that are named, or all."""
    stale = []
    wanted = set(argv) & PAGES.keys()
    for name, make in PAGES.items():
        if wanted and name not in wanted:
            continue
        path = ROOT / name
        text = make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in argv:
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in argv:
        print(f"out of date: {', '.join(stale)}; run `make generate`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

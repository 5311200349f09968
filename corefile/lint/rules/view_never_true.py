"""view-never-true: a `view` has networks with no client in common, a network that is misspelt, a text that equals no value, or an
expression that is no condition.

Why: All lines `expr` have to be true, so that the server block is never chosen; an expression that fails is not true, and nor is
one whose value is a text or a number. Names end in a dot, types are in capitals, and protocols in lower case.

Fix: Write one line, with `||` between the conditions, a network as its address and its length, texts as the values are, and a
comparison where there is none.

Bad:
    . {
        view inside {
            expr incidr(client_ip(), '10.0.0.0/8')
            expr incidr(client_ip(), '192.168.0.0/16')
        }
        forward . 10.0.0.53
    }

Good:
    . {
        view inside {
            expr incidr(client_ip(), '10.0.0.0/8') || incidr(client_ip(), '192.168.0.0/16')
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from ...findings import Span
from ...golang.addresses import parse_cidr
from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject, Use

SINCE = "1.10.0"
NETWORK = regex(r"""['"`](\d+\.\d+\.\d+\.\d+/\d+|[0-9a-fA-F]*:[0-9a-fA-F:]+/\d+)['"`]""")
COMPARED = regex(r"""\b(name|type|class|proto)\(\)\s*(==|!=|endsWith)\s*(['`])([^'`]*)\3""")
IN_NETWORK = regex(r"""\s*incidr\(\s*client_ip\(\)\s*,\s*(?:'([^']*)'|"([^"]*)"|`([^`]*)`)\s*\)\s*""")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each `view` with two such lines."""
    for use in subject.uses("view"):
        networks = []
        for line in use.lines:
            match = IN_NETWORK.fullmatch(" ".join(word.text for word in line.words[1:]))
            if line.name == "expr" and match is not None:
                try:
                    networks.append((line, ipaddress.ip_network(match[1] or match[2] or match[3], strict=False)))
                except ValueError:
                    continue
        apart = ((one, other) for one, other in combinations(networks, 2) if not _meet(one[1], other[1]))
        for one, other in apart:
            yield Mistake(
                f"no client is both in {one[1]} and in {other[1]}, so this server block is never chosen",
                other[0].words[0].span,
                related=((one[0].words[0].span, "has to be true as well"),),
                hint="write one `expr`, with `||` between the conditions",
            )
            break
        yield from _comparisons(use)
        yield from _values(use)
        for line in use.lines:
            for word in line.words[1:] if line.name == "expr" else ():
                network = NETWORK.search(word.text)
                if network is not None and parse_cidr(network[1]) is None:
                    said = f"`{network[1]}` is no network, so that `incidr` fails, which counts as false"
                    yield Mistake(said, word.span, hint="write its address and its length, such as `10.0.0.0/8`")


VALUES = {"string": "a text", "int": "a number", "float64": "a number", "nil": "nothing"}
"""What is said of the types that are no condition, but for functions, lists and maps."""
CONDITION = "write a condition, such as `name() == 'a.example.'` or `incidr(client_ip(), '10.0.0.0/8')`"


def _values(use: Use) -> Iterator[Mistake]:
    """Expressions whose value is neither true nor false."""
    lines = [line for line in use.lines if line.name == "expr" and line.arguments]
    read = () if use.handler is None else use.handler.config.expr
    for line, expression in zip(lines, read, strict=False):
        type = "" if expression.program is None else expression.program.type
        if type not in ("", "bool"):
            what = VALUES.get(type, "a function" if type.startswith("func") else "a list or a map")
            source, start, end = line.arguments[0].source, line.arguments[0].start, line.arguments[-1].end
            said = f"the value of this expression is {what}, which counts as false"
            yield Mistake(said, Span(source, start, end), hint=CONDITION)


def _comparisons(use: Use) -> Iterator[Mistake]:
    """Comparisons with texts that the functions never give."""
    for line in use.lines:
        words = line.words[1:]
        if line.name != "expr" or not words:
            continue
        source, start, end = words[0].span.source, words[0].span.start, words[-1].span.end
        for match in COMPARED.finditer(source.text, start, end):
            function, sign, text = match[1], match[2], match[4]
            meant = text
            if function == "name" and text and not text.endswith("."):
                meant = f"{text}."
            elif function in ("type", "class"):
                meant = text.upper()
            elif function == "proto":
                meant = text.lower()
            if meant != text:
                always = "always" if sign == "!=" else "never"
                given = {"name": "end in a dot", "proto": "are in lower case"}.get(function, "are in capitals")
                said = f"this is {always} so: values of `{function}()` {given}"
                yield Mistake(said, Span(source, match.start(4), match.end(4)), write=meant)


def _meet(
    one: ipaddress.IPv4Network | ipaddress.IPv6Network, other: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    return one.version == other.version and one.overlaps(other)

"""view - has a server block answer only what fits its expressions; the next block of the zone gets the rest.

Description: blocks that share a zone are tried from the top. A block fits where each of its expressions is true; what is
neither true nor false, or fails, counts as false. Without expressions all fits. The name is the label `view` of metrics, and
the metadata `view/name`.

Syntax:

    view NAME {
        expr EXPRESSION
    }

Expressions are those of expr-lang, with the functions `name()`, `type()`, `class()`, `proto()`, `client_ip()`, `port()`,
`server_ip()`, `server_port()` (texts), `size()`, `bufsize()`, `id()`, `opcode()` (numbers), `do()`, `metadata('label')` and
`incidr(ip, network)`.

Examples: `view inside { expr incidr(client_ip(), '10.0.0.0/8') }`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..chain.scrub import message_length
from ..chain.transports import local_ip
from ..chain.types import nearest
from ..dns.codes import TYPES, class_name, type_name
from ..dns.errors import BadName
from ..dns.names import parse_name
from ..findings import Expected, Span
from ..golang import expr
from ..golang.addresses import number_of, parse_cidr, with_prefix
from ..light import NamedTuple
from ..plugin import (
    NEXT,
    Arg,
    Client,
    Declaration,
    Exact,
    Flag,
    Gate,
    Given,
    Invalid,
    Landmark,
    Line,
    Outcome,
    Query,
    Reads,
    Release,
    ReleaseRules,
    Rest,
    Setup,
    changed,
    parse_ip,
)

VALUES: dict[str, tuple[str, Callable[[Query, Release], object]]] = {
    "type": ("string", lambda query, release: type_name(query.type, release)),
    "name": ("string", lambda query, _: query.name),
    "class": ("string", lambda query, _: class_name(query.cls)),
    "proto": ("string", lambda query, _: query.ctx.proto),
    "client_ip": ("string", lambda query, _: query.ctx.client),
    "port": ("string", lambda query, _: str(query.ctx.client_port)),
    "server_ip": ("string", lambda query, release: local_ip(query.ctx, release)),
    "server_port": ("string", lambda query, _: str(query.ctx.server_port)),
    "size": ("int", lambda query, release: message_length(query.msg, release)),
    "bufsize": ("int", lambda query, _: query.size),
    "id": ("int", lambda query, _: query.msg.id),
    "opcode": ("int", lambda query, _: query.msg.opcode),
    "do": ("bool", lambda query, _: query.do),
}
"""The functions without arguments: the type of their value, and what it is."""
FUNCTIONS = {
    **{name: expr.Function((), kind) for name, (kind, _) in VALUES.items()},
    "metadata": expr.Function(("string",), "string"),
    "incidr": expr.Function(("string", "string"), "bool"),
}
SEEN = {"do": "do", "proto": "tcp", "bufsize": "edns"}
"""The flags that landmarks have for functions."""


class ViewRules(ReleaseRules):
    """What differs between releases."""

    language = changed(
        (1, 9, 0),
        {
            "1.10.1": (1, 12, 0),
            "1.11.0": (1, 12, 7),
            "1.11.1": (1, 13, 0),
            "1.11.3": (1, 15, 5),
            "1.11.4": (1, 16, 9),
            "1.12.1": (1, 17, 2),
            "1.12.2": (1, 17, 4),
            "1.12.3": (1, 17, 5),
            "1.12.4": (1, 17, 6),
            "1.14.0": (1, 17, 7),
            "1.14.2": (1, 17, 8),
        },
        "the version of the expressions' language",
    )


WITH_ARGUMENTS = {
    "metadata": "write `metadata('LABEL')`",
    "incidr": "write `incidr(client_ip(), '10.0.0.0/8')`: it asks for one network, and `||` joins several",
}
"""How to write the functions with arguments."""


class Expression(NamedTuple):
    """A line. program: None where it is not simulated, so that the view never fits."""

    text: str
    program: expr.Program | None


def _read(line: Given, setup: Setup) -> Expression:
    """The expression that the words of a line are. Raises Invalid."""
    text = " ".join(line.value)
    try:
        return Expression(text, expr.compile(text, FUNCTIONS, ViewRules.of(setup.release).language))
    except expr.ExprError as error:
        message = f"the expression is wrong: {error.message}"
        hint = ""
        at = _place(line, *(error.bare or (error.unknown, error.at)))
        if error.called is not None:
            name, given = error.called
            at = _place(line, name, error.at)
            if name in FUNCTIONS:
                takes = len(FUNCTIONS[name].takes)
                message = f"the expression is wrong: `{name}` takes {takes} argument{'s' * (takes != 1)}, not {given}"
                hint = WITH_ARGUMENTS.get(name, f"write `{name}()`")
        expected: Expected = "expression"
        if error.unexpected:
            expected = "comparison" if error.unexpected == "=" else "value"
        elif error.bare is not None and at is not None:
            expected = "function call"
        elif error.operator == "in":
            expected = "list"
        meant = "" if at is None else nearest(error.unknown, list(FUNCTIONS))
        raise Invalid(
            message, coredns=str(error), located=False, at=at, meant=meant, expected=expected, hint=hint
        ) from None
    except expr.NotModelled as error:
        setup.notice("not-simulated", f"`{error}` in expressions is not simulated: the view never fits", line.span)
    return Expression(text, None)


def _place(line: Given, name: str, at: int) -> Span | None:
    """Where a name stands that begins at an index of the expression; None where it is written otherwise, or is ''."""
    for word in line.words:
        if at <= len(word.text):
            start = word.start + word.quoted + at
            place = Span(word.source, start, start + len(name))
            return place if name and place.text == name else None
        at -= len(word.text) + 1
    return None


class View(Gate):
    """Decides whether its block answers."""

    class Config(Declaration):
        name: str = Arg(doc="what the view is called")
        expr: tuple[Expression, ...] = Line(Rest("words"), repeat="all", rule="both", read=_read, doc="has to be true")

    Rules = ViewRules
    READS = Reads(once=True)
    config: Config
    rules: ViewRules

    def prepare(self) -> None:
        """The server asks it before it chooses the block."""
        self.programs = [e.program for e in self.config.expr if e.program is not None]
        self.never = len(self.programs) < len(self.config.expr)
        calls = {node.value for program in self.programs for node in program.nodes() if node.kind == "call"}
        self.values = [(name, make) for name, (_, make) in VALUES.items() if name in calls]
        site = self.setup.site
        site.view_name = self.config.name
        site.filters.append(self.fits)

    def fits(self, query: Query) -> bool:
        """Whether the block answers `query`."""
        if self.never:
            return False
        functions: dict[str, Callable[..., object]] = {"metadata": partial(_metadata, query), "incidr": incidr}
        for name, make in self.values:
            functions[name] = partial(make, query, self.setup.release)
        trace = query.ctx.trace
        for number, program in enumerate(self.programs):
            try:
                fits = program.run(functions) is True
            except expr.RunError:
                fits = False
            if trace is not None:
                trace.used(self, 0, f"expr {number} {'true' if fits else 'false'}")
            if not fits:
                return False
        return True

    def metadata(self, query: Query) -> dict[str, object]:
        """The view's name."""
        return {"view/name": partial(str, self.config.name)}

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on: the server has asked before."""
        return NEXT

    def landmarks(self) -> list[Landmark]:
        """The expressions, and the networks, addresses, names and types that are written in them."""
        found: list[Landmark] = [Flag(f"view {expression.text}") for expression in self.config.expr]
        for node in (node for program in self.programs for node in program.nodes()):
            if node.kind == "string":
                found += _written(node.value)
            elif node.kind == "call" and node.value in SEEN:
                found.append(Flag(SEEN[node.value]))
        return found


def _written(text: str) -> list[Landmark]:
    """What a text in an expression may be compared with."""
    if parse_cidr(with_prefix(text)) is not None:
        return [Client(with_prefix(text))]
    if text in TYPES:
        return [Flag(f"type {text}")]
    try:
        return [Exact(parse_name(text).lower())] if text.endswith(".") else []
    except BadName:
        return []


def _metadata(query: Query, label: str) -> str:
    """A value that a plugin has left, '' where there is none."""
    values = query.ctx.metadata
    return values[label]() if values and label in values else ""


def incidr(address: str, network: str) -> bool:
    """Whether an address is in a network. Raises RunError."""
    if parse_ip(address) is None:
        raise expr.RunError("first argument is not an IP address")
    found = parse_cidr(network)
    if found is None:
        raise expr.RunError(f"invalid CIDR address: {network}")
    return found.holds(number_of(address))

"""The tree of a template. Every node prints as Go prints it in errors and metrics (`source`), which is not always as it was
written: white space and comments are gone, `{{else if}}` is `{{else}}{{if}}`.

pos: where it begins in the text, in characters, as Go counts it: a chain of fields begins at its second one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, TypeAlias

from ..golang.quoting import quote
from .literals import Number

Parts: TypeAlias = "Sequence[str | Node]"


class Node:
    """A part of a template."""

    __slots__ = ("pos",)
    pos: int

    def parts(self) -> Parts:
        """The text that it prints as, with the nodes inside of it as they are."""
        raise NotImplementedError

    def __str__(self) -> str:
        return source([self])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


def source(nodes: Sequence[Node]) -> str:
    """The nodes as Go prints them."""
    out: list[str] = []
    left: list[str | Node] = list(reversed(nodes))
    while left:
        part = left.pop()
        if isinstance(part, str):
            out.append(part)
        else:
            left.extend(reversed(part.parts()))
    return "".join(out)


def fields(nodes: Sequence[Node]) -> Iterator[str]:
    """The first field of each chain of fields in the nodes; '' for dot and `$` alone."""
    left: list[str | Node] = list(nodes)
    while left:
        part = left.pop()
        if isinstance(part, str):
            continue
        if isinstance(part, (Field, Chain)):
            yield part.names[0]
        elif isinstance(part, Variable):
            yield from part.names[1:2] or [""] * (part.names == ["$"])
        elif type(part) is Dot:
            yield ""
        left.extend(part.parts())


# -- operands ---------------------------------------------------------------------------------------------------------


class Operand(Node):
    """An argument. CONSTANT: whether it is a value that cannot be called, or have a field."""

    __slots__ = ()
    CONSTANT: ClassVar[bool] = False


class Identifier(Operand):
    """The name of a function."""

    __slots__ = ("name",)

    def __init__(self, pos: int, name: str) -> None:
        self.pos = pos
        self.name = name

    def parts(self) -> Parts:
        return (self.name,)


class Dot(Operand):
    """`.`"""

    __slots__ = ()
    CONSTANT = True

    def __init__(self, pos: int) -> None:
        self.pos = pos

    def parts(self) -> Parts:
        return (".",)


class Nil(Dot):
    """`nil`"""

    __slots__ = ()

    def parts(self) -> Parts:
        return ("nil",)


class Variable(Operand):
    """A variable, whose name begins with a dollar sign, and fields of it."""

    __slots__ = ("names",)

    def __init__(self, pos: int, names: list[str]) -> None:
        self.pos = pos
        self.names = names

    def parts(self) -> Parts:
        return (".".join(self.names),)


class Field(Operand):
    """Fields of dot."""

    __slots__ = ("names",)

    def __init__(self, pos: int, names: list[str]) -> None:
        self.pos = pos
        self.names = names

    def parts(self) -> Parts:
        return ("".join([f".{name}" for name in self.names]),)


class Chain(Operand):
    """Fields of something else."""

    __slots__ = ("names", "operand")

    def __init__(self, pos: int, operand: Operand, names: list[str]) -> None:
        self.pos = pos
        self.operand = operand
        self.names = names

    def parts(self) -> Parts:
        fields = "".join([f".{name}" for name in self.names])
        return (self.operand, fields) if not isinstance(self.operand, Pipe) else ("(", self.operand, ")", fields)


class Bool(Operand):
    """`true` or `false`."""

    __slots__ = ("value",)
    CONSTANT = True

    def __init__(self, pos: int, value: bool) -> None:
        self.pos = pos
        self.value = value

    def parts(self) -> Parts:
        return ("true" if self.value else "false",)


class Numeral(Operand):
    """A number or a character."""

    __slots__ = ("number", "text")
    CONSTANT = True

    def __init__(self, pos: int, text: str, number: Number) -> None:
        self.pos = pos
        self.text = text
        self.number = number

    def parts(self) -> Parts:
        return (self.text,)


class String(Operand):
    """A text. quoted: as it stands there. value: its octets."""

    __slots__ = ("quoted", "value")
    CONSTANT = True

    def __init__(self, pos: int, quoted: str, value: bytes) -> None:
        self.pos = pos
        self.quoted = quoted
        self.value = value

    def parts(self) -> Parts:
        return (self.quoted,)


# -- pipelines --------------------------------------------------------------------------------------------------------


class Command(Node):
    """An operand, or a function with its arguments."""

    __slots__ = ("args",)

    def __init__(self, pos: int, args: list[Operand]) -> None:
        self.pos = pos
        self.args = args

    def parts(self) -> Parts:
        out: list[str | Node] = []
        for arg in self.args:
            if out:
                out.append(" ")
            out += ["(", arg, ")"] if isinstance(arg, Pipe) else [arg]
        return out


class Pipe(Operand):
    """Commands, each of which has the value of the one before as its last argument. variables: those that it gives the value
    to. assigns: whether they are there already."""

    __slots__ = ("assigns", "commands", "variables")

    def __init__(
        self, pos: int, commands: list[Command], variables: tuple[str, ...] = (), assigns: bool = False
    ) -> None:
        self.pos = pos
        self.commands = commands
        self.variables = variables
        self.assigns = assigns

    def parts(self) -> Parts:
        out: list[str | Node] = []
        if self.variables:
            out += [", ".join(self.variables), " = " if self.assigns else " := "]
        for number, command in enumerate(self.commands):
            out += [" | ", command] if number else [command]
        return out


# -- actions ----------------------------------------------------------------------------------------------------------


class Text(Node):
    """Text between actions."""

    __slots__ = ("octets", "text")

    def __init__(self, pos: int, text: str) -> None:
        self.pos = pos
        self.text = text
        self.octets = text.encode("utf-8", "surrogateescape")

    def parts(self) -> Parts:
        return (self.text,)


class Action(Node):
    """A pipeline whose value is printed, unless it gives it to a variable."""

    __slots__ = ("pipe",)

    def __init__(self, pos: int, pipe: Pipe) -> None:
        self.pos = pos
        self.pipe = pipe

    def parts(self) -> Parts:
        return ("{{", self.pipe, "}}")


class Branch(Node):
    """`if`, `with` or `range`, which is its kind. otherwise: what stands behind `else`; None without one."""

    __slots__ = ("body", "kind", "otherwise", "pipe")

    def __init__(self, kind: str, pipe: Pipe, body: list[Node], otherwise: list[Node] | None) -> None:
        self.pos = pipe.pos
        self.kind = kind
        self.pipe = pipe
        self.body = body
        self.otherwise = otherwise

    def parts(self) -> Parts:
        other: Parts = () if self.otherwise is None else ("{{else}}", *self.otherwise)
        return (f"{{{{{self.kind} ", self.pipe, "}}", *self.body, *other, "{{end}}")


class LeaveLoop(Node):
    """`break` or `continue`, which is its kind."""

    __slots__ = ("kind",)

    def __init__(self, pos: int, kind: str) -> None:
        self.pos = pos
        self.kind = kind

    def parts(self) -> Parts:
        return (f"{{{{{self.kind}}}}}",)


class Call(Node):
    """`template` or `block`: another template with the value of `pipe` as its dot; without one, nil."""

    __slots__ = ("name", "pipe")

    def __init__(self, pos: int, name: str, pipe: Pipe | None) -> None:
        self.pos = pos
        self.name = name
        self.pipe = pipe

    def parts(self) -> Parts:
        head = f"{{{{template {quote(self.name)}"
        return (head, "}}") if self.pipe is None else (head, " ", self.pipe, "}}")


def is_empty(nodes: Sequence[Node]) -> bool:
    """Whether there is nothing but white space: such a template does not take another one's place."""
    return all(isinstance(node, Text) and not node.text.strip() for node in nodes)

"""Executes templates as Go's text/template does: the same octets, or the same error at the same place.

Actions do not recurse, so that a template may call itself as often as in Go. What has no end in Go, or hardly one, has
limits here (`MAX_STEPS`, `MAX_OCTETS`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..golang.quoting import quote
from . import fmt, nodes, values
from .errors import ExecError, TooMuch
from .functions import BUILTINS, printable
from .nodes import Node, Operand
from .values import ANY, VALUE, CallError, Func, Maybe, Type, Value

MAX_STEPS = 250_000
"""Actions, commands and turns of loops; a text of 64 octets that goes into or comes out of a function is another one."""
MAX_OCTETS = 1 << 20
"""Octets of one text, or of all that is printed."""
MAX_DEPTH = 100_000
"""How deep templates may call each other: Go's own limit."""


class _Missing:
    """No value from a command before."""


MISSING: Any = _Missing()


class _Frame:
    """A list of nodes that is executed. at: the next one. mark: how many variables are left when it is done. turns: of a
    loop, and `kept`, how many variables each begins with. is_template: whether it is all of a template."""

    __slots__ = ("at", "body", "branch", "dot", "is_template", "kept", "mark", "turns", "variables")

    def __init__(self, body: list[Node], dot: Maybe, variables: list[list[Any]], mark: int) -> None:
        self.body = body
        self.at = 0
        self.dot = dot
        self.variables = variables
        self.mark = mark
        self.turns: Iterator[tuple[Maybe, Maybe]] | None = None
        self.kept = 0
        self.branch: nodes.Branch | None = None
        self.is_template = False


class Execution:
    """One execution of the template `name` of `templates`, whose text is `text`."""

    def __init__(
        self, name: str, text: str, templates: Mapping[str, list[Node]], functions: Mapping[str, Func], max_steps: int
    ) -> None:
        self.name = name
        self.text = text
        self.templates = templates
        self.functions = functions
        self.max_steps = max_steps
        self.steps = 0
        self.size = 0
        self.out: list[bytes] = []
        self.node: Node | None = None
        self.template = name
        self.variables: list[list[Any]] = []
        self.frames: list[_Frame] = []
        self.names: list[str] = []  # of the templates that have called each other

    # -- errors and limits --------------------------------------------------------------------------------------------

    def error(self, message: str) -> ExecError:
        """The error for the node at hand."""
        assert self.node is not None
        before = self.text[: self.node.pos]
        line = before.count("\n") + 1
        column = len(before[before.rfind("\n") + 1 :].encode("utf-8", "surrogateescape"))
        place = f"{self.name}:{line}:{column}: executing {quote(self.template)} at <{self.node}>"
        return ExecError(f"template: {place}: {message}")

    def step(self, octets: int = 0) -> None:
        """Count a step, with so many octets of text."""
        self.steps += 1 + octets // 64
        if self.steps > self.max_steps:
            raise TooMuch(f"it takes more than {self.max_steps} steps")

    def print(self, octets: bytes) -> None:
        """Count and keep what is printed."""
        self.size += len(octets)
        if self.size > MAX_OCTETS:
            raise TooMuch(f"it prints more than {MAX_OCTETS} octets")
        self.out.append(octets)

    # -- actions ------------------------------------------------------------------------------------------------------

    def run(self, data: Value) -> bytes:
        """What it prints. Raises ExecError, TooMuch, Unmodelled."""
        self.enter(self.name, data)
        frames = self.frames
        try:
            while frames:
                frame = frames[-1]
                if frame.at < len(frame.body):
                    node = frame.body[frame.at]
                    frame.at += 1
                    self.step()
                    self.node = node
                    self.walk(node, frame.dot)
                elif frame.turns is None or not self.turn(frame):
                    self.leave()
        except RecursionError:
            raise TooMuch("it nests too deeply") from None
        return b"".join(self.out)

    def enter(self, name: str, dot: Maybe) -> None:
        """Go on with a template."""
        self.variables = [["$", dot]]
        frame = _Frame(self.templates[name], dot, self.variables, 0)
        frame.is_template = True
        self.template = name
        self.names.append(name)
        self.frames.append(frame)

    def leave(self) -> None:
        """Go on behind the list at hand."""
        frame = self.frames.pop()
        del self.variables[frame.mark :]
        if frame.is_template and self.frames:
            self.names.pop()
            self.variables = self.frames[-1].variables
            self.template = self.names[-1]

    def push(self, body: list[Node] | None, dot: Maybe, mark: int) -> None:
        """Go on with a list inside of the one at hand."""
        if body is None:
            del self.variables[mark:]
        else:
            self.frames.append(_Frame(body, dot, self.variables, mark))

    def walk(self, node: Node, dot: Maybe) -> None:
        """Execute a node, or begin to."""
        if isinstance(node, nodes.Text):
            self.print(node.octets)
        elif isinstance(node, nodes.Action):
            value = self.pipeline(dot, node.pipe)
            if not node.pipe.variables:
                self.print_value(node, value)
        elif isinstance(node, nodes.Branch):
            if node.kind == "range":
                self.begin_loop(node, dot)
            else:
                self.branch(node, dot)
        elif isinstance(node, nodes.LeaveLoop):
            while self.frames[-1].turns is None:
                self.leave()
            self.frames[-1].at = len(self.frames[-1].body)
            if node.kind == "break":
                self.frames[-1].turns = iter(())
        elif isinstance(node, nodes.Call):
            self.call_template(node, dot)

    def print_value(self, node: Node, value: Maybe) -> None:
        self.node = node
        if value is None:
            self.print(b"<no value>")
        elif value.type is values.STRING:
            self.print(value.held)
        else:
            shown = printable(value)
            if shown is not None and shown.kind == "func":
                raise self.error(f"can't print {node} of type {shown.type}")
            self.print(fmt.sprint([shown]))

    def branch(self, node: nodes.Branch, dot: Maybe) -> None:
        mark = len(self.variables)
        value = self.pipeline(dot, node.pipe)
        if values.is_true(values.unwrapped(value)):
            self.push(node.body, value if node.kind == "with" else dot, mark)
        else:
            self.push(node.otherwise, dot, mark)

    def begin_loop(self, node: nodes.Branch, dot: Maybe) -> None:
        mark = len(self.variables)
        value, _ = values.indirect(self.pipeline(dot, node.pipe))
        turns = self.turns(node, value)
        first = next(turns, None)
        if first is None:
            self.push(node.otherwise, dot, mark)
            return
        frame = _Frame(node.body, dot, self.variables, mark)
        frame.kept = len(self.variables)
        frame.branch = node
        frame.turns = _with(first, turns)
        frame.at = len(node.body)
        self.frames.append(frame)

    def turns(self, node: nodes.Branch, value: Maybe) -> Iterator[tuple[Maybe, Maybe]]:
        """The values of the loop's variables in each turn."""
        if value is None:
            return iter(())
        if value.kind in ("int", "uint"):
            if len(node.pipe.variables) > 1:
                raise self.error(f"can't use {fmt.shown(value)} to iterate over more than one variable")
            type = value.type
            return ((None, Value(type, number)) for number in range(value.held))
        if value.kind == "slice":
            items = value
            return ((Value(values.INT, i), values.item(items, i)) for i in range(len(value.held or ())))
        if value.kind == "map":
            return iter(values.pairs(value))
        raise self.error(f"range can't iterate over {fmt.shown(value)}")

    def turn(self, frame: _Frame) -> bool:
        """Begin a loop's next turn, if there is one."""
        assert frame.turns is not None
        assert frame.branch is not None
        del self.variables[frame.kept :]
        found = next(frame.turns, None)
        if found is None:
            return False
        self.step()
        index, item = found
        pipe = frame.branch.pipe
        if len(pipe.variables) > 1:
            self.assign(pipe, 0, index)
        if pipe.variables:
            self.assign(pipe, len(pipe.variables) - 1, item)
        frame.dot = item
        frame.at = 0
        return True

    def assign(self, pipe: nodes.Pipe, number: int, value: Maybe) -> None:
        """Give a value to a variable of a loop."""
        if pipe.assigns:
            self.set(pipe.variables[number], value)
        else:
            self.variables[number - len(pipe.variables)][1] = value

    def call_template(self, node: nodes.Call, dot: Maybe) -> None:
        if node.name not in self.templates:
            raise self.error(f"template {quote(node.name)} not defined")
        if len(self.names) > MAX_DEPTH:
            raise self.error(f"exceeded maximum template depth ({MAX_DEPTH})")
        dot = None if node.pipe is None else self.pipeline(dot, node.pipe)
        self.enter(node.name, dot)

    # -- variables ----------------------------------------------------------------------------------------------------

    def set(self, name: str, value: Maybe) -> None:
        for variable in reversed(self.variables):
            if variable[0] == name:
                variable[1] = value
                return
        raise self.error(f"undefined variable: {name}")

    def get(self, name: str) -> Maybe:
        for variable in reversed(self.variables):
            if variable[0] == name:
                found: Maybe = variable[1]
                return found
        raise self.error(f"undefined variable: {name}")

    # -- pipelines ----------------------------------------------------------------------------------------------------

    def pipeline(self, dot: Maybe, pipe: nodes.Pipe) -> Maybe:
        """The value of a pipeline, which its variables get, too."""
        self.node = pipe
        value: Maybe = MISSING
        for command in pipe.commands:
            value = self.command(dot, command, value)
            if value is not None and value.type is ANY:
                value = value.held
        for name in pipe.variables:
            if pipe.assigns:
                self.set(name, value)
            else:
                self.variables.append([name, value])
        return value

    def command(self, dot: Maybe, command: nodes.Command, final: Maybe) -> Maybe:
        self.step()
        args = command.args
        first = args[0]
        if isinstance(first, nodes.Field):
            self.node = first
            return self.fields(dot, dot, first, first.names, args, final)
        if isinstance(first, nodes.Identifier):
            return self.function(dot, first, command, args, final)
        if isinstance(first, nodes.Variable):
            return self.variable(dot, first, args, final)
        if isinstance(first, nodes.Chain):
            return self.chain(dot, first, args, final)
        if isinstance(first, nodes.Pipe):
            self.no_arguments(args, final)
            return self.pipeline(dot, first)
        self.node = first
        self.no_arguments(args, final)
        if isinstance(first, nodes.Nil):
            raise self.error("nil is not a command")
        return dot if isinstance(first, nodes.Dot) else self.constant(first)

    def no_arguments(self, args: list[Operand], final: Maybe) -> None:
        if len(args) > 1 or final is not MISSING:
            raise self.error(f"can't give argument to non-function {args[0]}")

    def constant(self, node: Operand) -> Maybe:
        """The value of a constant where nothing says which type it should have."""
        self.node = node
        if isinstance(node, nodes.Bool):
            return Value(values.BOOL, node.value)
        if isinstance(node, nodes.String):
            return Value(values.STRING, node.value)
        assert isinstance(node, nodes.Numeral)
        number, text = node.number, node.text
        if number.complex is not None:
            return Value(values.COMPLEX128, number.complex)
        hexadecimal = text[:2] in ("0x", "0X") and len(text) > 2 and "p" not in text and "P" not in text
        if number.real is not None and text[0] != "'" and not hexadecimal and any(c in text for c in ".eEpP"):
            return Value(values.FLOAT64, number.real)
        if number.integer is not None:
            return Value(values.INT, number.integer)
        raise self.error(f"{text} overflows int")

    def variable(self, dot: Maybe, node: nodes.Variable, args: list[Operand] | None, final: Maybe) -> Maybe:
        self.node = node
        value = self.get(node.names[0])
        if len(node.names) == 1:
            self.no_arguments(args or [node], final)
            return value
        return self.fields(dot, value, node, node.names[1:], args, final)

    def chain(self, dot: Maybe, node: nodes.Chain, args: list[Operand] | None, final: Maybe) -> Maybe:
        self.node = node
        return self.fields(dot, self.argument(dot, None, node.operand), node, node.names, args, final)

    # -- fields -------------------------------------------------------------------------------------------------------

    def fields(
        self, dot: Maybe, value: Maybe, node: Node, names: list[str], args: list[Operand] | None, final: Maybe
    ) -> Maybe:
        """`.X.Y.Z` of `value`; the last may be a method with arguments."""
        for name in names[:-1]:
            value = self.field(dot, name, node, None, MISSING, value)
        return self.field(dot, names[-1], node, args, final, value)

    def field(
        self, dot: Maybe, name: str, node: Node, args: list[Operand] | None, final: Maybe, receiver: Maybe
    ) -> Maybe:
        """A field, an element of a map, or what a method returns."""
        if receiver is None:
            return None
        type = receiver.type
        value, nothing = values.indirect(receiver)
        if value is None:
            return None
        if value.kind == "interface" and nothing:
            raise self.error(f"nil pointer evaluating {type}.{name}")
        method = values.method(value, name)
        if method is not None:
            return self.call(dot, method, node, name, args, final, value)
        given = (args is not None and len(args) > 1) or final is not MISSING
        if value.kind == "struct":
            found = values.field(value, name)
            if found is not None:
                if not values.is_exported(name):
                    raise self.error(f"{name} is an unexported field of struct type {type}")
                if given:
                    raise self.error(f"{name} has arguments but cannot be invoked as function")
                return found
        elif value.kind == "map" and value.type.key is values.STRING:
            if given:
                raise self.error(f"{name} is not a method but has arguments")
            assert value.type.elem is not None
            key = name.encode("utf-8", "surrogateescape")
            held = value.held or {}
            return Value(value.type.elem, held[key]) if key in held else None
        elif value.kind == "pointer":
            elem = value.type.elem
            assert elem is not None
            if elem.kind != "struct" or values.has_field(elem, name):
                raise self.error(f"nil pointer evaluating {type}.{name}")
        raise self.error(f"can't evaluate field {name} in type {type}")

    # -- calls --------------------------------------------------------------------------------------------------------

    def function(
        self, dot: Maybe, node: nodes.Identifier, command: Node, args: list[Operand] | None, final: Maybe
    ) -> Maybe:
        self.node = node
        name = node.name
        function = self.functions.get(name)
        if function is not None:
            return self.call(dot, function, command, name, args, final)
        return self.call(dot, BUILTINS[name], command, name, args, final, builtin=True)

    def call(
        self,
        dot: Maybe,
        function: Func,
        node: Node,
        name: str,
        args: list[Operand] | None,
        final: Maybe,
        receiver: Maybe = None,
        *,
        builtin: bool = False,
    ) -> Maybe:
        """What a function returns for `args`, the first of which is its name, and the value of the command before."""
        given = args[1:] if args else []
        piped = final is not MISSING
        wanted = function.parameters
        count = len(given) + piped
        fixed = len(wanted) - 1 if function.variadic else len(wanted)
        if function.variadic and count < fixed:
            raise self.error(f"wrong number of args for {name}: want at least {fixed} got {len(given)}")
        if not function.variadic and count != fixed:
            raise self.error(f"wrong number of args for {name}: want {fixed} got {count}")
        if builtin and name in ("and", "or"):
            value: Maybe = None
            for arg in given:
                value = self.argument(dot, VALUE, arg)
                if values.is_true(values.unwrapped(value)) is (name == "or"):
                    return value
            return final if piped else value
        passed = [self.argument(dot, wanted[min(i, len(wanted) - 1)], arg) for i, arg in enumerate(given)]
        if piped:
            passed.append(self.fitted(final, wanted[min(len(given), len(wanted) - 1)]))
        self.step(sum([len(p.held) for p in passed if p is not None and p.kind == "string"]))
        try:
            if builtin and name == "call":
                value = self.call_value(str(given[0]) if given else _name_of(final), passed)
            elif receiver is None:
                value = function.call(*passed)
            else:
                value = function.call(receiver, *passed)
        except CallError as error:
            self.node = node
            raise self.error(f"error calling {name}: {error}") from None
        if value is not None and value.kind == "string":
            self.step(len(value.held))
            if len(value.held) > MAX_OCTETS:
                raise TooMuch(f"{name} returns more than {MAX_OCTETS} octets")
        return value

    def call_value(self, name: str, passed: list[Maybe]) -> Maybe:
        """The function `call`: its first argument is a function."""
        function = values.unwrapped(passed[0])
        if function is None:
            raise CallError("call of nil")
        if function.kind != "func":
            raise CallError(f"non-function {name} of type {function.type}")
        func: Func = function.held
        wanted = func.parameters
        args = passed[1:]
        fixed = len(wanted) - 1 if func.variadic else len(wanted)
        if len(args) < fixed if func.variadic else len(args) != fixed:
            least = "at least " if func.variadic else ""
            raise CallError(f"wrong number of args for {name}: got {len(args)} want {least}{fixed}")
        return func.call(*[_prepared(i, arg, wanted[min(i, len(wanted) - 1)]) for i, arg in enumerate(args)])

    def argument(self, dot: Maybe, type: Type | None, node: Operand) -> Maybe:
        """The value of an argument for a parameter of type `type`, or of any type."""
        self.node = node
        if isinstance(node, nodes.Field):
            return self.fitted(self.fields(dot, dot, node, node.names, [node], MISSING), type)
        if isinstance(node, nodes.Variable):
            return self.fitted(self.variable(dot, node, None, MISSING), type)
        if isinstance(node, nodes.Pipe):
            return self.fitted(self.pipeline(dot, node), type)
        if isinstance(node, nodes.Identifier):
            return self.fitted(self.function(dot, node, node, None, MISSING), type)
        if isinstance(node, nodes.Chain):
            return self.fitted(self.chain(dot, node, None, MISSING), type)
        if isinstance(node, nodes.Nil):
            if type is None or not type.nillable:
                raise self.error(f"cannot assign nil to {type}")
            return None
        if isinstance(node, nodes.Dot):
            return self.fitted(dot, type)
        if type is None or type is VALUE or type is ANY:
            return self.constant(node)
        return self.typed(node, type)

    def typed(self, node: Operand, type: Type) -> Maybe:
        """A constant for a parameter of a basic type."""
        number = node.number if isinstance(node, nodes.Numeral) else None
        kind = type.kind
        if kind == "bool" and isinstance(node, nodes.Bool):
            return Value(type, node.value)
        if kind == "string" and isinstance(node, nodes.String):
            return Value(type, node.value)
        if kind == "int" and number is not None and number.integer is not None:
            half = 1 << (type.bits - 1)
            return Value(type, (number.integer + half) % (2 * half) - half)
        if kind == "uint" and number is not None and number.unsigned is not None:
            return Value(type, number.unsigned % (1 << type.bits))
        if kind == "float" and number is not None and number.real is not None:
            return Value(type, number.real)
        if kind == "complex" and number is not None and number.complex is not None:
            return Value(type, number.complex)
        words = {"int": "integer", "uint": "unsigned integer"}
        if kind in ("bool", "string", "int", "uint", "float", "complex"):
            raise self.error(f"expected {words.get(kind, kind)}; found {node}")
        raise self.error(f"can't handle {node} for arg of type {type}")

    def fitted(self, value: Maybe, type: Type | None) -> Maybe:
        """A value for a parameter of type `type` (validateType)."""
        if value is None:
            if type is None or type.nillable:
                return None
            raise self.error(f"invalid value; expected {type}")
        if type is None or type is VALUE:
            return value
        if type is ANY:
            inner = values.unwrapped(value)
            return None if inner is None else Value(inner.type, inner.held)
        if value.type is type:
            return value
        if value.kind == "interface" and value.held is not None:
            value = values.unwrapped(value)
            assert value is not None
            if value.type is type:
                return value
        if value.kind == "pointer" and value.type.elem is type:
            if value.held is None:
                raise self.error(f"dereference of nil pointer of type {type}")
            return values.pointed_at(value)
        if value.placed and value.type.pointer is type:
            return Value(type, value.held)
        raise self.error(f"wrong type for value; expected {type}; got {value.type}")


def _with(first: tuple[Maybe, Maybe], rest: Iterator[tuple[Maybe, Maybe]]) -> Iterator[tuple[Maybe, Maybe]]:
    yield first
    yield from rest


def _name_of(value: Maybe) -> str:
    """What Go calls a function that a pipeline brings (reflect.Value.String)."""
    if value is not None and value.kind == "string":
        return fmt.shown(value)
    return "<invalid Value>" if value is None else f"<{value.type} Value>"


def _prepared(number: int, value: Maybe, type: Type) -> Maybe:
    """A value for a parameter of a function that `call` calls (prepareArg)."""
    value = values.unwrapped(value)
    if value is None:
        if not type.nillable:
            raise CallError(f"arg {number}: value is nil; should be of type {type}")
        return None
    if type is ANY or type is VALUE or value.type is type:
        return value
    if value.kind in ("int", "uint") and type.kind in ("int", "uint"):
        held = value.held % (1 << type.bits)
        return Value(type, held - (1 << type.bits) if type.kind == "int" and held >> (type.bits - 1) else held)
    raise CallError(f"arg {number}: value has type {value.type}; should be {type}")

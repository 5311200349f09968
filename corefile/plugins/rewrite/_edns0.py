"""Rules about the options of a query's OPT record."""

from __future__ import annotations

from collections.abc import Iterator

from ...chain.headers import Named
from ...chain.transports import local_ip
from ...golang.addresses import number_of
from ...plugin import Client, Edns, Flag, Landmark
from ._reply import Option, ReplyRule
from ._request import Added, Local, Request, printed
from ._rule import Image, Rule
from ._rules import RewriteRules

NSID, SUBNET = 3, 8
APPEND, REPLACE, SET, UNSET = ACTIONS = ("append", "replace", "set", "unset")
VARIABLES = ("{qname}", "{qtype}", "{client_ip}", "{client_port}", "{protocol}", "{server_ip}", "{server_port}")


class EdnsRule(Rule):
    """Adds, changes or takes out an option. code: the option's. revert: whether the reply has it as it was."""

    code: int
    action: str
    revert: bool

    def __init__(self, line: int, stop: bool, action: str, code: int, *, revert: bool) -> None:
        self.line = line
        self.stop = stop
        self.action = action
        self.code = code
        self.revert = revert

    def data(self, request: Request) -> bytes | None:
        """The data of the option; None where there is none to be had."""
        return b""

    def sees(self, code: int, data: bytes, rules: RewriteRules) -> bool:
        """Whether an option of the query is one that the rule is about. Those of a `local` rule are of another kind, even
        where they have the code of one that is known."""
        return code == self.code and not isinstance(data, Local)

    def adds_more(self, rules: RewriteRules) -> bool:
        """Whether `append` adds an option where there is one."""
        return not rules.all_options

    def looked_for(self, data: bytes) -> int:
        """The code that `revert` looks for in the reply to put `data` back: that of an option as it is held, which is 0 for
        one of a known kind that was read from a message."""
        return self.code if isinstance(data, Added) else 0

    def apply(self, request: Request) -> list[ReplyRule] | None:
        """Change the options. There is an OPT record then, even where the rule does not fit."""
        rules, action = request.rules, self.action
        data = self.data(request)
        if data is None:
            return None
        edns = request.opt()
        if action == UNSET:
            request.edns = edns._replace(options=tuple([x for x in edns.options if x[0] != self.code]))
            return []
        seen = [i for i, (code, old) in enumerate(edns.options) if self.sees(code, old, rules)]
        if seen and action in (REPLACE, SET):
            options = list(edns.options)
            old = options[seen[0]][1]
            back: list[ReplyRule] = [Option(self.line, self.code, old, self.looked_for(old))] if self.revert else []
            for i in seen if rules.all_options else seen[:1]:
                options[i] = (self.code, Added(data) if isinstance(options[i][1], Added) else data)
            request.edns = edns._replace(options=tuple(options))
            return back
        if action == REPLACE or (seen and not self.adds_more(rules)):
            return None
        put = data if isinstance(data, Local) else Added(data)
        request.edns = edns._replace(do=edns.do or rules.sets_do, options=(*edns.options, (self.code, put)))
        return [Option(self.line, self.code, None)] if self.revert else []

    def told(self, before: Request, after: Request) -> str:
        """The option."""
        if self.action == UNSET:
            return f"option {self.code} is taken out"
        edns = after.edns or Edns()
        data = next((data for code, data in reversed(edns.options) if code == self.code), b"")
        return f"option {self.code} is 0x{data.hex()}"

    def image(self, name: str) -> Image | None:
        """The name itself. Whether it fits depends on the client's options."""
        return Image(name, self.action in (SET, UNSET))

    def landmarks(self) -> Iterator[Landmark]:
        """Whether there is an OPT record."""
        yield Flag("edns")


class NsidRule(EdnsRule):
    """About the name server's identifier, of which a query says nothing."""


class LocalRule(EdnsRule):
    """About an option of any code. value: its data."""

    def __init__(self, line: int, stop: bool, action: str, code: int, value: bytes, *, revert: bool) -> None:
        super().__init__(line, stop, action, code, revert=revert)
        self.value = Local(value)

    def data(self, request: Request) -> bytes | None:
        """That of the rule."""
        return self.value

    def looked_for(self, data: bytes) -> int:
        """That of the rule."""
        return self.code

    def sees(self, code: int, data: bytes, rules: RewriteRules) -> bool:
        """Of those that are known, only what such rules have put there."""
        return code == self.code and (isinstance(data, Local) or code not in rules.typed_options)


class VariableRule(LocalRule):
    """The same with data that depends on the query: a variable, or metadata."""

    def __init__(self, line: int, stop: bool, action: str, code: int, variable: str, *, revert: bool) -> None:
        super().__init__(line, stop, action, code, b"", revert=revert)
        self.variable = variable

    def adds_more(self, rules: RewriteRules) -> bool:
        """It never does."""
        return False

    def data(self, request: Request) -> bytes | None:
        """The value as it is now."""
        found = value_of(self.variable, request)
        return None if found is None else Local(found)

    def image(self, name: str) -> Image | None:
        """The name itself. Without a value it does not fit."""
        return Image(name, False)

    def landmarks(self) -> Iterator[Landmark]:
        """What the value is made of."""
        yield from super().landmarks()
        if self.variable == "{protocol}":
            yield Flag("tcp")


class SubnetRule(EdnsRule):
    """About the client's network. bits: how many of an IPv4 and of an IPv6 address are told."""

    def __init__(self, line: int, stop: bool, action: str, bits: tuple[int, int], *, revert: bool) -> None:
        super().__init__(line, stop, action, SUBNET, revert=revert)
        self.bits = bits

    def adds_more(self, rules: RewriteRules) -> bool:
        """It never does."""
        return False

    def data(self, request: Request) -> bytes | None:
        """The network of the client (RFC 7871 §6)."""
        family, address = client_of(request)
        bits = self.bits[family - 1]
        whole = int.from_bytes(address, "big") >> (len(address) * 8 - bits) << (len(address) * 8 - bits)
        network = whole.to_bytes(len(address), "big")[: (bits + 7) // 8]
        return bytes((0, family, bits, 0)) + network

    def landmarks(self) -> Iterator[Landmark]:
        """Whether the client's address is one of IPv4."""
        yield from super().landmarks()
        yield Client("0.0.0.0/0")


def client_of(request: Request) -> tuple[int, bytes]:
    """The family of the client's address, and its octets."""
    client = request.ctx.client
    number, bits = number_of(client.partition("%")[0]) or (0, 32)
    if bits == 32 and isinstance(client, Named):
        number, bits = 0xFFFF << 32 | number, 128
    return (1, number.to_bytes(4, "big")) if bits == 32 else (2, number.to_bytes(16, "big"))


def value_of(variable: str, request: Request) -> bytes | None:
    """The value of a variable, such as `{qname}`, or of metadata; None where there is none."""
    ctx = request.ctx
    if variable == "{qname}":
        return printed(request.qname).encode("utf-8", "surrogateescape")
    if variable == "{qtype}":
        return request.type.to_bytes(2, "big")
    if variable == "{client_ip}":
        return client_of(request)[1]
    if variable == "{client_port}":
        return ctx.client_port.to_bytes(2, "big")
    if variable == "{protocol}":
        return ctx.proto.encode()
    if variable == "{server_port}":
        return ctx.server_port.to_bytes(2, "big")
    if variable == "{server_ip}":
        return server_address(request)
    found = (ctx.metadata or {}).get(variable[1:-1])
    return (found().encode("utf-8", "surrogateescape") or None) if found is not None else None


def server_address(request: Request) -> bytes | None:
    """The address that the query came to, where the server knows it."""
    address = local_ip(request.ctx, request.rules.release)
    number, bits = number_of(address.partition("%")[0]) or (0, 0)
    family = client_of(request)[0]
    if family == 1:
        return number.to_bytes(4, "big") if bits == 32 else None
    return number.to_bytes(16, "big") if bits == 128 else b"\0" * 10 + b"\xff\xff" + number.to_bytes(4, "big")


__all__ = ["ACTIONS", "NSID", "UNSET", "VARIABLES", "EdnsRule", "LocalRule", "NsidRule", "SubnetRule", "VariableRule"]

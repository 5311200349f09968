"""The rules, but for those about EDNS: what they look at, and what they do to a query."""

from __future__ import annotations

from collections.abc import Iterator

from ...dns.codes import class_name, type_name
from ...light import NamedTuple
from ...plugin import Flag, Landmark
from ._reply import Mapped, Rcode, Remapped, ReplyRule, Suffixed, Target, Ttl
from ._request import Request
from ._rules import RewriteRules
from ._ways import EXACT, SUFFIX, Way


class Image(NamedTuple):
    """What a rule makes of a question for a name. name: the one that it is for then. certain: whether the rule fits such a
    question whatever its type, class, flags and client are."""

    name: str
    certain: bool


class Rule:
    """One rule. line: where it stands in the Corefile. stop: whether none behind it is tried where it fits."""

    line: int
    stop: bool

    def apply(self, request: Request) -> list[ReplyRule] | None:
        """Change the request, if the rule fits it: what it does to the reply then. None where it does not fit."""
        raise NotImplementedError

    def told(self, before: Request, after: Request) -> str:
        """What it has done, in words."""
        return "is for the reply"

    def image(self, name: str) -> Image | None:
        """What becomes of questions for a name (lower case); None where it fits none of them."""
        return Image(name, False)

    def asks(self) -> Iterator[str]:
        """Names that it has looked up for an answer, where they are known before."""
        yield from ()

    def landmarks(self) -> Iterator[Landmark]:
        """What it tells apart."""
        yield from ()


class NameRule(Rule):
    """Changes the name. auto: whether names and values are given back in the reply. answers: what else is done to it."""

    def __init__(
        self, line: int, stop: bool, way: Way, to: str, rules: RewriteRules, *, auto: bool, answers: tuple[Mapped, ...]
    ) -> None:
        self.line = line
        self.stop = stop
        self.way = way
        self.to = to
        self.trims = rules.trims_letters
        self.auto = auto or (way.kind == EXACT and rules.exact_auto)
        self.answers = answers

    def apply(self, request: Request) -> list[ReplyRule] | None:
        """Change the name."""
        name = request.name
        new = self.way.replaced(name, self.to, trims=self.trims)
        if new is None:
            return None
        request.qname = new
        back: list[ReplyRule] = []
        if self.auto and self.way.kind == SUFFIX:
            back = [Suffixed(self.line, self.to, self.way.text, values=values) for values in (False, True)]
        elif self.auto:
            back = [Remapped(self.line, new, name, values=values) for values in (False, True)]
        return [*back, *self.answers]

    def told(self, before: Request, after: Request) -> str:
        """The name, before and after."""
        return f"{before.name} -> {after.qname}"

    def image(self, name: str) -> Image | None:
        """The new name."""
        new = self.way.replaced(name, self.to, trims=self.trims)
        return None if new is None else Image(new.lower(), True)

    def landmarks(self) -> Iterator[Landmark]:
        """The names that match."""
        yield self.way.landmark()


class TypeRule(Rule):
    """Puts one type in place of another."""

    def __init__(self, line: int, stop: bool, old: int, new: int) -> None:
        self.line = line
        self.stop = stop
        self.old = old
        self.new = new

    def apply(self, request: Request) -> list[ReplyRule] | None:
        """Change the type."""
        if request.type != self.old:
            return None
        request.type = self.new
        return []

    def told(self, before: Request, after: Request) -> str:
        """The type, before and after."""
        return f"{type_name(self.old)} -> {type_name(self.new)}"

    def landmarks(self) -> Iterator[Landmark]:
        """The type."""
        yield Flag(f"type {type_name(self.old)}")


class ClassRule(TypeRule):
    """Puts one class in place of another."""

    def apply(self, request: Request) -> list[ReplyRule] | None:
        """Change the class."""
        if request.cls != self.old:
            return None
        request.cls = self.new
        return []

    def told(self, before: Request, after: Request) -> str:
        """The class, before and after."""
        return f"class {class_name(self.old)} -> {class_name(self.new)}"

    def landmarks(self) -> Iterator[Landmark]:
        """The class."""
        yield Flag(f"class {class_name(self.old)}")


class AnswerRule(Rule):
    """Changes replies to questions for names that match: their TTLs or their rcode."""

    def __init__(self, line: int, stop: bool, way: Way, change: Ttl | Rcode) -> None:
        self.line = line
        self.stop = stop
        self.way = way
        self.change = change

    def apply(self, request: Request) -> list[ReplyRule] | None:
        """Leave the request as it is."""
        return [self.change] if self.way.fits(request.name) else None

    def image(self, name: str) -> Image | None:
        """The name itself."""
        return Image(name, True) if self.way.fits(name) else None

    def landmarks(self) -> Iterator[Landmark]:
        """The names that match."""
        yield self.way.landmark()


class CnameRule(Rule):
    """Leads aliases elsewhere that match in a reply, whatever was asked for."""

    def __init__(self, line: int, stop: bool, way: Way, to: str) -> None:
        self.line = line
        self.stop = stop
        self.way = way
        self.to = to

    def apply(self, request: Request) -> list[ReplyRule] | None:
        """Leave the request as it is."""
        return [Target(self.line, self.way, self.to)] if self.way.text and self.to else None

    def image(self, name: str) -> Image | None:
        """The name itself."""
        return Image(name, True) if self.way.text and self.to else None

    def asks(self) -> Iterator[str]:
        """The new target, where it is always the same."""
        if self.way.kind == EXACT and self.to:
            yield self.to


__all__ = ["AnswerRule", "ClassRule", "CnameRule", "Image", "NameRule", "Rule", "TypeRule"]

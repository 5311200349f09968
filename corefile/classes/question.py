"""A question with all that a client says beside it, as `Server.query` takes it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from ..dns.codes import class_name, type_name
from ..dns.message import Edns

if TYPE_CHECKING:
    from ..api import Server, Transport
    from ..chain.reply import Reply
    from ..dns.tsig import Key


@dataclass(frozen=True, slots=True)
class Question:
    """A question with all that a client sends beside it: the arguments of `Server.query` as a value.

    >>> Question("www.example.org.", "AAAA", do=True, client="10.0.0.9")
    <Question www.example.org. AAAA do=True client='10.0.0.9'>
    """

    name: str
    type: str = "A"
    cls: str = "IN"
    do: bool = False
    edns: Edns | None = None
    flags: str = "rd"
    opcode: str = "QUERY"
    client: str | None = None
    to: str | None = None
    transport: Transport | None = None
    key: Key | None = None

    def ask(self, server: Server, *, wait: bool = False, trace: bool = True) -> Reply:
        """The server's reply. Its state (cache, counters) changes as with any query. wait, trace: see `Server.query`;
        unlike there, no time passes unless `wait` says so."""
        return server.query(**self.arguments(), wait=wait, trace=trace)

    def arguments(self) -> dict[str, Any]:
        """The arguments of `Server.query` by name."""
        return {name: getattr(self, name) for name in _FIELDS}

    def __repr__(self) -> str:
        return f"<Question {' '.join([str(self.name), str(self.type), *self._more()])}>"

    def _more(self) -> list[str]:
        """What is not as usual, as arguments of a call."""
        return [f"{f.name}={getattr(self, f.name)!r}" for f in fields(self)[2:] if getattr(self, f.name) != f.default]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Hypothesis shows a call that can be copied into a test, without what is as usual."""
        printer.text(f"Question({', '.join([repr(self.name), repr(self.type), *self._more()])})")


_FIELDS = tuple(f.name for f in fields(Question))


def asking(name: str, type: str | int = "A", **more: Any) -> Question:
    """A question of the arguments of `Server.query`, numbers and lists of flags included. Raises TypeError or ValueError for
    what means nothing."""
    if not isinstance(name, str):
        raise TypeError(f"a domain name is a str, and a question a `Question`; this is {name!r:.60}")
    if isinstance(type, int):
        type = type_name(type)
    if isinstance(more.get("cls"), int):
        more["cls"] = class_name(more["cls"])
    if not isinstance(more.get("flags", ""), str):
        more["flags"] = " ".join(more["flags"]) or "none"
    return Question(name, type, **more)


__all__ = ["Question", "asking"]

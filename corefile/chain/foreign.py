"""What the author of a plugin outside of this package may get wrong: said where it happens, in words of what is needed.

Nothing of it is asked of the package's own plugins, whose types are checked and whose queries are many.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isfunction, signature
from typing import Any

from ..dns.message import Msg
from ..dns.rr import RR
from ..dns.wire import pack, unsendable
from ..golang.addresses import parse_cidr
from .declare import Declaration, Reads
from .landmarks import Below, Client, Computed, Exact, Flag, Landmark, Pattern
from .query import Next, Query, Result, Why, words

METHODS = {"answer": "query, zone", "admit": "query, zone", "back": "query, result"}
"""The methods of the shapes that see queries, with their arguments."""
LANDMARKS = (Exact, Below, Pattern, Client, Computed, Flag)


def guard(cls: type) -> None:
    """Have the methods of a class look at what they return. Raises TypeError for a class that no Corefile could use."""
    own = vars(cls)
    config = own.get("Config", Declaration)
    if not (isinstance(config, type) and issubclass(config, Declaration)):
        raise TypeError(f"Config of {cls.__name__} derives from Declaration: `class Config(Declaration):`")
    if not isinstance(own.get("READS", Reads()), Reads):
        raise TypeError(f"READS of {cls.__name__} is a Reads(...), not {own['READS']!r:.60}")
    for name, look in (*((each, _look_at_outcome) for each in METHODS), ("landmarks", _look_at_landmarks)):
        method = own.get(name)
        if isfunction(method):
            setattr(cls, name, _looked_at(name, method, look))


def check_arguments(cls: type, method: str) -> None:
    """Raise TypeError for a method of a shape that does not take its arguments."""
    try:
        given = signature(getattr(cls, method))
        given.bind(None, None, None)
    except TypeError:
        raise TypeError(f"{cls.__name__} has `{method}{given}` for `{method}(self, {METHODS[method]})`") from None


def _looked_at(name: str, method: Callable[..., Any], look: Callable[[str, Any, Any], Any]) -> Callable[..., Any]:
    @wraps(method)
    def looked_at(self: Any, *arguments: Any, **named: Any) -> Any:
        returned = method(self, *arguments, **named)
        return look(f"{type(self).__name__}.{name}", returned, arguments[-1] if arguments else None)

    return looked_at


def _look_at_outcome(method: str, outcome: Any, given: Any) -> Any:
    """What a method of a shape returned; a filter's own result is taken as it is. Raises TypeError or ValueError."""
    if outcome is given and isinstance(given, Result):
        return outcome
    if isinstance(outcome, Next) and not method.endswith(".back"):
        if outcome.query is not None and not isinstance(outcome.query, Query):
            raise TypeError(f"{method} passes on {outcome.query!r:.60}, where a Query is needed: query.asking(...)")
        _look_at_reason(method, outcome.why)
        _look_at_reason(method, outcome.changed)
    elif isinstance(outcome, Result):
        _look_at_result(method, outcome)
    else:
        needed = "NEXT, self.write(query, reply, why) or failed(rcode, error, why)"
        if method.endswith(".back"):
            needed = "`result` or result.replying(reply, why)"
        elif isinstance(outcome, Query):
            needed = "a changed query goes on as hint(why, query=...)"
        elif isinstance(outcome, Msg):
            needed = "a reply is written by self.write(query, reply, why)"
        raise TypeError(f"{method} returned {_short(outcome)}, which is no outcome: {needed}")
    return outcome


def _look_at_result(method: str, result: Result) -> None:
    if isinstance(result.rcode, bool) or not isinstance(result.rcode, int):
        raise TypeError(f"{method} returned the rcode {_short(result.rcode)}, where a number is needed: dns.REFUSED")
    if result.error is not None and not isinstance(result.error, str):
        raise TypeError(f"{method} returned the error {_short(result.error)}, where its text or None is needed")
    _look_at_reason(method, result.why)
    for reply in () if result.reply is None else (result.reply, *result.later):
        if not isinstance(reply, Msg):
            raise TypeError(f"{method} has written {_short(reply)}, where a message is needed: query.msg.reply()")
        for record in (*reply.answer, *reply.ns, *reply.extra):
            if not isinstance(record, RR) or not isinstance(record.data, tuple):
                raise TypeError(
                    f"{method} has written the record {_short(record)}, where an RR is needed: "
                    'RR("a.example.", dns.A, dns.IN, 60, ("192.0.2.1",))'
                )
        try:
            pack(reply)
        except (ValueError, TypeError, IndexError, AttributeError) as error:
            if not unsendable(reply):
                raise ValueError(f"{method} has written a record whose data make no sense: {error}") from error


def _look_at_reason(method: str, why: Why) -> None:
    try:
        text = words(why) if why else ""
    except (IndexError, KeyError, ValueError, TypeError) as error:
        raise ValueError(
            f"{method} gave a reason whose text and arguments do not go together: {_short(why)}: {error}"
        ) from error
    if not isinstance(text, str):
        raise TypeError(f"{method} gave {_short(why)} for a reason; it is a Reason with its arguments")


def _look_at_landmarks(method: str, given: Any, _: Any) -> list[Landmark]:
    """What `landmarks` returned. Raises TypeError or ValueError."""
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise TypeError(
            f"{method} returned {_short(given)}, where several landmarks are needed, such as [Exact('a.example.')]"
        )
    found = list(given)
    for mark in found:
        if not isinstance(mark, LANDMARKS):
            raise TypeError(
                f"{method} has {_short(mark)}, which is no landmark such as Exact('a.example.') or Flag('do')"
            )
        if isinstance(mark, Client):
            if not isinstance(mark.network, str) or parse_cidr(mark.network) is None:
                raise ValueError(f"{method} has {_short(mark)}, where a network is needed, such as 10.0.0.7/32")
        elif not isinstance(mark, Flag):
            name = mark.name if isinstance(mark, Exact | Below) else mark.below
            if not isinstance(name, str):
                raise TypeError(f"{method} has {_short(mark)}, where a name is needed, such as 'a.example.'")
            if name != name.lower() or not name.endswith("."):
                raise ValueError(f"{method} has {_short(mark)}; a name is in lower case, with its last dot")
    return found


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


__all__ = ["METHODS", "check_arguments", "guard"]

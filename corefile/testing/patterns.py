"""Expectations that leave something open: bounds of numbers, records with open parts, and lists of which only a part is
said.

A list is compared exactly, its order aside. A mapping with `contains`, `any` and `count` in its place says only that.
"""

from __future__ import annotations

from typing import Any

from ..dns.codes import class_number, type_number
from ..dns.record import BadRecord, Record
from ..light import NamedTuple, regex

LOOSE = ("contains", "any", "count")
"""The keys of a list that is given loosely."""

OPEN = "*"
"""What stands for any name, TTL or data."""

_LIMIT = regex(r"(<=|>=|<|>|=)?\s*(\d{1,10})")
_RANGE = regex(r"(\d{1,10})\s*\.\.\s*(\d{1,10})")
_BOUND = r"(?:<=|>=|<|>|=)\s*\d{1,10}|\d{1,10}\s*\.\.\s*\d{1,10}|\d{1,10}|\*"
_TTL = regex(rf"({_BOUND})(?:\s+|$)")


class Bound(NamedTuple):
    """Numbers from `low` to `high`, both included; None is no limit."""

    low: int | None
    high: int | None

    @classmethod
    def parse(cls, text: object) -> Bound:
        """The bound of `30`, `<= 30`, `< 30`, `>= 5`, `> 5`, `5..30` or `*`. Raises ValueError.

        >>> Bound.parse("<= 30"), 31 in Bound.parse("5..30")
        (Bound(low=None, high=30), False)
        """
        words = str(text).strip()
        if words == OPEN:
            return cls(None, None)
        span, limit = _RANGE.fullmatch(words), _LIMIT.fullmatch(words)
        if isinstance(text, bool) or not (span or limit):
            raise ValueError(f"`{words:.60}` is no bound (such as 30, <= 30, 5..30, or '>= 5' in quotes)")
        if span:
            return cls(int(span[1]), int(span[2]))
        assert limit is not None
        number = int(limit[2])
        low = {">=": number, ">": number + 1, "<=": None, "<": None}.get(limit[1] or "=", number)
        high = {"<=": number, "<": number - 1, ">=": None, ">": None}.get(limit[1] or "=", number)
        return cls(low, high)

    def __contains__(self, number: object) -> bool:
        assert isinstance(number, int)
        return (self.low is None or number >= self.low) and (self.high is None or number <= self.high)


class Pattern(NamedTuple):
    """A record of which parts are open, which are None."""

    name: str | None
    ttl: Bound | None
    cls: str | None
    type: str
    data: str | None

    @classmethod
    def parse(cls, line: str) -> Pattern:
        """The pattern of `[NAME] [TTL] [CLASS] TYPE [DATA]`: the TTL may be a bound; the name, the TTL and the data may be
        `*`, and everything in brackets left out. Raises ValueError."""
        words = line.split()
        if words and (words[0][0] in "<>=" or _is_type(words[0])):
            try:
                return cls._named(line)
            except ValueError:
                return cls._named(f"{OPEN} {line.strip()}")
        return cls._named(line)

    @classmethod
    def _named(cls, line: str) -> Pattern:
        """The pattern of a line with a name."""
        name, _, rest = line.strip().partition(" ")
        rest, bound, klass = rest.strip(), None, None
        for _ in range(2):  # the TTL and the class may change places
            found, word = _TTL.match(rest), rest.partition(" ")[0]
            if bound is None and found:
                bound, rest = found[1], rest[found.end() :].lstrip()
            elif klass is None and _is(class_number, word) and not _is_type(word):
                klass, rest = word, rest.removeprefix(word).lstrip()
        kind, _, data = rest.partition(" ")
        data = data.strip()
        if not _is_type(kind) or name[0] in "<>=":
            wrong = f"`{kind:.60}` is no record type" if kind else f"`{name:.60}` has no record type behind it"
            raise ValueError(f"{wrong}; a pattern is [NAME] [TTL] [CLASS] TYPE [DATA]")
        said = data not in ("", OPEN)
        sample = None
        if said:
            try:
                sample = Record.parse(f"{'.' if name == OPEN else name} 0 {klass or 'IN'} {kind} {data}")
            except BadRecord as e:  # as it is written, and not with what stands for what is open
                raise BadRecord(line.strip(), e.reason) from None
        return cls(
            None if name == OPEN else Record.parse(f"{name} 0 IN A 0.0.0.0").name,
            Bound.parse(bound) if bound else None,
            klass and klass.upper(),
            sample.type if sample else kind.upper(),
            sample.rdata if sample else None,
        )

    def matches(self, record: Record) -> bool:
        """Whether a record is one of these."""
        return (
            self.name in (None, record.name)
            and (self.ttl is None or record.ttl in self.ttl)
            and self.cls in (None, record.cls)
            and self.type == record.type
            and self.data in (None, record.rdata)
        )


def _is(find: Any, word: str) -> bool:
    try:
        find(word)
    except (KeyError, ValueError):
        return False
    return True


def _is_type(word: str) -> bool:
    return _is(type_number, word)


def rdata_of(kind: str, data: Any) -> str:
    """The data of a record as replies have it. Raises ValueError."""
    text = str(data)
    if kind.upper() == "ANY":
        return text
    return Record.parse(f". 0 IN {kind} {text}").rdata


def fits(pattern: str, line: str, *, records: bool) -> bool:
    """Whether a line is one of those that a pattern stands for: of records as above, of other lines those that have it in
    them."""
    if not records:
        return pattern in line
    try:
        return Pattern.parse(pattern).matches(Record.parse(line))
    except ValueError:
        return pattern == line


def pairs(wanted: list[str], came: list[str], *, records: bool) -> tuple[list[str], list[str]]:
    """The patterns and the lines that are left where as many as possible are matched, each with one of the other."""
    options = [[i for i, line in enumerate(came) if fits(pattern, line, records=records)] for pattern in wanted]
    taken: dict[int, int] = {}

    def settle(pattern: int, tried: set[int]) -> bool:
        for line in options[pattern]:
            if line not in tried:
                tried.add(line)
                if line not in taken or settle(taken[line], tried):
                    taken[line] = pattern
                    return True
        return False

    missing = [pattern for number, pattern in enumerate(wanted) if not settle(number, set())]
    return missing, [line for i, line in enumerate(came) if i not in taken]


def shortfalls(loose: dict[str, Any], came: list[str], *, records: bool) -> list[tuple[str, str]]:
    """Where lines are not what a loose list says, as lines of a difference; none where they are."""
    out = []
    missing, rest = pairs([str(x) for x in loose.get("contains") or ()], came, records=records)
    out += [("-", f"contains {pattern}") for pattern in missing]
    some = [str(x) for x in loose.get("any") or ()]
    if some and not any(fits(pattern, line, records=records) for pattern in some for line in came):
        out.append(("-", f"any of {', '.join(some)}"))
        rest = came
    counted = "count" in loose and len(came) not in Bound.parse(loose["count"])
    if counted:
        out += [("-", f"count {loose['count']}"), ("+", f"count {len(came)}")]
        rest = came
    return out + [("+", line) for line in rest] if out else []


__all__ = ["LOOSE", "OPEN", "Bound", "Pattern", "fits", "pairs", "rdata_of", "shortfalls"]

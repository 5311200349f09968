"""What was expected against what happened: sections and log lines as multisets, the rest exactly; see `patterns` for what
may be left open."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from ..dns.record import Record
from .format import SECTIONS
from .patterns import OPEN, Bound, pairs, rdata_of, shortfalls

SETS = (*SECTIONS, "log", "samples")


def differences(
    expect: dict[str, Any], actual: dict[str, Any], *, kind: str = "A", mentioned: bool = False
) -> list[dict[str, Any]]:
    """Where they differ, field by field.

    `compare: mentioned` in `expect` leaves out what it does not mention, also of `edns`, `http` and `grpc`; `mentioned` says that
    without a word of it.
    kind: the type that was asked for, of whose records `data` is.
    """
    out = []
    compare = expect.get("compare")
    only = bool(expect.get("only")) or (mentioned if compare is None else compare == "mentioned")
    for field in dict.fromkeys([*expect, *actual]):
        if field in ("only", "compare") or (only and field not in expect) or (field == "answer" and _by_data(expect)):
            continue
        want = expect.get(field)
        have: Any = _derived(field, actual, kind) if field in DERIVED else actual.get(field)
        if field == "data":
            want = [rdata_of(kind, x) for x in want or ()]
        if not _same(field, want, have, only):
            out.append({"field": field, "expect": want, "actual": have})
    if not any(difference["field"] in ("rcode", "reply") for difference in out):
        for difference in out:
            if difference["field"] in DERIVED and not difference["actual"]:
                difference["rcode"] = actual.get("rcode")
    return out


def _same(field: str, want: Any, have: Any, only: bool) -> bool:
    """Whether what came in a field is what was expected there. only: no more of it than what is expected counts."""
    if field in SETS and isinstance(want, dict):
        return not shortfalls(want, _lines(have), records=field in SECTIONS)
    if field in SETS:
        return not any(_unmatched(want or [], have or [], records=field in SECTIONS))
    if field == "data":
        return Counter(want) == Counter(have)
    if field == "ttl":
        return bool(have) and all(ttl in Bound.parse(want) for ttl in have)
    if field == "flags":
        return sorted(str(want or "").split()) == sorted(str(have or "").split())
    if isinstance(want, dict) and isinstance(have, dict):  # edns, http, grpc
        return bool(_plain(want) == _plain({k: v for k, v in have.items() if k in want} if only else have))
    if field == "body" and isinstance(want, dict):
        return str(want.get("contains")) in str(have or "")
    return bool(want == have)


def changes(difference: dict[str, Any]) -> list[tuple[str, str]]:
    """What a reader looks at in one difference: `-` with what was expected and did not come, `+` with what came."""
    want, have, field = difference["expect"], difference["actual"], difference["field"]
    if field in SETS and isinstance(want, dict):
        return shortfalls(want, _lines(have), records=field in SECTIONS)
    if field in SETS or field == "data":
        missing, more = _unmatched(want or [], have or [], records=field in SECTIONS)
        none = [("+", _none(difference))] if "rcode" in difference else []
        return [("-", x) for x in missing] + [("+", x) for x in more] + none
    if field == "ttl":
        return [("-", str(want)), ("+", ", ".join(map(str, dict.fromkeys(have))) or _none(difference))]
    sides = (("-", want), ("+", have))
    return [(sign, _shown(value)) for sign, value in sides if value is not None]


def _none(difference: dict[str, Any]) -> str:
    """In place of what is said of records where there is none: with the response code, unless that differs, too."""
    if "rcode" not in difference:
        return "no record"
    return f"no record, {difference['rcode']}" if difference["rcode"] else "no reply"


DERIVED = ("data", "ttl")
"""What is said of records in `answer`: the data of those of the type that was asked for, and all TTLs."""


def _by_data(expect: dict[str, Any]) -> bool:
    """Whether `data` stands for the answer."""
    return "data" in expect and "answer" not in expect


def _derived(field: str, actual: dict[str, Any], kind: str) -> list[Any]:
    if field == "ttl":
        return [Record.parse(line).ttl for line in actual.get("answer") or ()]
    return data_of(actual, kind)


def data_of(actual: dict[str, Any], kind: str) -> list[str]:
    """The data of the answer's records of a type."""
    records = [Record.parse(line) for line in actual.get("answer") or ()]
    return [record.rdata for record in records if kind.upper() in (record.type, "ANY")]


def even_line(text: str, *, records: bool) -> str:
    """A line as differences show it."""
    return _as_record(text) if records else _even(text)


def _lines(have: Any) -> list[str]:
    return [_even(str(line)) for line in have or ()]


def _unmatched(want: list[Any], have: list[Any], *, records: bool = False) -> tuple[list[str], list[str]]:
    """What is only in `want` and what is only in `have`, blanks and order aside. records: whether they are lines of zone
    files, which are compared as records: the TTL and the class may change places, RDATA may be spelt otherwise, and what
    a line leaves open stands for whatever comes."""
    wanted = [_as_record(str(w)) if records else _even(str(w)) for w in want]
    came = [_now_free(_even(str(h)), wanted) for h in have]
    missing = list((Counter(wanted) - Counter(came)).elements())
    more = list((Counter(came) - Counter(wanted)).elements())
    return pairs(missing, more, records=True) if records and missing and more else (missing, more)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) or '""'


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip())


def _as_record(text: str) -> str:
    """The line as replies are printed; a line with `<now>`, or with something open, stays as it is."""
    if text.startswith(f"{OPEN} ") or text.endswith(f" {OPEN}"):
        return _even(text)
    try:
        return _even(str(Record.parse(text)))
    except ValueError:
        return _even(text)


def _now_free(text: str, wanted: list[str]) -> str:
    """`text`, with an SOA's serial written `<now>` where the expectation says so."""
    free = re.sub(r"( SOA \S+ \S+ )\d+ ", r"\1<now> ", text)
    return free if free in wanted else text


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        str(k): {str(c): str(d) for c, d in v.items()} if isinstance(v, dict) else str(v)
        for k, v in fields.items()
        if v not in ({}, False)
    }

"""What was expected against what happened: sections and log lines as multisets, the rest exactly."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from ..dns.record import Record
from .format import SECTIONS

SETS = (*SECTIONS, "log", "samples")


def differences(expect: dict[str, Any], actual: dict[str, Any]) -> list[dict[str, Any]]:
    """Where they differ, field by field. `only: true` in `expect` leaves out what it does not mention."""
    out = []
    only = bool(expect.get("only"))
    for field in dict.fromkeys([*expect, *actual]):
        if field == "only" or (only and field not in expect):
            continue
        want, have = expect.get(field), actual.get(field)
        if field in SETS:
            missing, more = _unmatched(want or [], have or [], records=field in SECTIONS)
            same = not missing and not more
        elif field == "flags":
            same = sorted(str(want or "").split()) == sorted(str(have or "").split())
        elif field == "edns" and isinstance(want, dict) and isinstance(have, dict):
            same = _plain(want) == _plain(have)
        else:
            same = want == have
        if not same:
            out.append({"field": field, "expect": want, "actual": have})
    return out


def changes(difference: dict[str, Any]) -> list[tuple[str, str]]:
    """What a reader looks at in one difference: `-` with what was expected and did not come, `+` with what came."""
    want, have = difference["expect"], difference["actual"]
    if difference["field"] in SETS:
        missing, more = _unmatched(want or [], have or [], records=difference["field"] in SECTIONS)
        return [("-", x) for x in missing] + [("+", x) for x in more]
    pairs = (("-", want), ("+", have))
    return [(sign, _shown(value)) for sign, value in pairs if value is not None]


def _unmatched(want: list[Any], have: list[Any], *, records: bool = False) -> tuple[list[str], list[str]]:
    """What is only in `want` and what is only in `have`, blanks and order aside. records: whether they are lines of zone
    files, which are compared as records: the TTL and the class may change places, and RDATA may be spelt otherwise."""
    wanted = [_as_record(str(w)) if records else _even(str(w)) for w in want]
    came = [_now_free(_even(str(h)), wanted) for h in have]
    return list((Counter(wanted) - Counter(came)).elements()), list((Counter(came) - Counter(wanted)).elements())


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_shown(v)}" for k, v in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) or '""'


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip())


def _as_record(text: str) -> str:
    """The line as replies are printed; a line with `<now>` stays as it is."""
    try:
        return _even(str(Record.parse(text)))
    except ValueError:
        return _even(text)


def _now_free(text: str, wanted: list[str]) -> str:
    """`text`, with an SOA's serial written `<now>` where the expectation says so."""
    free = re.sub(r"( SOA \S+ \S+ )\d+ ", r"\1<now> ", text)
    return free if free in wanted else text


def _plain(edns: dict[str, Any]) -> dict[str, Any]:
    return {
        str(k): {str(c): str(d) for c, d in v.items()} if isinstance(v, dict) else str(v)
        for k, v in edns.items()
        if v not in ({}, False)
    }

"""One answer of `corefile query`, for a reader or as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..chain.reply import Reply
from ..dns import codes
from ..dns.record import Record
from ..findings import Finding
from ..findings.layout import Line, Part, Style, line
from ..light import NamedTuple

WIDTH = 118
"""Characters of a line of a trace where no terminal says how many it has."""


class Answer(NamedTuple):
    """A reply, and how it was asked for.

    name: as it was sent, with its last dot. to: the server's address. after: the seconds that had passed before. notes:
    what the world lacks for it. findings: what is wrong with the server block that was asked. by: the transport.
    """

    name: str
    type: str
    cls: str
    to: str
    tcp: bool
    reply: Reply
    after: float = 0.0
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    by: str = "udp"

    @property
    def what(self) -> str:
        """What was asked for."""
        return f"{self.name} {'' if self.cls == 'IN' else f'{self.cls} '}{self.type}"

    @property
    def outcome(self) -> str:
        """What came of it, in a few words."""
        reply = self.reply
        if not reply.received and reply.http is not None:
            return f"no DNS message, but HTTP {reply.http.status} {reply.http.body}".rstrip()
        if not reply.received and reply.grpc is not None:
            return f"no DNS message, but gRPC status {reply.grpc.status}: {reply.grpc.message}"
        if not reply.received:
            return f"no reply within {reply.elapsed:g} s, the client gives up"
        if "tc" in reply.flags:
            return f"{reply.rcode}, truncated (TC): a client asks again over TCP"
        if reply.rcode == "NOERROR" and not reply.answer:
            return "NOERROR, no record of this type (NODATA)"
        return reply.rcode

    @property
    def style(self) -> Style:
        """How that is shown."""
        return "good" if self.reply.rcode == "NOERROR" else "error"


class Shape(NamedTuple):
    """What dig's `+` options leave out of its output."""

    hidden: frozenset[str] = frozenset()
    ttl: bool = True
    cls: bool = True


def short_lines(answer: Answer) -> list[Line]:
    """What `dig +short` prints."""
    return [line(record.rdata) for record in answer.reply.answer]


def dig_lines(answer: Answer, shape: Shape) -> list[Line]:
    """What dig prints, without what only a real server has (a time)."""
    reply, hidden = answer.reply, shape.hidden
    blocks: list[list[Line]] = []
    if not reply.received:
        return [line(";; ", answer.outcome, "error")]
    if "comments" not in hidden:
        blocks.append(_header(answer))
        if reply.edns is not None:
            blocks.append(_opt(reply))
    if "question" not in hidden and reply.question:
        name, cls, type = reply.question.rsplit(" ", 2)
        blocks.append(_titled("QUESTION", [line(f";{name:<32} {cls:<4} {type}")], shape))
    records = {"answer": reply.answer, "authority": reply.authority, "additional": reply.additional}
    width = max([24, *(len(r.name) for rs in records.values() for r in rs)])
    for section, found in records.items():
        if found and section not in hidden:
            blocks.append(_titled(section.upper(), [_record(r, width, shape) for r in found], shape))
    if "stats" not in hidden:
        took = f"; took {reply.elapsed:g} s" if reply.elapsed else ""
        http = f", HTTP {reply.http.status}, {reply.http.cache_control}" if reply.http is not None else ""
        text = f";; CoreDNS {reply.release}, simulated, at {answer.to} ({answer.by}{http}){took}"
        blocks.append([line("", text, "dim"), *(line("", f";; log: {x}", "dim") for x in reply.log)])
    gap = [] if "comments" in hidden else [line("")]
    return [x for i, block in enumerate(blocks) for x in (*(gap if i else ()), *block)]


def _header(answer: Answer) -> list[Line]:
    reply = answer.reply
    extra = len(reply.additional) + (reply.edns is not None)
    head = Part(f";; ->>HEADER<<- opcode: {reply.opcode}, status: ")
    counts = (
        f"QUERY: {int(bool(reply.question))}, ANSWER: {len(reply.answer)}, AUTHORITY: {len(reply.authority)}, "
        f"ADDITIONAL: {extra}"
    )
    return [
        Line((head, Part(reply.rcode, answer.style), Part(f", id: {reply.id}"))),
        line(f";; flags: {' '.join(reply.flags)}; {counts}"),
    ]


def _opt(reply: Reply) -> list[Line]:
    edns = reply.edns
    assert edns is not None
    flags = " do" if edns.do else ""
    lines = [line(";; OPT PSEUDOSECTION:"), line(f"; EDNS: version: {edns.version}, flags:{flags}; udp: {edns.udp}")]
    return lines + [line(f"; OPT={code}: {data.hex(' ')}") for code, data in edns.options]


def _titled(title: str, lines: list[Line], shape: Shape) -> list[Line]:
    return lines if "comments" in shape.hidden else [line(f";; {title} SECTION:"), *lines]


def _record(record: Record, width: int, shape: Shape) -> Line:
    ttl = f" {record.ttl:<6}" if shape.ttl else ""
    cls = f" {record.cls:<4}" if shape.cls else ""
    return line(f"{record.name:<{width}}{ttl}{cls} {record.type:<6} {record.rdata}")


def trace_lines(answer: Answer, hint: str = "") -> list[Line]:
    """The outcome, the way through the chain, and the records. `hint` stands behind the outcome."""
    reply = answer.reply
    outcome = (Part(answer.outcome, answer.style), Part(f"   ({hint})" if hint else "", "dim"))
    out = [Line((Part(f"{answer.what}: ", "bold"),), outcome, 4), line(""), *reply.trace.lines()]
    sections = [("answer", reply.answer), ("authority", reply.authority), ("additional", reply.additional)]
    if any(records for _, records in sections):
        out.append(line(""))
    for title, records in sections:
        out += [line(f"  {title if i == 0 else '':<10} ", str(record)) for i, record in enumerate(records)]
    if reply.elapsed and reply.received:
        out += [line(""), line(f"  took {reply.elapsed:g} s")]
    return out + [line(f"  {'log':<10} ", text) for text in reply.log]


def later(answer: Answer) -> list[Line]:
    """That time has passed before the question."""
    return [line("", f";; {seconds(answer.after)} later", "dim")]


def seconds(amount: float) -> str:
    """A time as a reader writes it: `31s`, `1m30s`, `500ms`."""
    from ..golang.durations import duration_text

    return duration_text(amount).replace("m0s", "m").replace("h0m", "h") if amount % 1 == 0 else duration_text(amount)


def remarks(answers: Iterable[Answer], *, short: bool = False) -> list[str]:
    """Remarks for a reader: what the simulator leaves out first, then what the world lacks. In short, those that the
    answer cannot be understood without."""
    out: list[str] = []
    notes: list[str] = []
    for answer in answers:
        known = () if short else answer.findings
        missing = {
            (at.source.path, at.line)
            for f in known
            if f.code in ("missing-file", "missing-directory") and f.span is not None
            for at in (f.span, *(span for span, _ in f.related))
        }
        left_out = [f for f in answer.reply.notices if not f.span or (f.span.source.path, f.span.line) not in missing]
        for finding in (*left_out, *known):
            where = finding.span.locate() if finding.span else None
            at = f"{where.path}:{where.line}: " if where else ""
            hint = f" ({finding.hint})" if finding.hint else ""
            out.append(f"{finding.severity}: {at}{finding.message}{hint}")
        notes += () if short and answer.reply.answer else answer.notes
    return list(dict.fromkeys([*out, *notes]))


def to_data(answer: Answer) -> dict[str, Any]:
    """All of it as plain data; names have their last dot."""
    from ..findings.report import to_json

    reply = answer.reply
    return {
        "question": {"name": answer.name, "type": answer.type, "class": answer.cls},
        "release": reply.release.version,
        "to": answer.to,
        "after": answer.after,
        "reply": {
            "rcode": reply.rcode,
            "flags": list(reply.flags),
            "answer": _section(reply.answer),
            "authority": _section(reply.authority),
            "additional": _section(reply.additional),
            "edns": None
            if reply.edns is None
            else {
                "udp": reply.edns.udp,
                "do": reply.edns.do,
                "options": {str(code): data.hex() for code, data in reply.edns.options},
            },
        }
        if reply.received
        else None,
        "elapsed": reply.elapsed,
        "log": reply.log,
        "trace": reply.trace.to_json(),
        "notes": list(answer.notes),
        "findings": [to_json(f) for f in (*reply.notices, *answer.findings)],
    }


def _section(records: Sequence[Record]) -> list[dict[str, Any]]:
    return [{"name": r.name, "ttl": r.ttl, "class": r.cls, "type": r.type, "data": r.rdata} for r in records]


def type_word(word: str) -> str:
    """A record type as it is shown: the mnemonic where there is one."""
    return codes.type_name(codes.type_number(word))


__all__ = ["WIDTH", "Answer", "Shape", "dig_lines", "later", "remarks", "short_lines", "to_data", "trace_lines"]

"""Assertions about what a server answers, for tests of one's own. Where one fails, the trace says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .given import meant, the_server

if TYPE_CHECKING:
    from ..api import Server, Transport
    from ..chain.reply import Reply
    from ..chain.transports import Via


def assert_resolves(
    server: Server,
    name: str,
    *expected: str,
    type: str | None = None,
    client: str | None = None,
    to: str | None = None,
    transport: Transport | Via | None = None,
) -> Reply:
    """Assert that a name has these records and no others of their type, in any order; with nothing expected, that it has some.
    The reply is given back, for what else there is to look at.

    name: as `Server.query` takes it. expected: the records' data as a zone file has it (`10.96.0.10`, `10 mx.example.org.`).
    type: their type; it may be left out where all are addresses, and is `A` with nothing expected. Aliases on the way are
    followed. client, to, transport: see `Server.query`.

    Raises AssertionError with what differs and the trace, ValueError for what is no data of the type.

    >>> from corefile import loads
    >>> server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n}")
    >>> assert_resolves(server, "a.example.org", "10.0.0.1").rcode
    'NOERROR'
    >>> assert_resolves(server, "a.example.org", "10.0.0.2")
    Traceback (most recent call last):
    ...
    AssertionError: 10.0.0.1 in place of 10.0.0.2 for a.example.org. A
       - 10.0.0.2
       + 10.0.0.1
    <BLANKLINE>
      :53   server "." (<text>:1)
      `- hosts 2   a.example.org. has 1 entry -> NOERROR
    """
    __tracebackhide__ = True
    the_server("assert_resolves", server)
    wrong = next((one for one in expected if not isinstance(one, str)), None)
    if wrong is not None:
        raise TypeError(
            f"assert_resolves: each piece of data is a text of its own, such as '10.0.0.1', not {wrong!r:.60}"
        )
    kind = _kind(type or _type_of(expected))
    wanted = [_data(kind, text) for text in expected]
    reply = server.query(name, kind, client=client, to=to, transport=transport)
    found = [record.rdata for record in reply.answer if record.type == kind]
    if reply.rcode == "NOERROR" and (sorted(found) == sorted(wanted) if wanted else found):
        return reply
    came = ", ".join(found) if found and reply.rcode == "NOERROR" else _outcome(reply, kind)
    marks = [f"   - {x}" for x in wanted if x not in found] + [f"   + {x}" for x in found if x not in wanted]
    marks += [f"   + {reply.rcode}"] if reply.rcode not in ("NOERROR", "") else []
    raise AssertionError(_message(name, kind, came, ", ".join(wanted) or "any record", marks, reply))


def assert_rcode(
    server: Server,
    name: str,
    rcode: str,
    *,
    type: str = "A",
    client: str | None = None,
    to: str | None = None,
    transport: Transport | Via | None = None,
) -> Reply:
    """Assert that a question is answered with a response code, such as `NXDOMAIN`; the reply is given back.

    NODATA is NOERROR without a record of the type in the answer. The other arguments are those of `assert_resolves`. Raises
    AssertionError with the trace, ValueError for what is no rcode.

    >>> from corefile import loads
    >>> server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n}")
    >>> assert_rcode(server, "a.example.org", "NODATA", type="AAAA")
    <Reply NOERROR, no answer>
    """
    __tracebackhide__ = True
    from ..dns.codes import RCODES, rcode_number

    the_server("assert_rcode", server)
    if not isinstance(rcode, str):
        raise TypeError(f"assert_rcode: a response code is a text such as 'NXDOMAIN', not {rcode!r:.60}")
    wanted = rcode.upper()
    if wanted != "NODATA":
        try:
            rcode_number(wanted)
        except (KeyError, ValueError):
            raise ValueError(f"`{rcode}` is no response code{meant(wanted, (*RCODES.values(), 'NODATA'))}") from None
    kind = _kind(type)
    reply = server.query(name, kind, client=client, to=to, transport=transport)
    has = any(record.type == kind for record in reply.answer)
    if wanted == ("NODATA" if wanted == "NODATA" and reply.rcode == "NOERROR" and not has else reply.rcode):
        return reply
    came = f"{reply.rcode} with records" if has and reply.rcode == "NOERROR" else _outcome(reply, kind)
    marks = [f"   - {wanted}", *(f"   + {record}" for record in reply.answer)]
    raise AssertionError(_message(name, kind, came, wanted, marks, reply))


def _kind(type: str) -> str:
    """A record type as replies name it. Raises ValueError."""
    from ..dns.codes import TYPES, type_number

    kind = type.upper()
    try:
        type_number(kind)
    except (KeyError, ValueError):
        raise ValueError(f"`{type}` is no record type{meant(kind, TYPES)}") from None
    return kind


def _type_of(expected: tuple[str, ...]) -> str:
    """The type of addresses. Raises ValueError for others, and for those of both families."""
    from ..golang.addresses import parse_ip

    versions = {None if found is None else found[0] for found in map(parse_ip, expected)}
    if versions <= {4}:
        return "A"
    if versions == {6}:
        return "AAAA"
    raise ValueError("`type` is needed: what is expected are not all IPv4 addresses, and not all IPv6 addresses")


def _data(type: str, text: str) -> str:
    """The data as replies have it. Raises ValueError."""
    from ..dns.record import BadRecord, Record

    try:
        return Record.parse(f". 0 IN {type} {text}").rdata
    except BadRecord as error:
        raise ValueError(f"`{text}` is no data of {type} records: {error.reason}") from None


def _outcome(reply: Reply, type: str) -> str:
    if not reply.received:
        return "no reply"
    return f"no {type} record" if reply.rcode == "NOERROR" else reply.rcode


def _message(name: str, type: str, came: str, wanted: str, marks: list[str], reply: Any) -> str:
    """The first line is what a summary shows."""
    from ..dns.names import fqdn
    from ..findings.layout import visible

    first = f"{came} in place of {wanted} for {fqdn(name)} {type}"
    return "\n".join([*map(visible, (first, *marks)), "", str(reply.trace)])


__all__ = ["assert_rcode", "assert_resolves"]

"""What CoreDNS does to a reply as it leaves: the OPT record, the size limit, compression, TC (request/request.go).

What changed when:

* to 1.0.4: plugins size and scrub their replies themselves, which are compressed. The reply gets the request's OPT
  record with all of its options. What does not fit loses all additional records, and where that is not enough has TC.
* 1.0.5: then it loses all answers, too.
* 1.0.6: additional records, then answers, are found by a binary search that leaves one step too early. TC is set, also
  over TCP, where answers were searched; authority stays.
* 1.1.1: with DO that takes 12 (the octets of an OPT record) for the number of OPT records: with no more than twelve
  additional records, none of them goes. With TC there is no OPT record that the search has taken away.
* 1.1.3: replies are compressed where they do not fit otherwise.
* 1.2.1: it does so with EDNS, with or without DO, and leaves room for the OPT record, which is there with TC, too.
* 1.2.4: the server does it, once, for every reply (`ScrubWriter`).
* 1.2.6: the search is put right.
* 1.3.0: the OPT record comes after scrubbing, and only with the options that are known (NSID, EXPIRE, COOKIE,
  TCP-KEEPALIVE, PADDING). Over UDP more than 1480 octets (IPv4) or 1220 (IPv6) are compressed though they would fit.
  The DNS library's lengths become exact (see `wire.length_before_1_3_0`) but for type bitmaps and hexadecimal fields.
* 1.5.1: these as well.
* 1.6.0: the OPT record first, then the DNS library's own Truncate: additional records, authority and answers fall off
  the end, one by one.
* 1.8.0: a TC bit that an upstream set stays set when a reply has to be compressed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..dns import wire
from ..dns.codes import TSIG
from ..dns.message import Edns, Msg, SharedEdns
from ..dns.rr import NIL, RR
from ..releases.rules import ReleaseRules, changed, until

if TYPE_CHECKING:
    from ..releases import Release
    from .capabilities import AddsOpt
    from .query import Context, Query, Result

MAX_SIZE = 65535
SUPPORTED_OPTIONS = frozenset((3, 9, 10, 11, 12))
"""Options of a request that its reply repeats since 1.3.0: NSID, EXPIRE, COOKIE, TCP-KEEPALIVE, PADDING."""


class SupportedOptions:
    """A slot of the process: the options that replies repeat, with those that directives have added."""

    def __init__(self) -> None:
        self.codes = SUPPORTED_OPTIONS

    def add(self, code: int) -> None:
        """From now on, replies repeat the option, too."""
        self.codes = self.codes | {code}


_OPT_LENGTH = 12

# How a release goes about it: the index of its entry in the list above.
_ALL, _NO_ANSWERS, _HALVES, _WITH_DO, _PLAIN, _PLUGINS, _SERVER, _SEARCH, _LATE_OPT, _TRUNCATE, _KEEP_TC = range(11)


class ScrubRules(ReleaseRules):
    """What differs between releases."""

    era = changed(
        _ALL,
        {
            "1.0.5": _NO_ANSWERS,
            "1.0.6": _HALVES,
            "1.1.1": _WITH_DO,
            "1.1.3": _PLAIN,
            "1.2.1": _PLUGINS,
            "1.2.4": _SERVER,
            "1.2.6": _SEARCH,
            "1.3.0": _LATE_OPT,
            "1.6.0": _TRUNCATE,
            "1.8.0": _KEEP_TC,
        },
        "how replies are made to fit",
    )
    counts_loosely = until("1.3.0", "the DNS library counts octets mostly too high (`wire.length_before_1_3_0`)")
    counts_surplus = until("1.5.1", "it does so for hexadecimal fields and type bitmaps (`wire.length_before_1_5_1`)")


def edns_size(proto: str, size: int) -> int:
    """The octets that a client takes: 65535 over TCP, over UDP what it advertised in EDNS, but 512 at least."""
    if proto == "tcp":
        return MAX_SIZE
    return size if size > wire.MIN_SIZE else wire.MIN_SIZE


def size_and_do(request: Msg, reply: Msg, release: Release, supported: frozenset[int] = SUPPORTED_OPTIONS) -> bool:
    """Give `reply` the OPT record that its request calls for, in place; False where the request has none.

    An OPT record that the reply has (from an upstream) keeps its options and its DO bit, and gets the request's size;
    any other is the request's own, of version 0, without the lower eight flag bits, and since 1.3.0 with no options but
    those `supported` (see `SupportedOptions`).
    """
    asked = request.edns
    if asked is None:
        return False
    given = reply.edns
    if given is not None:
        reply.edns = Edns(asked.udp, given.do or asked.do, 0, given.options, given.flags & 0x7F00)
        return True
    options = asked.options
    if options and ScrubRules.of(release).era >= _LATE_OPT:
        options = tuple([x for x in options if x[0] in supported])
    if options is asked.options and asked.version == 0 and not asked.flags & 0xFF and asked.name == ".":
        reply.edns = asked
    else:
        reply.edns = Edns(asked.udp, asked.do, 0, options, asked.flags & 0x7F00)
    if reply.extra and reply.extra[-1] is not NIL and reply.extra[-1][1] == TSIG:  # it comes to stand behind
        reply.edns = reply.edns._replace(last=True)
    return True


def share(query: Query, reply: Msg, release: Release, supported: frozenset[int]) -> None:
    """What a plugin does that sizes its reply itself: `size_and_do`. A reply without an OPT record shares that of its
    request from then on."""
    shares = reply.edns is None
    if size_and_do(query.msg, reply, release, supported) and shares and reply.edns is not None:
        msg = query.msg.copy()
        msg.edns = reply.edns = SharedEdns(*reply.edns)
        query.became = query.asking(msg=msg)


def as_answered(request: Msg, reply: Msg | None, release: Release, supported: frozenset[int]) -> Msg:
    """A request as it stands when its reply has been written: the server reuses its OPT record for a reply that has none."""
    return request if reply is None or reply.edns is not None else as_reused(request, release, supported)


def as_reused(request: Msg, release: Release, supported: frozenset[int]) -> Msg:
    """A request whose OPT record the server has reused: since 1.3.0 without the options that are not `supported`, and with
    the root as its owner, whatever that was."""
    asked = request.edns
    if asked is None or ScrubRules.of(release).era < _LATE_OPT or not (asked.options or asked.name != "."):
        return request
    out = request.copy()
    out.edns = asked._replace(name=".", options=tuple([x for x in asked.options if x[0] in supported]))
    return out


def as_written(query: Query, request: Msg, result: Result, adding: Iterable[AddsOpt]) -> Msg:
    """A request as it stands when its reply has been written, where the reply has its very OPT record: with what `adding`,
    the plugins of the server block that write into that of a reply, have left there. A plugin that puts parts of the
    request back has copied the reply for that."""
    reply = result.reply
    if (
        not isinstance(request.edns, SharedEdns)
        or reply is None
        or reply.edns is not request.edns
        or result.request is not None
    ):
        return request
    out = request.copy()
    for handler in adding:
        if out.edns is not None:
            out.edns = handler.as_written(query, out.edns)
    return out


def message_length(msg: Msg, release: Release, compress: bool | None = None) -> int:
    """Octets of a message as this release's DNS library counts them (its log lines and metrics do).

    `compress` defaults to `msg.compress`.
    """
    return length_in(release)(msg, compress)


def length_in(release: Release) -> Callable[[Msg, bool | None], int]:
    """`message_length` in one release, for those who need it often."""
    rules = ScrubRules.of(release)
    if not rules.counts_surplus:
        return wire.length
    return wire.length_before_1_3_0 if rules.counts_loosely else wire.length_before_1_5_1


def record_length(rr: RR, release: Release) -> int:
    """Octets of a record without compression, as this release's DNS library counts them. With these, plugins decide
    which message of a transfer a record goes into."""
    rules = ScrubRules.of(release)
    return wire.record_length_before_1_3_0(rr) if rules.counts_loosely else wire.record_length(rr, rules.counts_surplus)


def scrub(request: Msg, reply: Msg, proto: str, family: int, release: Release, size: int | None = None) -> Msg:
    """Make `reply` fit its client, in place, and return it. Sets `compress`, perhaps TC.

    `proto` is udp or tcp, `family` 1 for IPv4 and 2 for IPv6. `size` is `edns_size`'s, where the caller has it.
    """
    if size is None:
        size = edns_size(proto, request.edns.udp if request.edns is not None else 0)
    era = ScrubRules.of(release).era
    if era >= _TRUNCATE:
        _truncate(reply, size, proto, family, era)
        return reply
    if era >= _PLAIN:
        reply.compress = False
        plain = message_length(reply, release)
        if plain <= size:
            if era >= _LATE_OPT and proto == "udp":
                _avoid_fragments(reply, plain, family)
            return reply
    reply.compress = True
    n = message_length(reply, release)
    if n > size:
        if era >= _HALVES:
            _search(request, reply, n, size, release, era)
        else:
            _drop(request, reply, size, release, era)
    return reply


def _drop(request: Msg, reply: Msg, size: int, release: Release, era: int) -> None:
    """What the releases before 1.0.6 did: no additional records, and perhaps no answers."""
    reply.extra, reply.edns = [], None
    _readd(request, reply, release, era)
    if message_length(reply, release) > size:
        reply.tc = True
        if era >= _NO_ANSWERS:
            reply.answer = []


def _truncate(reply: Msg, size: int, proto: str, family: int, era: int) -> None:
    plain = wire.truncate(reply, size, keep_tc=era >= _KEEP_TC)
    if plain > 1220 and proto == "udp":
        _avoid_fragments(reply, plain, family)


def _avoid_fragments(reply: Msg, plain: int, family: int) -> None:
    if plain > (1220 if family == 2 else 1480):
        reply.compress = True


def _search(request: Msg, reply: Msg, n: int, size: int, release: Release, era: int) -> None:
    """The binary search of the releases before 1.6.0 for how many additional records, then answers, fit."""
    strict = era < _SEARCH
    extra = reply.extra
    edns = reply.edns
    high = len(extra) + (edns is not None)
    whole = high
    if request.edns is not None and era >= _PLUGINS:
        size -= _OPT_LENGTH
        high -= _OPT_LENGTH if strict else 1
    elif request.edns is not None and request.edns.do and era >= _WITH_DO:
        high -= _OPT_LENGTH

    def cut_extra(count: int) -> int:
        reply.extra = extra[:count]
        reply.edns = edns if count == whole else None
        return message_length(reply, release)

    n, keep = _half(cut_extra, high, n, size, strict)
    if n > size and keep > 0:
        n = cut_extra(keep - 1)
    if n < size or (n == size and not strict):
        _readd(request, reply, release, era)
        return
    answers = reply.answer

    def cut_answers(count: int) -> int:
        reply.answer = answers[:count]
        return message_length(reply, release)

    n, keep = _half(cut_answers, len(answers), n, size, strict)
    if n > size and keep > 0:
        cut_answers(keep - 1)
    if era not in (_WITH_DO, _PLAIN):
        _readd(request, reply, release, era)
    reply.tc = True


def _half(measure: Callable[[int], int], high: int, n: int, size: int, strict: bool) -> tuple[int, int]:
    low = middle = 0
    while low < high or (low == high and not strict):
        middle = (low + high) // 2
        n = measure(middle)
        if n == size:
            break
        if n < size:
            low = middle + 1
        else:
            high = middle - 1
    return n, middle


def _readd(request: Msg, reply: Msg, release: Release, era: int) -> None:
    if era < _LATE_OPT:
        size_and_do(request, reply, release)


def finish(
    request: Msg,
    query: Query,
    reply: Msg,
    ctx: Context,
    release: Release,
    opt: bool = True,
    supported: frozenset[int] = SUPPORTED_OPTIONS,
) -> bool:
    """What happens to a reply between its plugin and the network, in place. True where the reply certainly has a wire form.

    `opt` is False for a plugin that does not fit its reply with an OPT record of its own accord; that matters only in
    releases before 1.3.0, where `forward` and `proxy` pass on what the upstream sent. `supported`: see `size_and_do`.
    """
    era = ScrubRules.of(release).era
    if era >= _TRUNCATE:
        if request.edns is not None:
            size_and_do(request, reply, release, supported)
        plain = wire.simple_length(reply)
        if 0 < plain <= 512:
            reply.compress = False
            return True
        _truncate(reply, query.size, ctx.proto, ctx.family, era)
        return plain > 0
    if era == _LATE_OPT:
        scrub(request, reply, ctx.proto, ctx.family, release, query.size)
        size_and_do(request, reply, release, supported)
        return False
    if request.edns is not None and opt:
        size_and_do(request, reply, release, supported)
    scrub(request, reply, ctx.proto, ctx.family, release, query.size)
    return False


def by_plugin(query: Query, reply: Msg, release: Release, *, sizes: bool = True, scrubs: bool = True) -> None:
    """What a plugin of a release before 1.2.3 does to its own reply: SizeAndDo (`sizes`) and Scrub (`scrubs`)."""
    if sizes:
        share(query, reply, release, SUPPORTED_OPTIONS)
    if scrubs:
        scrub(query.msg, reply, query.ctx.proto, query.ctx.family, release, query.size)


__all__ = [
    "SUPPORTED_OPTIONS",
    "SupportedOptions",
    "as_answered",
    "as_reused",
    "as_written",
    "by_plugin",
    "edns_size",
    "finish",
    "length_in",
    "message_length",
    "record_length",
    "scrub",
    "share",
    "size_and_do",
]

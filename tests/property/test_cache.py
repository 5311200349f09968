"""Whatever a cache keeps, for however long it is told to: what it serves never gets older than it may be.

The upstream's answers tell when they were fetched: an address has the number of the question that it answers, and a
denial has it as the serial of its SOA record. So whether an answer was fetched anew is seen from outside.
"""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from corefile.api import loads
from corefile.dns.codes import IN, NXDOMAIN, SERVFAIL, SOA, A
from corefile.dns.message import Edns, Msg
from corefile.dns.rr import RR
from corefile.world import World

RELAXED = settings(max_examples=150)
RELEASES = ("1.14.7", "1.14.2", "1.11.3", "1.9.3", "1.8.6", "1.6.5", "1.2.6")
NAMES = ("a", "b", "c")


class Record(NamedTuple):
    """What a zone has under one name. kind: `answer`, `nxdomain`, `nodata` or `failure`. TTLs are in seconds."""

    kind: str
    ttl: int
    other: int


class Bounds(NamedTuple):
    """The longest and the shortest time that an answer of one kind may be kept, in seconds."""

    most: int
    least: int


class Numbered:
    """An upstream of these records that numbers its answers, and notes when it gave each."""

    speaks_msg = True

    def __init__(self, zone: dict[str, Record]) -> None:
        self.zone = zone
        self.world = World(upstreams={"192.0.2.53": self})
        self.given: list[float] = []

    def __call__(self, msg: Msg) -> Msg:
        assert msg.question is not None
        count = len(self.given)
        self.given.append(self.world.clock.now)
        name = msg.question.name
        record = self.zone[name.split(".")[0].lower()]
        reply = msg.reply({"nxdomain": NXDOMAIN, "failure": SERVFAIL}.get(record.kind, 0))
        if record.kind == "answer":
            reply.answer = [
                RR(name, A, IN, ttl, (f"10.0.{count >> 8}.{count & 255}",)) for ttl in (record.ttl, record.other)
            ]
        elif record.kind != "failure":
            reply.ns = [RR("example.org.", SOA, IN, record.ttl, ("ns.", "h.", count, 1, 2, 3, record.other))]
        return reply


def number(msg: Msg) -> int | None:
    """Which question of the upstream's a reply answers; None for a failure."""
    if msg.answer:
        high, low = str(msg.answer[0].data[0]).split(".")[2:]
        return int(high) * 256 + int(low)
    return int(msg.ns[0].data[2]) if msg.ns else None


TTLS = st.one_of(st.integers(0, 12), st.integers(0, 100_000))
RECORDS = st.builds(Record, st.sampled_from(("answer", "answer", "nxdomain", "nodata", "failure")), TTLS, TTLS)
ZONES = st.fixed_dictionaries(dict.fromkeys(NAMES, RECORDS))
BOUNDS = st.builds(Bounds, st.one_of(st.integers(1, 15), st.integers(1, 5000)), st.integers(0, 20))
PREFETCH = st.sampled_from(("", "prefetch 1 1m 90%", "prefetch 2 10s 50%"))
STEPS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.floats(0, 9, allow_subnormal=False).map(lambda x: round(x, 1)), st.booleans()),
    min_size=2,
    max_size=25,
)


class Served(NamedTuple):
    """One reply: the number of the answer in it, the whole seconds since that was fetched, its TTL, and the bounds."""

    number: int
    age: int
    ttl: int
    bounds: Bounds


def served(
    zone: dict[str, Record],
    success: Bounds,
    denial: Bounds,
    more: str,
    steps: list[tuple[str, float, bool]],
    release: str,
) -> list[Served]:
    """Ask a cache with these bounds, letting time pass before each question. Failures are left out."""
    cache = f"success 9984 {success.most} {success.least}\ndenial 9984 {denial.most} {denial.least}\n{more}"
    text = f".:53 {{\ncache {{\n{cache}\n}}\nforward . 192.0.2.53\n}}\n"
    upstream = Numbered(zone)
    server = loads(text, release=release, world=upstream.world)
    out = []
    for name, wait, do in steps:
        server.advance(wait)
        msg = server.query(f"{name}.example.org", edns=Edns(1232, do), trace=False).msg
        assert msg is not None
        which = number(msg)
        if which is not None:
            (ttl,) = {rr.ttl for rr in (*msg.answer, *msg.ns)}  # one for all records
            bounds = success if zone[name].kind == "answer" else denial
            out.append(Served(which, int(server.world.clock.now - upstream.given[which]), ttl, bounds))
    return out


@RELAXED
@given(ZONES, BOUNDS, BOUNDS, PREFETCH, STEPS, st.sampled_from(RELEASES))
def test_an_answer_counts_down_from_within_its_bounds_and_ends(
    zone: dict[str, Record],
    success: Bounds,
    denial: Bounds,
    more: str,
    steps: list[tuple[str, float, bool]],
    release: str,
) -> None:
    began: dict[int, int] = {}
    for reply in served(zone, success, denial, more, steps, release):
        whole = reply.ttl + reply.age  # what it was when it was fetched: a TTL never grows, nor lags behind the time
        assert began.setdefault(reply.number, whole) == whole
        assert min(reply.bounds.least, reply.bounds.most) <= whole <= reply.bounds.most
        assert reply.ttl > 0 or whole == 0


@RELAXED
@given(
    ZONES,
    BOUNDS,
    BOUNDS,
    STEPS,
    st.sampled_from(("1.14.7", "1.14.2", "1.11.3", "1.9.3", "1.8.6")),
    st.integers(1, 20),
    st.booleans(),
)
def test_serve_stale_adds_no_more_than_its_time_and_no_ttl(
    zone: dict[str, Record],
    success: Bounds,
    denial: Bounds,
    steps: list[tuple[str, float, bool]],
    release: str,
    stale: int,
    verify: bool,
) -> None:
    more = f"serve_stale {stale}s" + " verify" * (verify and release != "1.8.6")
    began: dict[int, int] = {}
    for reply in served(zone, success, denial, more, steps, release):
        most = began.get(reply.number, reply.bounds.most)
        if reply.ttl:
            assert began.setdefault(reply.number, reply.ttl + reply.age) == reply.ttl + reply.age <= reply.bounds.most
        else:
            assert reply.age < most + stale
        assert reply.ttl or reply.age >= min(reply.bounds.least, most)

"""cache: what is kept, for how long, under which key, and what happens around its end.

Every expected value is what CoreDNS of the release answered to the same questions at the same times, with an upstream
that behaves as `Source`.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from corefile import releases
from corefile.api import Server, loads
from corefile.chain.query import Context, Next, Query, Result
from corefile.dns.codes import AAAA, ANY, CNAME, IN, MX, NS, RRSIG, SOA, TSIG, TXT, A, rcode_name, type_name
from corefile.dns.message import Edns, Msg, Question
from corefile.dns.rr import RR
from corefile.findings import CorefileError
from corefile.world import World

from .refusals import refusals_of

SCENES = Path(__file__).parents[1] / "data" / "cache.txt"
ZONE = "example.org."
RCODES = {"formerr": 1, "servfail": 2, "notimp": 4, "refused": 5, "yxdomain": 6}


class Source:
    """An upstream whose answers are told by the first label of the name: words joined by `_`, one for each time that
    this question is asked, the last one for all times after. A word is a kind, a TTL and another TTL, joined by `-`.

    `a` has an address that counts how often the question was asked: 192.0.2.1, 192.0.2.2...
    """

    speaks_msg = True

    def __init__(self) -> None:
        self.asked: list[Msg] = []
        self.times: dict[tuple[str, int, int], int] = {}

    def __call__(self, msg: Msg) -> Msg | None:
        self.asked.append(msg.copy())
        assert msg.question is not None
        name, type, cls = msg.question
        key = (name.lower(), type, cls)
        if type == NS:  # a health check
            return msg.reply()
        n = self.times[key] = self.times.get(key, 0) + 1
        words = name.lower().split(".")[0].split("_")
        kind, *numbers = words[min(n, len(words)) - 1].split("-")
        ttl = int(numbers[0]) if numbers else 60
        other = int(numbers[1]) if len(numbers) > 1 else ttl
        return self.answer(msg, kind, n, ttl, other)

    def answer(self, msg: Msg, kind: str, n: int, ttl: int, other: int) -> Msg | None:
        """The reply of one kind to the `n`th question."""
        assert msg.question is not None
        name, type, cls = msg.question
        reply = msg.reply(RCODES.get(kind, 0))
        reply.ra = True
        do = msg.edns is not None and msg.edns.do
        if msg.edns is not None:
            reply.edns = Edns(1232, do)

        def record(owner: str, ttl: int, of: int | None = None, last: int = n) -> RR:
            datas = {
                A: (f"192.0.2.{last}",),
                AAAA: (f"2001:db8::{last}",),
                TXT: (b"n%d" % last,),
                MX: (last, "mx.example.org."),
                CNAME: ("c2.example.org.",),
                NS: ("ns.example.org.",),
            }
            return RR(owner, of or type, cls, ttl, datas[of or type])

        soa = RR(ZONE, SOA, IN, ttl, ("ns.example.org.", "h.example.org.", 7, 7200, 3600, 1209600, other))
        if kind == "a":
            reply.answer = [record(name, ttl)]
            if other != ttl:
                reply.answer.append(record(name, other, last=99))
        elif kind == "ad":
            reply.ad, reply.answer = True, [record(name, ttl)]
        elif kind == "sig":
            reply.answer = [record(name, ttl)]
            if do:
                data = (type, 8, 3, ttl, 4000000000, 900000000, 1, ZONE, b"abcd")
                reply.answer.append(RR(name, RRSIG, IN, ttl, data))
        elif kind == "soa":
            reply.answer, reply.ns = [record(name, ttl)], [soa]
        elif kind == "extra":
            reply.answer, reply.extra = [record(name, ttl)], [record("ns.example.org.", other, A, 98)]
        elif kind in ("chain", "fork", "dangle", "danglesoa"):
            reply.answer = [RR(name, CNAME, IN, ttl, ("c1.example.org.",))]
            if kind == "fork":
                reply.answer.append(RR(name, CNAME, IN, ttl, ("c2.example.org.",)))
            if kind in ("chain", "fork"):
                reply.answer.append(record("c1.example.org.", other))
            elif kind == "danglesoa":
                reply.ns = [soa]
        elif kind in ("nx", "nxbare", "nxcname"):
            reply.rcode = 3
            reply.ns = [soa] if kind != "nxbare" else []
            if kind == "nxcname":
                reply.answer = [RR(name, CNAME, IN, ttl, ("c1.example.org.",))]
        elif kind == "nodata":
            reply.ns = [soa]
        elif kind == "referral":
            reply.ns = [record("sub.example.org.", ttl, NS)]
        elif kind == "tc":
            reply.tc = True
        elif kind == "wrong":
            reply.question = Question("other.example.org.", type, cls)
        elif kind == "drop":
            return None
        elif kind not in RCODES and kind != "empty":
            raise AssertionError(f"no such kind: {kind}")
        return reply


def serving(cache: str, release: str = "1.14.7", source: Source | None = None) -> Server:
    """A server of `forward` behind this cache, or of `proxy` where there is none yet."""
    world = World(upstreams={"127.0.1.1": source or Source()})
    return loads(
        f".:53 {{\nprometheus :9153\n{cache}\n{'forward' if releases.find(release) >= '1.0.5' else 'proxy'} . 127.0.1.1\n}}\n",
        release=release,
        world=world,
    )


def ask(server: Server, step: str) -> str:
    """Do one step: `[+SECONDS] NAME [TYPE] [FLAG...]`, FLAG being do, cd, ad, edns, tcp or ch. What came back, in short:
    the rcode unless it is NOERROR, the flags but qr, and the records, sections divided by `;`."""
    words = step.split()
    if words[0].startswith("+"):
        server.advance(float(words.pop(0)))
    name, *rest = words
    flags = [w for w in rest if w in ("do", "cd", "ad", "edns", "tcp", "ch")]
    types = [w for w in rest if w not in flags]
    edns = Edns(1232, "do" in flags) if "do" in flags or "edns" in flags else None
    reply = server.query(
        name if "." in name else f"{name}.example.org",
        types[0] if types else "A",
        cls="CH" if "ch" in flags else "IN",
        flags=" ".join(["rd", *(f for f in flags if f in ("cd", "ad"))]),
        edns=edns,
        transport="tcp" if "tcp" in flags else "udp",
        trace=False,
    )
    server.advance(reply.elapsed if reply.received else 8)
    return said(reply.msg)


def said(msg: Msg | None) -> str:
    """A message in short."""
    if msg is None:
        return "no reply"
    parts = [] if not msg.rcode else [rcode_name(msg.rcode)]
    parts += [f for f in ("aa", "tc", "ra", "ad", "cd") if getattr(msg, f)]
    text = " ".join(parts)
    for mark, rrs in (("|", msg.answer), (";", msg.ns), ("+", msg.extra)):
        if rrs:
            text += f" {mark} " + ", ".join(short(rr) for rr in rrs)
    return text


def short(rr: RR) -> str:
    """TTL, type and, of addresses and aliases, the data."""
    data = f" {rr.data[0]}" if rr.type in (A, AAAA, CNAME) and rr.data else ""
    return f"{rr.ttl} {type_name(rr.type)}{data}"


# -- answers ----------------------------------------------------------------------------------------------------------


class Scene(NamedTuple):
    """One server, what it is asked and what it answers: step and answer in turns."""

    name: str
    release: str
    cache: str
    steps: tuple[tuple[str, str], ...]


def scenes() -> list[Scene]:
    """Those of `tests/data/cache.txt`: a title, releases, the directive, an empty line, and the steps."""
    out = []
    for part in SCENES.read_text(encoding="utf-8").split("# ")[1:]:
        head, _, body = part.partition("\n\n")
        title, releases, cache = head.split("\n", 2)
        pairs = [line.split("=>") for line in body.strip().splitlines()]
        steps = tuple([(step.strip(), answer.strip()) for step, answer in pairs])
        out += [Scene(title, release, cache, steps) for release in releases.split()]
    return out


@pytest.mark.parametrize("scene", scenes(), ids=lambda s: f"{s.name} in {s.release}")
def test_scene(scene: Scene) -> None:
    server = serving(scene.cache, scene.release)
    assert [(step, ask(server, step)) for step, _ in scene.steps] == list(scene.steps)


def test_a_question_without_client_asks_whoami_for_no_address() -> None:
    # Since 1.14.3 a background question has no client, whose address then has no octets.
    for release, address in (("1.14.7", ()), ("1.12.1", ("127.0.0.1",))):
        server = loads(".:53 {\ncache {\nserve_stale\n}\nwhoami\n}\n", release=release)
        server.query("a.example.org")
        server.advance(6)
        server.query("a.example.org")
        kept = server.query("a.example.org").additional
        assert kept[0].data == address


def test_questions_go_on_with_the_bits_of_the_release() -> None:
    for release, edns, ad in (("1.14.7", None, True), ("1.12.1", None, False), ("1.9.3", Edns(2048, True), False)):
        source = Source()
        ask(serving("cache", release, source), "a-60")
        assert (source.asked[0].edns, source.asked[0].ad) == (edns, ad)


def test_the_opt_record_of_a_question_goes_on_where_and_as_it_was() -> None:
    """The kind: where each question has DO and room, both are set in its own record. CoreDNS 1.9.3 passed on these flags,
    this owner, and a record behind a signature."""
    tsig = RR("k.", TSIG, ANY, 0, ("hmac-sha256.", 0, 300, b"\1" * 32, 5, 0, b""))
    for edns in (Edns(1232, flags=0x1234), Edns(1232, name="o."), Edns(1232, last=True)):
        source, msg = Source(), Msg(Question("a-60.example.org.", A, IN), id=1, edns=edns)
        msg.extra = [tsig] * edns.last
        serving("cache", "1.9.3", source).ask(msg)
        assert source.asked[0].edns == edns._replace(udp=2048, do=True)


@pytest.mark.parametrize(("release", "later"), [("1.9.3", 50), ("1.14.7", 60)])
def test_an_answer_is_kept_whole_where_it_was_asked_with_room_for_it(release: str, later: int) -> None:
    # From 1.7.1 to 1.10.0 each question has room for 2048 octets; else the answer comes truncated, and is not kept.
    text = " ".join(['"' + "x" * 200 + '"'] * 8)
    world = World(upstreams={"127.0.1.1": f"big.example.org. 60 IN TXT {text}"})
    server = loads(".:53 {\ncache\nforward . 127.0.1.1\n}\n", release=release, world=world)
    assert ask(server, "big TXT") == "aa tc"
    assert ask(server, "+10.5 big TXT tcp") == f"aa | {later} TXT"


# -- capacity ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "kept", "evicted"), [("1.14.7", 954, 446), ("1.12.1", 932, 468), ("1.9.3", 990, 410)]
)
def test_a_shard_holds_four_answers_at_least(release: str, kept: int, evicted: int) -> None:
    server = serving("cache {\nsuccess 0\n}", release)
    for i in range(1400):
        server.query(f"a-60.n{i}.example.org", trace=False)
    samples = server.samples(["coredns_cache_entries", "coredns_cache_evictions_total"])
    numbers = [int(line.split()[-1]) for line in samples if 'type="success"' in line]
    assert numbers == [kept, evicted]


# -- counting ---------------------------------------------------------------------------------------------------------

QUESTIONS = ("a-6", "a-6", "+3.5 a-6", "nx-5", "nx-5", "wrong", "servfail")


@pytest.mark.parametrize(
    ("release", "cache", "steps", "expected"),
    [
        (
            "1.14.7",
            "cache {\nprefetch 1 1m 50%\nserve_stale\n}",
            (*QUESTIONS, "+6.2 nx-5", "a-60 do"),
            [
                'coredns_cache_entries{server="dns://:53",type="denial",view="",zones="."} 2',
                'coredns_cache_entries{server="dns://:53",type="success",view="",zones="."} 2',
                'coredns_cache_hits_total{server="dns://:53",type="denial",view="",zones="."} 2',
                'coredns_cache_hits_total{server="dns://:53",type="success",view="",zones="."} 2',
                'coredns_cache_misses_total{server="dns://:53",view="",zones="."} 5',
                'coredns_cache_prefetch_total{server="dns://:53",view="",zones="."} 2',
                'coredns_cache_requests_total{server="dns://:53",view="",zones="."} 9',
                'coredns_cache_served_stale_total{server="dns://:53",view="",zones="."} 1',
            ],
        ),
        (
            "1.14.7",
            "cache {\ndisable denial\n}",
            ("nx-60", "nx-60"),
            [
                'coredns_cache_entries{server="dns://:53",type="denial",view="",zones="."} 0',
                'coredns_cache_entries{server="dns://:53",type="success",view="",zones="."} 0',
                'coredns_cache_misses_total{server="dns://:53",view="",zones="."} 2',
                'coredns_cache_requests_total{server="dns://:53",view="",zones="."} 2',
            ],
        ),
        (
            "1.9.3",
            "cache {\nprefetch 1 1m 50%\nserve_stale\n}",
            (*QUESTIONS, "+6.2 nx-5", "a-60 do"),
            [
                'coredns_cache_entries{server="dns://:53",type="denial",zones="."} 2',
                'coredns_cache_entries{server="dns://:53",type="success",zones="."} 2',
                'coredns_cache_hits_total{server="dns://:53",type="denial",zones="."} 2',
                'coredns_cache_hits_total{server="dns://:53",type="success",zones="."} 2',
                'coredns_cache_misses_total{server="dns://:53",zones="."} 5',
                'coredns_cache_prefetch_total{server="dns://:53",zones="."} 2',
                'coredns_cache_requests_total{server="dns://:53",zones="."} 9',
                'coredns_cache_served_stale_total{server="dns://:53",zones="."} 1',
            ],
        ),
        (
            "1.8.6",
            "cache example.org {\nprefetch 1 1m 50%\nserve_stale\n}",
            (*QUESTIONS, "+6.2 nx-5", "a-60.example.net"),
            [
                'coredns_cache_entries{server="dns://:53",type="denial"} 2',
                'coredns_cache_entries{server="dns://:53",type="success"} 1',
                'coredns_cache_hits_total{server="dns://:53",type="denial"} 2',
                'coredns_cache_hits_total{server="dns://:53",type="success"} 2',
                'coredns_cache_misses_total{server="dns://:53"} 4',
                'coredns_cache_prefetch_total{server="dns://:53"} 2',
                'coredns_cache_requests_total{server="dns://:53"} 8',
                'coredns_cache_served_stale_total{server="dns://:53"} 1',
            ],
        ),
        (
            "1.6.5",
            "cache {\nprefetch 1 1m 50%\n}",
            QUESTIONS,
            [
                'coredns_cache_hits_total{server="dns://:53",type="denial"} 1',
                'coredns_cache_hits_total{server="dns://:53",type="success"} 2',
                'coredns_cache_misses_total{server="dns://:53"} 4',
                'coredns_cache_prefetch_total{server="dns://:53"} 1',
                'coredns_cache_size{server="dns://:53",type="denial"} 2',
                'coredns_cache_size{server="dns://:53",type="success"} 1',
            ],
        ),
        (
            "1.2.2",
            "cache {\nprefetch 1 1m 50%\n}",
            QUESTIONS,
            [
                'coredns_cache_hits_total{server="dns://:53",type="denial"} 1',
                'coredns_cache_hits_total{server="dns://:53",type="success"} 2',
                'coredns_cache_misses_total{server="dns://:53"} 4',
                'coredns_cache_prefetch_total{server="dns://:53"} 1',
                'coredns_cache_size{server="dns://:53",type="denial"} 1',
                'coredns_cache_size{server="dns://:53",type="success"} 1',
            ],
        ),
        (
            "1.1.2",
            "cache {\nsuccess 5000\n}",
            ("a-60",),
            [
                'coredns_cache_capacity{type="denial"} 10000',
                'coredns_cache_capacity{type="success"} 5000',
                "coredns_cache_drops_total 0",
                'coredns_cache_hits_total{type="denial"} 0',
                'coredns_cache_hits_total{type="success"} 0',
                "coredns_cache_misses_total 1",
                "coredns_cache_prefetch_total 0",
                'coredns_cache_size{type="denial"} 0',
                'coredns_cache_size{type="success"} 1',
            ],
        ),
    ],
)
def test_metrics(release: str, cache: str, steps: tuple[str, ...], expected: list[str]) -> None:
    server = serving(cache, release)
    for step in steps:
        ask(server, step)
    assert sorted(x for x in server.samples() if x.startswith("coredns_cache")) == expected


# What the releases before 1.2.0 did otherwise: the gauges and counters that are there from the start, and their labels.
@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("1.0.4", ['coredns_cache_capacity{type="denial"} 100', 'coredns_cache_capacity{type="success"} 10000']),
        (
            "1.0.6",
            [
                'coredns_cache_capacity{type="denial"} 100',
                'coredns_cache_capacity{type="success"} 10000',
                'coredns_cache_hits_total{type="denial"} 0',
                'coredns_cache_hits_total{type="success"} 0',
                "coredns_cache_prefetch_total 0",
                'coredns_cache_size{type="denial"} 0',
                'coredns_cache_size{type="success"} 0',
            ],
        ),
        ("1.1.3", []),
    ],
)
def test_metrics_that_were_there_before_anything_was_asked(release: str, expected: list[str]) -> None:
    server = serving("cache {\ndenial 100\n}", release)
    misses = [] if release == "1.1.3" else ["coredns_cache_misses_total 0"]
    assert [x for x in server.samples() if x.startswith("coredns_cache")] == sorted([*expected, *misses])
    ask(server, "a-60")
    label = '{server="dns://:53"}' if release == "1.1.3" else ""
    assert f"coredns_cache_misses_total{label} 1" in server.samples()


# What is neither an answer nor a denial had no TTL, and was not kept: delegations, transfers.
@pytest.mark.parametrize(("release", "ttl"), [("1.0.6", 0), ("1.1.4", 0), ("1.2.0", 5), ("1.2.2", 5)])
def test_a_delegation_had_the_ttl_0(release: str, ttl: int) -> None:
    zone = "$ORIGIN example.org.\n@ 60 SOA ns h 1 2 3 4 60\n@ 60 NS ns\nns 60 A 10.0.0.1\ncut 60 NS ns\n"
    world = World(files={"db": zone})
    server = loads(".:53 {\nprometheus\ncache\nfile db example.org\n}\n", release=release, world=world)
    (found,) = server.query("www.cut.example.org").authority
    assert found.ttl == ttl
    kept = [
        x for x in server.samples() if x.startswith("coredns_cache_size") and "success" in x and not x.endswith(" 0")
    ]
    assert bool(kept) is (ttl > 0)


# What had expired still counted as a hit, and a denial that had expired still hid the positive answer beside it.
@pytest.mark.parametrize(("release", "hits", "asked"), [("1.1.4", 2, 3), ("1.2.2", 0, 3)])
def test_what_had_expired_counted_as_a_hit(release: str, hits: int, asked: int) -> None:
    source = Source()
    server = serving("cache", release, source)
    for step in ("a-2", "+3 a-2", "+3 a-2"):
        ask(server, step)
    found = [x for x in server.samples() if x.startswith("coredns_cache_hits_total") and 'type="success"' in x]
    assert sum(int(x.split()[-1]) for x in found) == hits
    assert sum(msg.question is not None and msg.question.type == A for msg in source.asked) == asked


# Before 1.0.5 an answer that was kept had 5 s left at least, however long ago it was stored.
@pytest.mark.parametrize(("release", "answer"), [("1.0.4", "5 A 192.0.2.1"), ("1.0.6", "2 A 192.0.2.1")])
def test_the_least_ttl_of_what_was_kept(release: str, answer: str) -> None:
    server = serving("cache", release)
    ask(server, "a-6")
    assert ask(server, "+4.5 a-6").endswith(answer)


def test_a_reply_to_another_question_is_dropped_from_the_cache_and_counted() -> None:
    # Not through `forward`, which makes it FORMERR before the cache sees it.
    server = serving("cache", "1.12.1")
    handler = server.process.instance.sites[0].handler("cache")
    msg = Msg(Question("a.example.org.", A, IN), id=1)
    ctx = Context(
        server.world, client="127.0.0.1", client_port=1, server="dns://:53", server_ip="127.0.0.1", server_port=53
    )
    outcome = handler.serve(Query(msg, ctx))
    assert isinstance(outcome, Next)
    assert outcome.then is not None
    other = Msg(Question("b.example.org.", A, IN), id=1).reply()
    other.answer = [RR("b.example.org.", A, IN, 60, ("192.0.2.1",))]
    outcome.then(Result(other))
    assert server.samples(["coredns_cache_drops_total"]) == [
        'coredns_cache_drops_total{server="dns://:53",view="",zones="."} 1'
    ]
    assert isinstance(handler.serve(Query(msg, ctx)), Next)


def test_who_wrote_an_answer_that_was_verified() -> None:
    # Recorded from 1.9.3: the cache did, as with every answer that goes through it.
    server = serving("cache {\nserve_stale 1h verify\n}", "1.9.3")
    for step in ("a-5", "+6.5 a-5", "a-5"):
        ask(server, step)
    assert server.samples(["coredns_dns_responses_total"]) == [
        'coredns_dns_responses_total{plugin="cache",rcode="NOERROR",server="dns://:53",zone="."} 3'
    ]


# -- the Corefile -----------------------------------------------------------------------------------------------------

ARGUMENTS = "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after '{}'"


@pytest.mark.parametrize(
    ("cache", "coredns"),
    [
        ("cache 0", "cache TTL can not be zero or negative: 0"),
        ("cache -1", "cache TTL can not be zero or negative: -1"),
        ("cache {\nsuccess\n}", ARGUMENTS.format("success")),
        ("cache {\nsuccess x\n}", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("cache {\nsuccess 10 0\n}", "cache TTL can not be zero or negative: 0"),
        ("cache {\ndenial 10 5 -1\n}", "cache min TTL can not be negative: -1"),
        ("cache {\nprefetch\n}", ARGUMENTS.format("prefetch")),
        ("cache {\nprefetch -1\n}", "prefetch amount should be positive: -1"),
        ("cache {\nprefetch 1 1m 5%\n}", "percentage should fall in range [10, 90]: 5"),
        ("cache {\nprefetch 1 1m 20\n}", "last character of percentage should be `%`, but is: '0'"),
        ("cache {\nprefetch 1 x\n}", 'time: invalid duration "x"'),
        ("cache {\nserve_stale -1s\n}", "invalid negative duration for serve_stale"),
        ("cache {\nserve_stale 1h later\n}", "invalid value for serve_stale refresh mode: later"),
        ("cache {\nserve_stale 1h verify -1s\n}", "invalid negative timeout for serve_stale verify"),
        ("cache {\nserve_stale 1h immediate 1500ms\n}", "serve_stale response TTL must be a whole number of seconds"),
        ("cache {\nserve_stale 1h immediate 1s 6m\n}", "serve_stale failure recheck cannot exceed 5 minutes"),
        ("cache {\nserve_stale 1h immediate 1s 1s 1s\n}", ARGUMENTS.format("1s")),
        ("cache {\nserve_stale_policy prefer_positive\n}", "serve_stale_policy requires serve_stale"),
        ("cache {\nserve_stale\nserve_stale_policy best\n}", "invalid serve_stale_policy: best"),
        ("cache {\nservfail 6m\n}", "caching SERVFAIL responses over 5 minutes is not permitted"),
        ("cache {\nservfail -1s\n}", "invalid negative ttl for servfail"),
        ("cache {\ndisable all\n}", 'cache type for disable must be "success" or "denial"'),
        ("cache {\ndisable\n}", ARGUMENTS.format("disable")),
        ("cache {\nkeepttl 3\n}", ARGUMENTS.format("3")),
        ("cache {\nnope\n}", ARGUMENTS.format("nope")),
        ("cache\ncache", "this plugin can only be used once per Server Block"),
    ],
)
def test_refused(cache: str, coredns: str) -> None:
    with pytest.raises(CorefileError) as caught:
        loads(f".:53 {{\n{cache}\nwhoami\n}}\n")
    assert caught.value.findings[0].coredns == f"plugin/cache: {coredns}"


@pytest.mark.parametrize(
    ("line", "since"),
    [
        ("serve_stale", "1.6.6"),
        ("serve_stale 1h verify", "1.9.2"),
        ("serve_stale 1h verify 1s", "1.14.4"),
        ("servfail 5s", "1.9.4"),
        ("disable denial", "1.9.4"),
        ("keepttl", "1.10.1"),
    ],
)
def test_properties_and_their_first_release(line: str, since: str) -> None:
    text = f".:53 {{\ncache {{\n{line}\n}}\nwhoami\n}}\n"
    loads(text, release=since)
    before = releases.ALL[releases.ALL.index(releases.find(since)) - 1]
    with pytest.raises(CorefileError):
        loads(text, release=before)


# -- why --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cache", "waits", "why"),
    [
        ("cache", [2], "stored 2 s ago, good for 3 s more"),
        ("cache {\nprefetch 1 1m 90%\n}", [2], "good for 3 s more; asked for again in the background"),
        ("cache {\nserve_stale\n}", [7], "expired 2 s ago, served stale; asked for again in the background"),
        (
            "cache {\nserve_stale 1h immediate 0s 9s\n}",
            [7, 1],
            "served stale; not asked for again so soon after a failure",
        ),
        ("cache {\nserve_stale 1h verify\n}", [7], "expired 2 s ago, served stale, as nothing better came in time"),
    ],
)
def test_a_trace_says_what_became_of_an_answer(cache: str, waits: list[float], why: str) -> None:
    server = serving(cache)
    server.query("a-5_refused.example.org")
    for seconds in waits:
        server.advance(seconds)
        reply = server.query("a-5_refused.example.org")
    assert why in " ".join(str(reply.trace).split())


# A trace says what raised or capped a TTL, and why an answer is not kept.
@pytest.mark.parametrize(
    ("cache", "release", "name", "back"),
    [
        ("cache", "1.14.7", "a-9", "stores this answer for 9 s"),
        ("cache", "1.14.7", "nx-9", "stores this denial for 9 s"),
        ("cache 30", "1.14.7", "a-9", "stores this answer for 9 s, its smallest TTL (30 s at most)"),
        ("cache 30", "1.14.7", "a-60", "stores this answer for 30 s; its TTL was 60, the most is 30"),
        ("cache", "1.14.7", "a-0", "stores this answer for 5 s; its TTL was 0, the least is 5"),
        ("cache {\nsuccess 100 60 0\n}", "1.14.7", "a-0", "does not store this answer: it is good for 0 s"),
        (
            "cache {\ndisable success\n}",
            "1.14.7",
            "a-0",
            "does not store this answer: `disable success` names .; its TTL was 0, the least is 5",
        ),
        (
            "cache {\ndisable denial example.org\n}",
            "1.14.7",
            "nx-9",
            "does not store this denial: `disable denial` names example.org.",
        ),
        ("cache", "1.14.7", "refused", "does not store this answer: REFUSED is not kept"),
        ("cache", "1.14.7", "servfail", "stores this failure for 5 s"),
        ("cache {\nservfail 9s\n}", "1.14.7", "servfail", "stores this failure for 9 s"),
        ("cache {\nservfail 0\n}", "1.14.7", "servfail", "does not store this answer: it is good for 0 s"),
        ("cache 7200", "1.14.3", "a-7200", "stores this answer for 3600 s; its TTL was 7200, the most is 3600"),
        ("cache 7200", "1.14.4", "a-7200", "stores this answer for 7200 s"),
    ],
)
def test_a_trace_says_what_is_kept(cache: str, release: str, name: str, back: str) -> None:
    trace = serving(cache, release).query(f"{name}.example.org").trace
    assert [text for hop in trace.hops for text in hop.back if hop.plugin == "cache"] == [back]


def test_a_word_that_is_no_zone_takes_the_place_of_one() -> None:
    """Up to 1.8.3 the zones given were written over as many of the server block's; an empty word is none."""
    for release, ttls in (("1.6.5", [0, 30]), ("1.8.4", [0, 0])):
        text = ".:53 {\ncache 30 {$UNSET}\nwhoami\n}\na.b c.d {\ncache {$UNSET}\nhosts {\n1.2.3.4 x.a.b x.c.d\nttl 60\n}\n}\n"
        server = loads(text, release=release)
        assert [rr.ttl for rr in server.query("x.").additional] == [0, 0]
        server.query("x.a.b.")
        server.query("x.c.d.")
        server.advance(30)
        found = [server.query(name).answer[0].ttl for name in ("x.a.b.", "x.c.d.")]
        assert [60 - ttl for ttl in found] == ttls, release


def test_a_trace_does_not_deny_that_verify_asked() -> None:
    server = serving("cache {\nserve_stale 1h verify\n}")
    ask(server, "a-5")
    assert "forward (6) is not asked" in str(server.query("a-5.example.org").trace)
    server.advance(6.5)
    assert "not asked" not in str(server.query("a-5.example.org").trace)


# -- records that a zone keeps ----------------------------------------------------------------------------------------

DB = """example.org. 20 IN SOA ns h 1 2 3 4 17
example.org. 20 NS ns.example.org.
ns 20 A 192.0.2.1
www 6 A 192.0.2.2
mx 15 MX 1 www
long 19 A 192.0.2.9
zero 1 A 192.0.2.7
*.w 12 A 192.0.2.3
al 30 CNAME long
"""
ALL_NAMES = ("long", "www", "mx MX", "long TXT", "nope", "example.org SOA", "zero", "ns", "example.org NS")
SOME_NAMES = ("long", "www", "long", "a.w.example.org", "b.w.example.org", "al", "long", "example.org SOA")


@pytest.mark.parametrize(
    ("release", "zones", "names", "expected"),
    [
        ("1.14.7", "", ALL_NAMES, "19 19, 6 6, 6 6 6, 9, 9, 20 20, 5 5, 20 20, 20 20"),
        ("1.12.1", "", ALL_NAMES, "19 19, 6 6, 6 6 6, 9, 9, 6 6, 5 5, 5 5, 5 5"),
        ("1.9.3", "", ALL_NAMES, "19 19, 6 6, 6 6 6, 9, 9, 6 6, 5 5, 5 5, 5 5"),
        ("1.6.5", "", ALL_NAMES, "19 19, 6 6, 6 6 6, 9, 9, 6 6, 5 5, 5 5, 5 5"),
        ("1.2.2", "", ALL_NAMES, "19 19, 6 6, 6 6 6, 9, 9, 6 6, 1 1, 1 1, 1 1"),
        ("1.14.7", "www w al", SOME_NAMES, "19 20, 6 6, 19 20, 12 12, 12 12, 19 19 19, 19 20, 20 20"),
        ("1.12.1", "www w al", SOME_NAMES, "19 20, 6 6, 19 6, 6 6, 6 6, 6 6 6, 6 6, 20 6"),
        # 1.6.5 takes the first of these zones alone.
        ("1.6.5", "www w al", SOME_NAMES, "19 20, 6 6, 19 6, 12 6, 12 6, 30 19 6, 19 6, 20 6"),
    ],
)
def test_ttls_are_written_into_the_zone(release: str, zones: str, names: tuple[str, ...], expected: str) -> None:
    # Up to 1.12.2: what one answer was capped to, the zone's records have from then on.
    only = " ".join(f"{zone}.example.org" for zone in zones.split())
    text = f".:53 {{\ncache 3600 {only} {{\ndenial 1000 9\n}}\nfile db example.org\n}}\n"
    server = loads(text, release=release, world=World(files={"db": DB}))
    told = []
    for words in names:
        name, *type = words.split()
        reply = server.query(name if "." in name else f"{name}.example.org", type[0] if type else "A", trace=False)
        told.append(" ".join(str(rr.ttl) for rr in (*reply.answer, *reply.authority, *reply.additional)))
    assert ", ".join(told) == expected


def test_a_zone_that_is_loaded_anew_has_its_ttls_again() -> None:
    world = World(files={"db": DB})
    server = loads(".:53 {\ncache\nfile db example.org\n}\n", release="1.12.1", world=world)

    server.query("www.example.org")
    assert [rr.ttl for rr in server.query("example.org", "NS").answer] == [6]
    world.files.write("db", DB.replace("h 1 2", "h 2 2"))  # type: ignore[attr-defined]
    server.advance(61)
    assert [rr.ttl for rr in server.query("example.org", "NS").answer] == [20]


@pytest.mark.parametrize(("release", "ttl"), [("1.14.7", 20), ("1.2.2", 6)])
def test_of_a_further_key_too(release: str, ttl: int) -> None:
    """Up to 1.8.4 each key of a block has plugins of its own, so that a cache finds those of its key."""
    world = World(files={"zones/db.example.org": DB})
    text = ".:53 .:1053 {\n cache 3600\n auto {\n  directory zones\n }\n}\n"
    server = loads(text, release=release, world=world)
    server.query("www.example.org", to="127.0.0.1:1053")
    assert [rr.ttl for rr in server.query("example.org", "NS", to="127.0.0.1:1053").answer] == [ttl]


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("1.12.1", "20, 17, 17, 19 19, 15 15, 15 15"),
        ("1.8.6", "20, 17, 17, 19 19, 15 15, 15 15"),
        ("1.6.5", "20, 17, 20, 19 19, 15 15, 19 19"),
    ],
)
def test_what_is_left_is_written_into_the_zone_too(release: str, expected: str) -> None:
    # From 1.8.0 to 1.12.2 each hit writes its TTL; before, only the fetched answer did.
    server = loads(".:53 {\ncache\nfile db example.org\n}\n", release=release, world=World(files={"db": DB}))
    told = []
    for wait, name in ((0, "nope"), (3, "nope"), (0, "nix"), (0, "long"), (4, "long"), (0, "ns")):
        server.advance(wait)
        reply = server.query(f"{name}.example.org", trace=False)
        told.append(" ".join(str(rr.ttl) for rr in (*reply.answer, *reply.authority)))
    assert ", ".join(told) == expected


def test_an_empty_percentage_is_a_panic() -> None:
    """As 1.14.7 said."""
    with pytest.raises(CorefileError) as caught:
        loads('. {\n cache 30 {\n  prefetch 10 1m ""\n }\n}\n')
    assert caught.value.findings[0].coredns == "panic: runtime error: index out of range [-1]"


@pytest.mark.parametrize(
    ("release", "zones", "refused"), [("1.10.1", "a.", True), ("1.11.1", "a.", False), ("1.10.1", "", False)]
)
def test_keepttl_was_refused_behind_zones(release: str, zones: str, refused: bool) -> None:
    said = refusals_of(f"cache 30 {zones} {{\n keepttl\n}}", release)
    words = "plugin/cache: Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'keepttl'"
    assert said == [words] * refused

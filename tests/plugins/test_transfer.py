"""transfer: who gets which zone, in which messages, who is told of changes, and what it refuses."""

from __future__ import annotations

import pytest

from corefile import World, loads
from corefile.api import Server, build
from corefile.chain.reply import Reply
from corefile.dns.message import Msg
from corefile.dns.rr import RR
from corefile.findings import Source
from corefile.releases import find

SOA = "@ 60 SOA ns h 7 2 3 4 5\n@ 60 NS ns\n"
ZONE = SOA + "www 60 A 192.0.2.1\nwww 60 A 192.0.2.2\n"
BLOCKS = "transfer a.test {\n to 10.0.0.1 10.0.0.2:5300\n}\ntransfer z.a.test {\n to *\n}\nfile db a.test z.a.test\n"


def serving(text: str = BLOCKS, release: str = "1.14.7", zone: str = ZONE, **more: object) -> Server:
    return loads(f".:53 {{\nerrors\n{text}\n}}\n", release=release, world=World(files={"db": zone}, **more))  # type: ignore[arg-type]


def axfr(server: Server, name: str = "a.test", client: str = "10.0.0.1", transport: str = "tcp") -> Reply:
    return server.query(name, "AXFR", client=client, transport=transport)  # type: ignore[arg-type]


def messages(server: Server, msg: Msg) -> list[Msg]:
    """All messages of a transfer to 10.0.0.1, as another server would read them."""
    from corefile.plugins._backend import aside

    ctx = aside(server.world, server.world.clock.now)
    answer = server.process.network.exchange("127.0.0.1:53", msg, ctx, proto="tcp", client="10.0.0.1")
    return [m for m in (answer.reply, *answer.later) if m is not None]


def asking(name: str, type: int = 252, serial: int | None = None) -> Msg:
    from corefile.dns.message import Question

    msg = Msg(Question(name, type, 1), id=9)
    if serial is not None:
        msg.ns = [RR(name, 6, 1, 60, ("ns.", "h.", serial, 1, 1, 1, 1))]
    return msg


def test_a_zone_for_those_who_may_have_it() -> None:
    server = serving()
    reply = axfr(server)
    assert (reply.rcode, reply.flags) == ("NOERROR", ("qr", "aa", "rd"))
    assert [rr.type for rr in reply.answer] == ["SOA", "NS", "A", "A", "SOA"]
    assert reply.log == [
        '[INFO] plugin/transfer: Outgoing transfer of 5 records of zone "a.test." to 10.0.0.1 for 7 SOA serial'
    ]
    refused = axfr(server, client="10.0.0.9")
    assert (refused.rcode, refused.flags, refused.log) == ("REFUSED", ("qr", "rd"), [])
    assert axfr(server, "z.a.test", "10.0.0.9").rcode == "NOERROR"
    assert "`to` does not name 10.0.0.9" in str(refused.trace)


@pytest.mark.parametrize(("release", "rcode"), [("1.8.1", "NOERROR"), ("1.8.2", "REFUSED"), ("1.14.7", "REFUSED")])
def test_over_udp(release: str, rcode: str) -> None:
    assert axfr(serving(release=release), transport="udp").rcode == rcode


@pytest.mark.parametrize(("release", "rcode"), [("1.14.2", "NOERROR"), ("1.14.3", "REFUSED")])
def test_the_longest_zone_by_its_octets_or_by_the_order_of_texts(release: str, rcode: str) -> None:
    """`b.test.` is behind `a.b.test.` in the order of texts."""
    text = "transfer a.b.test {\n to 10.0.0.1\n}\ntransfer b.test {\n to *\n}\nfile db a.b.test b.test\n"
    assert axfr(serving(text, release), "a.b.test", "10.0.0.9").rcode == rcode


@pytest.mark.parametrize(("release", "rcode"), [("1.8.3", "NOERROR"), ("1.14.2", "REFUSED"), ("1.14.3", "NOERROR")])
def test_the_case_of_the_name(release: str, rcode: str) -> None:
    reply = axfr(serving(release=release), "A.test")
    assert (reply.rcode, len(reply.answer)) == (rcode, 5 if release == "1.14.3" else 0)


def test_names_without_a_line_or_a_zone_go_on() -> None:
    server = serving()
    assert axfr(server, "www.a.test").rcode == "REFUSED"  # by `file`, which has no such zone
    assert axfr(server, "b.test").rcode == "REFUSED"
    assert axfr(serving(release="1.12.1"), "b.test").log == [
        "[ERROR] plugin/errors: 2 b.test. AXFR: plugin/file: no next plugin found"
    ]


def test_before_1_8_0_nothing_can_be_transferred() -> None:
    text = "transfer a.test {\n to 10.0.0.1\n}\ntransfer test {\n to 10.0.0.2\n}\nfile db a.test\n"
    server = serving(text, "1.7.1")
    assert axfr(server).rcode == "REFUSED"  # the last line counts
    assert axfr(server, client="10.0.0.2").rcode == "SERVFAIL"  # that of `file`
    ixfr = server.query("a.test", "IXFR", client="10.0.0.2", transport="tcp")
    assert ixfr.log[0].startswith('[ERROR] Recovered from panic in server: "dns://:53"')


@pytest.mark.parametrize("release", ["1.8.0", "1.14.7"])
def test_ixfr(release: str) -> None:
    server = serving(release=release)
    one = messages(server, asking("a.test.", 251, 7))
    assert [[rr[1] for rr in m.answer] for m in one] == [[6]]
    assert not one[0].aa
    assert server.process.take_log()[-1] == (
        '[INFO] plugin/transfer: Outgoing noop, incremental transfer for up to date zone "a.test." to 10.0.0.1 '
        "for 7 SOA serial"
    )
    whole = messages(server, asking("a.test.", 251, 6))
    assert [len(m.answer) for m in whole] == [5]
    assert [m.rcode for m in messages(server, asking("a.test.", 251))] == [2]
    question = asking("a.test.", 251, 7)
    question.ns = [RR("a.test.", 2, 1, 60, ("ns.",))]
    assert [m.rcode for m in messages(server, question)] == [2]


@pytest.mark.parametrize(("release", "sizes"), [("1.14.2", [501, 501, 1]), ("1.14.3", [1003])])
def test_messages_end_by_number_or_by_size(release: str, sizes: list[int]) -> None:
    zone = SOA + "".join(f"h{i} 60 A 192.0.2.1\n" for i in range(1000))
    got = messages(serving(release=release, zone=zone), asking("a.test."))
    assert [len(m.answer) for m in got] == sizes


def test_messages_of_63000_octets() -> None:
    zone = SOA + "".join(f'h{i:04} 60 TXT "{"x" * 200}"\n' for i in range(1000))
    server = serving(zone=zone)
    got = messages(server, asking("a.test."))
    one = 14 + 10 + 201  # h0000.a.test. with its data
    assert [len(m.answer) for m in got[1:-1]] == [63000 // one] * (len(got) - 2)
    assert sum(len(m.answer) for m in got) == 1003


def test_where_only_the_last_soa_is_left_it_looks_like_nothing_new() -> None:
    zone = SOA + "".join(f"h{i} 60 A 192.0.2.1\n" for i in range(499))
    server = serving(release="1.12.1", zone=zone)
    got = messages(server, asking("a.test."))
    assert [(len(m.answer), m.aa) for m in got] == [(501, True), (1, False)]
    assert "noop" in server.process.take_log()[-1]


def test_records_of_one_name_stay_together() -> None:
    zone = SOA + "".join(f"h{i} 60 A 192.0.2.1\n" for i in range(498)) + "z 60 A 192.0.2.1\nz 60 A 192.0.2.2\n"
    got = messages(serving(release="1.12.1", zone=zone), asking("a.test."))
    assert [len(m.answer) for m in got] == [502, 1]


def test_a_zone_that_is_not_loaded() -> None:
    server = loads(".:53 {\nerrors\nfile gone a.test\ntransfer a.test {\nto *\n}\n}\n", world=World(), release="1.14.7")
    reply = axfr(server)
    assert reply.rcode == "SERVFAIL"
    assert reply.log[-1] == "[ERROR] plugin/errors: 2 a.test. AXFR: no SOA"


# -- notifies ---------------------------------------------------------------------------------------------------------


def notified(release: str, address: str, line: str = "", **more: object) -> tuple[list[str], list[Msg]]:
    """The log of a reload, and what the other server at 10.0.0.9 was asked."""
    seen: list[Msg] = []

    def answer(msg: Msg) -> Msg:
        seen.append(msg)
        return msg.reply()

    answer.speaks_msg = True  # type: ignore[attr-defined]
    text = f"transfer a.test {{\n to {address}\n{line}\n}}\nfile db a.test {{\nreload 1s\n}}\n"
    server = serving(text, release, upstreams={"10.0.0.9": answer, "10.0.0.8": {"rcode": "REFUSED"}}, **more)
    server.query("a.test", "SOA")
    server.world.files.write("db", ZONE.replace(" 7 ", " 8 "))  # type: ignore[attr-defined]
    server.advance(1)
    return [x for x in server.process.take_log() if "Success" not in x], seen


def test_servers_are_told_at_the_start_and_after_a_reload() -> None:
    log, seen = notified("1.14.7", "* 10.0.0.9")
    assert log == []
    assert [(m.opcode, m.aa, m.question and m.question[:2]) for m in seen] == [(4, True, ("a.test.", 6))] * 2


@pytest.mark.parametrize(
    ("release", "address", "said"),
    [
        ("1.14.7", "10.0.0.8", 'rcode was "REFUSED"'),
        ("1.12.4", "127.0.0.77:5300", 'rcode was "SERVFAIL"'),
        (
            "1.13.0",
            "127.0.0.77:5300",
            '"read udp 127.0.0.1:40000->127.0.0.77:5300: read: connection refused"',
        ),
    ],
)
def test_servers_that_do_not_take_it(release: str, address: str, said: str) -> None:
    log, _ = notified(release, address)
    where = address if ":" in address else f"{address}:53"
    said = f'notify for zone "a.test." was not accepted by "{where}": {said}'
    assert log == [f"[WARNING] plugin/file: Failed sending notifies: {said}"]


@pytest.mark.parametrize(("release", "lines"), [("1.14.6", 1), ("1.14.7", 2)])
def test_the_errors_of_all_or_of_the_last(release: str, lines: int) -> None:
    log, _ = notified(release, "10.0.0.8 10.0.0.8:53")
    assert len(log[0].splitlines()) == lines


@pytest.mark.parametrize(("release", "lines"), [("1.10.1", 1), ("1.11.0", 0)])
def test_a_zone_that_no_line_names(release: str, lines: int) -> None:
    text = "transfer b.test {\n to *\n}\nfile db a.test {\nreload 1s\n}\n"
    server = serving(text, release)
    server.query("a.test", "SOA")
    server.world.files.write("db", ZONE.replace(" 7 ", " 8 "))  # type: ignore[attr-defined]
    server.advance(1)
    assert [x for x in server.process.take_log() if "notifies" in x] == [
        "[WARNING] plugin/file: Failed sending notifies: no such zone registred in the transfer plugin: a.test."
    ][:lines]


def test_the_address_that_notifies_come_from() -> None:
    log, seen = notified("1.14.7", "10.0.0.9", "source 127.0.0.5")
    assert (log, len(seen)) == ([], 2)
    log, seen = notified("1.14.7", "10.0.0.9", "source 192.0.2.99")
    assert log[0].endswith('"dial udp 192.0.2.99:0->10.0.0.9:53: bind: cannot assign requested address"')


def test_debug_lines() -> None:
    server = serving("debug\n" + BLOCKS)
    server.start()
    log = server.process.take_log()
    assert '[DEBUG] plugin/transfer: Sent notifies for zone "z.a.test." to [*]' in log


# -- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        (
            "transfer {\nto *\nfrom x\n}",
            "1.14.7",
            'plugin/transfer: Corefile:4 - Error during parsing: unknown property "from"',
        ),
        (
            "transfer {\nto *\nsource x\n}",
            "1.6.5",
            "plugin/transfer: Corefile:4 - Error during parsing: unknown property 'source'",
        ),
        (
            "transfer {\nto\n}",
            "1.14.7",
            "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'to'",
        ),
        ("transfer a", "1.14.7", "plugin/transfer: Corefile:2 - Error during parsing: 'to' is required"),
        (
            "transfer a {\n}",
            "1.6.7",
            "plugin/transfer: Corefile:3 - Error during parsing: 'to' is required%!(EXTRA string=})",
        ),
        ("transfer {\nto a\n}", "1.14.7", "must specify an IP address: `a'"),
        ("transfer {\nto fe80::1%e0\n}", "1.14.4", "must specify an IP address: `fe80::1%e0'"),
        (
            "transfer {\nto *\nsource 1.2.3\n}",
            "1.14.7",
            'plugin/transfer: Corefile:4 - Error during parsing: invalid source address "1.2.3"',
        ),
        (
            "transfer {\nto *\nsource ::1\nsource x\n}",
            "1.14.7",
            "plugin/transfer: Corefile:5 - Error during parsing: source already specified",
        ),
        (
            "transfer {\nto *\nsource\n}",
            "1.14.7",
            "Corefile:4 - Error during parsing: Wrong argument count or unexpected line ending after 'source'",
        ),
        ("transfer a: {\nto *\n}", "1.8.3", 'expecting data after last colon: "a:"'),
    ],
)
def test_refusals(text: str, release: str, said: str) -> None:
    instance = build(Source("Corefile", f". {{\n{text}\n}}\n"), find(release), World())
    assert [str(f.coredns) for f in instance.errors][:1] == [f"plugin/transfer: {said}"]


def test_what_is_accepted() -> None:
    for text, release in (("transfer a: {\nto *\n}", "1.8.4"), ("transfer {\nto fe80::1%e0\n}", "1.14.5")):
        assert not build(Source("Corefile", f". {{\n{text}\n}}\n"), find(release), World()).errors


@pytest.mark.parametrize(("release", "serials"), [("1.9.3", {"7", "9"}), ("1.11.3", {"7", "9"}), ("1.11.4", {"7"})])
def test_of_several_plugins_with_a_zone_one_gives_it(release: str, serials: set[str]) -> None:
    """Found by `make differential`: the order is Go's for maps up to 1.11.3, and then that of the chain."""
    found = set()
    for which in (0, 1):
        files = {"db": ZONE, "zones/db.a.test": ZONE.replace("ns h 7", "ns h 9")}
        world = World(files=files, choose=lambda options, why, which=which: min(which, len(options) - 1))
        text = ".:53 {\ntransfer a.test {\n to *\n}\nfile db a.test\nauto {\n directory zones\n}\n}\n"
        found.add(str(axfr(loads(text, release=release, world=world)).answer[0].data).split()[2].strip(","))
    assert found == serials


@pytest.mark.parametrize("release", ["1.8.6", "1.14.7"])
def test_a_transfer_that_cannot_be_sent_is_logged_as_it_was_written(release: str) -> None:
    cluster = "{kind: Service, metadata: {name: x, namespace: n}, spec: {type: ExternalName, externalName: a..b}}"
    text = ".:53 {\nerrors\nlog\ntransfer {\nto *\n}\nkubernetes cluster.local\n}\n"
    reply = loads(text, release=release, world=World(cluster=cluster)).query("cluster.local", "AXFR", transport="tcp")
    assert reply.rcode == "SERVFAIL"
    assert any('"AXFR IN cluster.local. tcp 31 false 65535" NOERROR qr,aa,rd' in line for line in reply.log)
    assert "[ERROR] plugin/errors: 2 cluster.local. AXFR: dns: bad rdata" in reply.log

"""accept: packets as octets, and what the DNS library makes of them before any server does.

The replies are CoreDNS's own, octet for octet.
"""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.chain.accept import Unreadable, read
from corefile.chain.transports import Via
from corefile.dns import wire
from corefile.dns.codes import IN, A
from corefile.dns.message import FirstQuestion, Msg, Question
from corefile.releases import find
from corefile.world import World

HEAD = "1092 0100 0001 0000 0000 0000"
NAME = "0161 00"  # a.
SERVER = ". {\nwhoami\n}"


def sent(packet: str, release: str = "1.14.7", transport: str = "udp") -> str:
    octets = loads(SERVER, release=release).send(bytes.fromhex(packet), transport=transport).octets
    return "" if octets is None else octets.hex()


def test_a_plain_question_is_answered() -> None:
    assert sent(f"{HEAD} {NAME} 0001 0001").startswith("109285000001000000000002")


@pytest.mark.parametrize("packet", ["", "1092", HEAD[:-2], f"1092 8100 0001 0000 0000 0000 {NAME} 0001 0001"])
def test_what_gets_no_reply(packet: str) -> None:
    assert sent(packet) == ""


def test_a_header_alone_promises_a_question_that_the_server_misses() -> None:
    assert sent(HEAD) == "109281020000000000000000"


@pytest.mark.parametrize(
    "rest",
    [
        f"0002 0000 0000 0000 {NAME} 0001 0001 {NAME} 0001 0001",  # two questions
        "0000 0000 0000 0000",  # none
        f"0001 0002 0000 0000 {NAME} 0001 0001",  # answers that are promised only
        f"0001 0000 0000 0003 {NAME} 0001 0001",
        "0001 0000 0000 0000 0161",  # a name without an end
        "0001 0000 0000 0000 0161 00 00",  # half a type
    ],
)
def test_what_is_refused_by_header_or_for_its_question(rest: str) -> None:
    assert sent(f"1092 0100 {rest}") == "109281010000000000000000"


def test_half_a_class_is_none_before_1_12_3() -> None:
    packet = f"{HEAD} {NAME} 0001 00"
    assert sent(packet, "1.12.2") == "109281050001000000000000" + "01610000010000"
    assert sent(packet, "1.12.3") == "109281010000000000000000"


def test_an_opt_record_that_cannot_be_read_wherever_it_stands() -> None:
    question = f"{NAME} 0001 0001"
    broken = "00 0029 1000 00000000 0002 0102"
    refused = "109281010001000000000000" + "0161000001" + "0001"
    assert sent(f"1092 0100 0001 0000 0000 0001 {question} {broken}") == refused
    assert sent(f"1092 0100 0001 0001 0000 0000 {question} {broken}") == refused
    assert sent(f"1092 0100 0001 0000 0000 0001 {question} 00 0029 1000 00000000 0000").startswith("10928500")


def test_options_are_read_as_the_release_knows_them() -> None:
    # An Extended DNS Error has a code, and somebody looks for it since 1.8.4.
    packet = f"1092 0100 0001 0000 0000 0001 {NAME} 0001 0001 00 0029 1000 00000000 0004 000f 0000"
    assert sent(packet, "1.6.5").startswith("10928500")
    assert sent(packet, "1.8.6") == "109281010001000000000000" + "01610000010001"


def test_a_timeout_of_0_is_none_since_1_8_7() -> None:
    packet = f"1092 0100 0001 0000 0000 0001 {NAME} 0001 0001 00 0029 1000 00000000 0006 000b 0002 0000"
    assert sent(packet, "1.14.7").endswith("0004000b0000")
    assert sent(packet, "1.8.7").endswith("0004000b0000")
    assert sent(packet, "1.8.4").endswith("0006000b00020000")


@pytest.mark.parametrize("option", ["0012 0000", "0012 0002 01f3", "0013 0001 04"])
def test_a_report_channel_is_a_name_and_a_zone_version_has_two_octets_since_1_14_0(option: str) -> None:
    size = f"{len(bytes.fromhex(option)):04x}"
    packet = f"1092 0100 0001 0000 0000 0001 {NAME} 0001 0001 00 0029 1000 00000000 {size} {option}"
    assert sent(packet, "1.13.2").startswith("10928500")
    assert sent(packet) == "109281010001000000000000" + "01610000010001"


def test_512_octets_of_a_datagram_are_read() -> None:
    packet = f"1092 0100 0001 0000 0000 0001 {NAME} 0001 0001 00 0029 1000 00000000 0200 000c 01fc {'00' * 508}"
    assert sent(packet) == "109281010001000000000000" + "01610000010001"
    assert sent(packet, transport="tcp").startswith("10928500")


def test_before_1_3_0_the_reply_to_garbage_is_a_bare_header() -> None:
    assert sent("1092 0100 0001 0000 0000 0000 0161", "1.2.2") == "109280010000000000000000"
    assert sent("1092", "1.2.2") == ""
    assert sent("1092", "1.2.2", "tcp") == "000080010000000000000000"
    with pytest.raises(Unreadable):
        read(b"", find("1.2.2"), "tcp")


@pytest.mark.parametrize(("release", "rcode"), [("1.2.6", "NOERROR"), ("1.3.0", "FORMERR"), ("1.14.7", "FORMERR")])
def test_several_questions_of_a_message_count_as_those_of_its_octets(release: str, rcode: str) -> None:
    """The kind: what is refused for a count in the header is refused where there are no octets, too: as a `Msg`, and
    from a server that passes it on."""
    two = Msg(FirstQuestion.of([Question("a.", A, IN), Question("b.", A, IN)]), id=1, rd=True)
    server = loads(SERVER, release=release)
    reply = server.ask(two)
    assert reply.octets == server.send(wire.pack(two)).octets
    assert reply.rcode == rcode
    behind = "https://. {\nbind 127.0.0.1\nforward . 127.0.0.53\n}"
    world = World(upstreams={"127.0.0.53": {"corefile": ".:53 {\nbind 127.0.0.53\nwhoami\n}", "coredns": release}})
    via = Via("https", tls=False)
    passed_on = loads(behind, release="1.14.1", world=world).ask(two, to="127.0.0.1:443", transport=via)
    assert passed_on.rcode == rcode

"""Frames of dnstap, and the streams that carry them."""

from __future__ import annotations

from corefile.dns.dnstap import CLIENT_QUERY, INET, UDP, Message, Time, frame, stream


def test_what_is_none_is_left_out_and_empty_is_not() -> None:
    assert Message(CLIENT_QUERY).pack() == b"\x08\x05"
    assert frame(Message(CLIENT_QUERY), identity=b"") == b"\x0a\x00" + b"\x72\x02\x08\x05" + b"\x78\x01"


def test_fields_are_in_the_order_of_their_numbers() -> None:
    at = Time.of(1767225600.25)
    message = Message(CLIENT_QUERY, INET, UDP, b"\x0a\0\0\1", None, 40212, None, at, b"q", at, b"r")
    assert message.pack().hex(" ") == (
        "08 05 10 01 18 01 22 04 0a 00 00 01 30 94 ba 02 "
        "40 80 f2 d6 ca 06 4d 80 b2 e6 0e 52 01 71 60 80 f2 d6 ca 06 6d 80 b2 e6 0e 72 01 72"
    )
    assert Message(CLIENT_QUERY, query_time=Time(1)).pack() == b"\x08\x05\x40\x01"


def test_microseconds() -> None:
    assert Time.of(1767225600.123457) == Time(1767225600, 123457000)
    assert Time.of(1767225600.9999999) == Time(1767225601, 0)


def test_streams() -> None:
    content = b"\0\0\0\1\0\0\0\x16protobuf:dnstap.Dnstap"
    start, stop = b'\0\0\0\0\0\0\0"\0\0\0\2' + content, b"\0\0\0\0\0\0\0\4\0\0\0\3"
    assert stream([b"ab", b"c"]) == start + b"\0\0\0\2ab" + b"\0\0\0\1c" + stop
    assert stream([], ready=True) == b'\0\0\0\0\0\0\0"\0\0\0\4' + content + start + stop

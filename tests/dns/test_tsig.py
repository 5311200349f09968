"""TSIG: signatures of answers as they come over the network."""

from __future__ import annotations

import pytest

from corefile.dns import tsig, wire
from corefile.dns.message import Msg, Question
from corefile.dns.rr import RR

SECRET = "c2VjcmV0"
NOW = 1_700_000_000.0


def answers(*, compress: bool, count: int = 2) -> tuple[tsig.Key, list[bytes]]:
    """A key that has signed a question, and signed answers to it, each behind the one before."""
    key = tsig.Key("key.", SECRET)
    asked = key.signs(Msg(Question("a.example.", 1, 1)), NOW)
    out, before = [], key.mac
    for number in range(count):
        reply = asked.reply()
        reply.compress = compress
        reply.answer = [RR("a.example.", 1, 1, 60, (f"192.0.2.{n}",)) for n in range(3)]
        reply.extra = [tsig.record("key.", "hmac-sha256.", id=reply.id)]
        reply, before = tsig.signed(reply, SECRET, NOW, before, timers_only=number > 0)
        out.append(wire.pack(reply))
    return key, out


@pytest.mark.parametrize("compress", [True, False])
def test_an_answer_is_checked_as_it_came(compress: bool) -> None:
    """The MAC covers the octets, so a compressed answer must not be written anew before it is checked."""
    key, octets = answers(compress=compress)
    assert key.check_all(octets, NOW) == ["ok", "ok"]
    assert key.check_all(octets, NOW + 301) == ["error BadTime"] * 2
    changed = octets[0].replace(bytes((192, 0, 2, 1)), bytes((192, 0, 2, 9)))
    assert key.check_all([changed], NOW) == ["error BadSignature"]
    assert key.check_all(octets[1:], NOW) == ["error BadSignature"]
    assert key.check_all([wire.pack(Msg(Question("a.example.", 1, 1)))], NOW) == ["none"]


@pytest.mark.parametrize(
    ("secret", "taken"),
    [
        ("c2VjcmV0", True),
        ("YWJjZB==", True),
        ("YWJj=", False),
        ("YWJj==", False),
        ("YWJjZA", False),
        ("YWJjZA===", False),
        ("YWJjZA==YWJj", False),
        ("=", False),
        ("x_-8", False),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}w==", False),
        ("\N{EURO SIGN}w==", False),
    ],
)
def test_base64_is_read_as_go_reads_it(secret: str, taken: bool) -> None:
    """With its whole padding, and nothing behind it; what the padding leaves over of the last octet is not looked at."""
    asked = Msg(Question("a.example.", 1, 1))
    asked.extra = [tsig.record("key.", "hmac-sha256.", id=1)]
    if taken:
        assert len(tsig.mac_of(asked, secret)) == 32
        assert tsig.Key("key.", secret).secret == secret
        return
    with pytest.raises(tsig.BadSecret):
        tsig.mac_of(asked, secret)
    with pytest.raises(ValueError, match="is no base64"):
        tsig.Key("key.", secret)

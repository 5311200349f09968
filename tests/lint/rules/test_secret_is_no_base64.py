"""secret-is-no-base64: keys of `tsig` with which no signature is right."""

from __future__ import annotations

import pytest

from corefile import World, loads
from corefile.dns.tsig import Key
from corefile.lint import checks

NAME = "secret-is-no-base64"
LONG = "NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk="
OTHER = LONG.replace("+", "-").replace("/", "_")
FILES = {
    "bad": 'key "a.example." {\n  secret "top-secret";\n};\n',
    "good": 'key "a.example." {\n  algorithm hmac-sha256;\n  secret "c2VjcmV0";\n};\n',
}


def text(lines: str) -> str:
    return f". {{\n tsig {{\n  {lines}\n  require all\n }}\n whoami\n}}\n"


@pytest.mark.parametrize(
    ("lines", "marked", "write"),
    [
        ("secret key.example. secret", "secret", ""),
        ("secret key.example. top-secret", "top-secret", ""),
        ('secret key.example. "a b"', '"a b"', ""),
        ("secret key.example. YWJj=", "YWJj=", ""),
        (f"secret key.example. {LONG[:-1]}", LONG[:-1], LONG),
        (f"secret key.example. {LONG}=", f"{LONG}=", LONG),
        (f"secret key.example. {OTHER}", OTHER, LONG),
        ("secret key.example. c2VjcmV0\n  secrets bad", "bad", ""),
        ("secrets good\n  secret key.example. x", "x", ""),
    ],
)
def test_it_fires(lines: str, marked: str, write: str) -> None:
    (one,) = checks(text(lines), world=World(files=FILES))
    assert one.span is not None
    assert (one.code, one.span.text) == (NAME, marked)
    assert (one.fix.edits[0][1] if one.fix is not None else "") == write


@pytest.mark.parametrize(
    "lines",
    [
        "secret key.example. c2VjcmV0",
        "secret key.example. dG9wLXNlY3JldA==",
        f"secret key.example. {LONG}",
        "secret key.example. YWJjZB==",  # what padding leaves over is not looked at
        'secret key.example. ""',
        "secrets good",
        "secrets bad-or-not-here",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(lines: str) -> None:
    assert NAME not in [f.code for f in checks(text(lines), world=World(files=FILES))]


def test_coredns_takes_each_signature_with_it_for_wrong() -> None:
    """As 1.14.7 did."""
    server = loads(text("secret key.example. secret\n  secret good.example. c2VjcmV0"))
    assert server.query("x.example", key=Key("key.example.", "c2VjcmV0")).rcode == "NOTAUTH"
    assert server.query("x.example", key=Key("good.example.", "c2VjcmV0")).rcode == "NOERROR"

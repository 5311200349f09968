"""Rcodes as arguments."""

from __future__ import annotations

from ...plugin import Invalid, Release, Type

RCODE_NAMES: dict[str, int] = {
    "NOERROR": 0,
    "FORMERR": 1,
    "SERVFAIL": 2,
    "NXDOMAIN": 3,
    "NOTIMP": 4,
    "REFUSED": 5,
    "YXDOMAIN": 6,
    "YXRRSET": 7,
    "NXRRSET": 8,
    "NOTAUTH": 9,
    "NOTZONE": 10,
    "DSOTYPENI": 11,
    "BADSIG": 16,
    "BADKEY": 17,
    "BADTIME": 18,
    "BADMODE": 19,
    "BADNAME": 20,
    "BADALG": 21,
    "BADTRUNC": 22,
    "BADCOOKIE": 23,
    "NOTIMPL": 4,
}
"""Names of rcodes that Corefiles may use (miekg/dns, StringToRcode)."""


class Rcode(Type):
    """The name of an rcode, in any case."""

    label = "rcode"
    example = "SERVFAIL"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        code = RCODE_NAMES.get(text.upper())
        if code is None:
            raise Invalid(
                f"`{text}` is no response code",
                hint="such as NXDOMAIN, SERVFAIL or REFUSED",
                coredns=f"{text} is not a valid rcode",
                located=False,
                expected="response code",
            )
        return code


__all__ = ["RCODE_NAMES", "Rcode"]

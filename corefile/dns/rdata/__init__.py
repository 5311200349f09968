"""Record types by table: what fields each has, and from that its text, its wire form and its length.

A line of `TABLE` is a type: its mnemonic, its number, how dnspython prints it (`t` as text; `i` as text, but only in
class IN; `g` as RFC 3597 generic data; `n` generic and without a mnemonic), and its fields as `Label:kind`. The labels
are those of CoreDNS's DNS library (miekg/dns), because its errors name them: `bad MX Pref`. `RR.data` holds the fields
in order; which Python value a field has, its kind says (see `kinds`). Data without any field, `()`, is empty
RDATA, which the library allows for every type.

Text comes in two dialects. `to_text` prints as dnspython does, the form in which answers are shown and compared;
`parse` and `from_text` read as miekg/dns reads a master file (RFC 1035 §5). Names are held as that library holds names
that came from the wire: `\\DDD` for what is not printable, a backslash before ``. ' @ ; ( ) " \\`` and the space.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .table import TABLE, dnspython_type
from .tokens import RdataError, Token, generic_read, ttl_seconds

if TYPE_CHECKING:
    from .codec import (
        KINDS,
        SPECS,
        UNKNOWN,
        Base64,
        Bitmap,
        CharString,
        Generic,
        Hex,
        Kind,
        Name,
        Spec,
        from_text,
        length,
        pack,
        parse,
        rr_from_text,
        rr_to_text,
        spec,
        to_text,
        unpack,
    )

__all__ = [
    "KINDS",
    "SPECS",
    "TABLE",
    "UNKNOWN",
    "Base64",
    "Bitmap",
    "CharString",
    "Generic",
    "Hex",
    "Kind",
    "Name",
    "RdataError",
    "Spec",
    "Token",
    "dnspython_type",
    "from_text",
    "generic_read",
    "length",
    "pack",
    "parse",
    "rr_from_text",
    "rr_to_text",
    "spec",
    "to_text",
    "ttl_seconds",
    "unpack",
]


if not TYPE_CHECKING:
    _LAZY = frozenset(__all__) - set(globals())

    def __getattr__(name: str) -> Any:
        """What needs the kinds of fields is loaded when it is first looked for: a Corefile is checked without."""
        if name not in _LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from . import codec

        globals().update({x: getattr(codec, x) for x in codec.__all__})
        return globals()[name]

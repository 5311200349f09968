"""Numbers and truth values as Go's package strconv reads them, and floats as it prints them.

`to_int` and the like give None for what Go refuses; `parse_int` and the like raise its error.
"""

from __future__ import annotations

import math
import re
import struct

from ..light import regex
from .errors import GoError
from .quoting import quote

SYNTAX, RANGE = "invalid syntax", "value out of range"

_DIGITS = regex(r"[0-9]+")
_SIGNED = regex(r"[+-]?[0-9]+")
_DECIMAL = regex(r"[+-]?(?:[0-9]++\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_HEXADECIMAL = regex(r"([+-]?)0[xX]([0-9a-fA-F]*+)\.?([0-9a-fA-F]*)[pP][+-]?[0-9]+")
_PREFIX = regex(r"[+-]?0[xX]")
_SPECIAL = regex(r"[+-]?inf(?:inity)?|nan", re.IGNORECASE)
_BOOLS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}


def to_int(text: str, bits: int = 64) -> int | None:
    """strconv.ParseInt(text, 10, bits), and Atoi; None where it fails."""
    if _SIGNED.fullmatch(text) is None:
        return None
    value = _value(text)
    return value if -(1 << bits - 1) <= value < 1 << bits - 1 else None


def to_uint(text: str, bits: int = 64) -> int | None:
    """strconv.ParseUint(text, 10, bits); None where it fails."""
    if not (text.isascii() and text.isdigit()):
        return None
    value = int(text) if len(text) < 30 else _value(text)
    return value if value >> bits == 0 else None


def to_float(text: str, bits: int = 64) -> float | None:
    """strconv.ParseFloat(text, bits); None where it fails, which it does beyond what a float of 32 or 64 bits holds, too."""
    value = _float(text, bits)
    return None if isinstance(value, str) else value


def parse_int(text: str, bits: int = 64, *, call: str = "Atoi") -> int:
    """A whole number. `call` is the function of strconv that the error names. Raises GoError."""
    value = to_int(text, bits)
    if value is None:
        whole = _SIGNED.fullmatch(text) is not None
        raise _error(text, call, RANGE if whole or _overflows(text[text[:1] in ("+", "-") :], bits) else SYNTAX)
    return value


def parse_uint(text: str, bits: int = 64, *, call: str = "ParseUint", base: int = 10) -> int:
    """A whole number without a sign, in digits of `base`. `call` as in `parse_int`. Raises GoError.

    With the base 0 it is one as in Go's source, such as `0x1f`, `0b11`, `017` or `1_000`.

    >>> parse_uint("ff", 16, base=16), parse_uint("0x_ff", base=0), parse_uint("017", 16, base=0)
    (255, 255, 15)
    """
    if base != 10 or not 0 < bits <= 64:
        found = _in_base(text, base, bits)
        if isinstance(found, str):
            raise _error(text, call, found)
        return found
    value = to_uint(text, bits)
    if value is None:
        raise _error(text, call, RANGE if _overflows(text, bits) else SYNTAX)
    return value


_BASES = {"x": 16, "o": 8, "b": 2}
_LONE_UNDERSCORE = regex(r"(?<![0-9a-fA-F])_|_(?![0-9a-fA-F])")


def to_uint_of(base: int, text: str, bits: int = 64) -> int | None:
    """strconv.ParseUint(text, base, bits); None where it fails. With the base 0, a prefix tells it."""
    value = _in_base(text, base, bits)
    return None if isinstance(value, str) else value


def _in_base(text: str, base: int, bits: int) -> int | str:
    """The value, or what is wrong with the text."""
    if not text:
        return SYNTAX
    digits, prefixed = text, base == 0
    if prefixed:
        named = _BASES.get(text[1].lower()) if text[0] == "0" and len(text) > 2 else None
        base = named or (8 if text[0] == "0" else 10)
        digits = text[2:] if named else text[1:] if base == 8 else text
    elif not 2 <= base <= 36:
        return f"invalid base {base}"
    if not 0 <= bits <= 64:
        return f"invalid bit size {bits}"
    value = 0
    for char in digits:
        if char == "_" and prefixed:
            continue
        digit = int(char, 36) if char.isascii() and char.isalnum() else 36
        if digit >= base:
            return SYNTAX
        value = value * base + digit
        if value >> (bits or 64):
            return RANGE
    # A prefix counts for a digit.
    if "_" in digits and _LONE_UNDERSCORE.search(text if digits == text else "0" + digits):
        return SYNTAX
    return value


def _overflows(text: str, bits: int) -> bool:
    """Whether the digits at the beginning are too large a number: Go stops there, whatever stands behind them."""
    digits = _DIGITS.match(text)
    return digits is not None and _value(digits[0]) >> bits != 0


def parse_float(text: str, bits: int = 64) -> float:
    """A number. Raises GoError."""
    value = _float(text, bits)
    if isinstance(value, str):
        raise _error(text, "ParseFloat", value)
    return value


def parse_bool(text: str) -> bool:
    """A truth value. Raises GoError."""
    value = _BOOLS.get(text)
    if value is None:
        raise GoError(
            f"`{text}` is neither true nor false",
            f"strconv.ParseBool: parsing {quote(text)}: {SYNTAX}",
            "write `true` or `false`",
        )
    return value


def _error(text: str, call: str, problem: str) -> GoError:
    if problem == RANGE:
        message = f"`{text}` is too large a number"
    else:
        message = f"`{text}` is not a {'' if call == 'ParseFloat' else 'whole '}number"
    return GoError(message, f"strconv.{call}: parsing {quote(text)}: {problem}")


def _value(text: str) -> int:
    """The number, or one that is too large for all types where it has many digits: Python refuses more than 4,300."""
    if len(text) < 30:
        return int(text)
    digits = text.lstrip("+-0")
    number = int(digits or "0") if len(digits) < 30 else 1 << 99
    return -number if text[0] == "-" else number


def _float(text: str, bits: int) -> float | str:
    """The value, or what is wrong with the text."""
    if "_" in text:
        # Between digits, or between the prefix of a hexadecimal number and its first digit.
        digit = "[0-9a-fA-F]" if _PREFIX.match(text) else "[0-9]"
        if re.search(rf"(?<!{digit})(?<!0[xX])_|_(?!{digit})", text):
            return SYNTAX
        text = text.replace("_", "")
    if _DECIMAL.fullmatch(text):
        value = float(text)
    elif _SPECIAL.fullmatch(text):
        return float(text)
    else:
        match = _HEXADECIMAL.fullmatch(text)
        if match is None or not (match[2] or match[3]):
            return SYNTAX
        try:
            value = float.fromhex(text)
        except OverflowError:
            return RANGE
    if bits == 32:
        try:
            (value,) = struct.unpack("f", struct.pack("f", value))
        except OverflowError:
            return RANGE
    return RANGE if math.isinf(value) else value


def float_text(value: float) -> str:
    """A float as Go's strconv.FormatFloat(v, 'g', -1, 64) writes it: with an exponent from 1e+06 on and below 1e-04.

    >>> [float_text(x) for x in (64000, 1312552.0, 0.00025, float("inf"))]
    ['64000', '1.312552e+06', '0.00025', '+Inf']
    """
    if value == value // 1 and -1e6 < value < 1e6:
        return str(int(value))
    if value != value or value in (float("inf"), float("-inf")):
        return "NaN" if value != value else "+Inf" if value > 0 else "-Inf"
    if 1e-4 <= abs(value) < 1e6:
        return repr(float(value))
    return next(text for text in (f"{value:.{digits}e}" for digits in range(18)) if float(text) == value)

"""Constants of templates: numbers, which have each type that can hold them, as Go's untyped constants do."""

from __future__ import annotations

from ..golang.errors import GoError
from ..golang.numbers import parse_float, to_float, to_uint_of
from ..golang.quoting import quote, unquote_char
from ..light import NamedTuple, regex

_COMPLEX = regex(
    r"([+-]?(?:0[xX][0-9a-fA-F_]*\.?[0-9a-fA-F_]*(?:[pP][+-]?[0-9_]+)?|[0-9_]*\.?[0-9_]*(?:[eEpP][+-]?[0-9_]+)?))"
)


class Number(NamedTuple):
    """The values of a numeric constant as a signed and an unsigned integer of 64 bits, a float and a complex number; None
    where a type cannot hold it."""

    integer: int | None = None
    unsigned: int | None = None
    real: float | None = None
    complex: complex | None = None


def number(text: str) -> Number:
    """The constant `text`. Raises GoError."""
    if text[0] == "'":
        return _char(text)
    if text[-1] == "i":
        if _is_pair(text):
            return _pair(text)
        imaginary = to_float(text[:-1])
        if imaginary is not None:
            return _simplified(complex(0, imaginary))
    unsigned = to_uint_of(0, text)
    signed = to_uint_of(0, text[1:]) if text[0] in "+-" else unsigned
    if signed is not None and text[0] == "-":
        signed = -signed
    if signed is not None and not -(1 << 63) <= signed < 1 << 63:
        signed = None
    if signed == 0:
        unsigned = 0
    if signed is not None or unsigned is not None:
        return Number(signed, unsigned, float(unsigned or 0 if signed is None else signed))
    value = to_float(text)
    if value is None:
        raise _refused(f"illegal number syntax: {quote(text)}")
    if not any(char in text for char in ".eEpP"):
        raise _refused(f"integer overflow: {quote(text)}")
    return Number(*_integers(value), value)


def _refused(text: str) -> GoError:
    return GoError(text, text)


def _char(text: str) -> Number:
    found = unquote_char(text, 1, "'")
    if found is None:
        raise _refused("invalid syntax")
    value, _, end = found
    if text[end:] != "'":
        raise _refused(f"malformed character constant: {text}")
    return Number(value, value, float(value))


def _integers(value: float) -> tuple[int | None, int | None]:
    """A float as a signed and an unsigned integer, where it is whole and they can hold it."""
    if value != value // 1:
        return None, None
    whole = int(value)
    return (whole if -(1 << 63) <= whole < 1 << 63 else None), (whole if 0 <= whole < 1 << 64 else None)


def _is_pair(text: str) -> bool:
    """Whether it is a sum of a real and an imaginary number, not `1e+5i`."""
    found = _COMPLEX.match(text)
    return found is not None and text[found.end() : found.end() + 1] in ("+", "-")


def _pair(text: str) -> Number:
    found = _COMPLEX.match(text)
    assert found is not None
    imaginary = text[found.end() : -1]
    if imaginary in ("+", "-"):
        raise _refused("syntax error scanning complex number")
    return _simplified(complex(parse_float(found[0]), parse_float(imaginary)))


def _simplified(value: complex) -> Number:
    if value.imag:
        return Number(complex=value)
    return Number(*_integers(value.real), value.real, value)


__all__ = ["Number", "number"]

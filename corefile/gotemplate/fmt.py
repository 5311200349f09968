"""What Go's package fmt prints: Sprint, Sprintf and Sprintln, over values of `values`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal

from ..golang.quoting import quote, quote_ascii
from ..light import regex
from . import values
from .errors import TooMuch, Unmodelled
from .values import Maybe, Value

_LARGEST = 1_000_000
"""Widths and precisions beyond it are none."""
MAX_FILLING = 1 << 20
"""Octets that one call may fill up to widths and precisions with. Go has no such limit."""
_DIGITS = regex(rb"[0-9]*")
_TEXT = regex(rb"[^%]*")
_FLAGS = {b"#": "sharp", b"0": "zero", b"+": "plus", b"-": "minus", b" ": "space"}
_BASES = {"v": 10, "d": 10, "b": 2, "o": 8, "O": 8, "x": 16, "X": 16}
_POINTERS = frozenset(("pointer", "func", "map", "slice"))


def sprint(args: Sequence[Maybe]) -> bytes:
    """The arguments in their default format, with a space between two that are no strings."""
    printer = Printer()
    before = True
    for arg in args:
        is_text = arg is not None and arg.kind == "string"
        if not (is_text or before):
            printer.out.append(b" ")
        printer.arg(arg, "v")
        before = is_text
    return b"".join(printer.out)


def sprintln(args: Sequence[Maybe]) -> bytes:
    """The arguments in their default format with spaces between, and a line break."""
    printer = Printer()
    for number, arg in enumerate(args):
        if number:
            printer.out.append(b" ")
        printer.arg(arg, "v")
    return b"".join([*printer.out, b"\n"])


def sprintf(format: bytes, args: Sequence[Maybe]) -> bytes:
    """The arguments as `format` has them.

    >>> sprintf(b"%05d|%x|%-4s|%q|%", [Value(values.INT, 42), *map(values.string, ("hi", "a", "b"))])
    b'00042|6869|a   |"b"|%!(NOVERB)'
    """
    printer = Printer()
    _Format(printer, format, args).run()
    return b"".join(printer.out)


def shown(value: Maybe, verb: str = "v") -> str:
    """A value as Go's messages show it."""
    if value is None:
        return "<invalid reflect.Value>"
    printer = Printer()
    printer.arg(values.unwrapped(value), verb)
    return b"".join(printer.out).decode("utf-8", "surrogateescape")


class Printer:
    """What was printed, and the flags of the verb at hand. width, precision: None where there is none. sharp_v, plus_v: `%#v`
    and `%+v`."""

    def __init__(self) -> None:
        self.out: list[bytes] = []
        self.erring = False
        self.filled = 0
        self.clear()

    def fill(self, count: int) -> int:
        """`count`, if so much may be filled up."""
        self.filled += count
        if self.filled > MAX_FILLING:
            raise TooMuch(f"one call fills up more than {MAX_FILLING} octets")
        return count

    def clear(self) -> None:
        """No flags."""
        self.width: int | None = None
        self.precision: int | None = None
        self.sharp = self.zero = self.plus = self.minus = self.space = self.sharp_v = self.plus_v = False

    # -- arguments ----------------------------------------------------------------------------------------------------

    def arg(self, value: Maybe, verb: str) -> None:
        """Print an argument."""
        if value is None:
            if verb in ("T", "v"):
                self.pad(b"<nil>")
            else:
                self.bad_verb(verb, None)
            return
        if verb == "T":
            self.text(str(value.type).encode(), "s")
        elif verb == "p":
            self.pointer(value, verb)
        elif value.type is values.OCTETS:
            self.octets(value, verb)
        elif not self.method(value, verb):
            self.value(value, verb, 0)

    def method(self, value: Value, verb: str) -> bool:
        """Print what the value's own method makes of it, if it has one."""
        if self.erring:
            return False
        if verb == "w":
            self.bad_verb(verb, value)
            return True
        if self.sharp_v or verb not in ("v", "s", "x", "X", "q"):
            return False
        plain = Value(value.type, value.held)  # what an interface holds has no place
        found = values.method(plain, "Error") or values.method(plain, "String")
        if found is None:
            return False
        if value.kind == "pointer" and value.held is None:
            self.out.append(b"<nil>")
            return True
        text = found.call(plain)
        assert text is not None
        self.text(text.held, verb)
        return True

    def value(self, value: Maybe, verb: str, depth: int, hidden: bool = False) -> None:
        """Print a value without its own method, but with those of what is inside of it. hidden: of a field that is not
        exported."""
        if value is None:
            if verb == "v":
                self.out.append(b"<nil>")
            else:
                self.bad_verb(verb, None)
            return
        if depth and not hidden and self.method(value, verb):
            return
        kind = value.kind
        if kind == "bool":
            if verb in ("t", "v"):
                self.pad(b"true" if value.held else b"false")
            else:
                self.bad_verb(verb, value)
        elif kind in ("int", "uint"):
            self.integer(value, verb)
        elif kind == "float":
            self.float(value.held, verb, value)
        elif kind == "complex":
            self.complex(value, verb)
        elif kind == "string":
            if verb in ("v", "s", "x", "X", "q"):
                self.text(value.held, verb)
            else:
                self.bad_verb(verb, value)
        elif kind == "interface":
            self.interface(value, verb, depth, hidden)
        elif kind == "map":
            self.map(value, verb, depth)
        elif kind == "struct":
            self.struct(value, verb, depth, hidden)
        elif kind == "slice":
            self.slice(value, verb, depth)
        elif kind == "pointer" and depth == 0 and value.held is not None:
            self.out.append(b"&")
            self.value(values.pointed_at(value), verb, 1)
        else:
            self.pointer(value, verb)

    def interface(self, value: Value, verb: str, depth: int, hidden: bool) -> None:
        if value.held is None:
            self.out.append(f"{value.type}(nil)".encode() if self.sharp_v else b"<nil>")
        else:
            self.value(value.held, verb, depth + 1, hidden)

    def items(
        self, value: Value, written: Sequence[Callable[[], None]], opening: str = "[", closing: str = "]"
    ) -> None:
        """What is inside of a value."""
        if self.sharp_v:
            if value.type.nillable and value.held is None:
                self.out.append(f"{value.type}(nil)".encode())
                return
            opening, closing = f"{value.type}{{", "}"
        self.out.append(opening.encode())
        for number, write in enumerate(written):
            if number:
                self.out.append(b", " if self.sharp_v else b" ")
            write()
        self.out.append(closing.encode())

    def map(self, value: Value, verb: str, depth: int) -> None:
        def pair(key: Value, item: Value) -> None:
            self.value(key, verb, depth + 1)
            self.out.append(b":")
            self.value(item, verb, depth + 1)

        self.items(value, [lambda p=p: pair(*p) for p in values.pairs(value)], "map[")  # type: ignore[misc]

    def struct(self, value: Value, verb: str, depth: int, hidden: bool) -> None:
        def member(name: str) -> None:
            if self.plus_v or self.sharp_v:
                self.out.append(f"{name}:".encode())
            found = values.field(value, name)
            if found is not None and found.kind == "interface" and found.held is not None:
                found = found.held
            self.value(found, verb, depth + 1, hidden or not values.is_exported(name))

        self.items(value, [lambda name=name: member(name) for name in value.type.fields], "{", "}")  # type: ignore[misc]

    def slice(self, value: Value, verb: str, depth: int) -> None:
        if verb in ("s", "q", "x", "X") and value.type.elem is values.UINT8:
            self.octets(value, verb)
            return
        count = len(value.held or ())
        self.items(value, [lambda i=i: self.value(values.item(value, i), verb, depth + 1) for i in range(count)])  # type: ignore[misc]

    def octets(self, value: Value, verb: str) -> None:
        """A slice of octets."""
        held = b"" if value.held is None else bytes([value.held[i] for i in range(len(value.held))])
        if verb in ("s", "x", "X", "q"):
            self.text(held, verb)
            return
        plain = [Value(values.UINT8, octet) for octet in held]
        if verb == "d" and self.sharp_v:
            verb = "v"
        written = [lambda p=p: self.value(p, verb, 1) for p in plain]
        if self.sharp_v:
            self.items(Value(_NAMED_BYTE if value.type is values.OCTETS else value.type, value.held), written)
        else:
            self.items(value, written)

    def pointer(self, value: Value, verb: str) -> None:
        """An address, which is not modelled unless it is nil."""
        if value.kind not in _POINTERS or verb not in "vpbodxX":
            self.bad_verb(verb, value)
        elif value.held is not None:
            raise Unmodelled(f"the address of a {value.type}")
        elif verb == "p":
            self.digits(0, 16, "x", not self.sharp)
        elif verb != "v":
            self.integer(Value(values.UINT64, 0), verb)
        elif self.sharp_v:
            self.out.append(f"({value.type})(nil)".encode())
        else:
            self.pad(b"<nil>")

    def bad_verb(self, verb: str, value: Maybe) -> None:
        """What is printed for a verb that the value has not."""
        self.erring = True
        self.out.append(f"%!{verb}(".encode("utf-8", "surrogateescape"))
        if value is None:
            self.out.append(b"<nil>")
        else:
            self.out.append(f"{value.type}=".encode())
            self.arg(value, "v")
        self.out.append(b")")
        self.erring = False

    # -- text ---------------------------------------------------------------------------------------------------------

    def pad(self, octets: bytes, *, zeros: bool = True) -> None:
        """Write, filled up to the width, which counts characters."""
        missing = 0 if not self.width else self.width - len(octets.decode("utf-8", "surrogateescape"))
        if missing <= 0:
            self.out.append(octets)
        elif self.minus:
            self.out += [octets, b" " * self.fill(missing)]
        else:
            self.out += [(b"0" if self.zero and zeros else b" ") * self.fill(missing), octets]

    def text(self, octets: bytes, verb: str) -> None:
        """A string."""
        if verb in ("x", "X"):
            self.hex(octets, verb)
            return
        if self.precision is not None:
            octets = _cut(octets, self.precision)
        if verb == "q" or (verb == "v" and self.sharp_v):
            octets = self.quoted(octets)
        self.pad(octets)

    def quoted(self, octets: bytes) -> bytes:
        text = octets.decode("utf-8", "surrogateescape")
        if self.sharp and _can_backquote(text):
            return b"`" + octets + b"`"
        return (quote_ascii if self.plus else quote)(text).encode("utf-8", "surrogateescape")

    def hex(self, octets: bytes, verb: str) -> None:
        if self.precision is not None:
            octets = octets[: self.precision]
        sharp = "0" + verb if self.sharp else ""
        pairs = [f"{octet:02x}" if verb == "x" else f"{octet:02X}" for octet in octets]
        whole = f" {sharp}".join(pairs) if self.space else "".join(pairs)
        if not octets:
            sharp = ""
        self.pad((sharp + whole).encode())

    # -- numbers ------------------------------------------------------------------------------------------------------

    def integer(self, value: Value, verb: str) -> None:
        number: int = value.held
        if verb == "c":
            self.pad(_char(number))
        elif verb == "q":
            self.pad(_quoted_char(_char(number).decode(), self.plus).encode())
        elif verb == "U":
            self.unicode(number % (1 << 64))
        elif verb not in _BASES:
            self.bad_verb(verb, value)
        elif verb == "v" and self.sharp_v and value.kind == "uint":
            self.digits(number, 16, "x", True)
        else:
            self.digits(number, _BASES[verb], verb, self.sharp)

    def digits(self, number: int, base: int, verb: str, sharp: bool) -> None:
        size = abs(number)
        least = self.precision or 0
        if self.precision == 0 and size == 0:
            self.out.append(b" " * self.fill(self.width or 0))
            return
        if self.precision is None and self.zero and not self.minus and self.width is not None:
            least = self.width - (number < 0 or self.plus or self.space)
        text = f"{size:{ {10: 'd', 2: 'b', 8: 'o', 16: 'X' if verb == 'X' else 'x'}[base] }}".rjust(
            self.fill(least), "0"
        )
        if sharp and base == 2:
            text = "0b" + text
        elif sharp and base == 8 and text[0] != "0":
            text = "0" + text
        elif sharp and base == 16:
            text = f"0{'X' if verb == 'X' else 'x'}{text}"
        if verb == "O":
            text = "0o" + text
        sign = "-" if number < 0 else "+" if self.plus else " " if self.space else ""
        self.pad((sign + text).encode(), zeros=False)

    def unicode(self, number: int) -> None:
        text = f"U+{number:0{max(4, self.fill(self.precision or 0))}X}"
        if self.sharp and number <= 0x10FFFF and chr(number).isprintable():
            text += f" '{chr(number)}'"
        self.pad(text.encode("utf-8", "surrogateescape"), zeros=False)

    def float(self, number: float, verb: str, value: Value) -> None:
        if verb not in ("v", "b", "g", "G", "x", "X", "f", "F", "e", "E"):
            self.bad_verb(verb, value)
            return
        precision = self.fill(self.precision) if self.precision is not None else 6 if verb in "fFeE" else -1
        form = "g" if verb == "v" else verb.replace("F", "f")
        text = float_text(number, form, precision)
        if text[0] not in "+-":
            text = "+" + text
        if self.space and text[0] == "+" and not self.plus:
            text = " " + text[1:]
        if text[1] in "IN":
            if text[1] == "N" and not self.space and not self.plus:
                text = text[1:]
            self.pad(text.encode(), zeros=False)
            return
        if self.sharp and verb != "b":
            text = _with_point(text, form if verb != "v" else "g", precision)
        if self.plus or text[0] != "+":
            if self.zero and not self.minus and self.width and self.width > len(text):
                self.out.append((text[0] + text[1:].rjust(self.fill(self.width) - 1, "0")).encode())
                return
            self.pad(text.encode())
            return
        self.pad(text[1:].encode())

    def complex(self, value: Value, verb: str) -> None:
        if verb not in "vbgGxXfFeE":
            self.bad_verb(verb, value)
            return
        plus = self.plus
        self.out.append(b"(")
        self.float(value.held.real, verb, value)
        self.plus = True
        self.float(value.held.imag, verb, value)
        self.out.append(b"i)")
        self.plus = plus


_NAMED_BYTE = values.slice_of(values.UINT8, "[]byte")


class _Format:
    """A format, and how far it and its arguments are used."""

    def __init__(self, printer: Printer, format: bytes, args: Sequence[Maybe]) -> None:
        self.printer = printer
        self.format = format
        self.args = args
        self.at = 0
        self.used = 0  # arguments
        self.reordered = False
        self.good = True  # whether the number of an argument was right
        self.behind_number = False

    def run(self) -> None:
        format, printer = self.format, self.printer
        while True:
            text = _TEXT.match(format, self.at)
            assert text is not None
            printer.out.append(text[0])
            self.at = text.end() + 1
            if self.at > len(format):
                break
            printer.clear()
            self.good = True
            self.flags()
            self.behind_number = False
            self.number()
            self.sizes()
            if not self.behind_number:
                self.number()
            if self.at >= len(format):
                printer.out.append(b"%!(NOVERB)")
                break
            self.verb()
        if not self.reordered and self.used < len(self.args):
            self.extra()

    def peek(self) -> bytes:
        return self.format[self.at : self.at + 1]

    def flags(self) -> None:
        while (flag := _FLAGS.get(self.peek())) is not None:
            setattr(self.printer, flag, True)
            self.at += 1

    def number(self) -> None:
        """`[3]`, the number of the next argument."""
        if self.peek() != b"[":
            return
        self.reordered = True
        closing = self.format.find(b"]", self.at + 1)
        if closing < 0 or len(self.format) - self.at < 3:
            self.good = False
            self.at += 1
            self.behind_number = False
            return
        text = self.format[self.at + 1 : closing]
        self.at = closing + 1
        number = int(text) if text.isdigit() and len(text) < 8 and int(text) <= 10 * _LARGEST + 9 else None
        self.behind_number = number is not None
        if number is not None and 1 <= number <= len(self.args):
            self.used = number - 1
        else:
            self.good = False

    def sizes(self) -> None:
        """Width and precision."""
        printer = self.printer
        if self.peek() == b"*":
            self.at += 1
            width = self.from_argument()
            if width is None:
                printer.out.append(b"%!(BADWIDTH)")
            elif width < 0:
                printer.minus, printer.zero = True, False
            printer.width = None if width is None else abs(width)
            self.behind_number = False
        else:
            printer.width = self.digits()
            if self.behind_number and printer.width is not None:
                self.good = False
        if self.peek() != b"." or self.at + 1 >= len(self.format):
            return
        self.at += 1
        if self.behind_number:
            self.good = False
        self.behind_number = False
        self.number()
        if self.peek() == b"*":
            self.at += 1
            precision = self.from_argument()
            if precision is not None and precision < 0:
                precision = None
            if precision is None:
                printer.out.append(b"%!(BADPREC)")
            printer.precision = precision
            self.behind_number = False
        else:
            printer.precision = self.digits() or 0

    def digits(self) -> int | None:
        found = _DIGITS.match(self.format, self.at)
        assert found is not None
        text = found[0]
        if not text:
            return None
        number = 0
        for digit in text:
            if number > _LARGEST:
                self.at = len(self.format)
                return None
            number = number * 10 + digit - 48
        self.at = found.end()
        return number

    def from_argument(self) -> int | None:
        """A size that is an argument."""
        if self.used >= len(self.args):
            return None
        value = self.args[self.used]
        self.used += 1
        if value is None or value.kind not in ("int", "uint") or abs(value.held) > _LARGEST:
            return None
        number: int = value.held
        return number

    def verb(self) -> None:
        printer = self.printer
        verb = self.format[self.at : self.at + 4].decode("utf-8", "surrogateescape")[0]
        self.at += len(verb.encode("utf-8", "surrogateescape"))
        if "\udc80" <= verb <= "\udcff":
            verb = "\ufffd"
        if verb == "%":
            printer.out.append(b"%")
        elif not self.good:
            printer.out.append(f"%!{verb}(BADINDEX)".encode())
        elif self.used >= len(self.args):
            printer.out.append(f"%!{verb}(MISSING)".encode())
        else:
            if verb in ("v", "w"):
                printer.sharp_v, printer.sharp = printer.sharp, False
                printer.plus_v, printer.plus = printer.plus, False
            self.used += 1
            printer.arg(self.args[self.used - 1], verb)

    def extra(self) -> None:
        printer = self.printer
        printer.clear()
        printer.out.append(b"%!(EXTRA ")
        for number, arg in enumerate(self.args[self.used :]):
            if number:
                printer.out.append(b", ")
            if arg is None:
                printer.out.append(b"<nil>")
            else:
                printer.out.append(f"{arg.type}=".encode())
                printer.arg(arg, "v")
        printer.out.append(b")")


def _cut(octets: bytes, count: int) -> bytes:
    """The first `count` characters."""
    return octets.decode("utf-8", "surrogateescape")[:count].encode("utf-8", "surrogateescape")


def _can_backquote(text: str) -> bool:
    return not any(
        char in "`\x7f\ufeff" or (char < " " and char != "\t") or "\udc80" <= char <= "\udcff" for char in text
    )


def _char(number: int) -> bytes:
    if not 0 <= number <= 0x10FFFF or 0xD800 <= number < 0xE000:
        number = 0xFFFD
    return chr(number).encode()


def _quoted_char(char: str, ascii: bool) -> str:
    if char in ("'", '"'):
        return {"'": "'\\''", '"': "'\"'"}[char]
    return f"'{(quote_ascii if ascii else quote)(char)[1:-1]}'"


# -- floats -----------------------------------------------------------------------------------------------------------


def float_text(number: float, form: str, precision: int) -> str:
    """strconv.FormatFloat(number, form, precision, 64).

    >>> [float_text(1234.5, form, -1) for form in "gefxb"]
    ['1234.5', '1.2345e+03', '1234.5', '0x1.34ap+10', '5429388417957888p-42']
    """
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    sign = "-" if math.copysign(1, number) < 0 else ""
    number = abs(number)
    if form == "b":
        mantissa, exponent = math.frexp(number)
        if number and exponent < -1021:
            return f"{sign}{int(math.ldexp(number, 1074))}p-1074"
        return f"{sign}{int(mantissa * (1 << 53))}p{exponent - 53:+d}" if number else f"{sign}0p-1074"
    if form in "xX":
        text = _hexadecimal(number, precision)
        return sign + (text.upper() if form == "X" else text)
    digits, exponent = _digits(number, form, precision)
    if form in "gG":
        limit = precision
        if limit > len(digits) >= exponent:
            limit = len(digits)
        if precision < 0:
            limit = 6
        limit = limit or 1 if precision == 0 else limit
        if exponent - 1 < -4 or exponent - 1 >= limit:
            text = _scientific(digits, exponent, len(digits) - 1)
            return sign + (text.upper() if form == "G" else text)
        return sign + _plain(digits, exponent, max(len(digits) - exponent, 0))
    if form in "eE":
        text = _scientific(digits, exponent, len(digits) - 1 if precision < 0 else precision)
        return sign + (text.upper() if form == "E" else text)
    return sign + _plain(digits, exponent, max(len(digits) - exponent, 0) if precision < 0 else precision)


def _digits(number: float, form: str, precision: int) -> tuple[str, int]:
    """Significant digits without zeros behind, and where the point stands among them."""
    if number == 0:
        return "", 0
    if precision < 0:
        _, found, at = Decimal(repr(number)).as_tuple()
        text = "".join(map(str, found))
        assert isinstance(at, int)
        place = len(text) + at
    else:
        if form == "f":
            text, place = f"{number:.{precision}f}".replace(".", ""), 0
            place = len(text) - precision
        else:
            count = precision + 1 if form in "eE" else precision or 1
            mantissa, _, exponent = f"{number:.{count - 1}e}".partition("e")
            text, place = mantissa.replace(".", ""), int(exponent) + 1
    lead = len(text) - len(text.lstrip("0"))
    return text[lead:].rstrip("0"), place - lead if text.strip("0") else 0


def _scientific(digits: str, exponent: int, precision: int) -> str:
    digits = digits or "0"
    power = exponent - 1 if digits != "0" else 0
    fraction = digits[1:].ljust(precision, "0")[: max(precision, 0)]
    return f"{digits[0]}{'.' if fraction else ''}{fraction}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _plain(digits: str, exponent: int, precision: int) -> str:
    whole = digits[: max(exponent, 0)].ljust(max(exponent, 0), "0") or "0"
    fraction = ("0" * max(-exponent, 0) + digits[max(exponent, 0) :]).ljust(precision, "0")[:precision]
    return f"{whole}.{fraction}" if precision > 0 else whole


def _hexadecimal(number: float, precision: int) -> str:
    if number == 0:
        return f"0x0{'.' + '0' * precision if precision > 0 else ''}p+00"
    mantissa, exponent = math.frexp(number)
    bits = int(mantissa * (1 << 53))  # 53 bits, the first of which is set
    exponent -= 1
    if 0 <= precision < 13:
        drop = 52 - 4 * precision
        half, kept = bits & ((1 << drop) - 1), bits >> drop
        if half > 1 << (drop - 1) or (half == 1 << (drop - 1) and kept & 1):
            kept += 1
        bits = kept << drop
        if bits >> 53:
            bits >>= 1
            exponent += 1
    text = f"{bits & ((1 << 52) - 1):013x}"
    text = text.rstrip("0") if precision < 0 else text[:precision].ljust(precision, "0")
    return f"0x1{'.' if text else ''}{text}p{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _with_point(text: str, form: str, precision: int) -> str:
    """`#`: with a decimal point, and with the zeros that `g` leaves out. The sign stands in front."""
    digits = 0
    if form in "gGx":
        digits = 6 if precision == -1 else precision
    marks = "pP" if form in "xX" else "pPeE"
    at = next((i for i, char in enumerate(text) if i and char in marks), len(text))
    head, tail = text[:at], text[at:]
    significant = False
    for char in head[1:]:
        if char == ".":
            continue
        significant = significant or char != "0"
        digits -= significant
    if "." not in head:
        if head[1:] == "0":
            digits -= 1
        head += "."
    return head + "0" * max(digits, 0) + tail


__all__ = ["Printer", "float_text", "shown", "sprint", "sprintf", "sprintln"]

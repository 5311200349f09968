"""Master files (RFC 1035 §5), as CoreDNS's DNS library (miekg/dns) reads them, down to its errors.

What it does that the RFC does not say: the TTL of a record without one is the `$TTL`, else that of the last record
that had one, and the first record needs either; `$TTL` and `$ORIGIN` are known in any case; a line break within
parentheses does not end a word; a comment within parentheses makes the next words eligible as types again; `$GENERATE`
(BIND's) has a TTL of 3600 whatever `$TTL` says; a type with nothing behind it at the end of the file is a record
without RDATA.

CoreDNS's `file` and `auto` allow `$INCLUDE`, in every release; `template` and others that read single records do too.

Behaviour that changed, by the release of CoreDNS that brought it: 1.6.7 no `$GENERATE` within `$GENERATE`, APL; 1.8.0
HTTPS and SVCB; 1.8.3 `\\#` for known types; 1.8.4 ZONEMD; 1.11.0 words of more than 2048 octets, IPSECKEY, AMTRELAY;
1.11.4 NXNAME; 1.12.1 RESINFO; 1.14.1 TTLs above 4294967295 are refused, not wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from . import rdata
from .message import IN, RR
from .names import fqdn
from .rdata import RdataError, Token, WireError, absolute_name, ttl_seconds
from .rdata.presentation import latin
from .rdata.table import SINCE
from .rdata.tokens import (
    BLANK,
    CLASS,
    DIRECTIVE,
    END,
    EOF,
    ERROR,
    NEWLINE,
    OWNER,
    QUOTE,
    RRTYPE,
    STRING,
    UNITS,
    slurp,
    to_uint,
)

if TYPE_CHECKING:
    from ..releases import Release

Include = Callable[[str], "str | None"]

DEFAULT_TTL = 3600
MAX_DEPTH = 7
_DIRECTIVES = ("$TTL", "$ORIGIN", "$INCLUDE", "$GENERATE")


class ZoneError(ValueError):
    """A master file that miekg/dns refuses; `str()` is what it prints.

    message: what is wrong. text: the token it stopped at. line, column: where, in octets; they count from 1, and are 0
    at the end of the file. path: of the file, as it was given.
    """

    def __init__(self, message: str, text: str, line: int, column: int, path: str) -> None:
        where = path + ": " if path else ""
        super().__init__(f"{where}dns: {message}: {quote(text)} at line: {line}:{column}")
        self.message = message
        self.text = text
        self.line = line
        self.column = column
        self.path = path


_GO_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def quote(text: str) -> str:
    """Go's strconv.QuoteToASCII of octets (each character of `text` is one, unless one of them is beyond U+00FF).

    >>> quote('a"b')
    '"a\\\\"b"'
    """
    out = ['"']
    if max(text, default="") <= "\xff":
        text = text.encode("latin-1").decode("utf-8", "surrogateescape")
    for ch in text:
        code = ord(ch)
        if 0xDC80 <= code <= 0xDCFF:
            out.append(f"\\x{code - 0xDC00:02x}")
        elif code in _GO_ESCAPES:
            out.append(_GO_ESCAPES[code])
        elif 32 <= code < 127:
            out.append(ch)
        elif code < 128:
            out.append(f"\\x{code:02x}")
        else:
            out.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return "".join(out) + '"'


# -- tokens -----------------------------------------------------------------------------------------------------------

_RUN = re.compile(r'[^ \t;\r\n\\"()]+')
_DURATION = re.compile("[0-9smhdwSMHDW]*")
_QUOTED_RUN = re.compile(r'[^\\"\n]+')


def _lex(text: str, types: dict[str, int], limit: int) -> Iterator[Token]:
    """The tokens of `text`, each character of which is one octet. After an ERROR token there are no more."""
    i, size = 0, len(text)
    line, start = 1, 0  # the current line, and the index at which it starts
    brace = 0
    quoted = space = typed = comment = False
    first = True  # whether the next word is an owner
    word = ""
    escape = False
    ended = False  # whether a comment was seen that no line break ended yet
    run, quoted_run = _RUN.match, _QUOTED_RUN.match
    while i < size:
        if quoted:
            found = quoted_run(text, i)
            if found is not None and not escape:
                word += found[0]
                i = found.end()
                continue
        elif not comment:
            found = run(text, i)
            if found is not None:
                word += found[0]
                i = found.end()
                escape = space = False
                if len(word) > limit:
                    yield ERROR, "token length insufficient for parsing", 0, line, i - start - len(word) + limit + 1
                    return
                continue
        else:
            at = text.find("\n", i)
            i = size if at < 0 else at
            if at < 0:
                break
        ch = text[i]
        i += 1
        column = i - start
        if ch in " \t":
            if escape or quoted:
                word += ch
                escape = False
                continue
            if word:
                if first:
                    if word[0] == "$" and word.upper() in _DIRECTIVES:
                        yield DIRECTIVE, word.upper(), 0, line, column
                    else:
                        yield OWNER, word, 0, line, column
                elif typed:
                    yield STRING, word, 0, line, column
                else:
                    upper = word.upper()
                    value, number = STRING, types.get(upper, -1)
                    if number >= 0:
                        value = RRTYPE
                        typed = True
                    elif upper.startswith("TYPE"):
                        number = _suffix(word, 4)
                        if number < 0:
                            yield ERROR, "unknown RR type", 0, line, column
                            return
                        value = RRTYPE
                        typed = True
                    if upper in rdata.CLASSES:
                        value, number = CLASS, rdata.CLASSES[upper]
                    elif upper.startswith("CLASS"):
                        number = _suffix(word, 5)
                        if number < 0:
                            yield ERROR, "unknown class", 0, line, column
                            return
                        value = CLASS
                    yield value, word, number, line, column
                word = ""
                ended = False
            first = False
            if not space:
                space = True
                yield BLANK, " ", 0, line, column
                ended = False
        elif ch == "\n":
            escape = False
            if quoted:
                word += ch
            elif comment:
                comment = typed = False
                if brace == 0:
                    first = True
                    ended = False
                    yield NEWLINE, "\n", 0, line, column - 1
            elif brace == 0:
                if word:
                    number = -1 if typed else types.get(word.upper(), -1)
                    yield STRING if number < 0 else RRTYPE, word, max(number, 0), line, column - 1
                    word = ""
                typed = ended = False
                first = True
                yield NEWLINE, "\n", 0, line, column - 1
            line += 1
            start = i
        elif ch == ";":
            if escape or quoted:
                word += ch
                escape = False
            else:
                comment = ended = True
                if word:
                    yield STRING, word, 0, line, column
                    word = ""
        elif ch == "\\":
            word += ch
            escape = not escape
        elif ch == '"':
            if escape:
                word += ch
                escape = False
                continue
            space = False
            if word:
                yield STRING, word, 0, line, column
                word = ""
            quoted = not quoted
            ended = False
            yield QUOTE, '"', 0, line, column
        elif ch == "\r":
            escape = False
            if quoted:
                word += ch
        elif escape or quoted:
            word += ch
            escape = False
        elif ch == "(":
            brace += 1
        elif ch == ")":
            brace -= 1
            if brace < 0:
                yield ERROR, "extra closing brace", 0, line, column
                return
        else:
            word += ch
            escape = space = False
    column = size - start
    if size and text[-1] == "\n":
        line -= 1
        column = len(text) - 1 - (text.rfind("\n", 0, size - 1) + 1)
    if word:
        yield STRING, word, 0, line, column
    if ended:
        yield NEWLINE, "\n", 0, line, column
    if brace:
        yield ERROR, "unbalanced brace", 0, line, column


def _suffix(word: str, at: int) -> int:
    number = to_uint(word[at:], 16)
    return -1 if number is None else number


# -- the grammar ------------------------------------------------------------------------------------------------------

_type_tables: dict[str, dict[str, int]] = {}


def _types(release: Release | None) -> dict[str, int]:
    key = "" if release is None else release.version
    table = _type_tables.get(key)
    if table is None:
        table = {
            name: number
            for name, number in rdata.TYPES.items()
            if release is None or name not in SINCE or release >= SINCE[name]
        }
        _type_tables[key] = table
    return table


class _Parser:
    """One file, or what one `$GENERATE` makes."""

    spelled = False  # whether names keep their escapes as they are written

    def __init__(self, text: str, origin: str, path: str, include: Include | None, release: Release | None) -> None:
        self.path = path
        self.release = release
        self.include = include
        self.origin = origin
        self.depth = 0
        self.generated = False
        self.ttl = -1  # the default TTL, -1 for none yet
        self.by_directive = False
        self.lexer = _lex(text, _types(release), (1 << 62) if self.since("1.11.0") else 2048)
        self.ahead: list[Token] = []

    def since(self, version: str) -> bool:
        """Whether the release has what came with `version`."""
        return self.release is None or self.release >= version

    def next(self) -> Token:
        """The next token; END where there is none."""
        if self.ahead:
            return self.ahead.pop()
        return next(self.lexer, END)

    def error(self, message: str, token: Token) -> ZoneError:
        return ZoneError(message, token[1], token[3], token[4], self.path)

    def seconds(self, token: Token, message: str) -> int:
        """The TTL that a token is. Raises ZoneError."""
        text = token[1]
        value = ttl_seconds(text)
        if value is None:
            if not self.since("1.14.1") and _DURATION.fullmatch(text):
                return _wrapped(text)
            raise self.error(message, token)
        return value

    def name(self, token: Token, message: str) -> str:
        """The absolute name that a token is. Raises ZoneError."""
        name = absolute_name(token[1], self.origin)
        if name is None:
            raise self.error(message, token)
        return name

    def records(self) -> Iterator[RR]:
        """All records up to the first error, which is raised."""
        following = self.lexer.__next__
        name, ttl, cls = "", 0, IN
        while True:
            if self.ttl >= 0:
                ttl = self.ttl
            cls = IN
            try:
                token = self.ahead.pop() if self.ahead else following()
            except StopIteration:
                return
            value = token[0]
            # The owner, or what stands for it.
            if value in (NEWLINE, BLANK):
                continue
            if value == OWNER:
                found = absolute_name(token[1], self.origin)
                if found is None:
                    raise self.error("bad owner name", token)
                name = found
                if self.spelled and "\\" in token[1]:
                    name = self.as_spelled(token[1])
                token = self.next()
                if token is END:
                    return
                self.expect(token, BLANK, "no blank after owner")
                token = self.next()
                value = token[0]
                if value == RRTYPE and self.ttl < 0:
                    raise self.error("missing TTL with no previous value", token)
                if value not in (RRTYPE, CLASS, STRING):
                    if token is END:
                        return
                    self.expect(token, RRTYPE, "expecting RR type, TTL or class, not this...")
            elif value == DIRECTIVE:
                yield from self.directive(token)
                continue
            elif value not in (RRTYPE, CLASS, STRING):
                self.expect(token, RRTYPE, "syntax error at beginning")
            # TTL and class in either order, then the type.
            if value == CLASS:
                cls = token[2]
                token = self.next()
                if token is END:
                    return
                self.expect(token, BLANK, "no blank before class")
                token = self.next()
                if token[0] == STRING:
                    ttl = self.remember(self.seconds(token, "not a TTL"))
                    token = self.the_type(self.next())
                elif token[0] != RRTYPE:
                    if token is END:
                        return
                    self.expect(token, RRTYPE, "expecting RR type or TTL, not this...")
            elif value == STRING:
                ttl = self.remember(self.seconds(token, "not a TTL"))
                token = self.next()
                if token is END:
                    return
                self.expect(token, BLANK, "no blank before TTL")
                token = self.next()
                if token[0] == CLASS:
                    cls = token[2]
                    token = self.the_type(self.next())
                elif token[0] != RRTYPE:
                    if token is END:
                        return
                    self.expect(token, RRTYPE, "expecting RR type or class, not this...")
            if token is END:
                return
            type = token[2]
            token = self.next()
            if token is END:
                return
            if token[0] == ERROR:
                raise self.error(token[1], token)
            yield RR(name, type, cls, ttl, self.rdata(type, token))

    def expect(self, token: Token, value: int, message: str) -> None:
        """Raises ZoneError where the token is another; the lexer's own error comes first."""
        if token[0] == ERROR:
            raise self.error(token[1], token)
        if token[0] != value:
            raise self.error(message, token)

    def the_type(self, token: Token) -> Token:
        """The type behind a blank, or END. Raises ZoneError."""
        if token is END:
            return token
        self.expect(token, BLANK, "no blank before RR type")
        token = self.next()
        if token is not END:
            self.expect(token, RRTYPE, "unknown RR type")
        return token

    def remember(self, ttl: int) -> int:
        """A TTL that was given is the default from there on, unless `$TTL` said otherwise."""
        if not self.by_directive:
            self.ttl = ttl
        return ttl

    def rdata(self, type: int, token: Token) -> tuple[object, ...]:
        """The data behind the type. `token` is what follows the type, a blank or a line break. Raises ZoneError."""
        peeked = self.next()
        self.ahead.append(peeked)
        try:
            if not peeked[1]:
                slurp(self.next)
                return ()
            if token[0] == NEWLINE:
                raise self.error("unexpected newline", token)
            spec = rdata.SPECS.get(type)
            if peeked[1] == "\\#" and spec is not None and self.generic(type, spec.name):
                octets = rdata.generic_read(self.next)
                if isinstance(octets, str):
                    raise RdataError(_hex_error(octets), token)
                try:
                    return rdata.unpack(type, octets, 0, len(octets), strict=False)
                except WireError as error:
                    raise RdataError(f"dns: {error}", token) from None
            if self.spelled and spec is not None and spec.named:
                return self.spelled_rdata(type)
            return rdata.parse(type, self.next, self.origin)
        except RdataError as error:
            raise self.error(
                "" if error.lost else error.message, token if error.token == END else error.token
            ) from None

    def spelled_rdata(self, type: int) -> tuple[object, ...]:
        """The data, in which names keep their escapes. Raises RdataError."""
        written: dict[str | None, str] = {}

        def following() -> Token:
            token = self.next()
            if "\\" in token[1]:
                written[absolute_name(token[1], self.origin)] = token[1]
            return token

        data = rdata.parse(type, following, self.origin)
        if not written:
            return data
        return tuple([self.as_spelled(written[x]) if x.__class__ is str and x in written else x for x in data])

    def as_spelled(self, text: str) -> str:
        """The absolute name that `text` is, escapes and all."""
        return text if fqdn(text) == text else f"{text}.{self.origin.lstrip('.')}"

    def generic(self, type: int, name: str) -> bool:
        """Whether the generic form is understood for a type: for known ones it was not always."""
        if self.since("1.8.3"):
            return True
        assert self.release is not None
        unknown = name in SINCE and self.release < SINCE[name]
        return unknown or type in (10, 20, 30, 41, 250)

    # -- directives ---------------------------------------------------------------------------------------------------

    def directive(self, token: Token) -> Iterator[RR]:
        """What a directive's line does or brings. Raises ZoneError."""
        what = token[1]
        token = self.next()
        if token is END:
            return
        self.expect(token, BLANK, f"no blank after {what}-directive")
        token = self.next()
        if token is END:
            return
        if what == "$GENERATE":
            if token[0] == ERROR:
                raise self.error(token[1], token)
            if self.generated and self.since("1.6.7"):
                raise self.error("nested $GENERATE directive not allowed", token)
        self.expect(token, STRING, f"expecting {what} value, not this...")
        if what == "$INCLUDE":
            yield from self.included(token)
        elif what == "$GENERATE":
            yield from self.generate(token)
        else:
            try:
                slurp(self.next)
            except RdataError as error:
                raise self.error(error.message, error.token) from None
            if what == "$TTL":
                self.ttl = self.seconds(token, "expecting $TTL value, not this...")
                self.by_directive = True
            else:
                self.origin = self.name(token, "bad origin name")

    def included(self, token: Token) -> Iterator[RR]:
        """The records of another file, whose origin may follow its name."""
        origin = self.origin
        after = self.next()
        if after[0] == BLANK:
            after = self.next()
            if after[0] == STRING:
                origin = self.name(after, "bad origin name")
        elif after[0] not in (NEWLINE, EOF):
            raise self.error("garbage after $INCLUDE", after)
        if self.include is None:
            raise self.error("$INCLUDE directive not allowed", token)
        if self.depth >= MAX_DEPTH:
            raise self.error("too deeply nested $INCLUDE", token)
        name = _utf8(token[1])
        path = _joined(self.path, name)
        text = self.include(path)
        if text is None:
            shown = f" as `{path}'" if (path != name if self.since("1.11.3") else not name.startswith("/")) else ""
            why = f": open {path}: no such file or directory" if self.since("1.3.0") else ""
            raise self.error(f"failed to open `{name}'{shown}{why}", token)
        sub = _Parser(latin(text), origin, path, self.include, self.release)
        sub.depth, sub.spelled = self.depth + 1, self.spelled
        sub.ttl, sub.by_directive = self.ttl, self.by_directive
        yield from sub.records()

    def generate(self, token: Token) -> Iterator[RR]:
        """The records of `$GENERATE start-stop[/step] line`, where `$` in the line is the running number."""
        text, slash, step_text = token[1].partition("/")
        step = 1
        if slash:
            number = _int(step_text)
            if number is None or number <= 0:
                raise self.error("bad step in $GENERATE range", token)
            step = number
        first_text, hyphen, last_text = text.partition("-")
        if not hyphen:
            raise self.error("bad start-stop in $GENERATE range", token)
        first, last = _int(first_text), _int(last_text)
        if first is None:
            raise self.error("bad start in $GENERATE range", token)
        if last is None:
            raise self.error("bad stop in $GENERATE range", token)
        if last < 0 or first < 0 or last < first or (last - first) // step > 65535:
            raise self.error("bad range in $GENERATE range", token)
        blank = self.next()
        if blank[0] != BLANK:
            raise self.error("garbage after $GENERATE range", blank)
        line = ""
        while True:
            token = self.next()
            if token[0] == ERROR:
                raise self.error("bad data in $GENERATE directive", token)
            if token[0] in (NEWLINE, EOF):
                break
            line += token[1]
        parts = self.template(line, first, last, blank)
        lines = "".join([_expanded(parts, number) for number in range(first, last + 1, step)])
        sub = _Parser(lines, self.origin, self.path, self.include, self.release)
        sub.spelled = self.spelled
        sub.depth, sub.generated, sub.ttl = self.depth, True, DEFAULT_TTL
        yield from sub.records()

    def template(self, line: str, first: int, last: int, blank: Token) -> list[str | tuple[str, int]]:
        """The line in pieces: text, or a format and an offset for the running number. Raises ZoneError."""
        parts: list[str | tuple[str, int]] = []
        i, escape = 0, False

        def bad(message: str, end: int) -> ZoneError:
            return ZoneError(message, line[i - 1 : end], blank[3], blank[4] + i, self.path)

        while i < len(line):
            ch = line[i]
            i += 1
            if ch == "\\":
                if escape:
                    parts.append("\\")
                escape = not escape
            elif escape:
                # A backslash takes the next character with it, unless that is a dollar sign.
                escape = False
                if ch == "$":
                    parts.append("$")
            elif ch != "$":
                parts.append(ch)
            elif line[i : i + 1] == "$":
                parts.append("$")
                i += 1
            elif line[i : i + 1] == "{":
                end = line.find("}", i + 1)
                if end < 0:
                    raise bad("bad modifier in $GENERATE", len(line))
                form, offset, message = _modifier(line[i + 1 : end])
                if not message and (first + offset < 0 or last + offset > (1 << 31) - 1):
                    message = "bad offset in $GENERATE"
                if message:
                    raise bad(message, end + 1)
                parts.append((form, offset))
                i = end + 1
            else:
                parts.append(("%d", 0))
        return parts


def _modifier(text: str) -> tuple[str, int, str]:
    """`offset[,width[,base]]` as a format, an offset, and what is wrong with it."""
    fields = text.split(",")
    if len(fields) > 3:
        return "", 0, "bad modifier in $GENERATE"
    base = fields[2] if len(fields) > 2 else "d"
    if base not in ("o", "d", "x", "X"):
        return "", 0, "bad base in $GENERATE"
    offset = _int(fields[0])
    if offset is None:
        return "", 0, "bad offset in $GENERATE"
    width = to_uint(fields[1], 8) if len(fields) > 1 else 0
    if width is None:
        return "", 0, "bad width in $GENERATE"
    return f"%0{width}{base}" if width else "%" + base, offset, ""


def _expanded(parts: list[str | tuple[str, int]], number: int) -> str:
    return "".join([x if isinstance(x, str) else x[0] % (number + x[1]) for x in parts]) + "\n"


def _int(text: str) -> int | None:
    """Go's strconv.ParseInt(text, 10, 64), None where it fails."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 25:
        return None
    value = int(text)
    return value if -(1 << 63) <= value < 1 << 63 else None


def _wrapped(text: str) -> int:
    """A TTL as it was before 1.14.1, computed in 32 bits."""
    total = current = 0
    for ch in text:
        if ch in "0123456789":
            current = (current * 10 + int(ch)) & 0xFFFFFFFF
        else:
            total += current * UNITS[ch]
            current = 0
    return (total + current) & 0xFFFFFFFF


def _hex_error(text: str) -> str:
    for ch in text:
        if ch not in "0123456789abcdefABCDEF":
            return f"encoding/hex: invalid byte: U+{ord(ch):04X} {ch!r}"
    return "encoding/hex: odd length hex string"


def _joined(path: str, name: str) -> str:
    """Where an included file is: below the directory of the file that includes it."""
    import posixpath

    return name if name.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(path), name))


def _utf8(text: str) -> str:
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "surrogateescape")


def parse(
    text: str,
    origin: str,
    *,
    path: str = "",
    include: Include | None = None,
    default_ttl: int | None = None,
    release: Release | None = None,
    spelled: bool = False,
) -> Iterator[RR]:
    """The records of a master file, in order; those before an error come before it is raised.

    `origin` is completed with a dot; an empty one is none. `path` names the file in errors, and included files are
    looked for in its directory: `include` gets their paths and returns their text, or None where there is no such file;
    without `include` the directive is refused. `default_ttl` is in seconds. `release` (the newest, where it is None)
    settles what is known to the library. `spelled` keeps escapes in names as they are written. Octets that are not UTF-8 are expected as `surrogateescape` leaves them.

    Raises ZoneError.

    >>> [rr.name for rr in parse("$TTL 1h\\n@ NS ns1\\nns1 A 192.0.2.1\\n", "example.org")]
    ['example.org.', 'ns1.example.org.']
    """
    if origin:
        origin = fqdn(origin)
        known = absolute_name(latin(origin), ".")
        if known is None:
            raise ZoneError("bad initial origin name", "", 0, 0, path)
        origin = known
    parser = _Parser(latin(text), origin, path, include, release)
    parser.spelled = spelled
    if default_ttl is not None:
        parser.ttl = default_ttl
    return parser.records()


def record(text: str, *, release: Release | None = None) -> RR | None:
    """The first record of `text`, as miekg/dns's NewRR reads it: the TTL is 3600 where it is not given, and names are
    below the root. None where there is no record. Raises ZoneError.

    >>> record("www.example. A 192.0.2.1").ttl
    3600
    """
    if text and not text.endswith("\n"):
        text += "\n"
    return next(parse(text, ".", include=lambda _: None, default_ttl=DEFAULT_TTL, release=release), None)

"""What Go's package regexp/syntax takes for a regular expression, its errors and its limits.

RE2 is nearly the same language. What differs is settled here: `Reader` refuses what Go refuses, in Go's words, and gives
the expression in the form that RE2 understands in the same way (names of Unicode classes, `\\Q...\\E`, groups of one name).
"""

from __future__ import annotations

import re

from ..light import NamedTuple, regex
from . import unicode
from .errors import GoError

_MAX_REPEAT = 1000  # of `x{n}`, also of repetitions inside one another, multiplied
_MAX_HEIGHT = 1000
_MAX_SIZE = (128 << 20) // 40  # instructions of a compiled expression: 128 MiB of 40 octets each

_POSIX = frozenset(
    f"[:{sign}{name}:]"
    for sign in ("", "^")
    for name in [
        "alnum",
        "alpha",
        "ascii",
        "blank",
        "cntrl",
        "digit",
        "graph",
        "lower",
        "print",
        "punct",
        "space",
        "upper",
        "word",
        "xdigit",
    ]
)
_REPEAT = regex(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_PLAIN = regex(r"[A-Za-z0-9_ !\"#%&',/:;<=>@`~\-]+")
_NAME = regex(r"[A-Za-z0-9_]+")
_LETTERS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


class Expression(NamedTuple):
    """A regular expression that Go takes. re2: the same for RE2. names: of its groups, '' for those without, and for the
    whole, which is the first."""

    re2: str
    names: tuple[str, ...]


class _Node:
    """A part of the expression, with what the limits count of it. kind: literal, class (any that is one character), empty,
    concat, alternate, repeat, or whatever else."""

    __slots__ = ("height", "kind", "size", "subs")

    def __init__(self, kind: str, size: int = 1, subs: list[_Node] | None = None) -> None:
        self.kind = kind
        self.size = max(1, size)
        self.subs: list[_Node] = subs if subs is not None and any(x.kind == "repeat" or x.subs for x in subs) else []
        self.height: int = 1 + max([x.height for x in subs], default=0) if subs else 1


class _Group:
    """An open parenthesis, or the whole: what stands in it so far."""

    __slots__ = ("branches", "captures", "flags", "items")

    def __init__(self, captures: bool, flags: str) -> None:
        self.captures = captures
        self.flags = flags  # those outside, to be had again behind it
        self.branches: list[_Node] = []
        self.items: list[_Node] = []


def read(pattern: str) -> Expression:
    """What regexp.Compile makes of `pattern`. Raises GoError with its words.

    The limit of size counts as Go does, but for prefixes that branches share, which Go counts once.
    """
    return Reader(pattern).read()


class Reader:
    """One pass over an expression."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.out: list[str] = []
        self.names = [""]
        self.flags = ""
        self.groups = [_Group(False, "")]
        self.nodes = 0  # that Go has made, and those of them that it has to spare
        self.spare = 0
        self.repeats = 1  # all counts of repetitions, multiplied

    def fail(self, problem: str, part: str) -> GoError:
        """The error for a part of the expression."""
        reason = f"{problem}: `{part}`"
        return GoError(f"`{self.pattern}` is not a regular expression: {reason}", f"error parsing regexp: {reason}")

    def read(self) -> Expression:
        """The whole expression."""
        pattern, at = self.pattern, 0
        repeated = -1  # where the repetition before began that the next must not follow
        while at < len(pattern):
            plain = _PLAIN.match(pattern, at)
            if plain:
                self.out.append(plain[0])
                if len(plain[0]) > 2:
                    self._push(self._literal(len(plain[0]) - 2))
                if len(plain[0]) > 1:
                    self._push(self._literal())
                self._push(self._literal())  # what a repetition behind it repeats
                at, repeated = plain.end(), -1
                continue
            char, start = pattern[at], at
            if char in "*+?":
                at = self._repeat(start, at + 1, char, 0, 0, repeated)
                repeated = start
                continue
            if char == "{" and (found := _REPEAT.match(pattern, at)):
                at = self._counted(found, repeated)
                repeated = start
                continue
            at = self._one(char, at)
            repeated = -1
        self._close_branch()
        if len(self.groups) > 1:
            raise self.fail("missing closing )", pattern)
        self._alternatives()
        return Expression("".join(self.out), tuple(self.names))

    def _one(self, char: str, at: int) -> int:
        """Whatever is no repetition; where it ends."""
        if char == "(":
            return self._open(at)
        if char == "|":
            if not self.groups[-1].branches:
                self._made(_Node("bar"))
            self._close_branch()
        elif char == ")":
            self._close()
        elif char == "[":
            return self._class(at)
        elif char == "\\":
            return self._backslash(at)
        else:
            self._valid(at)
            if char in "^$.":
                self._push(self._made(_Node("class" if char == "." else "anchor")))
            else:
                self._push(self._literal())
            self.out.append(r"\{" if char == "{" else char)
            return at + 1
        self.out.append(char)
        return at + 1

    def _valid(self, at: int) -> str:
        """The character there; octets that are not UTF-8 are refused."""
        if "\ud800" <= self.pattern[at] <= "\udfff":
            raise self.fail("invalid UTF-8", self.pattern[at:])
        return self.pattern[at]

    # -- the tree, as far as the limits need it ------------------------------------------------------------------------

    def _made(self, node: _Node) -> _Node:
        if self.spare:
            self.spare -= 1
        else:
            self.nodes += 1
        return node

    def _literal(self, size: int = 1) -> _Node:
        return self._made(_Node("literal+i" if "i" in self.flags else "literal", size))

    def _push(self, node: _Node) -> None:
        self._merge()
        self.groups[-1].items.append(node)
        self._check(node)

    def _merge(self) -> None:
        """Make one of two literals at the end, now that no repetition can stand behind the last."""
        items = self.groups[-1].items
        if len(items) > 1 and items[-1].kind.startswith("literal") and items[-1].kind == items[-2].kind:
            items[-2].size += items.pop().size
            self.spare += 1

    def _check(self, node: _Node) -> None:
        if self.nodes >= _MAX_HEIGHT and node.height > _MAX_HEIGHT:
            raise self.fail("expression nests too deeply", self.pattern)
        if isinstance(node, _Repeat):  # Go counts one again wherever it is all that a group has
            times = max(node.times, 1)
            self.repeats = _MAX_SIZE if times > _MAX_SIZE // self.repeats else self.repeats * times
        if self.nodes >= _MAX_SIZE // self.repeats and node.size > _MAX_SIZE:
            raise self.fail("expression too large", self.pattern)

    def _close_branch(self) -> None:
        self._merge()
        group = self.groups[-1]
        branch = self._joined("concat", group.items)
        group.items = []
        self._check(branch)
        if group.branches and _is_class(branch) and _is_class(group.branches[-1]):
            group.branches[-1] = _Node("class")
            self.spare += 1
        else:
            group.branches.append(branch)

    def _alternatives(self) -> _Node:
        node = self._joined("alternate", self.groups[-1].branches)
        self._check(node)
        return node

    def _joined(self, kind: str, parts: list[_Node]) -> _Node:
        """A concatenation or an alternation; those inside it of its own kind are part of it."""
        if kind == "alternate":
            parts = [x for i, x in enumerate(parts) if not (x.kind == "empty" and i and parts[i - 1].kind == "empty")]
        if not parts:
            return self._made(_Node("empty"))
        if len(parts) == 1:
            return parts[0]
        size = sum([x.size for x in parts]) + (len(parts) - 1 if kind == "alternate" else 0)
        node = self._made(_Node(kind, size, parts))
        node.height = max([x.height if x.kind == kind else x.height + 1 for x in parts])
        self.spare += sum([x.kind == kind for x in parts])
        return node

    def _open(self, at: int) -> int:
        pattern = self.pattern
        if not pattern.startswith("(?", at):
            self._group(True)
            self.names.append("")
            self.out.append("(")
            return at + 1
        named = 4 if pattern.startswith("P<", at + 2) and len(pattern) > at + 4 else 3
        if named == 4 or (pattern.startswith("<", at + 2) and len(pattern) > at + 3):
            end = pattern.find(">", at)
            if end < 0:
                self._all_valid(at, len(pattern))
                raise self.fail("invalid named capture", pattern[at:])
            self._all_valid(at + named, end)
            name = pattern[at + named : end]
            if not _NAME.fullmatch(name):
                raise self.fail("invalid named capture", pattern[at : end + 1])
            self._group(True)
            self.names.append(name)
            self.out.append("(")
            return end + 1
        return self._flags(at)

    def _group(self, captures: bool) -> None:
        self._made(_Node("group"))
        self.groups.append(_Group(captures, self.flags))

    def _all_valid(self, start: int, end: int) -> None:
        for i in range(start, end):
            self._valid(i)

    def _flags(self, start: int) -> int:
        """`(?i)`, `(?i-s:` and the like."""
        pattern, at = self.pattern, start + 2
        flags, minus, seen = set(self.flags), False, False
        while at < len(pattern):
            char = self._valid(at)
            at += 1
            if char in "imsU":
                (flags.discard if minus else flags.add)(char)
                seen = True
            elif char == "-" and not minus:
                minus, seen = True, False
            elif char in ":)" and (seen or not minus):
                if char == ":":
                    self._group(False)
                self.flags = "".join(flags)
                self.out.append(pattern[start:at])
                return at
            else:
                break
        raise self.fail("invalid or unsupported Perl syntax", pattern[start:at])

    def _close(self) -> None:
        self._close_branch()
        node = self._alternatives()
        if len(self.groups) == 1:
            raise self.fail("unexpected )", self.pattern)
        group = self.groups.pop()
        self.flags = group.flags
        self._push(_Node("capture", 2 + node.size, [node]) if group.captures else node)

    # -- repetitions ---------------------------------------------------------------------------------------------------

    def _counted(self, found: re.Match[str], repeated: int) -> int:
        low = _count(found[1])
        high = low if found[2] is None else -1 if not found[3] else _count(found[3])
        if low > _MAX_REPEAT or high > _MAX_REPEAT or 0 <= high < low:
            raise self.fail("invalid repeat count", found[0])
        return self._repeat(found.start(), found.end(), "repeat", low, high, repeated)

    def _repeat(self, start: int, at: int, kind: str, low: int, high: int, repeated: int) -> int:
        """A repetition of what stands before it; where it ends, with the `?` behind it."""
        pattern = self.pattern
        end = at + pattern.startswith("?", at)
        if repeated >= 0:
            raise self.fail("invalid nested repetition operator", pattern[repeated:end])
        items = self.groups[-1].items
        if not items:
            raise self.fail("missing argument to repetition operator", pattern[start:end])
        sub = items[-1]
        if kind == "repeat":
            if high >= 0:
                size = high * sub.size + high - low
            else:
                size = 1 + low * sub.size if low else 2 + sub.size
            node: _Node = _Repeat(size, sub, low, high)
        else:
            node = _Node(kind, sub.size + (2 if kind == "*" else 1), [sub])
        items[-1] = self._made(node)
        self._check(node)
        if kind == "repeat" and (low >= 2 or high >= 2) and not _within(node):
            raise self.fail("invalid repeat count", pattern[start:end])
        self.out.append(pattern[start:end])
        return end

    # -- escapes and classes -------------------------------------------------------------------------------------------

    def _backslash(self, at: int) -> int:
        pattern = self.pattern
        following = pattern[at + 1 : at + 2]
        if following == "Q":
            stop = pattern.find("\\E", at + 2)
            end = len(pattern) if stop < 0 else stop
            for i in range(at + 2, end):
                self.out.append(_quoted(self._valid(i)))
                self._push(self._literal())
            return end if stop < 0 else stop + 2
        if following == "C":
            raise self.fail("invalid escape sequence", r"\C")
        if following in ("p", "P"):
            items, end = self._unicode(at)
            self.out.append(f"[{items}]")
            self._push(self._made(_Node("class")))
            return end
        if following and following in "AbBzdDsSwW":
            end = at + 2
            self._push(self._made(_Node("anchor" if following in "AbBz" else "class")))
        else:
            _, end = self._escape(at)
            self._push(self._literal())
        self.out.append(pattern[at:end])
        return end

    def _escape(self, start: int) -> tuple[int, int]:
        """The character that an escape stands for, and where it ends."""
        pattern, at = self.pattern, start + 1
        if at == len(pattern):
            raise self.fail("trailing backslash at end of expression", "")
        char = self._valid(at)
        at += 1
        if char in _LETTERS:
            return _LETTERS[char], at
        if char in "01234567" and (char == "0" or pattern[at : at + 1] in tuple("01234567")):
            digits = re.compile("[0-7]{0,2}").match(pattern, at)
            assert digits is not None
            return int(char + digits[0], 8), digits.end()
        if char == "x":
            value, at = self._hexadecimal(at)
            if value is not None:
                return value, at
        elif char.isascii() and not char.isalnum():
            return ord(char), at
        raise self.fail("invalid escape sequence", pattern[start:at])

    def _hexadecimal(self, at: int) -> tuple[int | None, int]:
        """The number behind `\\x`, None where it is none, and how far Go has read."""
        end = len(self.pattern)
        if at == end:
            return None, at
        first = self._valid(at)
        at += 1
        if first == "{":
            value, digits = 0, 0
            while at < end:
                char = self._valid(at)
                at += 1
                if char == "}":
                    return (value if digits else None), at
                digit = _hex_digit(char)
                if digit is None or value * 16 + digit > 0x10FFFF:
                    return None, at
                value, digits = value * 16 + digit, digits + 1
            return None, at
        if at == end:
            return None, at
        second = self._valid(at)
        high, low = _hex_digit(first), _hex_digit(second)
        return (None if high is None or low is None else high * 16 + low), at + 1

    def _unicode(self, start: int) -> tuple[str, int]:
        """The class that `\\pL` or `\\p{Greek}` names, as items between brackets, and where it ends."""
        pattern, at = self.pattern, start + 2
        if at == len(pattern):
            raise self.fail("invalid character class range", pattern[start:])
        if self._valid(at) == "{":
            end = pattern.find("}", start)
            if end < 0:
                self._all_valid(start, len(pattern))
                raise self.fail("invalid character class range", pattern[start:])
            self._all_valid(at, end)
            name, end = pattern[at + 1 : end], end + 1
        else:
            name, end = pattern[at], at + 1
        negated = (pattern[start + 1] == "P") is not name.startswith("^")
        found = unicode.known(name.removeprefix("^"))
        if found is None:
            raise self.fail("invalid character class range", pattern[start:end])
        return unicode.class_items(found, negated, "i" in self.flags), end

    def _class(self, start: int) -> int:
        """A class between brackets; where it ends."""
        pattern, end = self.pattern, len(self.pattern)
        at = start + 1
        if pattern.startswith("^", at):
            at += 1
        self.out.append(pattern[start:at])
        first = True
        while at == end or pattern[at] != "]" or first:
            first = False
            if pattern.startswith("[:", at) and at + 2 < end and (stop := pattern.find(":]", at + 2)) >= 0:
                if pattern[at : stop + 2] not in _POSIX:
                    raise self.fail("invalid character class range", pattern[at : stop + 2])
                self.out.append(pattern[at : stop + 2])
                at = stop + 2
            elif pattern.startswith(("\\p", "\\P"), at):
                items, at = self._unicode(at)
                self.out.append(items)
            elif pattern.startswith("\\", at) and pattern[at + 1 : at + 2] in tuple("dDsSwW"):
                self.out.append(pattern[at : at + 2])
                at += 2
            else:
                at = self._range(at, start)
        self.out.append("]")
        self._push(self._made(_Node("class")))
        return at + 1

    def _range(self, at: int, start: int) -> int:
        """A character of a class, or two with a hyphen between them; where they end."""
        pattern, begin = self.pattern, at
        low, at = self._class_char(at, start)
        if pattern.startswith("-", at) and len(pattern) > at + 1 and pattern[at + 1] != "]":
            high, at = self._class_char(at + 1, start)
            if high < low:
                raise self.fail("invalid character class range", pattern[begin:at])
            self.out.append(f"{_class_quoted(low)}-{_class_quoted(high)}")
        else:
            self.out.append(_class_quoted(low))
        return at

    def _class_char(self, at: int, start: int) -> tuple[int, int]:
        if at == len(self.pattern):
            raise self.fail("missing closing ]", self.pattern[start:])
        if self.pattern[at] == "\\":
            return self._escape(at)
        return ord(self._valid(at)), at + 1


class _Repeat(_Node):
    """`x{n}`, `x{n,m}`, or `x{n,}`, where `high` is -1."""

    __slots__ = ("high", "times")

    def __init__(self, size: int, sub: _Node, low: int, high: int) -> None:
        super().__init__("repeat", size, [sub])
        self.high = high
        self.times = high if high >= 0 else low


def _is_class(node: _Node) -> bool:
    """Whether it stands for one character, so that an alternation of such is a class."""
    return node.kind == "class" or (node.kind.startswith("literal") and node.size == 1)


def _within(node: _Node) -> bool:
    """Whether repetitions inside one another make no more than 1000 copies."""
    waiting: list[tuple[_Node, int]] = [(node, _MAX_REPEAT)]
    while waiting:
        node, left = waiting.pop()
        if isinstance(node, _Repeat):
            if node.high == 0:
                continue
            if node.times > left:
                return False
            left //= max(node.times, 1)
        waiting += [(sub, left) for sub in node.subs]
    return True


def _count(digits: str) -> int:
    return int(digits) if len(digits) < 10 else 1 << 30


def _hex_digit(char: str) -> int | None:
    return int(char, 16) if char in "0123456789abcdefABCDEF" else None


def _quoted(char: str) -> str:
    return "\\" + char if char.isascii() and not char.isalnum() and char != "_" and char > " " else char


def _class_quoted(code: int) -> str:
    char = chr(code)
    return char if char.isascii() and char.isalnum() else rf"\x{{{code:X}}}"

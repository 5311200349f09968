"""Label selectors, as Kubernetes reads them (k8s.io/apimachinery, pkg/labels), with its complaints."""

from __future__ import annotations

from collections.abc import Mapping

from ..light import NamedTuple, regex

_TOKEN = regex(r"[ \t\r\n]*(?:([=!(),<>]+)|([^=!(),<>\s]+)|$)")
_SYMBOLS = ("==", "!=", "=", "!", "(", ")", ",", "<", ">")
_BINARY = "in, notin, =, ==, !=, gt, lt"
_OLD_BINARY = "'=', '!=', '==', 'in', notin'"
_END = ""

_NAME = regex(r"(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_SUBDOMAIN = regex(r"[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*")
_NAME_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


class Requirement(NamedTuple):
    """One condition. `operator` is in, notin, exists or !."""

    key: str
    operator: str
    values: frozenset[str]


class Selector:
    """What labels have to satisfy: all requirements."""

    __slots__ = ("requirements",)

    def __init__(self, requirements: tuple[Requirement, ...]) -> None:
        self.requirements = requirements

    @classmethod
    def parse(cls, text: str, words: int = 2) -> Selector:
        """The selector that `text` is. Raises ValueError with Kubernetes' words: of 2 today, 1 up to CoreDNS 1.8.3, or
        0 up to 1.4.0.

        >>> Selector.parse("app=web, stage in (qa, prod)").matches({"app": "web", "stage": "qa"})
        True
        """
        try:
            found = list(_Parser(text, words).requirements())
        except ValueError as error:
            raise ValueError(f'couldn\'t parse the selector string "{text}": {error}') from None
        exact: dict[str, Requirement] = {}
        others = []
        # As CoreDNS takes them through a LabelSelector, the last of several values for a key wins, and some operators
        # have no place there.
        for key, operator, values in sorted(found, key=lambda r: r[0]):
            if operator in ("=", "=="):
                exact[key] = Requirement(key, "in", values)
            elif operator in ("gt", "lt"):
                raise ValueError(f'"{operator}" isn\'t supported in label selectors')
            elif operator == "!=":
                raise ValueError('"!=" is not a valid label selector operator')
            else:
                others.append(Requirement(key, operator, values))
        return cls((*exact.values(), *others))

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether an object with these labels is selected."""
        for key, operator, values in self.requirements:
            value = labels.get(key)
            if operator == "in":
                fits = value is not None and str(value) in values
            elif operator == "notin":
                fits = value is None or str(value) not in values
            else:
                fits = (key in labels) == (operator == "exists")
            if not fits:
                return False
        return True


class _Parser:
    def __init__(self, text: str, words: int) -> None:
        self.words = words
        self.tokens: list[tuple[bool, str]] = []  # (whether a symbol, text); the end is a symbol without text
        at = 0
        while at < len(text):
            m = _TOKEN.match(text, at)
            if m is None or (m[1] is None and m[2] is None):
                break
            if m[1] is not None:
                symbol = next(s for s in _SYMBOLS if m[1].startswith(s))
                self.tokens.append((True, symbol))
                at = m.start(1) + len(symbol)
            else:
                self.tokens.append((False, m[2]))
                at = m.end()
        self.tokens.append((True, _END))
        self.at = 0

    def peek(self) -> tuple[bool, str]:
        return self.tokens[min(self.at, len(self.tokens) - 1)]

    def take(self) -> tuple[bool, str]:
        token = self.peek()
        self.at += 1
        return token

    def requirements(self) -> list[tuple[str, str, frozenset[str]]]:
        out: list[tuple[str, str, frozenset[str]]] = []
        while True:
            symbol, text = self.peek()
            if symbol and text == _END:
                return out
            if symbol and text != "!":
                raise ValueError(f"found '{text}', expected: !, identifier, or 'end of string'")
            try:
                out.append(self.requirement())
            except ValueError as error:
                raise ValueError(f"unable to parse requirement: {error}") from None
            symbol, text = self.take()
            if symbol and text == _END:
                return out
            if not symbol or text != ",":
                raise ValueError(f"found '{text}', expected: ',' or 'end of string'")
            symbol, text = self.peek()
            if symbol and text != "!":
                raise ValueError(f"found '{text}', expected: identifier after ','")

    def requirement(self) -> tuple[str, str, frozenset[str]]:
        symbol, text = self.take()
        absent = symbol and text == "!"
        if absent:
            symbol, text = self.take()
        if symbol:
            raise ValueError(f"found '{text}', expected: identifier")
        key = text
        _check_key(key, self.words)
        if absent:
            return key, "!", frozenset()
        if self.peek() in ((True, _END), (True, ",")):
            return key, "exists", frozenset()
        symbol, operator = self.take()
        if operator in ("in", "notin"):
            values = self.values()
        elif symbol and operator in ("=", "==", "!=", "<", ">"):
            values = self.exact()
            operator = {"<": "lt", ">": "gt"}.get(operator, operator)
        else:
            raise ValueError(f"found '{operator}', expected: {_BINARY if self.words == 2 else _OLD_BINARY}")
        for value in sorted(values):
            _check_value(key, value, self.words)
        return key, operator, values

    def values(self) -> frozenset[str]:
        symbol, text = self.take()
        if (symbol, text) != (True, "("):
            raise ValueError(f"found '{text}' expected: '('")
        symbol, text = self.peek()
        if (symbol, text) == (True, ")"):
            self.take()
            return frozenset(("",))
        if symbol and text != ",":
            raise ValueError(f"found '{text}', expected: ',', ')' or identifier")
        found: set[str] = set()
        while True:
            symbol, text = self.take()
            if not symbol:
                found.add(text)
                after = self.peek()
                if after == (True, ","):
                    continue
                if after == (True, ")"):
                    break
                raise ValueError(f"found '{after[1]}', expected: ',' or ')'")
            if text != ",":
                raise ValueError(f"found '{text}', expected: ',', or identifier")
            if not found:
                found.add("")
            after = self.peek()
            if after == (True, ")"):
                found.add("")
                break
            if after == (True, ","):
                found.add("")
        self.take()
        return frozenset(found)

    def exact(self) -> frozenset[str]:
        symbol, text = self.peek()
        if symbol and text in (_END, ","):
            return frozenset(("",))
        self.take()
        if symbol:
            raise ValueError(f"found '{text}', expected: identifier")
        return frozenset((text,))


def _check_key(key: str, words: int) -> None:
    prefix, slash, name = key.rpartition("/")
    problems = []
    if slash and (len(prefix) > 253 or not _SUBDOMAIN.fullmatch(prefix)):
        problems.append("prefix part must be non-empty" if not prefix else "prefix part is not a DNS subdomain")
    if not name:
        problems.append("name part must be non-empty")
    elif len(name) > 63:
        problems.append("name part must be no more than 63 characters")
    if not _NAME.fullmatch(name):
        problems.append(_NAME_RULE)
    if problems:
        where = "<nil>: Invalid value:" if words == 2 else "invalid label key"
        raise ValueError(f'{where} "{key}": {"; ".join(problems)}')


def _check_value(key: str, value: str, words: int) -> None:
    problems = []
    if len(value) > 63:
        problems.append("must be no more than 63 characters")
    if value and not _NAME.fullmatch(value):
        problems.append(_VALUE_RULE)
    if problems:
        where = f"values[0][{key}]: Invalid value:" if words == 2 else "invalid label value:"
        at = f' at key: "{key}":' if words == 1 else ""
        raise ValueError(f'{where} "{value}":{at} {"; ".join(problems)}')


__all__ = ["Requirement", "Selector"]

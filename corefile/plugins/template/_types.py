"""The words of a stanza, and what CoreDNS says of bad ones."""

from __future__ import annotations

from functools import lru_cache

from ...dns.codes import CLASSES, rcode_name
from ...golang.errors import GoError
from ...golang.numbers import parse_uint
from ...golang.regexp import compile
from ...gotemplate import Template, TemplateError, parse
from ...language.words import Token
from ...light import NamedTuple
from ...plugin import Given, Invalid, Release, Setup, Type
from .._backend import RCODE_NAMES, destinations
from ._rules import TemplateRules

SECTIONS = ("answer", "additional", "authority")


class Class(Type):
    """A class, in capitals."""

    label = "class"
    example = "IN"
    expected = "class"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        number = CLASSES.get(text)
        if number is None:
            upper = text.upper() if text.upper() in CLASSES else ""
            said = f"invalid query class {text}"
            raise self.bad(text, f"`{text}` is not a class", hint="such as IN or ANY", write=upper, coredns=said)
        return number


class Rcode(Type):
    """An rcode, in capitals."""

    label = "rcode"
    example = "NXDOMAIN"
    expected = "response code"

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        number = RCODE_NAMES.get(text)
        if number is None or text not in (rcode_name(number, release), "NOTIMPL"):
            upper = text.upper() if text.upper() in RCODE_NAMES else ""
            hint, said = "such as NXDOMAIN or REFUSED", f"unknown rcode {text}"
            raise self.bad(text, f"`{text}` is no response code", hint=hint, write=upper, coredns=said)
        return number


class Match(NamedTuple):
    """What a stanza found in a question. cls and type are mnemonics. groups: the whole match, and the text of each group;
    names: of the groups."""

    zone: str
    name: str
    regex: str
    groups: list[str]
    names: tuple[str, ...]
    cls: str
    type: str
    remote: str


def patterns(line: Given, setup: Setup) -> tuple[str, ...]:
    """The patterns of a line, which have to compile. Raises Invalid in CoreDNS's words."""
    longest = TemplateRules.of(setup.release).longest_pattern
    for token in line.words:
        word, size = token.text, len(token.text.encode("utf-8", "surrogateescape"))
        if 0 < longest < size:
            raise Invalid(
                f"the pattern has {size} octets: no more than {longest} are allowed",
                at=token,
                last=line.words[-1],
                coredns=f"regex pattern too long: {size} > {longest}",
            )
        try:
            compile(word)
        except GoError as error:
            message, said = error.message, f"could not parse regex: {word}, {error.text}"
            raise Invalid(message, hint=error.hint, at=token, last=line.words[-1], coredns=said) from None
    return tuple(token.text for token in line.words)


def texts(line: Given, setup: Setup) -> tuple[str, ...]:
    """The templates of a section's line, which have to compile. Raises Invalid in CoreDNS's words."""
    rules, words = TemplateRules.of(setup.release), tuple(token.text for token in line.words)
    for word, token in zip(words, line.words, strict=True):
        try:
            _warn_of_go(parsed(line.name, word, rules.parse_int), rules, token, setup)
        except TemplateError as error:
            said = f"could not compile template: {words[-1]}, {error.text}"
            message = f"the template cannot be compiled: {error.message}"
            hint = ""
            if error.unknown:
                hint = f"there is no `{error.unknown}`: templates have Go's own functions and `parseInt`"
            if error.unknown == "parseInt":
                hint = "it came with CoreDNS 1.10.0"
            raise Invalid(
                message, hint=hint, at=token, last=line.words[-1], coredns=said, expected="template"
            ) from None
    return words


def addresses(line: Given, setup: Setup) -> tuple[str, ...]:
    """The addresses of `upstream`, where the release looks at them. Raises Invalid."""
    words: tuple[str, ...] = line.value
    looked_at = words and TemplateRules.of(setup.release).takes_addresses
    return tuple(destinations(words, setup, line.words)) if looked_at else ()


def extended_error(line: Given, setup: Setup) -> tuple[str, str | None]:
    """A code, and a text. Raises Invalid in CoreDNS's words."""
    code, reason = line.value
    try:
        parse_uint(code, 16)
    except GoError as error:
        said = f"error parsing extended DNS error code {line.words[-1].text}, {error.text}"
        at = line.words[0].span
        raise Invalid(error.message, hint="it is a number up to 65535", coredns=said, at=at) from None
    return code, reason


def _warn_of_go(template: Template, rules: TemplateRules, token: Token, setup: Setup) -> None:
    """Warn of what a newer Go has brought than the release's own builds are made with."""
    for feature, came in template.needs.items():
        if _number(came) > _number(rules.go):
            setup.warn(
                "newer-go",
                f"{feature} came with Go {came}, and CoreDNS {setup.release} was made with Go {rules.go}",
                token.span,
                hint="a build of your own may take it; CoreDNS's own does not start with it, or does something else",
            )


def _number(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


@lru_cache(1024)
def parsed(section: str, text: str, with_parse_int: bool) -> Template:
    """The template. Raises TemplateError."""
    return parse(section, text, ("parseInt",) if with_parse_int else ())


__all__ = ["SECTIONS", "Class", "Match", "Rcode", "addresses", "extended_error", "parsed", "patterns", "texts"]

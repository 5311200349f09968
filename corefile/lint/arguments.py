"""What to write in the place of arguments that CoreDNS refuses, and better words for some of its errors about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..findings import Finding, Fix, Span, did_you_mean, write_instead
from ..light import regex
from ..plugins import find
from .subject import properties_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ..releases import Release

PORTS = {"health": "8080", "ready": "8181", "prometheus": "9153", "pprof": "6053"}
"""At which these directives listen unless they say otherwise."""
WORD = regex(r'"[^"\n]*"|\S+')
DURATION = regex(r"(\d{1,18})([smh])")
SECONDS_OF = {"ttl": 1, "cache": 1, "success": 2, "denial": 2}
"""Lines with numbers of seconds, and behind how many words these begin."""
SECONDS = {"s": 1, "m": 60, "h": 3600}
ADDRESS = regex(r"(?:\w+://)?(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\]|[0-9a-fA-F]*:[0-9a-fA-F:]+)(?::\d+)?")
HOST_PORT = regex(r"[A-Za-z]+:\d+")
"""The name of a server and a port."""
BRACKETS = regex(r"\[[0-9a-fA-F:.]+\]")
NETWORK = regex(r"[0-9a-fA-F.:]+/\d+")
WORDLIKE = regex(r"[a-z][a-z_]{2,}")
BARE_NETWORK = regex(
    r"(?<![\w.:/'\"`])(?:\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?|[0-9a-fA-F]*:[0-9a-fA-F:]+/\d{1,3})(?![\w.'\"`])"
)
IN_NETWORK = regex(r"\b(client_ip|server_ip)\(\)\s+in\s+['`]([0-9a-fA-F.:]+/\d+)['`]")
SECTIONS = ("answer", "additional", "authority")


def cured_argument(finding: Finding, release: Release) -> Finding | None:
    """The finding with its cure; None where none is known."""
    for cure in CURES:
        found = cure(finding)
        if found is not None:
            return found
    return None


def elsewhere(finding: Finding) -> Finding:
    """A notice about a name or a file that may be on CoreDNS's machine, with what was most likely meant."""
    span = finding.span
    if span is None:
        return finding
    if finding.code == "missing-file":
        if first_word(span) != "autopath" or find(span.text) is None:
            return finding
        return did_you_mean(finding, f"@{span.text}")
    address = re.match(r"(?:\w+://)?\d{1,3}(?:\.\d{1,3}){3}(?=\D)", span.text)
    if finding.code == "name-not-known" and address is not None:
        message = f"`{span.text}` is no address, and is taken for the name of a server"
        return did_you_mean(finding._replace(message=message, severity="warning"), address[0])
    scheme = re.match(r"([A-Za-z]+):(?://)?(?=[\d\[])", span.text)
    if finding.code == "name-not-known" and scheme is not None and HOST_PORT.fullmatch(span.text) is None:
        bare = span.text[scheme.end() :]
        message = f"`{scheme[0]}` is no transport of `{first_word(span)}`: CoreDNS takes `{scheme[1]}` for the name of a server"
        if scheme[1].lower() in ("tls", "dns", "https"):
            bare = f"{scheme[1].lower()}://{bare}"
        more = ", and `force_tcp` in the braces" if scheme[1].lower() == "tcp" else ""
        return write_instead(finding._replace(message=message, severity="warning"), bare, more)
    return finding


def _line(span: Span) -> Iterator[Span]:
    """The words on the line of a word."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", start)
    for match in WORD.finditer(text, start, end if end >= 0 else len(text)):
        if match[0].startswith("#"):
            return
        yield Span(span.source, match.start(), match.end())


def first_word(span: Span) -> str:
    """The first word on the line of a word."""
    return next((word.text for word in _line(span)), "")


def _number(finding: Finding) -> Finding | None:
    """A time with a unit where a number of seconds belongs."""
    span = finding.span
    match = DURATION.fullmatch(span.text) if span is not None else None
    if span is None or match is None or finding.expected != "whole number":
        return None
    begin = SECONDS_OF.get(first_word(span))
    if begin is None or sum(word.start < span.start for word in _line(span)) < begin:
        return None
    return write_instead(finding, str(int(match[1]) * SECONDS[match[2]]), ": it is a number of seconds")


def _port(finding: Finding) -> Finding | None:
    """A port alone where an address with a port belongs."""
    if finding.expected != "address with a port" or finding.span is None:
        return None
    text = finding.span.text.removeprefix("http://").rstrip("/")
    if text.isdigit():
        return write_instead(finding, f":{text}")
    port = PORTS.get(first_word(finding.span), "")
    if port and (re.fullmatch(r"\d+(?:\.\d+){3}", text) or BRACKETS.fullmatch(text)):
        return write_instead(finding, f"{text}:{port}")
    return write_instead(finding, text) if text != finding.span.text and re.fullmatch(r"[\w.]*:\d+", text) else None


def _bind(finding: Finding) -> Finding | None:
    """An address with its port, or a network, where `bind` takes an address."""
    if finding.expected != "address or interface" or finding.span is None:
        return None
    text = finding.span.text
    if BRACKETS.fullmatch(text):
        return write_instead(finding, text[1:-1])
    with_port = re.fullmatch(r"(?:(\d+(?:\.\d+){3})|\[([^\]]+)\]):\d+", text)
    if with_port is not None:
        more = ": the port stands behind the zone, as in `.:53`"
        return write_instead(finding, with_port[1] or with_port[2], more)
    if NETWORK.fullmatch(text):
        return finding._replace(hint="this is a network: name each address, or an interface", label="")
    return None


def _server(finding: Finding) -> Finding | None:
    """What is no server, and almost is."""
    span = finding.span
    if span is None or finding.expected != "server":
        return None
    text = span.text
    reference = re.fullmatch(r"\{[$%]([A-Za-z_]\w*)%?|[$%]([A-Za-z_]\w*)%?\}?", text)
    if reference is not None:
        return write_instead(finding, f"{{${reference[1] or reference[2]}}}", ": a variable of CoreDNS's environment")
    lead, host = text[: text.find("://") + 3] if "://" in text else "", text.rpartition("://")[2]
    if NETWORK.fullmatch(host):
        return finding._replace(hint="this is a network: name the servers in it", label="", fix=None)
    bare = text.strip('"').strip()
    if text.startswith('"') and " " in bare:
        return write_instead(finding, bare, ": in quotes they are one word")
    if re.fullmatch(r"\d+(?:\.\d+){3}\.", host):
        return write_instead(finding, lead + host[:-1])
    if re.fullmatch(r"[\d.]+", host):
        said = "an address has four numbers from 0 to 255, without zeros in front, such as `10.0.0.53`"
        return finding._replace(hint=said, label="", fix=None)
    return None


def _network(finding: Finding) -> Finding | None:
    """A network, or brackets, where an address belongs, or a network without its length."""
    span = finding.span
    if span is None:
        return None
    if finding.expected == "address" and NETWORK.fullmatch(span.text):
        hint = "this is a network: name each address, or `*` for all; `acl` says who may ask"
        return finding._replace(
            hint=hint if first_word(span) == "to" else "this is a network: name an address in it", label=""
        )
    if finding.expected == "address" and BRACKETS.fullmatch(span.text):
        return write_instead(finding, span.text[1:-1])
    bare = span.text.strip("[]")
    if finding.expected == "network of IPv6" and ":" in bare and re.fullmatch(r"[0-9a-fA-F:.]+", bare):
        return write_instead(finding, f"{bare}/96")
    return None


def _without_zone(finding: Finding) -> Finding | None:
    """A server where `forward` takes a zone first."""
    span = finding.span
    if span is None or finding.code != "argument-count":
        return None
    first, second = [*_line(span), None, None][:2]
    if first is None or first.text not in ("forward", "grpc", "proxy") or second != span:
        return None
    return write_instead(finding, f". {span.text}", ": the zone stands first") if ADDRESS.fullmatch(span.text) else None


def _own_line(finding: Finding) -> Finding | None:
    """A property behind the arguments of its directive."""
    span = finding.span
    if span is None or finding.code != "argument-count" or span.text not in properties_of(first_word(span)):
        return None
    rest = [word for word in _line(span) if word.start >= span.start]
    end = rest[-1].end
    line = span.source.text[span.start : end]
    if rest[-1].text == "{":
        return None
    hint = f"`{span.text}` is a property: write `{{` in its place, then `{line}` on a line of its own, then `}}`"
    fix = Fix("write it in braces", ((Span(span.source, span.start, end), f"{{\n{line}\n}}"),), "unsafe")
    return finding._replace(hint=hint, label="", fix=fix)


def _brace_below(finding: Finding) -> Finding | None:
    """A `{` on the line below its directive."""
    span = finding.span
    if span is None or span.text != "{" or finding.code not in ("argument-count", "unexpected-block"):
        return None
    text = span.source.text
    if text[text.rfind("\n", 0, span.start) + 1 : span.start].strip():
        return None
    above = text[: span.start].rstrip()
    word = above[above.rfind("\n") + 1 :].split(None, 1)[0] if above else ""
    cls = find(word)
    if cls is None or not cls.PROPERTIES:
        return None
    at = Span(span.source, len(above), len(above))
    return finding._replace(
        message=f"the `{{` of `{word}` stands on a line of its own, and CoreDNS takes it for another `{word}`",
        hint=f"write it behind the words of `{word}`, on the same line",
        label="",
        related=(),
        fix=Fix("write the `{` on the line above", ((at, " {"), (span, "")), "unsafe"),
    )


def _view(finding: Finding) -> Finding | None:
    """What is wrong with an expression."""
    span = finding.span
    in_expression = finding.expected in ("comparison", "expression", "function call", "list", "value")
    if span is None or not in_expression or finding.fix is not None:
        return None
    if finding.expected == "function call":
        return write_instead(finding, f"{span.text}()", ": it is a function")
    text = span.source.text
    words = [word for word in _line(span) if word.text != "expr"]
    if not words:
        return finding
    whole = Span(span.source, words[0].start, words[-1].end)
    bare = BARE_NETWORK.search(text, whole.start, whole.end)
    single = re.compile(r"(?<![=!<>])=(?![=~])").search(text, whole.start, whole.end)
    if finding.expected in ("comparison", "value") and bare is not None:
        return write_instead(
            finding._replace(span=Span(span.source, *bare.span())), f"'{bare[0]}'", ": texts stand in quotes"
        )
    if finding.expected == "comparison" and single is not None:
        return write_instead(finding._replace(span=Span(span.source, *single.span())), "==")
    within = IN_NETWORK.search(text, whole.start, whole.end)
    if finding.expected == "list" and within is not None:
        at = Span(span.source, *within.span())
        return write_instead(
            finding._replace(span=at), f"incidr({within[1]}(), '{within[2]}')", ": networks are asked so"
        )
    return finding


def _template(finding: Finding) -> Finding | None:
    """A record of `template` that stands without quotes, or in other ones."""
    span = finding.span
    if span is None or finding.expected != "template" or span.text.startswith('"'):
        return None
    name, *words = _line(span)
    if name.text not in SECTIONS or not words:
        return None
    whole = Span(span.source, words[0].start, words[-1].end)
    new = quoted(whole.text)
    found = finding._replace(
        span=whole, message="template: the record stands without quotes, so each word is one of its own"
    )
    return write_instead(found, new)


def quoted(record: str) -> str:
    """A record in quotes, as one word."""
    bare = (
        record.strip("'`\u2018\u2019\u201c\u201d").replace("\\", "\\\\") if record[:1] in "'`\u2018\u201c" else record
    )
    return '"' + bare.replace('"', '\\"') + '"'


def _slip(finding: Finding) -> Finding | None:
    """A word that is nearly one of those of which one should stand there."""
    span, choices = finding.span, finding.choices
    if span is None or not choices or finding.fix is not None or WORDLIKE.fullmatch(span.text) is None:
        return None
    from difflib import get_close_matches

    begun = [word for word in choices if word.startswith(span.text)]
    close = begun if len(begun) == 1 else get_close_matches(span.text, choices, n=1, cutoff=0.75)
    if not close or close[0] == span.text:
        return None
    return did_you_mean(finding, close[0])


OPCLASS = {"CHAOS": "CH", "INTERNET": "IN", "HESIOD": "HS"}


def _mnemonic(finding: Finding) -> Finding | None:
    """A type, class or response code that is misspelt."""
    if finding.expected not in ("record type", "class", "response code") or finding.span is None or finding.fix:
        return None
    from difflib import get_close_matches

    from ..dns.codes import CLASSES, RCODES, TYPES

    known = {"class": CLASSES, "response code": RCODES.values(), "record type": TYPES}[finding.expected]
    names = [str(name) for name in known]
    asked = finding.span.text.upper()
    if asked in OPCLASS and known is CLASSES:
        return write_instead(finding, OPCLASS[asked])
    close = get_close_matches(asked, names, n=1, cutoff=0.7)
    if not close:
        return None
    return did_you_mean(finding, close[0])


def _dotted(finding: Finding) -> Finding | None:
    """A zone of `kubernetes` that begins with a dot."""
    span = finding.span
    if span is None or finding.expected != "zone of a cluster":
        return None
    word = next((word for word in _line(span) if word.text.startswith(".") and len(word.text) > 1), None)
    return (
        None
        if word is None
        else write_instead(finding._replace(span=word), word.text.lstrip("."), ": names begin with no dot")
    )


def _rule(finding: Finding) -> Finding | None:
    """A rule of `rewrite` that begins with the name, or does not say how a name matches."""
    span = finding.span
    arrow = next((word for word in _line(span) if word.text in ("->", "=>", "=")), None) if span is not None else None
    if arrow is not None and finding.expected in ("way to match a name", "fewer words"):
        gone = Span(arrow.source, arrow.start - 1, arrow.end)
        hint = f"delete the `{arrow.text}`: what is written stands right behind what is matched"
        fix = Fix(f"delete the `{arrow.text}`", ((gone, ""),), "unsafe")
        return finding._replace(span=arrow, hint=hint, label="", fix=fix)
    if span is not None and finding.expected == "answer" and span.text in ("name", "value", "auto"):
        message = "rewrite: an `answer` stands behind a rule that says how the name matches"
        hint = "write `exact`, or another way to match, before the name: `name exact FROM TO`"
        words = list(_line(span))
        at = next(
            (place for place, word in enumerate(words[:-1]) if word.text == "name" and word.start < span.start), None
        )
        edit = None
        if at is not None and words[at + 1].start < span.start:
            after = Span(span.source, words[at + 1].start, words[at + 1].start)
            edit = Fix("write `exact` before the name", ((after, "exact "),), "unsafe")
        return finding._replace(message=message, hint=hint, label="", fix=edit)
    if span is None or "." not in span.text or finding.expected != "kind of rule":
        return None
    return write_instead(finding, f"name {span.text}", ": the kind of rule stands first")


CURES: tuple[Callable[[Finding], Finding | None], ...] = (
    _number,
    _port,
    _bind,
    _server,
    _network,
    _without_zone,
    _own_line,
    _brace_below,
    _view,
    _template,
    _mnemonic,
    _dotted,
    _rule,
    _slip,
)

__all__ = ["cured_argument", "elsewhere", "first_word", "quoted"]

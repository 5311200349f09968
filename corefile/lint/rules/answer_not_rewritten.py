"""answer-not-rewritten: a `rewrite` changes the name that is asked for, and nothing puts it back into the answer.

Why: The client asks for one name and gets an answer about another one. Some resolvers take that for a forged answer and drop
it, so that the name works from some machines and not from others.

Fix: Write `answer auto` behind the rule, since CoreDNS 1.8.4. Before, only `name regex` puts names back, with
`answer name FROM TO` since 1.0.5. A rule about one exact name needs nothing: it puts the name back itself since 1.2.5.

It is said of a `name` rule where a name that it fits gets such an answer, or comes to a plugin that answers from data or from a
server, such as `kubernetes`, `hosts`, `file` or `forward`, and neither it nor another rule that fits the name has `answer auto`,
or an `answer name` that fits what the name has become. Where the data are in the Corefile, a zone file or `--cluster`, the name
has to be one of theirs.

Bad:
    . {
        rewrite name suffix .corp.example .default.svc.cluster.local
        kubernetes cluster.local
    }

Good:
    . {
        rewrite name suffix .corp.example .default.svc.cluster.local answer auto
        kubernetes cluster.local
    }

World:
    cluster: []
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, islice
from operator import length_hint
from typing import TYPE_CHECKING, Any

from ...chain.landmarks import Below, Exact
from ...dns.names import is_subdomain, suffixes
from ...findings import Span
from ...golang.domains import lower
from ..asking import ENDED, WWW, ask, is_name, last_hop, room
from ..rule import Mistake

if TYPE_CHECKING:
    from ...language.words import Token
    from ...releases import Release
    from ..subject import Block, Subject, Use

ABOUT_NAMES = frozenset(
    (
        "auto",
        "azure",
        "clouddns",
        "etcd",
        "federation",
        "file",
        "forward",
        "grpc",
        "hosts",
        "k8s_external",
        "kubernetes",
        "nomad",
        "proxy",
        "route53",
        "secondary",
    )
)
"""Directives whose answers are about the name that they are asked for, and come from data or another server, which may not be
known here. What others make up, such as `template`, is looked at."""
OF_CLUSTER = frozenset(("kubernetes", "k8s_external", "federation"))
"""Those of them whose data are the cluster's."""
OF_FILES = frozenset(("auto", "file"))
"""Those of them whose data are in zone files."""
MOST_ROOMS = 32
"""In how many zones names are made up."""
EXAMPLES = 8
"""Names that a pattern is tried with."""
MOST = 8
"""How many questions are asked for a rule."""
MOST_TRIED = 50_000
"""How many pairs of a rule and a name are tried in one Corefile; beyond, no further rule is looked at."""
MOST_CROSSED = 20_000
"""How many names are made of those that plugins have, in one Corefile."""
MOST_KNOWN, MOST_PARTS, MOST_LABELS = 64, 8, 4
"""How many names of plugins, how many beginnings and ends of names that a rule fits, and of how many labels, are put together."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such rule. Asks for a name that it fits."""
    told: set[Span] = set()
    budget, crossings = iter(range(MOST_TRIED)), iter(range(MOST_CROSSED))
    for block in subject.blocks:
        handler = block.site.handler("rewrite")
        rules = [] if handler is None else handler.list
        uses = block.find("rewrite")
        if len(rules) != len(uses):
            continue
        place = _Place(block)
        for use, rule in zip(uses, rules, strict=True):
            if use.head.span in told or not hasattr(rule, "auto") or rule.auto:
                continue
            if not length_hint(budget):
                return
            names = list(dict.fromkeys(_names(rule.way, place.rooms)))
            tried = chain(
                islice(_examples(place, names, rule, rules, budget), MOST),
                islice(_examples(place, _crossed(place, names, rule, crossings), rule, rules, budget), MOST),
            )
            found = next((pair for pair in tried if place.told(subject, *pair)), None)
            if found is not None:
                told.add(use.head.span)
                end = _words(use)[-1].span
                added = Span(end.source, end.end, end.end)
                asked, answered = (name.rstrip(".") for name in found)
                renames = any(not answer.values for answer in rule.answers)
                yield Mistake(
                    f"a client that asks for `{asked}` gets an answer about `{answered}`",
                    end,
                    hint=UNFIT if renames else _hint(subject.release, rule.way.kind),
                    write=" answer auto" if subject.release >= "1.8.4" and not renames else None,
                    at=added,
                )


UNFIT = "its `answer name` does not fit that name: resolvers may drop an answer about another name"


def _hint(release: Release, kind: str) -> str:
    why = "resolvers may drop an answer about another name"
    if release >= "1.8.4":
        return f"write `answer auto` behind it, which puts the client's name back: {why}"
    if release < "1.0.5":
        return f"{why}; `answer name`, which puts the client's name back, came with CoreDNS 1.0.5"
    if kind == "regex":
        return f"write `answer name FROM TO` behind it, which puts the client's name back: {why}"
    return f"write it as `name regex` with `answer name FROM TO`, which puts the client's name back: {why}"


def _words(use: Use) -> list[Token]:
    """The words of a rule, wherever its lines end."""
    return [*use.words, *(word for line in use.lines for word in line.words)]


def _puts_back(rule: Any, name: str) -> bool:
    """Whether a rule gives records of that name another one, as the name that was asked for."""
    answers = getattr(rule, "answers", ())
    return bool(getattr(rule, "auto", False)) or any(not x.values and x.way.fits(name) for x in answers)


class _Place:
    """Where names for a block's rules are looked for. zones: of the block. rooms: those in which names are made up. known: by the
    name that was asked for in the end, what was found: the next question for it may be answered by a cache."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.known: dict[str, bool] = {}
        self.zones = frozenset(map(lower, block.site.zones))
        self.handlers: list[Any] = [handler for handler in block.site.handlers if handler.name in ABOUT_NAMES]
        zones = chain(map(lower, block.site.zones), (zone for handler in self.handlers for zone in handler.scope.zones))
        self.rooms = [*dict.fromkeys(room(zone) for zone in islice(zones, MOST_ROOMS))]

    @cached_property
    def names(self) -> list[str]:
        """Names that plugins have."""
        marks = (mark for handler in self.handlers for mark in handler.landmarks())
        names = (
            mark.name for mark in marks if isinstance(mark, (Exact, Below)) and not mark.name.endswith(("*", ".arpa."))
        )
        return [*dict.fromkeys(islice(names, MOST_KNOWN))]

    def told(self, subject: Subject, name: str, now: str) -> bool:
        """Whether a question for a name, which becomes another one, gets an answer that is not about it."""
        if now not in self.known:
            self.known[now] = _is_about_another(subject, self.block, name, now)
        return self.known[now]


def _examples(
    place: _Place, names: Iterable[str], rule: Any, rules: list[Any], budget: Iterator[int]
) -> Iterator[tuple[str, str]]:
    """Those names of the block that a rule fits, and what becomes of each; not those which another rule that fits them puts
    back. budget: is taken from for each step."""
    for name in names:
        if not is_name(name) or place.zones.isdisjoint((*suffixes(name), ".")):
            continue
        now, fitting = name, []
        for other in rules:
            if next(budget, None) is None:
                return
            image = other.image(now)
            if image is not None and image.certain:
                now = image.name
                fitting.append(other)
                if other.stop:
                    break
        if rule in fitting and now != name and is_name(now) and not any(_puts_back(other, now) for other in fitting):
            yield name, now


def _crossed(place: _Place, names: list[str], rule: Any, budget: Iterator[int]) -> Iterator[str]:
    """Names that a rule makes one of a plugin's of: each has its beginning or its end of a name that the rule fits, and the rest
    of the plugin's. budget: is taken from for each that is tried."""
    heads = list(dict.fromkeys(part for name in names for part in _parts(name, ends=False)))[:MOST_PARTS]
    ends = list(dict.fromkeys(part for name in names for part in _parts(name, ends=True)))[:MOST_PARTS]
    for known in place.names:
        made = [f"{head}{end}" for head in heads for end in _parts(known, ends=True)]
        made += [f"{head}{end}" for head in _parts(known, ends=False) for end in ends]
        for name in dict.fromkeys(made):
            if next(budget, None) is None:
                return
            image = rule.image(name) if rule.way.fits(name) else None
            if image is not None and image.name == known:
                yield name


def _parts(name: str, *, ends: bool) -> list[str]:
    """What a name begins or ends with: some of its labels."""
    labels = name.split(".")[:-1]
    cuts = range(min(len(labels), MOST_LABELS) + 1)
    return ["".join(f"{label}." for label in (labels[cut:] if ends else labels[:cut])) for cut in cuts]


def _names(way: Any, zones: list[str]) -> Iterator[str]:
    """Names that a way to look at names fits."""
    text = way.text
    if way.kind == "exact":
        yield text
        return
    if way.kind == "suffix":
        yield f"{WWW}{'' if text.startswith('.') else '.'}{text}"
        yield text.removeprefix(".")
    elif way.kind in ("prefix", "substring"):
        inner = text.strip(".")
        for zone in zones:
            for name in (f"{inner}.{zone}", f"{WWW}.{inner}.{zone}"):
                yield from _fitting(way, name)
    else:
        from ...classes.examples import examples

        for text in examples(way.text, EXAMPLES):
            own = text.strip(".").lower()
            for name in (f"{own}.", *(f"{own}.{zone}" for zone in zones)) if own else ():
                yield from _fitting(way, name)
    for zone in zones:
        yield from _fitting(way, f"{WWW}.{zone}")


def _fitting(way: Any, name: str) -> list[str]:
    name = name.replace("..", ".")
    return [name] if way.fits(name) else []


def _is_about_another(subject: Subject, block: Block, name: str, now: str) -> bool:
    """Whether a question for a name, which becomes another one, gets an answer that is not about it."""
    reply = ask(subject.server, block.site, name, trace=True)
    last = last_hop(reply, block.site)
    if reply is None or last is None:
        return False
    if reply.answer:
        owners = {lower(record.name) for record in reply.answer}
        return now in owners and name not in owners
    if last.outcome not in ENDED:
        return False
    handlers = [h for h in block.site.handlers if h.name in ABOUT_NAMES and h.span == last.span and _is_for(h, now)]
    return bool(handlers) and not (reply.rcode != "NOERROR" and _has_all(handlers[0], subject, reply.rcode))


def _has_all(handler: Any, subject: Subject, rcode: str | None) -> bool:
    """Whether all names that a plugin has are known here. rcode: what it says of one that it does not have; where that is no
    NXDOMAIN, its data may be missing, but for `hosts` without `fallthrough`, which has no other."""
    if handler.name == "hosts":
        path = handler.config.file
        read = path is not None and handler.text is not None and path not in subject.process.world.assumed
        return read or bool(handler.config.inline)
    if handler.name in OF_CLUSTER:
        cluster = subject.process.world.given_cluster
        return cluster is not None and bool(cluster.services)
    return rcode == "NXDOMAIN" and handler.name in OF_FILES


def _is_for(handler: Any, name: str) -> bool:
    """Whether a name is in the zones of a plugin."""
    return handler.scope.everything or any(is_subdomain(zone, name) for zone in handler.scope.zones)

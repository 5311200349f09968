"""The longest zone wins, whatever the zones and names; and the order of directives in a block never matters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from corefile.api import loads
from corefile.chain.reply import Reply

RELAXED = settings(max_examples=60)
LABELS = st.sampled_from(("a", "b", "ab", "x-a", "org", "a\\.b"))
NAMES = st.lists(LABELS, max_size=4).map(lambda x: "".join([label + "." for label in x]) or ".")


def split(name: str) -> list[str]:
    """The labels of a name, one character at a time."""
    out, label, escaped = [], "", False
    for char in name:
        if char == "." and not escaped:
            out.append(label)
            label = ""
        else:
            label += char
        escaped = char == "\\" and not escaped
    return [x for x in out if x]


def naive(zones: set[str], name: str) -> str | None:
    """The zone with the most labels at the end of the name."""
    labels = split(name)
    fits = [z for z in zones if not split(z) or labels[-len(split(z)) :] == split(z)]
    return max(fits, key=lambda z: len(split(z)), default=None)


@RELAXED
@given(st.sets(NAMES, min_size=1, max_size=6), NAMES, st.booleans())
def test_the_longest_zone_wins(zones: set[str], name: str, capitals: bool) -> None:
    text = "".join(f"{zone} {{\nwhoami\n}}\n" for zone in sorted(zones))
    reply = loads(text).query(name.upper() if capitals else name)
    zone = naive(zones, name)
    assert reply.rcode == ("REFUSED" if zone is None else "NOERROR")
    assert reply.trace.server["zone"] == (zone or "")


@RELAXED
@given(st.sets(NAMES, min_size=1, max_size=6), NAMES)
def test_ds_of_a_served_zone_goes_to_the_widest(zones: set[str], name: str) -> None:
    text = "".join(f"{zone} {{\nwhoami\n}}\n" for zone in sorted(zones))
    reply = loads(text).query(name, "DS")
    labels = split(name)
    above = [z for z in zones if split(z) and labels[-len(split(z)) :] == split(z)]
    widest = min(above, key=lambda z: len(split(z)), default="." if "." in zones else "")
    assert reply.trace.server["zone"] == widest


DIRECTIVES = (
    "errors",
    "log",
    "metadata",
    "loadbalance",
    "cache 30",
    "root /zones",
    "debug",
    "prometheus :9153",
    "health :8080",
    "hosts {\n10.0.0.1 a.org www.org\nfallthrough\n}",
    "file db ab.org {\nfallthrough\n}",
    "erratic {\ndrop 0\n}",
    "whoami",
)
QUESTIONS = (("www.org.", "A"), ("a.ab.org.", "A"), ("nope.ab.org.", "A"), ("x.org.", "TXT"), ("org.", "SOA"))
ZONE = "@ 60 SOA ns h 1 2 3 4 5\na 60 A 192.0.2.1\n"


def plain(reply: Reply) -> tuple[object, ...]:
    sections = (reply.answer, reply.authority, reply.additional)
    return (reply.rcode, reply.flags, *([str(rr) for rr in s] for s in sections), reply.log)


@RELAXED
@given(st.sets(st.sampled_from(DIRECTIVES), min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_directives_never_matters(chosen: set[str], random: object) -> None:
    from corefile.world import World

    ordered = sorted(chosen)
    mixed = list(ordered)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    results = []
    for lines in (ordered, mixed):
        world = World(files={"/zones/db": ZONE, "db": ZONE})
        server = loads("org {\n" + "\n".join(lines) + "\n}\n", world=world)
        results.append([plain(server.query(name, type)) for name, type in QUESTIONS])
    assert results[0] == results[1]

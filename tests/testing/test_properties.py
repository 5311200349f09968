"""Ready-made properties: each holds for a Corefile that has it, and fails for a mutant, with a short history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from hypothesis.vendor.pretty import pretty

from corefile import Fault, Question, Server, World, loads
from corefile.testing import properties as p
from corefile.testing.strategies import Ask, Delete, Reload, Rename

SHORT = settings(max_examples=60, derandomize=True, database=None, deadline=None, phases=[Phase.generate, Phase.shrink])
INSIDE = "corp.example. 300 IN SOA ns h 1 2 3 4 30\nwww.corp.example. 300 IN A 10.9.0.1\n"
OUTSIDE = "www.example.org. 300 IN A 192.0.2.1\n"
SPLIT = "corp.example {{\n {cache}\n forward . 10.0.0.53\n}}\n.:53 {{\n {cache}\n forward . 192.0.2.53\n}}\n"
OBJECTS = [
    {"kind": "Namespace", "metadata": {"name": "shop"}},
    {"kind": "Service", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"clusterIP": "10.96.0.10"}},
]


def server(text: str, **more: Any) -> Server:
    upstreams = {"10.0.0.53": INSIDE, "10.0.0.54": INSIDE, "192.0.2.53": OUTSIDE}
    return loads(text, world=World(cluster=OBJECTS, **{"upstreams": upstreams, **more}))


TELLS = '.:53 {\n cache 3600\n template IN TXT {\n  answer "{{ .Name }} 60 IN TXT {{ .Remote }}"\n }\n}\n'
GOOD = server(SPLIT.format(cache="cache 30"))
CLUSTER = ".:53 {{\n kubernetes cluster.local {{\n  ttl 5\n }}\n cache {ttl}\n forward . 192.0.2.53\n}}\n"


def asked(*questions: Question) -> st.SearchStrategy[Question]:
    return st.sampled_from(questions)


MUTANTS: dict[str, tuple[p.Property, Server, Server, dict[str, Any]]] = {
    "no_leaks": (
        p.no_leaks("corp.example", allowed=["10.0.0.0/8"]),
        GOOD,
        server("corp.example.org {\n forward . 10.0.0.53\n}\n.:53 {\n forward . 192.0.2.53\n}\n"),
        {},
    ),
    "never_servfail": (
        p.never_servfail("corp.example"),
        server(".:53 {\n forward . 10.0.0.53 10.0.0.54 {\n  failover SERVFAIL\n }\n}\n"),
        server(".:53 {\n forward . 10.0.0.53\n}\n"),
        {"questions": asked(Question("www.corp.example."))},
    ),
    "no_loops": (
        p.no_loops(),
        GOOD,
        server("corp.example {\n forward . 127.0.0.1\n}\n.:53 {\n forward . 192.0.2.53\n}\n"),
        {},
    ),
    "cached_is_fresh": (
        p.cached_is_fresh(),
        GOOD,
        server(TELLS),
        {"questions": asked(Question("a.", "TXT"), Question("a.", "TXT", client="10.0.0.9"))},
    ),
    "ttls_never_grow": (
        p.ttls_never_grow(),
        GOOD,
        server(".:53 {\n cache 30 {\n  keepttl\n }\n forward . 10.0.0.53\n}\n"),
        {"questions": asked(Question("www.corp.example."))},
    ),
    "answers_match": (
        p.answers_match(),
        GOOD,
        server(".:53 {\n rewrite type MX A\n forward . 10.0.0.53\n}\n"),
        {"questions": asked(Question("www.corp.example."), Question("www.corp.example.", "MX"))},
    ),
    "renames_are_seen": (
        p.renames_are_seen(within=10),
        server(CLUSTER.format(ttl=5)),
        server(CLUSTER.format(ttl="{\n  success 100 3600 60\n  denial 100 3600 60\n }")),
        {},
    ),
    "nothing_depends_on_choice": (
        p.nothing_depends_on_choice(),
        server(".:53 {\n loadbalance\n forward . 10.0.0.53 10.0.0.54\n}\n"),
        server(".:53 {\n forward . 10.0.0.53 192.0.2.53\n}\n"),
        {"faults": False},
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_property_holds(name: str) -> None:
    found, good, _, more = MUTANTS[name]
    p.holds(good, found, settings=settings(SHORT, max_examples=25), **more)


@pytest.mark.parametrize("name", MUTANTS)
def test_a_property_fails_for_a_mutant(name: str) -> None:
    found, _, mutant, more = MUTANTS[name]
    with pytest.raises(p.Broken) as raised:
        p.holds(mutant, found, settings=settings(SHORT, max_examples=400), **more)
    text = str(raised.value)
    assert "what happened:" in text
    steps = [line for line in text.splitlines() if line[:4].strip().rstrip(".").isdigit()]
    assert len(steps) <= 4, text


def test_names_that_a_server_knows_in_the_zones_of_a_property_are_asked_for() -> None:
    """The kind: a property that hardly fails where the server knows many other names."""
    hosts = "".join(f"  10.0.{n}.1 n{n}.example.org\n" for n in range(30))
    text = f".:53 {{\n hosts {{\n{hosts}  fallthrough\n }}\n forward . 10.0.0.53\n}}\n"
    many = loads(text, world=World(upstreams={"10.0.0.53": INSIDE}))
    with pytest.raises(p.Broken, match=r"www.corp.example\. A exists .*, and the answer is SERVFAIL"):
        p.holds(many, p.never_servfail("corp.example"), reload=False, settings=settings(SHORT, max_examples=400))


def test_all_properties_have_a_mutant() -> None:
    made = {name for name in p.__all__ if name.islower()} - {"holds", "machine"}
    assert made == set(MUTANTS)


def test_what_is_broken_is_told_with_the_trace() -> None:
    found, _, mutant, _ = MUTANTS["no_leaks"]
    with pytest.raises(p.Broken) as raised:
        p.holds(mutant, found, settings=SHORT, questions=asked(Question("www.corp.example.")))
    first, _, what, step, *rest = str(raised.value).splitlines()
    assert first == ("a question for www.corp.example., which is internal (corp.example.), was sent to 192.0.2.53:53")
    assert (what, step) == ("what happened:", "  1. Ask(question=<Question www.corp.example. A>)")
    assert any("forward" in line for line in rest)


def test_a_failure_shows_the_test_and_not_what_is_in_here() -> None:
    """pytest leaves out frames that say so; what remains is the user's line, the message and the history."""
    with pytest.raises(p.Broken) as failure:
        p.holds(loads(". {\n forward . 10.0.0.1\n}\n"), p.no_leaks("."), examples=50)
    ours = [entry for entry in failure.traceback if str(entry.path) == p.__file__]
    assert len(ours) >= 3
    shown = [entry.name for entry in ours if not entry.frame.f_locals.get("__tracebackhide__")]
    assert shown == ["run"]  # Hypothesis's own, around what is hidden
    notes = "\n".join(failure.value.__notes__)
    assert "history=[Ask(Question(" in notes
    assert "Explanation" not in notes


def test_hypothesis_shows_a_question_as_a_call() -> None:
    assert pretty(Question("a.", "MX")) == "Question('a.', 'MX')"
    assert pretty(Question("a.", client="10.0.0.1")) == "Question('a.', 'A', client='10.0.0.1')"


@pytest.mark.parametrize("which", [1, 2])
def test_a_state_machine_does_the_same(which: int) -> None:
    found, *servers, _ = MUTANTS["no_loops"]
    made = p.machine(servers[which - 1], found)
    few = settings(SHORT, max_examples=150 if which == 2 else 10, stateful_step_count=5)
    if which == 1:
        run_state_machine_as_test(made, settings=few)
        return
    with pytest.raises(p.Broken):
        run_state_machine_as_test(made, settings=few)


def test_a_state_machine_leaves_out_what_takes_minutes_after_a_failure() -> None:
    """As `holds` does; also one that is derived, and one whose settings leave out more by themselves."""
    made = p.machine(GOOD, p.no_loops())

    class Derived(made):  # type: ignore[misc, valid-type]
        """With rules of its own."""

    for one in (made, Derived):
        assert one.TestCase.settings.phases == tuple(phase for phase in Phase if phase is not Phase.explain)
        assert one.TestCase.settings.deadline is None
    Derived.TestCase.settings = settings(Derived.TestCase.settings, phases=[Phase.generate])
    assert Derived.TestCase.settings.phases == (Phase.generate,)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="which names are internal"):
        p.no_leaks()
    with pytest.raises(ValueError, match="is no address or network"):
        p.no_leaks("corp.example", allowed=["ten"])
    with pytest.raises(ValueError, match="which property"):
        p.holds(GOOD)


def test_the_server_is_left_alone() -> None:
    before = GOOD.world.clock.now, dict(GOOD.world.upstreams)
    p.holds(GOOD, p.no_loops(), settings=settings(SHORT, max_examples=5))
    assert (GOOD.world.clock.now, dict(GOOD.world.upstreams)) == before


def test_below_the_names_of_a_property_is_asked_whatever_the_server_tells_apart() -> None:
    """A Corefile that sends everything on knows none of them."""
    leaky = server(".:53 {\n forward . 192.0.2.53\n}\n")
    with pytest.raises(p.Broken, match=r"corp[.]example"):
        p.holds(leaky, p.no_leaks("corp.example"), settings=SHORT)


@pytest.mark.parametrize(("address", "leaks"), [("10.0.0.53", False), ("10.0.0.54", True)])
def test_what_a_server_sends_to_itself_is_no_leak(address: str, leaks: bool) -> None:
    """`loop` asks its own server for a name of its zone, again each second while it fails."""
    world = World(upstreams={address: Fault.timeout()})
    asked = loads(f"corp.example {{\n loop\n forward . {address}\n}}\n", world=world)
    walk = p.Walk(asked, [p.no_leaks("corp.example", allowed=["10.0.0.53"])])
    steps = (Reload(), Ask(Question("a.corp.example")), Ask(Question("b.corp.example")))
    if leaks:
        with pytest.raises(p.Broken, match=r"was sent to 10[.]0[.]0[.]54:53"):
            list(map(walk.do, steps))
        return
    list(map(walk.do, steps))
    assert any(packet.address == "127.0.0.1:53" for exchange in walk.exchanges for packet in exchange.packets)


class Silent(p.Property):
    pass


class Answers(p.Property):
    def asked(self, walk: p.Walk, exchange: p.Exchange) -> Any:
        return exchange.reply.rcode == "NOERROR"


class OneZone(Answers):
    zones = "corp.example"


class Asserts(p.Property):
    def asked(self, walk: p.Walk, exchange: p.Exchange) -> None:
        assert exchange.reply.rcode == "REFUSED", "it is not refused"


WRONG: list[tuple[Callable[[], object], type[Exception], str]] = [
    (
        lambda: p.holds("a", p.no_loops()),
        TypeError,
        "holds: a Server comes first, as `corefile.load.*` makes one, not 'a'",
    ),  # type: ignore[arg-type]
    (lambda: p.machine("a"), TypeError, "machine: a Server comes first"),  # type: ignore[arg-type]
    (
        lambda: p.holds(GOOD, p.no_loops),
        TypeError,
        r"holds: no_loops is no property: `no_loops\(\)` with its arguments is one",
    ),  # type: ignore[arg-type]
    (lambda: p.holds(GOOD, p.no_loops(), steps=0), ValueError, "holds: with 0 steps nothing is asked"),
    (lambda: p.holds(GOOD, p.no_loops(), settings=5), TypeError, "holds: `settings` are Hypothesis', .*, not 5"),  # type: ignore[arg-type]
    (lambda: p.holds(GOOD, p.no_loops(), questions="a"), TypeError, "`questions` is a strategy, .*, not 'a'"),  # type: ignore[arg-type]
    (lambda: p.no_leaks("a", allowed="10.0.0.0/8"), TypeError, r"no_leaks: `allowed` is a list: \['10.0.0.0/8'\]"),
    (lambda: p.cached_is_fresh(-1), ValueError, "`settles` is a number of seconds, not -1"),
    (lambda: p.renames_are_seen(-1), ValueError, "`within` is a number of seconds, not -1"),
    (lambda: p.holds(GOOD, Silent()), TypeError, "holds: Silent looks at nothing: it has neither `asked` nor `before`"),
    (lambda: p.holds(GOOD, OneZone()), TypeError, r"holds: `zones` of OneZone is a list of names: \['corp.example'\]"),
    (
        lambda: p.holds(GOOD, Answers()),
        TypeError,
        "`asked` of Answers returns (True|False): where the property does not hold",
    ),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_given_in_place_of_a_property(number: int) -> None:
    """The kind: a mistake in a test that would pass, or fail deep inside."""
    call, kind, words = WRONG[number]
    with pytest.raises(kind, match=words):
        call()


def test_an_assertion_of_a_property_is_told_with_what_happened() -> None:
    with pytest.raises(p.Broken, match=r"(?s)^it is not refused\n.*what happened:\n  1. Ask.*`- forward"):
        p.holds(GOOD, Asserts())


def test_what_an_upstream_knows_is_asked_for_while_it_fails() -> None:
    """The kind: a property that passes because nothing happens that could break it. Both with and without zones."""
    upstreams = {
        "10.0.0.53": "www.corp.example. 60 IN A 10.9.0.1\n",
        "192.0.2.53": "www.example.com. 60 IN A 192.0.2.1\n",
    }
    text = "corp.example {\n cache\n forward . 10.0.0.53\n}\n.:53 {\n forward . 192.0.2.53\n}\n"
    weak = loads(text, world=World(upstreams=upstreams))
    for one in (p.never_servfail(), p.never_servfail("corp.example")):
        with pytest.raises(p.Broken, match="and the answer is"):
            p.holds(weak, one, settings=settings(SHORT, max_examples=400))


SLICE = {
    "kind": "EndpointSlice",
    "metadata": {"name": "db-1", "namespace": "shop", "labels": {"kubernetes.io/service-name": "db"}},
    "addressType": "IPv4",
    "endpoints": [{"addresses": ["10.1.0.1"]}],
}
HEADLESS = {"kind": "Service", "metadata": {"name": "db", "namespace": "shop"}, "spec": {"clusterIP": "None"}}


@pytest.mark.parametrize("gone", ["Service/shop/db", "EndpointSlice/shop/db-1"])
def test_what_is_gone_is_not_renamed(gone: str) -> None:
    """The kind: a property that takes what a cache has for what is there."""
    cached = server(CLUSTER.format(ttl=30))
    cached.world.apply([HEADLESS, SLICE])
    walk = p.Walk(cached, [p.renames_are_seen(6)])
    for step in (Ask(Question("db.shop.svc.cluster.local.")), Delete(gone), Rename("shop", "db", "new")):
        walk.do(step)
    assert walk.exchanges[0].reply.answer

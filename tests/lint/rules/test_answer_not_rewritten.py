"""answer-not-rewritten: names that a rewrite changes, and that come back changed."""

from __future__ import annotations

import pytest

from corefile import World, loads
from corefile.lint import checks
from corefile.releases import find

NAME = "answer-not-rewritten"
HOSTS = "hosts {\n192.0.2.1 www.new.example www.new2.example\nfallthrough\n}\nforward . 10.0.0.53\n"


def found(text: str, release: str = "1.14.7", **world: object) -> list[int]:
    """The lines of this finding."""
    findings = checks(text, release=release, world=World(**world))  # type: ignore[arg-type]
    assert not [f for f in findings if f.severity == "error"]
    return [f.span.line for f in findings if f.code == NAME and f.span]


RULES = {
    "name suffix .old.example .new.example": None,
    "name regex (.*)[.]old[.]example[.] {1}.new.example": None,
    "name substring old.example new.example": None,
    "continue name prefix www.old www.new": None,
    "name www.old.example www.new.example": "1.2.5",
    "name exact www.old.example www.new.example": "1.2.5",
    "name suffix .old.example .new.example answer auto": "1.8.4",
    "name regex (.*)[.]old[.]example {1}.new.example answer name (.*)[.]new[.]example {1}.old.example": "1.0.5",
}
"""Rules, and from which release on they put the name back."""
RELEASES = ("1.2.2", "1.2.5", "1.4.0", "1.6.5", "1.8.3", "1.8.4", "1.8.6", "1.11.3", "1.14.7")


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("rule", RULES)
def test_it_fires_where_the_answer_is_about_another_name(rule: str, release: str) -> None:
    """What it says, and what the server does."""
    since = RULES[rule]
    if "auto" in rule and release in RELEASES[:5]:
        return  # refused
    text = f". {{\nrewrite {rule}\n{HOSTS}}}\n"
    reply = loads(text, release=release).query("www.old.example")
    (record,) = [record for record in reply.answer if record.type == "A"]
    differs = record.name != "www.old.example."
    assert differs is (since is None or find(release) < since)
    assert found(text, release) == [2] * differs


def test_what_is_to_be_written_cures_it() -> None:
    for lines in (
        "rewrite name suffix .old.example .new.example",
        "rewrite stop {\nname suffix .old.example .new.example\n}",
    ):
        text = f". {{\n{lines}\n{HOSTS}}}\n"
        (finding,) = checks(text)
        assert finding.fix is not None
        for span, new in finding.fix.edits:
            text = text[: span.start] + new + text[span.end :]
        assert checks(text) == []
        assert loads(text).query("www.old.example").answer[0].name == "www.old.example."


@pytest.mark.parametrize(
    ("release", "rule", "hint"),
    [
        ("1.8.3", "name regex (.*)[.]old {1}.new", "write `answer name FROM TO` behind it"),
        ("1.8.3", "name suffix .old .new", "write it as `name regex` with `answer name FROM TO`"),
        ("1.0.4", "name suffix .old .new", "came with CoreDNS 1.0.5"),
    ],
)
def test_what_a_release_has_for_it(release: str, rule: str, hint: str) -> None:
    text = f". {{\nrewrite {rule}\nproxy . 10.0.0.53\n}}\n".replace(
        "proxy", "proxy" if release < "1.0.5" else "forward"
    )
    (finding,) = checks(text, release=release)
    assert finding.code == NAME
    assert finding.fix is None
    assert hint in finding.hint


@pytest.mark.parametrize(
    "text",
    [
        # nothing is changed
        f". {{\nrewrite name regex (.*) {{1}}\n{HOSTS}}}\n",
        f". {{\nrewrite name suffix .old.example .old.example\n{HOSTS}}}\n",
        f". {{\nrewrite type ANY HINFO\nrewrite ttl suffix .old.example 30\n{HOSTS}}}\n",
        # another rule that fits the name, too, puts names back
        (
            f". {{\nrewrite continue name suffix .old.example .new.example\n"
            f"rewrite name suffix .new.example .new2.example answer auto\n{HOSTS}}}\n"
        ),
        # names that do not come to it: an earlier rule stops, or they are another server block's
        (
            f". {{\nrewrite name regex [.]example[.]$ .example.org answer auto\n"
            f"rewrite name suffix .old.example .new.example\n{HOSTS}}}\n"
        ),
        f"example.org {{\nrewrite name suffix .old.example .new.example\n{HOSTS}}}\n",
        f". {{\nrewrite name suffix .old.example .new.example\n{HOSTS}}}\nold.example {{\nwhoami\n}}\n",
        # an answer that is made up, about whatever name
        ". {\nrewrite name suffix .old.example .new.example\ntemplate IN ANY {\nrcode NXDOMAIN\n}\n}\n",
        ". {\nrewrite name suffix .old.example .new.example\nwhoami\n}\n",
        # nothing answers
        ". {\nrewrite name suffix .old.example .new.example\nerrors\n}\n",
        # nothing is for what becomes of it
        "old.example {\nrewrite name suffix .old.example .new.example\nhosts /dev/null old.example\n}\n",
        # what becomes of it is no name
        f". {{\nrewrite name suffix .old.example ..new.example\n{HOSTS}}}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert found(text) == []


def test_a_rule_for_values_does_not_put_the_owner_back() -> None:
    rule = "name suffix .old.example .new.example answer value (.*)[.]new {1}.old"
    assert found(f". {{\nrewrite {rule}\n{HOSTS}}}\n") == [2]


def test_an_alias_that_leads_from_the_name_is_an_answer_about_it() -> None:
    """An upstream may answer as the client expects, whatever it was asked."""
    text = ". {\nrewrite name suffix .old.example .new.example\nforward . 10.0.0.53\n}\n"
    template = '. {\ntemplate IN A {\nanswer "www.old.example. 60 IN A 192.0.2.1"\n}\n}\n'
    assert found(text, upstreams={"10.0.0.53": {"corefile": template}}) == []
    assert found(text, upstreams={"10.0.0.53": "www.new.example. 60 IN A 192.0.2.1\n"}) == [2]


@pytest.mark.parametrize(
    ("rule", "zone"),
    [("name prefix www.old www.new", "corp.example"), ("name substring .old. .new.", "lab.example")],
)
def test_names_that_some_plugin_is_for_are_found(rule: str, zone: str) -> None:
    assert found(f". {{\nrewrite {rule}\nforward {zone} 10.0.0.53\n}}\n") == [2]


def test_several_rules_may_lead_to_one_name() -> None:
    """What the cache answers is what was said before."""
    lines = "rewrite name regex .*[.]a[.]example www.new.example\nrewrite name regex .*[.]b[.]example www.new.example\n"
    assert found(f". {{\ncache\n{lines}forward . 10.0.0.53\n}}\n") == [3, 4]
    assert found(f". {{\ncache\n{lines}{HOSTS}}}\n") == [3, 4]
    assert found(f". {{\ncache\n{lines}template IN A {{\nrcode NXDOMAIN\n}}\n}}\n") == []


def test_an_answer_that_is_made_up_of_the_name() -> None:
    text = (
        '. {{\nrewrite name suffix .old.example .new.example\ntemplate IN A {{\nanswer "{} 60 IN A 192.0.2.1"\n}}\n}}\n'
    )
    assert found(text.format("{{ .Name }}")) == [2]
    assert found(text.format("www.old.example.")) == []


def test_a_snippet_of_several_blocks_has_it_once() -> None:
    text = f"(s) {{\nrewrite name suffix .example .new.example\n{HOSTS}}}\na.example {{\nimport s\n}}\nb.example {{\nimport s\n}}\n"
    assert found(text) == [2]


def test_an_answer_rule_that_does_not_fit() -> None:
    """It puts nothing back, and `answer auto` could not stand beside it."""
    rule = "rewrite name regex (.*)\\.corp\\.example {1}.b.example answer name (.*)\\.b\\.example%s {1}.corp.example"
    for end, told in (("", False), ("x", True)):
        found = checks(f".:53 {{\n{rule % end}\nforward . 192.0.2.53\n}}\n")
        assert [f.code for f in found] == ["answer-not-rewritten"] * told
        assert all(f.fix is None and f.hint.startswith("its `answer name` does not fit") for f in found)


INLINE = "hosts {{\n10.0.0.1 {}\n{}}}\n"
ZONE = "$ORIGIN b.example.\n@ 300 IN SOA ns hm 1 2 3 4 5\n{} 300 IN A 10.0.0.1\n"
SERVICE = "[{kind: Service, metadata: {name: '%s', namespace: shop}, spec: {clusterIP: 10.96.0.10}}]"
ALL_RULES = (
    "name suffix .a.example .b.example",
    "name regex ^(.*)\\.a\\.example\\.$ {1}.b.example",
    "name substring .a.example. .b.example.",
)


@pytest.mark.parametrize("rule", ALL_RULES)
@pytest.mark.parametrize("name", ["other", "x.y"])
@pytest.mark.parametrize("plugin", ["hosts", "hosts with fallthrough", "file", "kubernetes"])
def test_the_names_that_data_have_are_found(rule: str, name: str, plugin: str) -> None:
    """The kind: whether a name gets an answer is a matter of the data, where they are known; a name that is made up is not in
    them. What the finding says is what the server does."""
    world: dict[str, object] = {}
    if plugin == "kubernetes":
        name, rule = "web", rule.replace("b.example", "shop.svc.cluster.local")
        lines, world = "kubernetes cluster.local\n", {"cluster": SERVICE % name}
    elif plugin == "file":
        lines, world = "file db b.example\n", {"files": {"db": ZONE.format(name)}}
    else:
        lines = INLINE.format(f"{name}.b.example", "fallthrough\n" * plugin.endswith("fallthrough"))
    text = f"a.example b.example cluster.local {{\nrewrite {rule}\n{lines}}}\n"
    (finding,) = [f for f in checks(text, world=World(**world)) if f.code == NAME]  # type: ignore[arg-type]
    asked, answered = finding.message.split("`")[1::2]
    assert asked == f"{name}.a.example"
    (record,) = loads(text, world=World(**world)).query(asked).answer  # type: ignore[arg-type]
    assert record.name == f"{answered}."


@pytest.mark.parametrize(
    ("lines", "world"),
    [
        (INLINE.format("other.c.example", ""), {}),
        (INLINE.format("other.c.example", "fallthrough\n"), {}),
        ("file db b.example\n", {"files": {"db": ZONE.format("www.other")}}),
        ("kubernetes b.example\n", {"cluster": SERVICE % "web"}),
        ("hosts names b.example\n", {"files": {"names": "10.0.0.1 a.c.example\n"}}),
    ],
)
def test_no_name_of_the_data_comes_of_it(lines: str, world: dict[str, object]) -> None:
    """The kind: a denial is no answer about another name."""
    assert found(f"a.example b.example {{\nrewrite name exact www.a.example www.b.example\n{lines}}}\n", **world) == []
    rule = "name regex ^www\\.a\\.example\\.$ www.b.example"
    assert found(f"a.example b.example {{\nrewrite {rule}\n{lines}}}\n", **world) == []


@pytest.mark.parametrize("lines", ["hosts names b.example\n", "hosts /etc/hosts b.example\n", "kubernetes b.example\n"])
def test_data_that_are_not_here_may_have_the_name(lines: str) -> None:
    text = f"a.example b.example {{\nrewrite name regex ^www\\.a\\.example\\.$ www.b.example\n{lines}}}\n"
    assert found(text) == [2]

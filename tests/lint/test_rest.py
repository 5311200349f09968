"""What is said beside errors: the rest of the Corefile is looked at as if CoreDNS started, and no more is said of it."""

from __future__ import annotations

import pytest

from corefile.lint import checks
from corefile.world import World

from .defaults import all_defaults
from .mutations import all_mutations

REST = """.:53 {
    hosts {
        10.0.0.1 a.example
    }
    cache 30s
    forward . 10.0.0.1
}
"""
"""A server block with two mistakes that CoreDNS starts with."""
SAID = [("missing-fallthrough", 2), ("duration-as-zone", 5)]


def said(text: str, **world: str) -> list[tuple[str, int]]:
    """Codes and lines of the warnings."""
    found = checks(text, world=World(env=world))
    return sorted(
        ((f.code, f.span.line) for f in found if f.span is not None and f.severity == "warning"),
        key=lambda pair: pair[1],
    )


@pytest.mark.parametrize(
    "other",
    [
        "b.example {\n    bind {$POD_IP}\n    whoami\n}\n",
        "b.example {\n    forward . {$UPSTREAM}\n}\n",
        "{$ZONE}:99999 {\n    whoami\n}\n",
        "b.example {\n    prometeus\n    whoami\n}\n",
        "b.example {\n    nonsense\n    whoami\n}\n",
        "b.example {\n    import nothing-here-of-that-name\n    whoami\n}\n",
        "b.example {\n    forward . 10.0.0.1 {\n        bootstrap_address 8.8.8.8\n    }\n}\n",
        "b.example:99999 {\n    whoami\n}\n",
        "b.example {\n    cache 30 30 30 30\n    cache 30\n    whoami x\n}\n",
        "b.example {\n    whoami\n}\nb.example {\n    whoami\n}\n",
        "c.example {\n    loop\n    forward . 127.0.0.1\n}\n",
    ],
)
def test_an_error_hides_no_warning_of_another_block(other: str) -> None:
    """Of whatever kind the error is: a value, a name, an argument, a zone, or what comes to light as CoreDNS starts."""
    assert said(REST) == SAID
    assert said(REST + other) == SAID


def test_an_unset_variable_hides_no_warning_of_its_block() -> None:
    text = REST.replace("hosts {", "bind {$POD_IP}\n    hosts {")
    assert said(text) == [("missing-fallthrough", 3), ("duration-as-zone", 6)] == said(text, POD_IP="127.0.0.1")
    notices = [f.code for f in checks(text) if f.severity == "notice"]
    assert notices == ["environment-unset"]


def test_several_blocks_with_the_same_variable() -> None:
    blocks = "".join(f"z{n}.example {{\n    bind {{$POD_IP}}\n    whoami\n}}\n" for n in range(20))
    assert said(REST + blocks) == SAID
    same = REST.replace("hosts {", "bind {$ONE}\n    hosts {") + "{\n    bind {$OTHER}\n    whoami\n}\n".join(["."] * 2)
    assert ("duration-as-zone", 6) in said(same)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("fowrard . 10.0.0.1", "forward . 10.0.0.1"),  # `block-answers-nothing`
        ("metadta\n    log . {/a/b}", "metadata\n    log . {/a/b}"),
        ("template ANY ANY {\n        rcode NXDOMAN\n    }", "template ANY ANY {\n        rcode NXDOMAIN\n    }"),
        ("bind {$IP}\n    forward . 127.0.0.1", "bind 127.0.0.2\n    forward . 127.0.0.1"),  # `forwards-to-itself`
        ("cache 30s {\n        success x\n    }", "cache 30"),  # of its own words nothing else is said
    ],
)
def test_what_depends_on_the_mistake_goes_unsaid(wrong: str, right: str) -> None:
    """No warning that is gone once the error is mended."""
    text = ".:53 {{\n    hosts {{\n        10.0.0.1 a.example\n    }}\n    {}\n}}\n"
    mended = {code for code, _ in said(text.format(right))}
    assert {code for code, _ in said(text.format(wrong))} <= mended


def test_usual_corefiles_with_one_mistake_have_one_finding_of_what_is_at_work() -> None:
    """They have none without it, so that each beside the error would be a false alarm."""
    count = 0
    for name, kind, text in all_mutations():
        default = all_defaults()[name]
        found = checks(text, release=default.release, world=World(files=default.beside))
        errors = [f for f in found if f.severity == "error"]
        more = [f for f in found if f.severity == "warning" and f.code not in ("not-read", "ignored-line")]
        count += bool(errors)
        assert not (errors and more), (kind, text, more)
    assert count > 200


def test_a_finding_beside_an_error_may_be_suppressed() -> None:
    text = REST.replace("30s", "30s  # noqa: CF622") + "b.example {\n    prometeus  # noqa\n    whoami\n}\n"
    assert [f.code for f in checks(text)] == ["missing-fallthrough"]


def test_no_comment_is_called_useless_where_not_all_is_looked_at() -> None:
    """An unset variable is a notice, and what depends on it is not looked for all the same."""
    text = ". {\n    hosts {$HOSTS_FILE} x {  # noqa: CF604\n    }\n    forward . {$UP}\n}\n"
    assert "unused-noqa" not in [f.code for f in checks(text)]


def test_beside_a_plugin_of_others_the_other_lines_of_a_block_stand_as_they_are() -> None:
    """What that may do to questions is not known: what depends on the way of one goes unsaid."""
    lines = "    log stdout\n    hosts {\n        fallthrough\n    }\n"
    plain = f"a.example {{\n{lines}}}\n"
    own = f"a.example {{\n    tarcoos x\n{lines}}}\n"
    assert [code for code, _ in said(plain)] == ["log-takes-zones", "fallthrough-to-nothing"]
    assert [code for code, _ in said(own)] == ["log-takes-zones"]

"""group-never-filled: replacements with a group that the pattern has not."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "group-never-filled"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n rewrite name regex (.*)\\.a {2}.b\n whoami\n}\n",
        ". {\n rewrite stop {\n  name regex (.*)\\.a {1}.b\n  answer name (.*)\\.b {3}.a\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n rewrite name regex (.*)\\.a {1}.b\n whoami\n}\n",
        ". {\n rewrite name regex (.*)\\.(.)\\.a {2}.b\n whoami\n}\n",
        ". {\n rewrite name exact a.example b.example\n whoami\n}\n",
        ". {\n rewrite name regex (.*)\\.a {0}.b\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []


@pytest.mark.parametrize(
    ("to", "sign"),
    [
        ("$1.b", "$1"),
        ("\\1.b", "\\1"),
        ("\\\\1.b", "\\\\1"),
        ("x-$1.b", "$1"),
        ("$(1).b", "$(1)"),
        ("\\g<1>.b", "\\g<1>"),
    ],
)
def test_groups_as_other_programs_write_them(to: str, sign: str) -> None:
    """nginx, sed, Python and Go's own regexp package have other signs for a group."""
    (one,) = checks(f". {{\n rewrite name regex (.*)\\.a {to} answer auto\n whoami\n}}\n")
    assert one.code == NAME
    assert one.message == f"`{sign}` is no group for CoreDNS, and stays as it is written"
    assert one.hint == f"write `{to.replace(sign, '{1}')}`"


@pytest.mark.parametrize("sign", ["${1}", "{{1}}"])
@pytest.mark.parametrize(
    "rule", ["name regex (.*)\\.a {to} answer auto", "name regex (.*)\\.a {{1}}.b answer name (.*)\\.b {to}"]
)
def test_a_group_inside_of_another_sign(sign: str, rule: str) -> None:
    """The kind: CoreDNS reads a part of what was meant for a group. It is no placeholder that something else fills in."""
    (one,) = checks(f". {{\n rewrite stop {{\n {rule.format(to=f'{sign}.b')}\n }}\n whoami\n}}\n")
    assert one.code == NAME
    assert one.message == f"of `{sign}`, CoreDNS replaces `{{1}}` alone, and leaves the rest as it is written"
    assert one.hint == "write `{1}.b`"


@pytest.mark.parametrize("to", ["${x}.b", "{x}.b", "$x.b", "\\g<x>.b", "$(x).b"])
def test_groups_by_their_names(to: str) -> None:
    (one,) = checks(f". {{\n rewrite name regex (.)(?P<x>.*)\\.a {to} answer auto\n whoami\n}}\n")
    assert (one.code, one.hint) == (NAME, "write `{2}.b`")


@pytest.mark.parametrize("to", ["a\\036.b", "{1}.b", "a$.b", "$x.b"])
def test_other_signs_are_silent(to: str) -> None:
    assert NAME not in [f.code for f in checks(f". {{\n rewrite name regex (.*)\\.a {to}\n whoami\n}}\n")]

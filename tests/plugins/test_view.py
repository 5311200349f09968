"""view: which block answers, what is refused, and what else sees the view's name."""

from __future__ import annotations

import pytest

from corefile import World
from corefile.api import Server, build, loads
from corefile.findings import Source
from corefile.releases import find


def server(*expressions: str, release: str = "1.14.7", more: str = "") -> Server:
    """A block for each expression, and one without a view."""
    blocks = [
        f"example.org {{\n{more} view v{i} {{\n  expr {text}\n }}\n hosts {{\n  10.9.0.{i} a.example.org\n }}\n}}\n"
        for i, text in enumerate(expressions)
    ]
    return loads("".join(blocks) + "example.org {\n hosts {\n  10.9.0.99 a.example.org\n }\n}\n", release=release)


def chosen(text: str, release: str = "1.14.7", **query: object) -> bool:
    """Whether the block with the expression answers."""
    reply = server(text, release=release).query("a.example.org", **query)  # type: ignore[arg-type]
    return str(reply.answer[0]).endswith("10.9.0.0")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("type() == 'A' && class() == 'IN'", True),
        ("name() == 'a.example.org.'", True),
        ("proto() == 'udp' and not do()", True),
        ("incidr(client_ip(), '127.0.0.0/8')", True),
        ("incidr(client_ip(), '10.0.0.0/8')", False),
        ("incidr(client_ip(), '::ffff:127.0.0.0/104')", True),
        ("incidr(client_ip(), '10.0.0.0')", False),
        ("incidr(name(), '10.0.0.0/8') || true", False),
        ("port() == '40212' && server_port() == '53'", True),
        ("server_ip() == '::'", True),
        ("size() == 31 && bufsize() == 512 && opcode() == 0", True),
        ("id() == 4242", True),
        ("name()", False),
        ("metadata('x/y') == ''", True),
    ],
)
def test_what_expressions_see(text: str, fits: bool) -> None:
    assert chosen(text) is fits


def test_the_first_that_fits_answers_and_a_client_may_fit_none() -> None:
    views = server("incidr(client_ip(), '10.1.0.0/16')", "incidr(client_ip(), '10.0.0.0/8')")
    asked = [views.query("a.example.org", client=c).answer[0] for c in ("10.1.0.1", "10.2.0.1", "192.0.2.1")]
    assert [str(rr).rpartition(".")[2] for rr in asked] == ["0", "1", "99"]


def test_all_expressions_of_a_block_have_to_be_true() -> None:
    assert not chosen("true\n  expr type() == 'MX'")


def test_a_wider_zone_answers_where_no_view_fits() -> None:
    text = "a.example.org {\n view v {\n  expr false\n }\n whoami\n}\n. {\n hosts {\n  10.9.0.1 a.example.org\n }\n}\n"
    assert len(loads(text).query("a.example.org").answer) == 1


def test_its_name_is_a_label_and_metadata() -> None:
    more = ' metadata\n prometheus\n log . "{/view/name}"\n'
    views = server("true", more=more)
    assert views.query("a.example.org").log == ["[INFO] v0"]
    assert 'view="v0"' in views.samples(["coredns_dns_requests_total"])[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("view", "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'view'"),
        ("view a b", "Corefile:3 - Error during parsing: Wrong argument count or unexpected line ending after 'b'"),
        ("view a {\n foo\n}", "Corefile:4 - Error during parsing: unknown property 'foo'"),
        ("view a\n view b", "this plugin can only be used once per Server Block"),
        ("view a {\n expr\n}", "unexpected token EOF"),
        ("view a {\n expr colour() == 'blue'\n}", "unknown name colour (1:1)\n | colour() == 'blue'\n | ^"),
        (
            "view a {\n expr size() == '5'\n}",
            "invalid operation: == (mismatched types int and string) (1:8)\n | size() == '5'\n | .......^",
        ),
    ],
)
def test_refused(text: str, said: str) -> None:
    source = Source("Corefile", f".:53 {{\n whoami\n {text}\n}}\n")
    assert build(source, find("1.14.7"), World()).errors[0].coredns == f"plugin/view: {said}"


def test_the_language_is_that_of_the_release() -> None:
    assert chosen("upper(name()) == 'A.EXAMPLE.ORG.'", "1.11.3")
    source = Source("Corefile", ".:53 {\n view a {\n  expr upper(name()) == 'A.'\n }\n whoami\n}\n")
    assert build(source, find("1.11.1"), World()).errors[0].coredns.startswith("plugin/view: unknown name upper (1:1)")


def test_a_function_that_is_not_modelled_is_said() -> None:
    found = build(
        Source("Corefile", ".:53 {\n view a {\n  expr now() == now()\n }\n whoami\n}\n"), find("1.14.7"), World()
    )
    assert [f.code for f in found.findings] == ["not-simulated"]

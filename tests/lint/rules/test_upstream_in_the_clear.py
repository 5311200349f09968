"""upstream-in-the-clear: settings for TLS that no server uses."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "upstream-in-the-clear"


@pytest.mark.parametrize(
    "text",
    [". {\nforward . 10.0.0.1 {\ntls\n}\n}\n", ". {\nforward . dns://10.0.0.1 10.0.0.2 {\ntls_servername a.b\n}\n}\n"],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        ". {\nforward . tls://10.0.0.1 10.0.0.2 {\ntls_servername a.b\n}\n}\n",
        ". {\nforward . 10.0.0.1 {\nforce_tcp\n}\n}\n",
        ". {\ngrpc . 10.0.0.1 {\ntls_servername a.b\n}\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]


@pytest.mark.parametrize(
    ("server", "write"),
    [
        ("1.1.1.1:853", "tls://1.1.1.1"),
        ("[2001:db8::1]:853", "tls://[2001:db8::1]"),
        ("2001:db8::853", None),
        ("tls://1.1.1.1:853", None),
        ("1.1.1.1:8853", None),
    ],
)
def test_a_server_at_the_port_of_dns_over_tls(server: str, write: str | None) -> None:
    assert [f.hint for f in checks(f". {{\n forward . {server}\n}}\n")] == ([f"write `{write}`"] if write else [])

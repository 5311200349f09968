"""view-never-true: networks of a view that have no client in common."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "view-never-true"


@pytest.mark.parametrize(
    "text",
    [
        ". {\nview a {\nexpr incidr(client_ip(), '10.0.0.0/8')\nexpr incidr(client_ip(), '192.168.0.0/16')\n}\nwhoami\n}\n",
        ". {\nview a {\nexpr incidr(client_ip(), '10.0.0.0/8')\nexpr name() == 'a.'\nexpr incidr( client_ip() , '::/0')\n}\nwhoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        ". {\nview a {\nexpr incidr(client_ip(), '10.0.0.0/8')\nexpr incidr(client_ip(), '10.1.0.0/16')\n}\nwhoami\n}\n",
        ". {\nview a {\nexpr incidr(client_ip(), '10.0.0.0/8')\nexpr !incidr(client_ip(), '192.168.0.0/16')\n}\nwhoami\n}\n",
        ". {\nview a {\nexpr incidr(client_ip(), '10.0.0.0/8')\nexpr incidr(server_ip(), '192.168.0.0/16')\n}\nwhoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]


@pytest.mark.parametrize(
    ("expression", "write"),
    [
        ("name() == 'a.test'", "a.test."),
        ("type() == 'AAAA' && name() endsWith '.test'", ".test."),
        ("type() != 'aaaa'", "AAAA"),
        ("proto() == 'TCP'", "tcp"),
        ("incidr(client_ip(), '10.0.0.0/33')", ""),
        ("client_ip()", ""),
        ("'10.0.0.0/8'", ""),
        ("incidr", ""),
        ("[do()]", ""),
        ("size() + 1", ""),
        ("do() ? true : false", None),
        ("do() ? 'a' : true", None),
        ("metadata('a/b') ?? true", None),
        ("name() == 'a.test.' || type() in ['A', 'MX'] || proto() == 'udp' || class() == 'IN'", None),
        ("name() matches '[.]test[.]$' && name() startsWith 'a' && incidr(client_ip(), 'fd00::/8')", None),
    ],
)
def test_texts_that_no_value_is_like(expression: str, write: str | None) -> None:
    found = [f for f in checks(f". {{\n view v {{\n  expr {expression}\n }}\n whoami\n}}\n") if f.code == NAME]
    assert len(found) == (write is not None)
    assert all(f.hint == f"write `{write}`" for f in found if write)

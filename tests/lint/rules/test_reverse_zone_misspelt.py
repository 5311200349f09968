"""reverse-zone-misspelt: slips in zones of addresses."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "reverse-zone-misspelt"


@pytest.mark.parametrize(
    "text",
    [
        "10.in-addr-arpa {\nwhoami\n}\n",
        "dns://0.168.192.in.addr.arpa:53 {\nwhoami\n}\n",
        "0.10.inaddr.arpa. {\nwhoami\n}\n",
        "8.b.d.0.1.0.0.2.ipv6.arpa {\nwhoami\n}\n",
        ". {\nhosts x 10.in-addr.apra\n}\n",
        "0/25.2.0.192.in-adr.arpa {\nwhoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        "10.in-addr.arpa {\nwhoami\n}\n",
        "8.b.d.0.1.0.0.2.ip6.arpa. {\nwhoami\n}\n",
        "10.0.0.0/8 {\nwhoami\n}\n",
        "home.arpa {\nwhoami\n}\n",
        "1.2.e164.arpa {\nwhoami\n}\n",
        "1.example.org {\nwhoami\n}\n",
        "in-addr.arpa {\nwhoami\n}\n",
        "0/25.2.0.192.in-addr.arpa {\nwhoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]

"""zone-outside-the-block: names that the server block of a directive never gets."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "zone-outside-the-block"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (".:53 {\n forward a.test 10.0.0.1\n forward . 10.0.0.2\n}\na.test {\n whoami\n}\n", 1),
        (".:53 {\n hosts x in-addr.arpa {\n  fallthrough\n }\n whoami\n}\nin-addr.arpa {\n whoami\n}\n", 1),
        (".:53 {\n forward b.a.test 10.0.0.1\n forward . 10.0.0.2\n}\na.test {\n whoami\n}\n", 1),
        (".:53 {\n forward a.test 10.0.0.1\n forward . 10.0.0.2\n}\nb.a.test {\n whoami\n}\n", 0),
        (".:53 {\n forward a.test 10.0.0.1\n forward . 10.0.0.2\n}\na.test:54 {\n whoami\n}\n", 0),
        (".:53 {\n sign x a.test {\n  key file k\n }\n whoami\n}\na.test {\n whoami\n}\n", 0),
        (".:53 {\n kubernetes a.test\n k8s_external b.test\n whoami\n}\na.test {\n whoami\n}\n", 0),
        ("squic://.:8853 {\n hosts x a.test\n}\n", 0),  # said by `unknown-transport`
        (".:53 b.a.test {\n forward a.test 10.0.0.1\n forward . 10.0.0.2\n}\na.test {\n whoami\n}\n", 0),
        (
            (
                ".:53 {\n forward a.test 10.0.0.1\n forward . 10.0.0.2\n}\n"
                "a.test {\n view v {\n  expr type() == 'A'\n }\n whoami\n}\n"
            ),
            0,
        ),
    ],
)
def test_a_zone_whose_names_another_block_gets(text: str, count: int) -> None:
    """The block of the longest zone gets a name, whatever a directive of another block is for."""
    assert [f.code for f in checks(text)].count(NAME) == count

"""nxdomain-for-one-type: names that are denied for one type of address."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "nxdomain-for-one-type"


@pytest.mark.parametrize(
    "text",
    [
        ". {\ntemplate ANY AAAA {\nrcode NXDOMAIN\n}\nwhoami\n}\n",
        ". {\ntemplate IN A a.b {\nrcode NXDOMAIN\n}\nwhoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        ". {\ntemplate ANY ANY {\nrcode NXDOMAIN\n}\n}\n",
        ". {\ntemplate IN AAAA {\nrcode NOERROR\n}\nwhoami\n}\n",
        ". {\ntemplate IN PTR {\nrcode NXDOMAIN\n}\nwhoami\n}\n",
        "ads.b {\ntemplate IN A {\nrcode NXDOMAIN\n}\ntemplate IN AAAA {\nrcode NXDOMAIN\n}\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]

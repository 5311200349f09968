"""nxdomain-for-one-type: names that are denied for one type of address."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "nxdomain-for-one-type"
A = 'template IN A {\nanswer "{{ .Name }} 60 IN A 10.0.0.1"\n'


@pytest.mark.parametrize(
    "text",
    [
        ". {\ntemplate ANY AAAA {\nrcode NXDOMAIN\n}\nwhoami\n}\n",
        ". {\ntemplate IN A a.b {\nrcode NXDOMAIN\n}\nwhoami\n}\n",
        # a name that has records above
        f"lan {{\n{A}}}\ntemplate IN AAAA {{\nrcode NOERROR\n}}\ntemplate ANY ANY {{\nrcode NXDOMAIN\n}}\n}}\n",
        f". {{\n{A.replace('A {', 'A LAN. {')}}}\ntemplate IN ANY lan {{\nrcode NXDOMAIN\n}}\n}}\n",
        f". {{\n{A}match ^a\n}}\ntemplate IN ANY {{\nmatch ^a\nrcode NXDOMAIN\n}}\n}}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)].count(NAME) == 1


@pytest.mark.parametrize(
    "text",
    [
        ". {\ntemplate ANY ANY {\nrcode NXDOMAIN\n}\n}\n",
        f". {{\n{A}match ^a\n}}\ntemplate IN ANY {{\nrcode NXDOMAIN\n}}\n}}\n",  # for other names
        f". {{\n{A}}}\ntemplate IN ANY lan {{\nrcode NXDOMAIN\n}}\n}}\n",
        f". {{\n{A}}}\ntemplate IN ANY {{\nrcode NOERROR\n}}\n}}\n",
        ". {\ntemplate IN AAAA {\nrcode NOERROR\n}\nwhoami\n}\n",
        ". {\ntemplate IN PTR {\nrcode NXDOMAIN\n}\nwhoami\n}\n",
        "ads.b {\ntemplate IN A {\nrcode NXDOMAIN\n}\ntemplate IN AAAA {\nrcode NXDOMAIN\n}\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    found = checks(text)
    assert NAME not in [f.code for f in found]
    assert not [f for f in found if f.severity == "error"]

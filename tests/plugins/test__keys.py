"""Which keys of a server block a directive is set up for."""

from __future__ import annotations

import pytest

from corefile.api import loads
from corefile.plugins._keys import set_up_for


@pytest.mark.parametrize(("release", "zones"), [("1.8.4", ["a.test.", "b.test."]), ("1.8.5", ["a.test."])])
def test_directives_are_set_up_for_each_zone_or_for_the_first(release: str, zones: list[str]) -> None:
    server = loads("a.test b.test {\nwhoami\n}", release=release)
    assert [z.zone for z in set_up_for(server.process.instance.sites[0].handlers[0].setup)] == zones
